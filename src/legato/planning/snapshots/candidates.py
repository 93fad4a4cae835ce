"""Who may be asked to take something, with what they hold already and how much they can hold."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from legato.domain.policy import Policy
from legato.domain.problem import Candidate, Skill
from legato.planning.snapshots.facts import leaves, rows
from legato.planning.snapshots.scopes import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """Where the capacity of those without one of their own came from; thousandths."""

    assumed: int
    largest_book: int
    largest_holder: int | None


# Load is what they own besides the plan's records: accounts, and records on no account of theirs.
# What a reorganisation splits again counts for how large their book is now, and for nothing else.
CANDIDATES = """
WITH loads AS (
    SELECT r.owner_id,
        count(*) FILTER (WHERE r.kind = 'account' AND s.record_id IS NULL) AS accounts,
        count(*) FILTER (WHERE r.kind <> 'account' AND s.record_id IS NULL
                         AND a.owner_id IS DISTINCT FROM r.owner_id) AS alone,
        count(*) FILTER (WHERE s.record_id = s.unit_id AND s.holder_id IS NULL) AS again
    FROM books_record r
    LEFT JOIN books_record a ON a.id = r.account_id
    LEFT JOIN planning_scope s ON s.record_id = r.id
    WHERE r.is_open
    GROUP BY r.owner_id
)
SELECT p.id, p.role, p.capacity, e.ends_on, e.started_on,
    EXISTS (SELECT FROM people_hold h WHERE h.person_id = p.id AND h.released_at IS NULL),
    EXISTS (SELECT FROM people_hold h
            WHERE h.person_id = p.id AND h.released_at IS NULL AND h.why = 'departure'),
    coalesce(l.accounts, 0), coalesce(l.alone, 0), coalesce(l.again, 0)
FROM people_person p
JOIN people_employment e ON e.id = p.employment_id
LEFT JOIN loads l ON l.owner_id = p.id
ORDER BY p.id
"""


def candidates_of(
    *,
    scope: Scope,
    asked: Mapping[int, int],
    skills: Mapping[int, frozenset[Skill]],
    policy: Policy,
    now: datetime,
    until: datetime | None,
) -> tuple[list[Candidate], Capacity]:
    """The reps (of a reorganisation: its own), who leaves (to say why not), and whoever is
    ``asked`` for besides: these get what they are asked to take and no share of the rest."""
    found = rows(CANDIDATES)
    loads = {row[0]: row[7] * policy.weight_account + row[8] * policy.weight_alone for row in found}
    books = {row[0]: loads[row[0]] + row[9] * policy.weight_account for row in found}
    capacity = _capacity(books, scope=scope, policy=policy)
    away = leaves(now=now, until=until)
    persons = [
        Candidate(
            id=row[0],
            capacity=_room(row, load=loads[row[0]], asked=asked, capacity=capacity),
            load=loads[row[0]],
            skills=skills.get(row[0], frozenset()),
            ends_on=_ends_on(row[3], until=until),
            held=row[5],
            leave_days=away.get(row[0], 0),
            employed_days=(now.date() - row[4]).days if row[4] else 100_000,
            has_open_case=row[6],
            is_leaver=row[0] in scope.holders,
        )
        for row in found
        if _is_candidate(row, scope=scope, asked=asked)
    ]
    return persons, capacity


def _is_candidate(row: tuple[Any, ...], *, scope: Scope, asked: Mapping[int, int]) -> bool:
    is_rep = row[0] in scope.reps if scope.reps else row[1] == "rep"
    return is_rep or row[0] in scope.holders or row[0] in asked


def _room(row: tuple[Any, ...], *, load: int, asked: Mapping[int, int], capacity: Capacity) -> int:
    if row[1] != "rep":
        return load + asked.get(row[0], 0)
    return capacity.assumed if row[2] is None else int(row[2] * 1000)


def _ends_on(last_day: date | None, *, until: datetime | None) -> date | None:
    """Who stays until the interim is over may be an interim owner."""
    return None if last_day and until and last_day >= until.date() else last_day


def _capacity(books: dict[int, int], *, scope: Scope, policy: Policy) -> Capacity:
    """The largest book of a colleague and the policy's margin.

    Where no colleague holds anything yet, the leavers' own accounts are the only measure.
    """
    others = {
        person: book for person, book in books.items() if person not in scope.holders and book
    }
    largest = max(others.items(), key=lambda each: (each[1], -each[0]), default=None)
    book = largest[1] if largest else _accounts_listed() * policy.weight_account
    return Capacity(
        assumed=book * (100 + policy.capacity_margin_percent) // 100,
        largest_book=book,
        largest_holder=largest[0] if largest else None,
    )


def _accounts_listed() -> int:
    return int(rows("SELECT count(*) FROM planning_scope WHERE is_account")[0][0])
