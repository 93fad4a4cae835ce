"""``legato case``: the departures there are, how far each is, and what ends one."""

from dataclasses import asdict

import click
from rich.console import Console

from legato.books.queries import Line
from legato.cli import standing
from legato.cli.acting import acting
from legato.cli.closing import change, close, sign
from legato.cli.departing import inventory_table
from legato.cli.exporting import export_case
from legato.cli.frame import Frame, command, table
from legato.cli.language import ours as _
from legato.cli.language import pgettext
from legato.departures import operations, queries
from legato.departures.queries import CaseView
from legato.planning.queries import PlanView
from legato.web import words


@click.group("case", help=_("Look at departures, correct, withdraw and close them."))
def case() -> None:
    pass


@command("list", about=_("Show all departures."))
def list_cases(frame: Frame) -> None:
    found = queries.all_cases()
    headers = (_("Case"), _("Person"), _("Kind"), _("Last day"), _("Opened"),
               pgettext("a date", "Closed"))  # fmt: skip
    lines = [
        (f"{each.id}", each.person, words.departure(each.kind),
         each.last_day or pgettext("of a day", "unknown"), each.opened_at, each.closed_at)
        for each in found
    ]  # fmt: skip
    frame.answer(
        {"cases": [asdict(each) for each in found]},
        show=lambda console: console.print(table(headers, lines)),
    )


@command("show", about=_("Show what of a departure is still to be given to somebody."))
@click.argument("case_id", metavar="CASE", type=int)
def show_case(frame: Frame, *, case_id: int) -> None:
    found = queries.case_for_command(case_id)
    undecided = queries.still_undecided(found, now=frame.now)
    stands = queries.standing(case_id=case_id, now=frame.now)
    made = stands.plans
    facts = {
        **asdict(found),
        **standing.facts(stands),
        "undecided": {kind: asdict(line) for kind, line in undecided.items()},
        "plans": [{"plan": each.id, "state": each.state, "commit": each.commit} for each in made],
    }

    def show(console: Console) -> None:
        show_state(console, found, undecided, made)
        standing.show(console, stands)

    frame.answer(facts, show=show)


def show_state(
    console: Console, found: CaseView, undecided: dict[str, Line], made: list[PlanView]
) -> None:
    """Who leaves when, what is still to be given to somebody, and the plans there are."""
    state = (
        pgettext("of a departure", "closed")
        if found.closed_at
        else pgettext("of a departure", "open")
    )
    said = {"person": found.person, "kind": words.departure(found.kind), "state": state}
    said["day"] = str(found.last_day or pgettext("of a day", "unknown"))
    console.print(_("%(person)s: %(kind)s, last day %(day)s, %(state)s.") % said)
    console.print(inventory_table(undecided, title=_("Without a new permanent owner")))
    headers = (_("Plan"), _("State"), _("Proposed by"), _("Approved by"), _("Commit"))
    lines = [
        (f"{each.id}", words.plan_state(each.state), each.proposer, each.approver, each.commit)
        for each in made
    ]
    if lines:
        console.print(table(headers, lines))


@command("withdraw", about=_("Close a case because the person stays."), writes=True)
@click.argument("case_id", metavar="CASE", type=int)
def withdraw(frame: Frame, *, case_id: int) -> None:
    found = queries.case_for_command(case_id)
    withdrawn = operations.withdraw(
        case_id=case_id,
        actor=acting(frame, leaver=found.person_id).id,
        now=frame.now,
        reason=frame.reason,
        key=frame.key,
    )
    said = {**asdict(withdrawn), "name": found.person}
    lines = [_("Case %(case)s is closed: %(name)s stays and may be given work again.")]
    if withdrawn.returned:
        lines.append(_("%(returned)s records that were only covered are back."))
    if withdrawn.elsewhere:
        lines.append(
            _(
                "%(elsewhere)s records of the book were given to others and stay there. What can "
                "be taken back: legato case show %(case)s"
            )
        )
    frame.answer(
        {**asdict(withdrawn), "withdrawn": True},
        show=lambda console: console.print("\n".join(lines) % said),
    )


for each in (list_cases, show_case, change, withdraw, sign, close, export_case):
    case.add_command(each)
