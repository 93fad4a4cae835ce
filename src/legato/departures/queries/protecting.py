"""What protecting a book would do, before anybody does it, and who could hold it for a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from legato.books.snapshots import UNDECIDED
from legato.departures.queries.cases import CaseView, case
from legato.domain.errors import NotFound
from legato.people.queries import NoLastResort, Someone, limits_on, managers_of, policy

MOST = 30
"""Who could cover is read in a list; of a large team it has the first by load."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caretaker:
    """Somebody who could hold a book for a time, with their hours a month now and with it."""

    person: int
    name: str
    before: float
    after: float


# The manager to whom the records would fall anyway, the colleagues of the team, and who asks; of
# those whoever is employed and not leaving themselves. Who asks stands there in any case, so that
# they learn nothing of a departure of their own.
CARETAKERS = """
WITH may AS (
    SELECT DISTINCT l.id AS leaver, p.id, p.name, p.id = m.manager AS is_suggested
    FROM unnest(%(leavers)s::bigint[], %(managers)s::bigint[]) AS m (leaver, manager)
    JOIN people_person l ON l.id = m.leaver
    JOIN people_person p ON p.is_employed AND p.id <> l.id
     AND (p.id IN (m.manager, %(viewer)s) OR p.team_id = l.team_id)
    WHERE p.id = %(viewer)s OR NOT EXISTS (
        SELECT FROM people_hold h WHERE h.person_id = p.id AND h.released_at IS NULL)
), has AS (
    SELECT r.owner_id, count(*) AS accounts FROM books_record r
    WHERE r.is_open AND r.kind = 'account' AND r.owner_id IN (SELECT id FROM may)
    GROUP BY r.owner_id
)
SELECT leaver, id, name, coalesce(accounts, 0) FROM may LEFT JOIN has ON has.owner_id = may.id
ORDER BY leaver, is_suggested DESC NULLS LAST, accounts NULLS FIRST, name, id
"""


def caretakers(viewer: Someone, *, moving: Mapping[int, int]) -> dict[int, list[Caretaker]]:
    """By leaver, of whom so many accounts are to move: their manager first, then who has least."""
    managers, rules = _managers(viewer, set(moving)), policy()
    hours = rules.hours_per_account * rules.weight_account / 1000
    asked: dict[str, Any] = {
        "viewer": viewer.id,
        "leavers": list(moving),
        "managers": [managers.get(each) for each in moving],
    }
    found: dict[int, list[Caretaker]] = {each: [] for each in moving}
    with connection.cursor() as cursor:
        cursor.execute(CARETAKERS, asked)
        for leaver, person, name, accounts in cursor.fetchall():
            before, after = accounts * hours, (accounts + moving[leaver]) * hours
            found[leaver].append(Caretaker(person=person, name=name, before=before, after=after))
    return {leaver: could[:MOST] for leaver, could in found.items()}


def _managers(viewer: Someone, leavers: set[int]) -> dict[int, int]:
    """Nobody, where the company has not yet said who ends every chain."""
    try:
        return managers_of(people=leavers, seen_by=viewer.id)
    except NoLastResort:
        return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Records that would not move: ``why`` is ``theirs``, ``given`` or ``closed``."""

    why: str
    records: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Protection:
    """What would go to each person who could hold it, by their id, and what would stay."""

    case: CaseView
    caretakers: list[Caretaker]
    burning: int
    moves: dict[int, int]
    kept: dict[int, list[Kept]]
    limits: frozenset[str]
    """What the leaver may not do already."""
    burning_hours: int
    cover_days: int
    undo_until: datetime


# Who covers some already covers it until the new end; what came to them with it, they keep.
TO_MOVE = f"""
SELECT r.owner_id, count(*), count(*) FILTER (WHERE r.kind = 'account'),
       count(*) FILTER (WHERE r.due_at <= %(burning)s),
       count(*) FILTER (WHERE r.interim_until IS NULL)
FROM books_record r WHERE {UNDECIDED} GROUP BY r.owner_id
"""
STAYING = f"""
SELECT r.is_open, count(*) FROM books_item i JOIN books_record r ON r.id = i.record_id
WHERE i.book_id = %(book)s
  AND NOT (r.is_open AND r.id IN (SELECT r.id FROM books_record r WHERE {UNDECIDED}))
GROUP BY r.is_open
"""


def protection(viewer: Someone, *, case_id: int, now: datetime) -> Protection:
    """Raises `NotFound` also where it may not be seen, and of a case that is over."""
    found, rules = case(viewer, case_id), policy()
    if found.closed_at is not None:
        raise NotFound(what="case", name=case_id)
    asked: dict[str, Any] = {
        "book": found.book,
        "owner": found.person_id,
        "burning": now + timedelta(hours=rules.burning_hours),
    }
    with connection.cursor() as cursor:
        cursor.execute(TO_MOVE, asked)
        owned = cursor.fetchall()
        cursor.execute(STAYING, asked)
        stays = dict(cursor.fetchall())
    accounts = sum(each[2] for each in owned if each[0] == found.person_id)
    could = caretakers(viewer, moving={found.person_id: accounts})[found.person_id]
    held = {owner: came for owner, *_, came in owned}
    total = sum(each[1] for each in owned)
    return Protection(
        case=found,
        caretakers=could,
        burning=sum(each[3] for each in owned),
        moves={each.person: total - held.get(each.person, 0) for each in could},
        kept={each.person: _kept(held.get(each.person, 0), stays) for each in could},
        limits=limits_on(people=[found.person_id]).get(found.person_id, frozenset()),
        burning_hours=rules.burning_hours,
        cover_days=rules.cover_days,
        undo_until=now + rules.undo_window,
    )


def _kept(theirs: int, stays: dict[bool, int]) -> list[Kept]:
    counts = (("theirs", theirs), ("given", stays.get(True, 0)), ("closed", stays.get(False, 0)))
    return [Kept(why=why, records=count) for why, count in counts if count]
