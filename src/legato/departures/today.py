"""The page of today: of every open departure what burns, who protects, and what nobody knows."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection
from django.utils import timezone

from legato.books.watching import Watch, watch
from legato.departures.queries import Caretaker, CaseLine, CaseView, caretakers, overview
from legato.domain.calendar import working_days
from legato.people.queries import Someone, limits_on, people, policy
from legato.planning.queries import PlanView
from legato.planning.queries.plans import plans_of

MOST = 10
"""Departures shown at length; the rest is in the list."""
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """One departure as it stands. ``days`` are working days of the leaver's country after today,
    None where the last day is unknown; ``limits`` are what the leaver may not do for now."""

    case: CaseView
    plan: PlanView | None
    plans: list[PlanView]
    watch: Watch
    days: int | None
    caretakers: list[Caretaker]
    """Who could hold the book for a time, the suggested one first."""
    limits: frozenset[str]

    @property
    def is_protected(self) -> bool:
        """Nothing open is still the leaver's, or somebody holds it already."""
        return bool(self.watch.covering) or not self.watch.still


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    sees_cases: bool
    day: date
    burning_hours: int
    undo_hours: int
    cover_days: int
    leaving: list[Leaving]
    more: int
    """Open departures that are not shown."""


def today(viewer: Someone, *, now: datetime) -> Today:
    """What the viewer must know before they sleep; those whom they manage come first, then the
    departures that end first."""
    seen, rules, day = overview(viewer), policy(), timezone.localdate(now)
    until = now + timedelta(hours=rules.burning_hours)
    lines = [line for line in seen.lines if line.case.closed_at is None]
    known = people(ids={line.case.person_id for line in lines}) if lines else {}
    mine = {pk for pk, someone in known.items() if someone.manager_id == viewer.id}
    lines.sort(key=lambda line: (line.case.person_id not in mine, *_urgency(line)))
    shown = lines[:MOST]
    return Today(
        sees_cases=seen.sees_cases,
        day=day,
        burning_hours=rules.burning_hours,
        undo_hours=rules.undo_hours,
        cover_days=rules.cover_days,
        leaving=_leaving(viewer, shown, known, day=day, until=until) if shown else [],
        more=len(lines) - len(shown),
    )


def _urgency(line: CaseLine) -> tuple[bool, date, int]:
    """Who goes first comes first; an unknown last day may be today."""
    last = line.case.last_day
    return (last is not None, last or date.min, line.case.id)


def _leaving(
    viewer: Someone,
    lines: list[CaseLine],
    known: Mapping[int, Someone],
    *,
    day: date,
    until: datetime,
) -> list[Leaving]:
    books = [line.case.book for line in lines]
    watched, planned = watch(books=books, until=until), plans_of(books=books)
    leavers = {line.case.person_id for line in lines}
    limited = limits_on(people=leavers)
    moving = {line.case.person_id: watched[line.case.book].still_accounts for line in lines}
    could = caretakers(viewer, moving=moving)
    ends = [line.case.last_day for line in lines if line.case.last_day]
    off = _holidays({known[leaver].country for leaver in leavers}, day, max(ends, default=day))
    return [
        Leaving(
            case=line.case,
            plan=line.plan,
            plans=planned.get(line.case.book, []),
            watch=watched[line.case.book],
            days=_days(line.case, day, off[known[line.case.person_id].country]),
            caretakers=could[line.case.person_id],
            limits=limited.get(line.case.person_id, frozenset()),
        )
        for line in lines
    ]


def _days(case: CaseView, day: date, holidays: set[date]) -> int | None:
    if case.last_day is None:
        return None
    return working_days(first=day + DAY, last=case.last_day, holidays=holidays)


def _holidays(countries: Collection[str], first: date, last: date) -> dict[str, set[date]]:
    found: dict[str, set[date]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT country, day FROM people_holiday"
            " WHERE country = ANY (%s) AND day BETWEEN %s AND %s",
            [list(countries), first, last],
        )
        for country, day in cursor.fetchall():
            found[country].add(day)
    return found
