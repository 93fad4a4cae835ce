"""What two plans were asked for otherwise: weights, locks, who was left out, until when."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from legato.people.queries import people
from legato.planning.queries.plans import PlanView
from legato.planning.queries.weighed import Weighed, unlike, weights_of

NAMED = 10
"""Locks that are named, the most valuable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherLock:
    """A unit with whom each plan locks it to; None where it is not locked."""

    unit: int
    name: str
    persons: tuple[str | None, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Of the first plan, then of the second; what both were asked for alike is not here."""

    weights: list[Weighed]
    locks: int
    """Units that only one of them locks, or each to somebody else."""
    named: list[OtherLock]
    left_out: tuple[list[str], list[str]]
    """Who was left out of this plan alone."""
    tolerance: tuple[float | None, float | None] | None
    """Per cent of a share, None for that of the rules."""
    until: tuple[datetime | None, datetime | None] | None

    @property
    def is_any(self) -> bool:
        asked = self.weights or self.locks or any(self.left_out)
        return bool(asked) or self.tolerance is not None or self.until is not None


LOCKS = """
WITH locked AS (
    SELECT plan_id, unit_id, person_id, value FROM planning_assignment
    WHERE plan_id IN (%(a)s, %(b)s) AND reason ->> 'code' = 'pinned'
)
SELECT r.id, r.name, p.name, q.name, count(*) OVER ()
FROM (SELECT * FROM locked WHERE plan_id = %(a)s) a
FULL JOIN (SELECT * FROM locked WHERE plan_id = %(b)s) b ON b.unit_id = a.unit_id
JOIN books_record r ON r.id = coalesce(a.unit_id, b.unit_id)
LEFT JOIN people_person p ON p.id = a.person_id
LEFT JOIN people_person q ON q.id = b.person_id
WHERE a.person_id IS DISTINCT FROM b.person_id
ORDER BY greatest(a.value, b.value) DESC, r.id LIMIT %(limit)s
"""


def terms_of(plans: tuple[PlanView, PlanView]) -> Terms:
    """A fixed number of statements, however much differs."""
    first, second = plans
    with connection.cursor() as cursor:
        cursor.execute(LOCKS, {"a": first.id, "b": second.id, "limit": NAMED})
        rows = cursor.fetchall()
    tolerance = _tolerance(first), _tolerance(second)
    until = first.interim_until, second.interim_until
    return Terms(
        weights=unlike(*weights_of(first, second)),
        locks=rows[0][4] if rows else 0,
        named=[OtherLock(unit=row[0], name=row[1], persons=(row[2], row[3])) for row in rows],
        left_out=_left_out(first, second),
        tolerance=tolerance if tolerance[0] != tolerance[1] else None,
        until=until if until[0] != until[1] else None,
    )


def _tolerance(plan: PlanView) -> float | None:
    asked = plan.options.get("tolerance")
    return None if asked is None else asked / 10


def _left_out(first: PlanView, second: PlanView) -> tuple[list[str], list[str]]:
    ours, theirs = set(first.options["excluded"]), set(second.options["excluded"])
    known = people(ids=ours ^ theirs)
    return (
        sorted(known[each].name for each in ours - theirs),
        sorted(known[each].name for each in theirs - ours),
    )
