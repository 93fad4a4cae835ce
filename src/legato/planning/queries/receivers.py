"""Who could receive something of a plan: its candidates whom nothing hinders, neither when it was
made nor now.
"""

import json

from django.db import connection

from legato.domain.problem import Candidate, Problem, Rules
from legato.domain.taking import personal_removal

CANDIDATES = """
SELECT (l.problem -> 'candidates')::text, (l.problem -> 'rules' ->> 'max_leave_days')::int,
       (l.problem -> 'excluded')::text,
       (SELECT jsonb_object_agg(p.id, p.name)::text FROM people_person p
        WHERE p.is_employed AND NOT EXISTS (
            SELECT FROM people_hold h WHERE h.person_id = p.id AND h.released_at IS NULL))
FROM planning_plan l WHERE l.id = %(plan)s
"""
PERSONAL = ("id", "capacity", "load", "is_employed", "ends_on", "held", "leave_days", "is_leaver")
"""Of a candidate, what hinders everything or nothing."""


def receivers(*, plan_id: int) -> dict[int, str]:
    """Names by id: who neither leaves, nor is held, away for too long, or left out of the plan."""
    with connection.cursor() as cursor:
        cursor.execute(CANDIDATES, {"plan": plan_id})
        *asked, free = cursor.fetchone()
    problem, names = _problem(*asked), json.loads(free or "{}")
    able = [each.id for each in problem.candidates if personal_removal(each, problem) is None]
    return {each: names[f"{each}"] for each in able if f"{each}" in names}


def _problem(candidates: str, max_leave_days: int, excluded: str) -> Problem:
    """What was asked for without what it was asked for: nobody's units, and no skills."""
    return Problem(
        units=(),
        candidates=tuple(
            Candidate(**{name: each[name] for name in PERSONAL if name in each})
            for each in json.loads(candidates)
        ),
        rules=Rules(max_leave_days=max_leave_days),
        excluded=frozenset(json.loads(excluded)),
    )
