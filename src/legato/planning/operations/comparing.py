"""Whether the world is still what a plan was made from."""

from typing import Any

from django.db import connection

from legato.domain.errors import Refused
from legato.planning.models import Plan
from legato.planning.operations.shared import NAMED_AT_MOST


class PlanStale(Refused):
    """The world moved since the plan was made. Facts: ``plan``, ``differences``, ``count``."""

    code = "plan_stale"


# Rows of the plan that are not as they were; rows that have come to who leaves since; promises
# made to the plan's accounts since, whoever made them.
DIFFERENCES = """
SELECT r.id, r.kind, r.name,
       CASE WHEN NOT r.is_open THEN 'closed'
            WHEN r.owner_id <> m.expected_owner_id THEN 'owner' ELSE 'changed' END,
       w.name, o.name, e.at, p.name
FROM planning_move m
JOIN books_record r ON r.id = m.record_id
JOIN people_person w ON w.id = m.expected_owner_id
JOIN people_person o ON o.id = r.owner_id
JOIN ledger_entry e ON e.id = r.entry_id
LEFT JOIN people_person p ON p.id = e.actor_id
WHERE m.plan_id = %(plan)s
  AND (r.entry_id <> m.expected_entry_id OR r.owner_id <> m.expected_owner_id OR NOT r.is_open)
UNION ALL
SELECT r.id, r.kind, r.name, 'new', NULL, o.name, e.at, p.name
FROM books_record r
JOIN people_person o ON o.id = r.owner_id
JOIN ledger_entry e ON e.id = r.entry_id
LEFT JOIN people_person p ON p.id = e.actor_id
WHERE r.is_open AND NOT EXISTS (
        SELECT FROM planning_move m WHERE m.plan_id = %(plan)s AND m.record_id = r.id)
  AND (r.owner_id IN (SELECT b.holder_id FROM planning_planbook l
                      JOIN books_book b ON b.id = l.book_id WHERE l.plan_id = %(plan)s)
       OR (r.kind = 'commitment' AND r.entry_id > %(entry)s AND r.account_id IN (
            SELECT m.unit_id FROM planning_move m WHERE m.plan_id = %(plan)s)))
ORDER BY 1
"""


def differences(plan: Plan) -> list[dict[str, Any]]:
    """What differs, by record: what it is called, what happened, whose it was and whose it is now,
    when and by whom."""
    with connection.cursor() as cursor:
        cursor.execute(DIFFERENCES, {"plan": plan.pk, "entry": plan.entry_id})
        names = ("record", "kind", "name", "what", "was", "now", "at", "by")
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def stale(plan_id: int, found: list[dict[str, Any]]) -> PlanStale:
    return PlanStale(plan=plan_id, differences=found[:NAMED_AT_MOST], count=len(found))
