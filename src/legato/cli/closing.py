"""``legato case change``, ``sign`` and ``close``: a departure corrected, and brought to its end."""

from dataclasses import asdict
from datetime import date
from typing import Any

import click

from legato.cli.acting import acting
from legato.cli.day import Day
from legato.cli.frame import Frame, command
from legato.cli.language import ours as _
from legato.departures import operations, queries
from legato.people.queries import people
from legato.planning.operations import record_called
from legato.web.asked import number
from legato.web.joining import listed
from legato.web.matters import rest

UNKNOWN = "unknown"


class DayOrUnknown(Day):
    """A day, or the word unknown."""

    name = "DATE|unknown"

    def convert(  # type: ignore[override]
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> date | str:
        return UNKNOWN if value == UNKNOWN else super().convert(value, param, ctx)


@command("change", about=_("Correct what is known of a departure."), writes=True)
@click.argument("case_id", metavar="CASE", type=int)
@click.option("--last-day", type=DayOrUnknown(), help=_("The last working day, or unknown."))
@click.option(
    "--kind",
    type=click.Choice(["resignation", "dismissal", "transfer", "leave"]),
    help=_("What kind of departure."),
)
@click.option("--notice", "notice_on", type=DayOrUnknown(), help=_("The day notice was given."))
@click.option("--return", "return_on", type=DayOrUnknown(), help=_("The day the person is back."))
@click.option(
    "--kept-away/--not-kept-away", default=None, help=_("No longer works, though employed.")
)
@click.option("--already-gone", is_flag=True, help=_("Has left; the last day may be past."))
@click.option(
    "--to-competitor",
    type=click.Choice(["yes", "no", "unknown"]),
    help=_("Whether the person goes to a competitor."),
)
def change(
    frame: Frame,
    *,
    case_id: int,
    last_day: date | str | None,
    kind: str | None,
    notice_on: date | str | None,
    return_on: date | str | None,
    kept_away: bool | None,
    already_gone: bool,
    to_competitor: str | None,
) -> None:
    found = queries.case_for_command(case_id)
    days = {"last_day": last_day, "notice_on": notice_on, "return_on": return_on}
    given = {"kind": kind, "kept_away": kept_away, "to_competitor": to_competitor}
    said: dict[str, Any] = {name: each for name, each in given.items() if each is not None}
    said |= {name: _day(each) for name, each in days.items() if each is not None}
    changed = operations.change_case(
        case_id=case_id,
        said=said | ({"already_gone": True} if already_gone else {}),
        actor=acting(frame, leaver=found.person_id).id,
        now=frame.now,
        reason=frame.reason,
        key=frame.key,
    )
    lines = [_("Case %(case)s is corrected.") % {"case": case_id}]
    by = changed.covered_by and people(ids={changed.covered_by})[changed.covered_by].name
    if by:
        lines.append(
            _("The last day is over: %(name)s covers %(records)s records for now.")
            % {"name": by, "records": changed.covered}
        )
    lines.append(_("What is to be decided now: legato case show %(case)s") % {"case": case_id})
    frame.answer(
        {**asdict(changed), "covered_by": by},
        show=lambda console: console.print("\n".join(lines)),
    )


def _day(said: date | str) -> date | None:
    return said if isinstance(said, date) else None


@command(
    "sign",
    about=_("Let something stand that still points to who leaves."),
    writes=True,
)
@click.argument("case_id", metavar="CASE", type=int)
@click.argument("what", metavar="RECORD|WHAT")
def sign(frame: Frame, *, case_id: int, what: str) -> None:
    found = queries.case_for_command(case_id)
    kind, number = _named(what)
    signed = operations.sign(
        case_id=case_id,
        what=kind,
        number=number,
        actor=acting(frame, leaver=found.person_id).id,
        now=frame.now,
        reason=frame.reason if frame.reason != click.get_current_context().command_path else "",
        key=frame.key,
    )
    said = {"count": signed.count, "what": listed(rest(each) for each in signed.what)}
    frame.answer(
        asdict(signed),
        show=lambda console: console.print(_("Rests signed for: %(count)s (%(what)s).") % said),
    )


def _named(what: str) -> tuple[str, int | None]:
    """A kind of rest, one of a kind written ``kind:12``, or a record by number or name."""
    kind, colon, one = what.partition(":")
    if colon and number(one) is not None:
        return kind, number(one)
    if rest(what) != what:
        return what, None
    return "record", record_called(what)


@command(
    "close",
    about=_("Close a case that nothing points to any more, or whose rests are signed."),
    writes=True,
)
@click.argument("case_id", metavar="CASE", type=int)
def close(frame: Frame, *, case_id: int) -> None:
    found = queries.case_for_command(case_id)
    closed = operations.close_case(
        case_id=case_id,
        actor=acting(frame, leaver=found.person_id).id,
        now=frame.now,
        reason=frame.reason,
        key=frame.key,
    )
    said = {**asdict(closed), "name": found.person}
    frame.answer(
        asdict(closed),
        show=lambda console: console.print(
            _(
                "Case %(case)s is closed. Of %(listed)s records %(moved)s were given to others, "
                "%(kept)s stayed and %(closed)s were closed; both counts agree. Rests "
                "signed for: %(signed)s."
            )
            % said
        ),
    )
