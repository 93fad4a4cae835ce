"""``legato depart`` and ``legato cover``: a departure begins, and somebody keeps the book."""

from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import click
from rich.console import Console

from legato.books.queries import Line
from legato.cli.acting import acting
from legato.cli.closing import UNKNOWN, DayOrUnknown
from legato.cli.day import Day
from legato.cli.frame import Frame, command, table
from legato.cli.language import ours as _
from legato.departures import operations, queries
from legato.departures.operations import Opened
from legato.domain.departure import Announcement
from legato.people.queries import people, person
from legato.web import words
from legato.web.figures import figure


@command(
    "depart",
    about=_("Open the departure of a person and count what they hold."),
    writes=True,
)
@click.argument("name", metavar="PERSON")
@click.option(
    "--last-day", type=DayOrUnknown(), required=True, help=_("The last working day, or unknown.")
)
@click.option(
    "--kind",
    type=click.Choice(["resignation", "dismissal", "transfer", "leave"]),
    required=True,
    help=_("What kind of departure."),
)
@click.option("--notice", type=Day(), help=_("The day notice was given."))
@click.option("--return", "returns", type=Day(), help=_("The day the person is back."))
@click.option("--kept-away", is_flag=True, help=_("No longer works, though employed."))
@click.option("--already-gone", is_flag=True, help=_("Has left; the last day may be past."))
@click.option(
    "--to-competitor",
    type=click.Choice(["yes", "no", "unknown"]),
    default=UNKNOWN,
    help=_("Whether the person goes to a competitor."),
)
def depart(
    frame: Frame,
    *,
    name: str,
    last_day: date | str,
    kind: str,
    notice: date | None,
    returns: date | None,
    kept_away: bool,
    already_gone: bool,
    to_competitor: str,
) -> None:
    leaver = person(name=name)
    opened = operations.open_case(
        person_id=leaver.id,
        announced=Announcement(
            kind=kind,  # type: ignore[arg-type]  # click has checked it
            last_day=last_day if isinstance(last_day, date) else None,
            notice_on=notice,
            return_on=returns,
            kept_away=kept_away,
            already_gone=already_gone,
            to_competitor=to_competitor,  # type: ignore[arg-type]
        ),
        actor=acting(frame, leaver=leaver.id).id,
        now=frame.now,
        reason=frame.reason,
        key=frame.key,
    )
    zone = ZoneInfo(leaver.time_zone)
    facts = {
        "case": opened.case,
        "person": leaver.name,
        "inventory": {kind: asdict(line) for kind, line in opened.inventory.items()},
        "placed": opened.placed,
        "orphans": sum(line["without_account"] for line in opened.placed.values()),
        "burning": [
            {
                "record": each.id,
                "kind": each.kind,
                "name": each.name,
                "account": each.account_name,
                "due_at": each.due_at,
                "local": each.due_at.astimezone(zone),
            }
            for each in opened.burning
        ],
        "covered_by": opened.covered_by,
    }
    frame.answer(facts, show=lambda console: show_opened(console, opened, zone=zone))


def show_opened(console: Console, opened: Opened, *, zone: ZoneInfo) -> None:
    """The case as its manager reads it: what there is, where it hangs, what burns."""
    console.print(
        _("Case %(case)s is open. Nothing new is given to %(name)s from now on.")
        % {"case": opened.case, "name": people(ids={opened.person})[opened.person].name}
    )
    console.print(inventory_table(opened.inventory))
    for kind, line in opened.placed.items():
        console.print(
            _(
                "%(kind)s: %(on_own_accounts)s on own accounts, %(on_others_accounts)s on "
                "colleagues' accounts, %(without_account)s without an account."
            )
            % {"kind": words.kind(kind), **{name: figure(count) for name, count in line.items()}}
        )
    if opened.burning:
        headers = (_("Due"), _("Kind"), _("Name"), _("Account"))
        lines = [
            (
                each.due_at.astimezone(zone),
                words.kind(each.kind),
                each.name,
                each.account_name,
            )
            for each in opened.burning
        ]
        console.print(table(headers, lines, title=_("Due within 48 hours, or overdue")))
    if opened.covered_by is not None:
        cover = people(ids={opened.covered_by})[opened.covered_by]
        console.print(
            _("The last day is over: %(name)s covers everything for now.") % {"name": cover.name}
        )


def inventory_table(inventory: dict[str, Line], *, title: str = ""):  # type: ignore[no-untyped-def]
    """Counts and values by kind and heat."""
    headers = (_("Kind"), _("Count"), _("Value"), _("Hot"), _("Warm"), _("Cold"))
    lines = [
        (words.kind(kind), line.count, line.value, line.hot, line.warm, line.cold)
        for kind, line in inventory.items()
    ]
    return table(headers, lines, title=title or _("What is in the book"))


@command("cover", about=_("Give a departing person's book to an interim owner."), writes=True)
@click.argument("case_id", metavar="CASE", type=int)
@click.option("--by", required=True, metavar="PERSON", help=_("Who covers."))
@click.option("--until", type=Day(), required=True, help=_("The last day of the cover."))
def cover(frame: Frame, *, case_id: int, by: str, until: date) -> None:
    case = queries.case_for_command(case_id)
    by_whom = person(name=by)
    end = datetime.combine(until + timedelta(days=1), time(), ZoneInfo(by_whom.time_zone))
    covered = operations.cover(
        case_id=case_id,
        by=by_whom.id,
        until=end,
        actor=acting(frame, leaver=case.person_id).id,
        now=frame.now,
        reason=frame.reason,
        key=frame.key,
    )
    said = {
        "records": figure(covered.records),
        "name": by_whom.name,
        "until": until,
        "id": covered.cover,
    }
    frame.answer(
        {**asdict(covered), "by": by_whom.name},
        show=lambda console: console.print(
            _(
                "%(name)s covers %(records)s records through %(until)s. "
                "To take it back: legato undo %(id)s"
            )
            % said
        ),
    )
