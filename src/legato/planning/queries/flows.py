"""Who gives how much of which heat to whom by a plan: the flows of its picture."""

from django.db import connection

from legato.web.charts.sankey import Flow

# A unit comes from whose book it is in, though somebody may cover it; else from its present owner.
FLOWS = """
SELECT coalesce(h.name, o.name, p.name),
       CASE WHEN a.reason ->> 'code' = 'pinned' THEN 'locked' ELSE a.heat END, p.name, count(*)
FROM planning_assignment a
JOIN people_person p ON p.id = a.person_id
LEFT JOIN (
    SELECT DISTINCT ON (i.record_id) i.record_id, b.holder_id
    FROM planning_planbook l
    JOIN books_book b ON b.id = l.book_id
    JOIN books_item i ON i.book_id = b.id
    WHERE l.plan_id = %(plan)s ORDER BY i.record_id, b.id
) held ON held.record_id = a.unit_id
LEFT JOIN people_person h ON h.id = held.holder_id
LEFT JOIN planning_move m ON m.plan_id = a.plan_id AND m.record_id = a.unit_id
LEFT JOIN people_person o ON o.id = m.expected_owner_id
WHERE a.plan_id = %(plan)s
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""


def flows(*, plan_id: int) -> list[Flow]:
    """Units by old owner, heat and new owner, in order; orphans go to their manager."""
    with connection.cursor() as cursor:
        cursor.execute(FLOWS, {"plan": plan_id})
        return [
            Flow(old=old, heat=heat, new=new, count=count)
            for old, heat, new, count in cursor.fetchall()
        ]
