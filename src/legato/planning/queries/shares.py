"""Who gets how much by a plan: one line a person."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from legato.people.queries import policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Everything a person gets, what was decided before the split included.

    ``value`` is in whole currency units; loads and capacity are in weighted accounts.
    """

    person: int
    name: str
    units: int
    hot: int
    warm: int
    cold: int
    value: Decimal
    beside: int
    """Of the units, those that follow their account's owner and were no part of the split."""
    load_before: float
    """All they hold when the plan is made, what the plan decides again included."""
    load_after: float
    capacity: float


# What somebody holds of what the plan decides, and of that what stays since nobody may take it.
SHARES = """
WITH held AS (
    SELECT m.expected_owner_id AS person, sum(w.weight) AS weight,
           sum(w.weight) FILTER (WHERE u.is_orphan AND u.person_id = m.expected_owner_id) AS stays
    FROM planning_move m
    JOIN planning_assignment u ON u.plan_id = m.plan_id AND u.unit_id = m.record_id
    JOIN books_record r ON r.id = m.record_id
    CROSS JOIN LATERAL (
        SELECT CASE WHEN r.kind = 'account' THEN %(account)s ELSE %(alone)s END AS weight) w
    WHERE m.plan_id = %(plan)s AND NOT m.is_covered
    GROUP BY m.expected_owner_id
)
SELECT p.id, p.name, count(*), count(*) FILTER (WHERE a.heat = 'hot'),
       count(*) FILTER (WHERE a.heat = 'warm'), count(*) FILTER (WHERE a.heat = 'cold'),
       sum(a.value), count(*) FILTER (WHERE a.reason ->> 'code' = 'account_owner'),
       (c.load + coalesce(h.weight, 0)) / 1000.0::float8,
       (c.load + c.gained + coalesce(h.stays, 0)) / 1000.0::float8, c.capacity / 1000.0::float8
FROM planning_plan l
JOIN planning_assignment a ON a.plan_id = l.id AND NOT a.is_orphan
JOIN people_person p ON p.id = a.person_id
JOIN LATERAL jsonb_to_recordset(l.certificate -> 'persons')
    AS c (person bigint, load bigint, gained bigint, capacity bigint) ON c.person = p.id
LEFT JOIN held h ON h.person = p.id
WHERE l.id = %(plan)s
GROUP BY p.id, c.load, c.gained, c.capacity, h.weight, h.stays
ORDER BY count(*) DESC, p.name, p.id
"""


def shares(*, plan_id: int) -> list[Share]:
    """Those who get anything, who gets most first; the manager's orphans are nobody's share."""
    with connection.cursor() as cursor:
        cursor.execute(SHARES, {"plan": plan_id, **_weights()})
        rows = cursor.fetchall()
    return [Share(**dict(zip(Share.__slots__, row, strict=True))) for row in rows]


HELD = """
SELECT owner_id, sum(CASE WHEN kind = 'account' THEN %(account)s ELSE %(alone)s END)::bigint
FROM books_record WHERE id = ANY (%(units)s) AND interim_until IS NULL GROUP BY owner_id
"""


def held_of(units: Collection[int]) -> dict[int, int]:
    """What people hold of these units now, by person, in thousandths of an account."""
    with connection.cursor() as cursor:
        cursor.execute(HELD, {"units": list(units), **_weights()})
        return dict(cursor.fetchall())


def _weights() -> dict[str, int]:
    rules = policy()
    return {"account": rules.weight_account, "alone": rules.weight_alone}
