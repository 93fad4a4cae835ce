"""Two plans side by side: what each gives to whom, and what only one of them moves."""

from dataclasses import dataclass

from django.db import connection

from legato.planning.queries.plans import PlanView, plan


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
    """A unit that goes to somebody else by the other plan; None where a plan does not decide it."""

    unit: int
    name: str
    persons: tuple[str | None, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    sides: tuple[Side, Side]
    persons: list[PersonSides]
    differing: int
    shown: list[Differing]
    """The first of them, the most valuable."""


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
SELECT r.id, r.name, p.name, q.name, count(*) OVER ()
FROM (SELECT * FROM planning_assignment WHERE plan_id = %(a)s) a
FULL JOIN (SELECT * FROM planning_assignment WHERE plan_id = %(b)s) b ON b.unit_id = a.unit_id
JOIN books_record r ON r.id = coalesce(a.unit_id, b.unit_id)
LEFT JOIN people_person p ON p.id = a.person_id
LEFT JOIN people_person q ON q.id = b.person_id
WHERE a.person_id IS DISTINCT FROM b.person_id
ORDER BY greatest(a.value, b.value) DESC, r.id LIMIT %(limit)s
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


def comparison(*, plans: tuple[int, int], limit: int = 20) -> Comparison:
    """Raises `NotFound`."""
    sides = _side(plans[0]), _side(plans[1])
    both = {"a": plans[0], "b": plans[1]}
    with connection.cursor() as cursor:
        cursor.execute(PERSONS, both)
        persons = [
            PersonSides(name=name, units=(first, second), value=(worth, other))
            for name, first, second, worth, other in cursor.fetchall()
        ]
        cursor.execute(DIFFERING, {**both, "limit": limit})
        rows = cursor.fetchall()
    return Comparison(
        sides=sides,
        persons=persons,
        differing=rows[0][4] if rows else 0,
        shown=[Differing(unit=row[0], name=row[1], persons=(row[2], row[3])) for row in rows],
    )


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
