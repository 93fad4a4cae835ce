"""What of a plan was decided by hand: what an approver has to know besides its figures."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from legato.books.queries import names_of
from legato.domain.policy import Policy
from legato.people.queries import people
from legato.planning.queries.plans import PlanView
from legato.planning.queries.weighed import Weighed, unlike, weights_of

LARGEST = 5
"""Locks that are named, the most valuable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Locked:
    """A unit that was locked to a person, whom it goes to."""

    unit: int
    name: str
    heat: str
    value: int
    value_known: bool
    person: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """A lock of the plan before that was not possible any more; ``why`` is a code."""

    unit: int
    name: str
    person: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ByHand:
    locks: int
    largest: list[Locked]
    lost: list[Lost]
    weights: list[Weighed]
    """Those that are not the ones of the rules in force."""
    tolerance: float | None
    """Per cent of a share, None for that of the rules."""
    left_out: list[str]
    until: datetime | None
    """The new owners are interim ones until then."""

    @property
    def is_any(self) -> bool:
        by_rules = self.tolerance is None and self.until is None
        return bool(self.locks or self.lost or self.weights or self.left_out) or not by_rules


LOCKED = """
SELECT a.unit_id, r.name, a.heat, a.value, a.value_known, p.name, count(*) OVER ()
FROM planning_assignment a
JOIN books_record r ON r.id = a.unit_id
JOIN people_person p ON p.id = a.person_id
WHERE a.plan_id = %(plan)s AND a.reason ->> 'code' = 'pinned'
ORDER BY a.value DESC, a.unit_id LIMIT %(limit)s
"""


def by_hand(plan: PlanView, *, rules: Policy) -> ByHand:
    """Beside the rules in force. A fixed number of statements, however much was decided."""
    with connection.cursor() as cursor:
        cursor.execute(LOCKED, {"plan": plan.id, "limit": LARGEST})
        rows = cursor.fetchall()
    lost: list[Any] = plan.options.get("lost", [])
    excluded = set(plan.options["excluded"])
    known = people(ids=excluded | {person for _unit, person, _why in lost})
    names = names_of(records={unit for unit, _person, _why in lost})
    tolerance = plan.options.get("tolerance")
    return ByHand(
        locks=rows[0][6] if rows else 0,
        largest=[Locked(**dict(zip(Locked.__slots__, row[:6], strict=True))) for row in rows],
        lost=[
            Lost(unit=unit, name=names[unit], person=known[person].name, why=why)
            for unit, person, why in lost
        ],
        weights=unlike(weights_of(plan)[0], asdict(rules.fit)),
        tolerance=None if tolerance is None else tolerance / 10,
        left_out=sorted(known[each].name for each in excluded),
        until=plan.interim_until,
    )
