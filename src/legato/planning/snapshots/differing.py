"""What of the world is no longer what a plan was made from, by record."""

from typing import Any

from django.db import connection

from legato.books.snapshots import CAME_WITH_COVER, LEFT_SINCE
from legato.planning.models import Plan

# Rows of the plan that are not as they were; rows that have come to who leaves since, or to whoever
# covers an account of theirs; promises and leads that have come to the plan's accounts, whosever.
DIFFERENCES = f"""
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
LEFT JOIN books_record a ON a.id = r.account_id
WHERE r.is_open AND NOT EXISTS (
        SELECT FROM planning_move m WHERE m.plan_id = %(plan)s AND m.record_id = r.id)
  AND (r.owner_id IN (SELECT b.holder_id FROM planning_planbook l
                      JOIN books_book b ON b.id = l.book_id
                      WHERE l.plan_id = %(plan)s AND NOT {LEFT_SINCE})
       OR (r.entry_id > %(entry)s
           AND (r.kind IN ('commitment', 'lead') OR {CAME_WITH_COVER})
           AND r.account_id IN (
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
