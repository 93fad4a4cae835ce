"""``legato case export``: a case's history in files that a stranger can verify."""

import os
from dataclasses import asdict
from pathlib import Path
from uuid import uuid4

import click

from legato.cli.acting import acting
from legato.cli.frame import Frame, command
from legato.cli.language import ours as _
from legato.departures import queries
from legato.departures.case_sheet import sheet
from legato.departures.operations.exporting import export
from legato.domain.errors import Refused
from legato.ledger import anchors


class CaseFileNotWritable(Refused):
    """Nothing could be written there. Facts: ``path``, ``why``."""

    code = "case_file_not_writable"


@command(
    "export",
    about=_("Write a departure into files that anybody can verify without a database."),
    writes=True,
)
@click.argument("case_id", metavar="CASE", type=int)
@click.argument("place", metavar="FOLDER|FILE", type=click.Path(path_type=Path))
def export_case(frame: Frame, *, case_id: int, place: Path) -> None:
    case = queries.case_for_command(case_id)
    lines = _writable(place, case_id)
    made, content = export(
        case_id=case_id,
        actor=acting(frame, leaver=case.person_id).id,
        now=frame.now,
        reason=frame.reason,
        key=frame.key,
    )
    lines.write_bytes(content)
    page = lines.with_suffix(".html")
    page.write_text(sheet(content, file=lines.name), encoding="utf-8")
    kept = anchors.chosen_path()
    if kept is not None:
        anchors.append(kept, now=frame.now)
    said = {"file": str(lines), "page": str(page), **asdict(made)}
    frame.answer(
        {**said, "anchors": str(kept) if kept is not None else None},
        show=lambda console: console.print(
            _(
                "Case %(case)s is in %(file)s, to be read in %(page)s. That it was given out is "
                "entry %(export)s. Anybody checks it: python -I verify_case.py %(file)s"
            )
            % said,
            soft_wrap=True,
            highlight=False,
        ),
    )


def _writable(place: Path, case_id: int) -> Path:
    """Where the lines go, tried before anything is recorded. Raises `CaseFileNotWritable`."""
    lines = place if place.suffix == ".jsonl" else place / f"case-{case_id}.jsonl"
    trial = lines.parent / f".{uuid4()}"
    try:
        lines.parent.mkdir(parents=True, exist_ok=True)
        trial.touch(exist_ok=False)
        trial.unlink()
    except OSError as error:
        raise CaseFileNotWritable(path=str(place), why=os.strerror(error.errno or 0)) from error
    return lines
