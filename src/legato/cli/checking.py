"""``legato check``: every invariant that is a query, and the ledger's chains."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

import click
from rich.console import Console

from legato.cli.frame import Frame, command, table
from legato.cli.language import ours as _
from legato.cli.ledger import age_of, waiting
from legato.ledger import queries as ledger
from legato.people.mailing import is_on
from legato.web.checks import Checked, check_all, overdue_covers

BROKEN = 1


def names() -> dict[str, str]:
    """What each invariant promises, in a few words."""
    return {
        "I1": _("One responsible"),
        "I2": _("Eligible only"),
        "I4": _("Who, when, why"),
        "I7": _("Acknowledged is durable"),
        "I10": _("Books balance"),
        "I12": _("Explained and repeatable"),
        "ledger": _("History unchanged"),
    }


def meanings() -> dict[str, str]:
    """What it means when rows break an invariant, and what to do."""
    return {
        "I1": _(
            "An open record is without one employed owner, or its past has a gap. Give the records "
            "named below to somebody, and look in the ledger for who changed them."
        ),
        "I2": _(
            "A commit gave work to somebody who could not take it. Look at each, and undo the "
            "commit or plan those records anew."
        ),
        "I4": _(
            "A change cannot say who made it or what it was. Compare the entries named below with "
            "a backup: somebody may have written past Legato."
        ),
        "I7": _(
            "Legato confirmed something that is missing from the database, or incomplete. Compare "
            "the entries named below with a backup before you rely on them."
        ),
        "I10": _(
            "What was listed in a book is not what was moved, kept and closed. Plan the records "
            "named below, and compare the receipt of the commit."
        ),
        "I12": _(
            "A plan does not say the same as the decision it was made from. Do not commit it; "
            "make a new plan."
        ),
        "ledger": _(
            "The chain of the ledger does not hold from the entry named below on. Compare it with "
            "a backup: somebody may have written past Legato."
        ),
    }


@command("check", about=_("Look for rows that break an invariant."))
def check(frame: Frame) -> None:
    results = [*check_all(), ledger.checked()]
    notes = _notes(frame.now)
    facts = {each.invariant: each.count for each in results}
    rows = {each.invariant: [asdict(row) for row in each.rows] for each in results if each.count}
    frame.answer({**facts, "notes": notes, "rows": rows}, show=lambda to: _show(to, results, notes))
    if rows:
        click.get_current_context().exit(BROKEN)


def _show(console: Console, results: Sequence[Checked], notes: Sequence[str]) -> None:
    promised, said = names(), meanings()
    lines = [(each.invariant, promised[each.invariant], each.count) for each in results]
    console.print(table((_("Invariant"), _("Promises"), _("Rows that break it")), lines))
    for each in results:
        if each.count:
            console.print(f"\n{said[each.invariant]}", highlight=False)
            rows = [(row.problem, row.subject, row.detail) for row in each.rows]
            console.print(
                table((_("Problem"), _("Where"), _("Details")), rows, title=each.invariant)
            )
            if each.count > len(rows):
                console.print(_("And %(count)s more.") % {"count": each.count - len(rows)})
    for note in notes:
        console.print(_("Note: %(note)s") % {"note": note}, highlight=False)


def _notes(now: datetime) -> list[str]:
    """What is no violation but worth knowing."""
    counted = {
        _("%(count)s changes were made without saying why."): ledger.without_reason(),
        _("%(count)s records are covered longer than agreed."): overdue_covers(now=now),
    }
    notes = [*_waiting(), *(note % {"count": count} for note, count in counted.items() if count)]
    if not is_on():
        notes.append(
            _("No server for mail is named (EMAIL_URL), so people are told in Legato alone.")
        )
    if ledger.is_single_role():
        notes.append(_("The application owns its tables, so append-only rests on triggers alone."))
    return notes


def _waiting() -> list[str]:
    """What has no place in the chain over all yet, and since when."""
    reached = ledger.state()
    if not reached.unsealed:
        return []
    said = {"count": reached.unsealed, "age": age_of(reached)}
    return [waiting() % said]
