"""Who gets how much by a plan: one line a person."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Everything a person gets, what was decided before the split included.

    ``value`` is in whole currency units; loads and capacity are in weighted accounts.
    """

    name: str
    units: int
    hot: int
    warm: int
    cold: int
    value: Decimal
    load_before: float
    load_after: float
    capacity: float


SHARES = """
SELECT p.name, count(*), count(*) FILTER (WHERE a.heat = 'hot'),
       count(*) FILTER (WHERE a.heat = 'warm'), count(*) FILTER (WHERE a.heat = 'cold'),
       sum(a.value), c.load / 1000.0::float8,
       (c.load + c.gained) / 1000.0::float8, c.capacity / 1000.0::float8
FROM planning_plan l
JOIN planning_assignment a ON a.plan_id = l.id AND NOT a.is_orphan
JOIN people_person p ON p.id = a.person_id
JOIN LATERAL jsonb_to_recordset(l.certificate -> 'persons')
    AS c (person bigint, load bigint, gained bigint, capacity bigint) ON c.person = p.id
WHERE l.id = %s
GROUP BY p.id, c.load, c.gained, c.capacity
ORDER BY count(*) DESC, p.name, p.id
"""


def shares(*, plan_id: int) -> list[Share]:
    """Those who get anything, who gets most first; the manager's orphans are nobody's share."""
    with connection.cursor() as cursor:
        cursor.execute(SHARES, [plan_id])
        rows = cursor.fetchall()
    return [Share(**dict(zip(Share.__slots__, row, strict=True))) for row in rows]
