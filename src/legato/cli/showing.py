"""``legato show`` and ``legato receipt``: a plan as it was made, a change as it was done."""

import os
from dataclasses import asdict
from datetime import UTC, timedelta
from pathlib import Path
from tempfile import TemporaryFile

import click
from rich.console import Console

from legato.cli.frame import Frame, command, table
from legato.cli.language import ours as _
from legato.connectors.files import write_whole
from legato.domain.errors import Refused
from legato.people.queries import people
from legato.planning import queries
from legato.planning.queries import AssignmentView, PlanView
from legato.postgres.home import home_path
from legato.web import words
from legato.web.joining import listed

RECEIPTS = click.option(
    "--receipts",
    type=click.Path(file_okay=False, path_type=Path),
    help=_("Where receipts are written; else in Legato's home."),
)


class ReceiptsNotWritable(Refused):
    """No receipt could be written there. Facts: ``path``, ``why``."""

    code = "receipts_not_writable"


def receipts_folder(chosen: Path | None) -> Path:
    """Where receipts go, tried before anything is changed. Raises `ReceiptsNotWritable`."""
    folder = chosen or home_path() / "receipts"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        TemporaryFile(dir=folder).close()  # Without a name, so nothing is left by who is killed.
    except OSError as error:
        raise ReceiptsNotWritable(path=str(folder), why=os.strerror(error.errno or 0)) from error
    return folder


def write_receipt(entry_id: int, *, folder: Path) -> Path:
    """The receipt as CSV and, beside it, as JSON, each wholly or not at all; the CSV's path."""
    rows = queries.receipt(entry_id=entry_id)
    path = folder / f"receipt-{entry_id}.csv"
    write_whole(path.with_suffix(".json"), queries.as_json(rows, entry_id=entry_id).encode())
    return write_whole(path, queries.as_csv(rows))


@command("receipt", about=_("Write the receipt of a commit, cover or undo again."))
@click.argument("entry_id", metavar="COMMIT", type=int)
@RECEIPTS
def receipt(frame: Frame, *, entry_id: int, receipts: Path | None) -> None:
    path = write_receipt(entry_id, folder=receipts_folder(receipts))
    frame.answer(
        {"commit": entry_id, "receipt": str(path)},
        show=lambda console: console.print(
            _("Receipt: %(receipt)s") % {"receipt": path}, soft_wrap=True
        ),
    )


@command("show", about=_("Show a plan: every decision with its reason."))
@click.argument("plan_id", metavar="PLAN", type=int)
def show(frame: Frame, *, plan_id: int) -> None:
    plan = queries.plan(plan_id=plan_id)
    decided = queries.assignments(plan_id=plan_id)
    facts = {**asdict(plan), "state": plan.state, "decided": [asdict(each) for each in decided]}
    frame.answer(facts, show=lambda console: show_decisions(console, plan, decided))


def show_decisions(console: Console, plan: PlanView, decided: list[AssignmentView]) -> None:
    """The state of a plan, its digest, who gets what and why; orphans first."""
    said = {"plan": plan.id, "name": plan.proposer, "state": words.plan_state(plan.state)}
    console.print(_("Plan %(plan)s by %(name)s: %(state)s.") % said, highlight=False)
    console.print(_("Digest: %(digest)s") % {"digest": plan.digest}, highlight=False)
    console.print(_scope(plan), markup=False, highlight=False)
    names = {each.id: each.name for each in people(ids=_persons(plan)).values()}
    headers = (_("Record"), _("Kind"), _("Name"), _("Heat"), _("Value"), _("Given to"), _("Why"))
    lines = [
        (f"#{each.unit}", words.one(each.kind), each.name, words.one_heat(each.heat), each.value,
         each.person, words.reason(each.reason, names=names))
        for each in decided
    ]  # fmt: skip
    console.print(table(headers, lines))


def _scope(plan: PlanView) -> str:
    """Whose records the plan decides, and until when if not for good."""
    leavers = [each.name for each in people(ids=set(plan.holders)).values()]
    named = listed([*filter(None, [plan.options.get("team")]), *sorted(leavers)])
    whose = words.scope(plan.scope)
    said = _("Scope: %(scope)s.") % {"scope": f"{whose} ({named})" if named else whose}
    if plan.interim_until is None:
        return said
    last = (plan.interim_until.astimezone(UTC) - timedelta(days=1)).date()
    return said + " " + _("The new owners are interim ones through %(day)s.") % {"day": last}


def _persons(plan: PlanView) -> set[int]:
    return {each["person"] for each in plan.certificate["persons"]}
