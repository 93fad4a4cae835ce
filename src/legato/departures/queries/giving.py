"""What giving some records to somebody by hand would do: which change, which do not and why."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from legato.domain.errors import NotFound
from legato.domain.sight import SEES_CASES
from legato.people.queries import Someone, people, policy, team_below
from legato.planning.queries import away_longer

GIVERS = SEES_CASES
ANYWHERE = tuple(role for role in GIVERS if role != "manager")
"""Who gives records of everybody; a manager gives those of the people below, and the own."""
SHOWN = 8

# What was chosen and, if so asked, whatever its account's owner has open on an account that was; by
# record why it stays, empty where it goes. A departure's records are planned there alone; of their
# own the viewer learns nothing, and cannot give its records either.
SORTED = """
WITH chosen AS (
    SELECT r.* FROM books_record r WHERE r.id = ANY (%(records)s)
    UNION
    SELECT r.* FROM books_record a JOIN books_record r ON r.account_id = a.id
    WHERE %(along)s AND a.id = ANY (%(records)s) AND a.kind = 'account'
      AND r.is_open AND r.owner_id = a.owner_id
)
SELECT c.id, c.kind, c.name, c.owner_id, c.entry_id, CASE WHEN NOT d.is_own THEN d.id END,
       CASE WHEN NOT c.is_open THEN 'closed'
            WHEN d.is_own THEN 'not_yours'
            WHEN d.id IS NOT NULL THEN 'in_departure'
            WHEN %(whose)s::bigint[] IS NOT NULL AND c.owner_id <> ALL (%(whose)s) THEN 'not_yours'
            WHEN c.owner_id = %(to)s THEN 'has_it'
            WHEN EXISTS (SELECT FROM books_bar b WHERE b.record_id IN (c.id, c.account_id)
                         AND b.person_id = %(to)s AND b.released_by_id IS NULL) THEN 'barred'
            ELSE '' END
FROM chosen c
LEFT JOIN LATERAL (
    SELECT d.id, d.person_id = %(viewer)s AS is_own FROM departures_case d
    WHERE d.closed_at IS NULL AND (d.person_id = c.owner_id OR EXISTS (
        SELECT FROM books_item i WHERE i.book_id = d.book_id AND i.record_id = c.id))
    ORDER BY is_own, d.id LIMIT 1
) d ON true
ORDER BY c.id
"""
# Whom something can be given to for good: nobody who leaves, is held, or is away for long; and
# never who gives, so that they learn nothing of themselves.
RECEIVERS = """
SELECT p.id, p.name FROM people_person p JOIN people_employment m ON m.id = p.employment_id
WHERE p.is_employed AND p.id <> %(viewer)s AND m.ends_on IS NULL
  AND NOT EXISTS (SELECT FROM people_hold h WHERE h.person_id = p.id AND h.released_at IS NULL)
  AND NOT EXISTS (SELECT FROM departures_case d WHERE d.person_id = p.id AND d.closed_at IS NULL)
  AND p.id <> ALL (%(away)s)
ORDER BY p.name, p.id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A record of the selection; ``why`` it stays as it is, empty where it changes hands.

    ``why`` is ``closed``, ``in_departure`` (of ``case``), ``not_yours``, ``has_it`` or ``barred``.
    """

    record: int
    kind: str
    name: str
    owner: int
    entry: int
    case: int | None
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Staying:
    """Records that stay for one reason: how many, the departure, and the first of them."""

    why: str
    case: int | None
    count: int
    first: tuple[Chosen, ...]

    @property
    def more(self) -> int:
        return self.count - len(self.first)


@dataclass(frozen=True, slots=True, kw_only=True)
class GivePage:
    receivers: list[tuple[int, str]]
    to: Someone | None
    moves: int
    first: tuple[Chosen, ...]
    stays: list[Staying]
    owners: dict[int, str]
    until: datetime


def check_gives(viewer: Someone) -> None:
    """Raises `NotFound` for whoever gives nothing by hand."""
    if not viewer.is_employed or viewer.role not in GIVERS:
        raise NotFound(what="record", name=viewer.id)


def receivers(viewer: Someone, *, now: datetime) -> list[tuple[int, str]]:
    """To whom the viewer can give records for good: id and name, by name."""
    away = away_longer(than=policy().max_leave_days, now=now)
    with connection.cursor() as cursor:
        cursor.execute(RECEIVERS, {"viewer": viewer.id, "away": sorted(away)})
        return list(cursor.fetchall())


def sorted_out(
    viewer: Someone, *, records: Collection[int], to: int | None, along: bool
) -> list[Chosen]:
    """What of the selection changes hands and what stays, in order of id."""
    whose = None if viewer.role in ANYWHERE else sorted({viewer.id} | team_below(person=viewer.id))
    asked: dict[str, Any] = {
        "viewer": viewer.id, "records": sorted(records), "to": to, "along": along, "whose": whose
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(SORTED, asked)
        names = ("record", "kind", "name", "owner", "entry", "case", "why")
        return [Chosen(**dict(zip(names, row, strict=True))) for row in cursor.fetchall()]


def give_page(
    viewer: Someone, *, records: Collection[int], to: int | None, along: bool, now: datetime
) -> GivePage:
    """What giving these to somebody would do. Raises `NotFound` for who may give nothing."""
    check_gives(viewer)
    able = receivers(viewer, now=now)
    chosen_one = to if to in {pk for pk, _name in able} else None
    found = sorted_out(viewer, records=records, to=chosen_one, along=along)
    moving = [each for each in found if not each.why]
    owners = people(ids={each.owner for each in found} | ({chosen_one} if chosen_one else set()))
    return GivePage(
        receivers=able,
        to=owners[chosen_one] if chosen_one else None,
        moves=len(moving),
        first=tuple(moving[:SHOWN]),
        stays=_staying([each for each in found if each.why]),
        owners={pk: each.name for pk, each in owners.items()},
        until=now + policy().undo_window,
    )


def _staying(rows: Sequence[Chosen]) -> list[Staying]:
    reasons = sorted({(each.why, each.case or 0) for each in rows})
    return [
        Staying(why=why, case=case or None, count=len(alike), first=tuple(alike[:SHOWN]))
        for why, case in reasons
        if (alike := [each for each in rows if (each.why, each.case or 0) == (why, case)])
    ]
