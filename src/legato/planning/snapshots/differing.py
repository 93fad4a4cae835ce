"""What of the world is no longer what a plan was made from, by record."""

from collections.abc import Collection
from typing import Any

from django.db import connection

from legato.books.snapshots import CAME_WITH_COVER, LEFT_SINCE
from legato.planning.models import Plan

# Rows of the plan that are not as they were; rows that have come to who leaves since, or to whoever
# covers an account of theirs; promises and leads that have come to the plan's accounts, whosever.
DIFFERENCES = """
SELECT r.id, r.kind, r.name,
       CASE WHEN NOT r.is_open THEN 'closed'
            WHEN r.owner_id <> m.expected_owner_id THEN 'owner' ELSE 'changed' END AS what,
       w.name, o.name, e.at, p.name
FROM planning_move m
JOIN books_record r ON r.id = m.record_id
JOIN people_person w ON w.id = m.expected_owner_id
JOIN people_person o ON o.id = r.owner_id
JOIN ledger_entry e ON e.id = r.entry_id
LEFT JOIN people_person p ON p.id = e.actor_id
WHERE m.plan_id = {plan}
  AND (r.entry_id <> m.expected_entry_id OR r.owner_id <> m.expected_owner_id OR NOT r.is_open)
UNION ALL
SELECT r.id, r.kind, r.name, 'new', NULL, o.name, e.at, p.name
FROM books_record r
JOIN people_person o ON o.id = r.owner_id
JOIN ledger_entry e ON e.id = r.entry_id
LEFT JOIN people_person p ON p.id = e.actor_id
LEFT JOIN books_record a ON a.id = r.account_id
WHERE r.is_open AND NOT EXISTS (
        SELECT FROM planning_move m WHERE m.plan_id = {plan} AND m.record_id = r.id)
  AND (r.owner_id IN (SELECT b.holder_id FROM planning_planbook l
                      JOIN books_book b ON b.id = l.book_id
                      WHERE l.plan_id = {plan} AND NOT {left_since})
       OR (r.entry_id > {entry}
           AND (r.kind IN ('commitment', 'lead') OR {came_with_cover})
           AND r.account_id IN (
                SELECT m.unit_id FROM planning_move m WHERE m.plan_id = {plan})))
ORDER BY 1
"""


def _differences(plan: str, entry: str) -> str:
    """The query for the plan and its entry, which are parts of SQL."""
    return DIFFERENCES.format(
        plan=plan, entry=entry, left_since=LEFT_SINCE, came_with_cover=CAME_WITH_COVER
    )


def differences(plan: Plan) -> list[dict[str, Any]]:
    """What differs, by record: what it is called, what happened, whose it was and whose it is now,
    when and by whom."""
    with connection.cursor() as cursor:
        cursor.execute(
            _differences("%(plan)s", "%(entry)s"), {"plan": plan.pk, "entry": plan.entry_id}
        )
        names = ("record", "kind", "name", "what", "was", "now", "at", "by")
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


# Of each plan: its rows, those of them that differ, what has come since, rows that go to somebody
# who is not there any more or gets nothing new, and whether a departure that it is for is over.
STANDINGS = f"""
SELECT given.id, (SELECT count(*) FROM planning_move m WHERE m.plan_id = given.id),
       count(d.what) FILTER (WHERE d.what <> 'new'), count(d.what) FILTER (WHERE d.what = 'new'),
       (SELECT count(*) FROM planning_move m
        JOIN planning_assignment a ON a.plan_id = m.plan_id AND a.unit_id = m.unit_id
        JOIN people_person p ON p.id = m.new_owner_id
        WHERE m.plan_id = given.id AND (NOT p.is_employed OR NOT a.is_orphan AND EXISTS (
            SELECT FROM people_hold h WHERE h.person_id = p.id AND h.released_at IS NULL))),
       EXISTS (SELECT FROM planning_planbook b JOIN planning_bookclosed c ON c.book_id = b.book_id
               WHERE b.plan_id = given.id),
       given.policy_version
FROM planning_plan given LEFT JOIN LATERAL ({_differences("given.id", "given.entry_id")}) d ON true
WHERE given.id = ANY (%(plans)s) GROUP BY given.id
"""


def standings_of(plans: Collection[int]) -> list[tuple[Any, ...]]:
    """A row a plan, in the order of `STANDINGS`."""
    with connection.cursor() as cursor:
        cursor.execute(STANDINGS, {"plans": list(plans)})
        return list(cursor.fetchall())
