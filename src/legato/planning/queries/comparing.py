"""Two plans side by side: what each gives to whom, and what only one of them moves."""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from legato.domain.errors import NotFound
from legato.planning.queries.plans import PlanView, plan
from legato.planning.queries.terms import Terms, terms_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A plan's sums: records it moves, points of fit, worst deviation of value in per cent.

    The fit is that of people and accounts: what a plan made from another was given for keeping its
    choices is no part of it, what an owner is given for keeping the own account is."""

    plan: PlanView
    moved: int
    fit: int
    worst_value: float
    orphans: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonSides:
    """Units and value that a person gets by either plan."""

    name: str
    units: tuple[int, int]
    value: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Differing:
    """A unit that goes to somebody else by the other plan; None where a plan does not decide it.

    ``plan`` is the second one where that decides it; heat and value are those it was made from."""

    unit: int
    name: str
    persons: tuple[str | None, str | None]
    heat: str
    value: int
    value_known: bool
    plan: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    sides: tuple[Side, Side]
    persons: list[PersonSides]
    differing: int
    shown: list[Differing]
    """Some of them, the most valuable first."""
    terms: Terms

    @property
    def has_same_points(self) -> bool:
        """Whether the points of fit of both can be compared."""
        return not self.terms.weights


PERSONS = """
SELECT p.name,
       count(*) FILTER (WHERE a.plan_id = %(a)s), count(*) FILTER (WHERE a.plan_id = %(b)s),
       coalesce(sum(a.value) FILTER (WHERE a.plan_id = %(a)s), 0)::bigint,
       coalesce(sum(a.value) FILTER (WHERE a.plan_id = %(b)s), 0)::bigint
FROM planning_assignment a JOIN people_person p ON p.id = a.person_id
WHERE a.plan_id IN (%(a)s, %(b)s) AND NOT a.is_orphan
GROUP BY p.id ORDER BY p.name, p.id
"""

DIFFERING = """
SELECT r.id, r.name, p.name, q.name, one.heat, one.value, one.value_known, one.plan_id,
       count(*) OVER ()
FROM (SELECT * FROM planning_assignment WHERE plan_id = %(a)s) a
FULL JOIN (SELECT * FROM planning_assignment WHERE plan_id = %(b)s) b ON b.unit_id = a.unit_id
JOIN books_record r ON r.id = coalesce(a.unit_id, b.unit_id)
LEFT JOIN people_person p ON p.id = a.person_id
LEFT JOIN people_person q ON q.id = b.person_id
JOIN planning_assignment one ON one.plan_id = coalesce(b.plan_id, a.plan_id) AND one.unit_id = r.id
WHERE a.person_id IS DISTINCT FROM b.person_id
ORDER BY one.value DESC, r.id LIMIT %(limit)s OFFSET %(before)s
"""

MOVED = """
SELECT count(*) FROM planning_move
WHERE plan_id = %(plan)s AND (new_owner_id <> expected_owner_id OR is_covered)
"""


# Points for a choice of the earlier plan, which its new owner does not hold yet.
KEPT = """
SELECT coalesce(sum((fact ->> 1)::bigint), 0)
FROM planning_assignment a
JOIN planning_move m ON m.plan_id = a.plan_id AND m.record_id = a.unit_id
CROSS JOIN LATERAL jsonb_array_elements(a.reason -> 'facts') AS fact
WHERE a.plan_id = %(plan)s AND NOT a.is_orphan AND a.reason ->> 'code' <> 'account_owner'
  AND fact ->> 0 = 'fit.stay' AND (m.expected_owner_id <> a.person_id OR m.is_covered)
"""


def comparison(*, plans: tuple[int, int], limit: int = 20, page: int = 1) -> Comparison:
    """``limit`` of what differs, which is the size of a page. Raises `NotFound`, also for a page
    behind the last."""
    sides = _side(plans[0]), _side(plans[1])
    both = {"a": plans[0], "b": plans[1]}
    before = (page - 1) * limit
    with connection.cursor() as cursor:
        cursor.execute(PERSONS, both)
        persons = [
            PersonSides(name=name, units=(first, second), value=(worth, other))
            for name, first, second, worth, other in cursor.fetchall()
        ]
        cursor.execute(DIFFERING, {**both, "limit": limit, "before": max(0, before)})
        rows = cursor.fetchall()
    if page < 1 or (before and not rows):
        raise NotFound(what="page", name=page)
    terms = terms_of((sides[0].plan, sides[1].plan))
    return Comparison(
        sides=sides,
        persons=persons,
        differing=rows[0][8] if rows else 0,
        shown=[_differing(*row[:8]) for row in rows],
        terms=terms,
    )


def _differing(unit: int, name: str, first: str, second: str, *more: Any) -> Differing:
    heat, value, value_known, plan_id = more
    return Differing(
        unit=unit, name=name, persons=(first, second), heat=heat, value=value,
        value_known=value_known, plan=plan_id,
    )  # fmt: skip


def _side(plan_id: int) -> Side:
    found = plan(plan_id=plan_id)
    with connection.cursor() as cursor:
        cursor.execute(MOVED, {"plan": plan_id})
        moved = int(cursor.fetchone()[0])
        cursor.execute(KEPT, {"plan": plan_id})
        kept = int(cursor.fetchone()[0])
    proof = found.certificate
    return Side(
        plan=found,
        moved=moved,
        fit=proof["fit"] - kept,
        worst_value=proof["worst_value"] / 10,
        orphans=proof["orphans"],
    )
