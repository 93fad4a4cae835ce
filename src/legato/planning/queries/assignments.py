"""The decisions of a plan, as people read them: what nobody could take first, then by heat."""

import json
from dataclasses import asdict, dataclass
from typing import Any

from django.db import connection


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentView:
    unit: int
    kind: str
    name: str
    heat: str
    value: int
    value_known: bool
    person_id: int
    person: str
    is_orphan: bool
    reason: dict[str, Any]
    goes_along: int
    """Records that move with the unit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Only:
    """Which decisions: of one heat, to one person, pinned by hand, so named; all where nothing is
    said."""

    heat: str = ""
    person: int = 0
    pinned: bool = False
    name: str = ""
    """A part of the name."""


ALL = Only()
SIFTED = """
    a.plan_id = %(plan)s AND (%(heat)s = '' OR a.heat = %(heat)s)
    AND (%(person)s = 0 OR a.person_id = %(person)s)
    AND (NOT %(pinned)s OR a.reason ->> 'code' = 'pinned')
    AND (%(name)s = '' OR strpos(lower(r.name), lower(%(name)s)) > 0)
"""
ASSIGNMENTS = f"""
SELECT a.unit_id, r.kind, r.name, a.heat, a.value, a.value_known,
       a.person_id, p.name, a.is_orphan, a.reason,
       (SELECT count(*) FROM planning_move m
        WHERE m.plan_id = a.plan_id AND m.unit_id = a.unit_id AND m.record_id <> a.unit_id)
FROM planning_assignment a
JOIN books_record r ON r.id = a.unit_id
JOIN people_person p ON p.id = a.person_id
WHERE {SIFTED}
ORDER BY NOT a.is_orphan, array_position(ARRAY['hot', 'warm', 'cold'], a.heat), a.value DESC,
         a.unit_id
LIMIT %(limit)s OFFSET %(offset)s
"""


def assignments(
    *, plan_id: int, limit: int | None = None, offset: int = 0, only: Only = ALL
) -> list[AssignmentView]:
    """Decisions of a plan: orphans first, then the hottest and most valuable."""
    asked = {"plan": plan_id, "limit": limit, "offset": offset, **asdict(only)}
    with connection.cursor() as cursor:
        cursor.execute(ASSIGNMENTS, asked)
        rows = cursor.fetchall()
    names = AssignmentView.__slots__
    found = (dict(zip(names, row, strict=True)) for row in rows)
    return [AssignmentView(**{**row, "reason": _json(row["reason"])}) for row in found]


def assignment_count(*, plan_id: int, only: Only = ALL) -> int:
    with connection.cursor() as cursor:
        query = f"""
            SELECT count(*) FROM planning_assignment a JOIN books_record r ON r.id = a.unit_id
            WHERE {SIFTED}
        """
        cursor.execute(query, {"plan": plan_id, **asdict(only)})
        return int(cursor.fetchone()[0])


def _json(value: Any) -> dict[str, Any]:
    return dict(json.loads(value) if isinstance(value, str) else value)
