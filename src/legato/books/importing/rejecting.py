"""Writes rejected rows back in the form of their file, each with its reasons, to be mended."""

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from legato.books.importing import report
from legato.books.importing.parts import Part
from legato.connectors.files import settle, write_rejected
from legato.web.joining import reasons


class Told(Protocol):
    """What writing needs to know of what was wanted."""

    @property
    def rejected_to(self) -> Path: ...
    @property
    def reason_header(self) -> str: ...
    @property
    def word(self) -> Callable[[str | None, str], str]: ...


def write(
    parts: Sequence[Part], rejected: Sequence[report.Rejection], *, wanted: Told, importing: int
) -> dict[str, Any]:
    """Writes a file per table with rejected rows: one beside others, several in a folder of their
    own, rejected-N of import N. ``rejected_file`` is the one file or that folder, None where
    nothing was rejected, ``rejected_files`` are all of them. What is there already stays, and is
    not written again."""
    problems = report.by_part(rejected)
    if not problems:
        return {"rejected_file": None, "rejected_files": []}
    wanted.rejected_to.mkdir(parents=True, exist_ok=True)
    if len(problems) == 1:
        (path,) = _write(parts, problems, wanted, folder=wanted.rejected_to)
        return {"rejected_file": str(path), "rejected_files": [str(path)]}
    own = wanted.rejected_to / f"rejected-{importing}"
    part = own.with_name(own.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir()
    names = [path.name for path in _write(parts, problems, wanted, folder=part)]
    place = settle(part, own)
    return {"rejected_file": str(place), "rejected_files": [str(place / name) for name in names]}


def _write(
    parts: Sequence[Part], problems: Mapping[int, dict[int, str]], wanted: Told, *, folder: Path
) -> list[Path]:
    return [
        write_rejected(
            table=part.table,
            rows=_rows(part, problems[part.number], wanted.word),
            target_folder=folder,
            reason_header=wanted.reason_header,
        )
        for part in parts
        if part.number in problems
    ]


def _rows(
    part: Part, problems: Mapping[int, str], word: Callable[[str | None, str], str]
) -> Iterator[tuple[int, list[str], str]]:
    """Reads the file again, because its cells must come back as they were."""
    for line, cells in part.table.rows():
        if problem := problems.get(line):
            found = report.faults((part.number, line, problem))
            said = (word(part.header(f.field) if f.field else None, f.why) for f in found)
            yield line, cells, reasons(said)
