"""Writes what was decided, row by row: what came to a leaver since, assignments, moves."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from legato.books.operations import list_in_books
from legato.books.snapshots import chosen
from legato.domain.plain import text
from legato.ledger.models import Entry
from legato.people.queries import managers_of
from legato.planning.models import Plan
from legato.planning.operations.decided import Decided

LATER = """
SELECT s.record_id, b.id FROM planning_scope s
JOIN books_book b ON b.holder_id = s.holder_id AND b.id = ANY (%(books)s)
WHERE NOT EXISTS (SELECT FROM books_item i JOIN books_book k ON k.id = i.book_id
                  WHERE i.record_id = s.record_id AND k.holder_id = b.holder_id
                    AND k.id = ANY (%(books)s))
ORDER BY 1
"""


def list_later_records(decided: Decided, *, entry: Entry, now: datetime) -> None:
    """What came to a leaver after the book was taken is added to it, and so is listed."""
    with connection.cursor() as cursor:
        cursor.execute(LATER, {"books": list(decided.scope.books)})
        book_of = dict(cursor.fetchall())
    if book_of:
        ids = ",".join(str(each) for each in book_of)
        query = f"SELECT unnest(ARRAY[{ids}]::bigint[])"
        later = chosen(query=query, rule=decided.rules.heat, now=now)
        list_in_books(((book_of[each.id], each) for each in later), entry=entry)


def store_assignments(plan: Plan, decided: Decided) -> tuple[int, ...]:
    """Writes the decisions; to whom the orphans went."""
    having, managers = _orphans(list(decided.orphans()))
    columns = "plan_id, unit_id, person_id, is_orphan, heat, value, value_known, reason"
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY planning_assignment ({columns}) FROM STDIN") as writing,
    ):
        for each in decided.decisions:
            writing.write_row(
                (plan.pk, each.unit, each.person or having[each.unit], each.person is None,
                 each.heat, each.value, each.value_known, text(each.reason))
            )  # fmt: skip
    return tuple(sorted(managers))


def _orphans(units: Sequence[int]) -> tuple[dict[int, int], set[int]]:
    """Who has each of these units until it is placed, and the managers among them: what somebody
    leaves behind falls to their manager, what would be split again stays where it is."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT record_id, holder_id, owner_id FROM planning_scope WHERE record_id = ANY (%s)",
            [list(units)],
        )
        listed = cursor.fetchall()
    leavers = {holder for _unit, holder, _owner in listed if holder is not None}
    managers = managers_of(people=leavers) if leavers else {}
    having = {unit: managers.get(holder, owner) for unit, holder, owner in listed}
    return having, set(managers.values())


MOVES = """
INSERT INTO planning_move (plan_id, record_id, unit_id, expected_owner_id, expected_entry_id,
                           is_covered, new_owner_id)
SELECT a.plan_id, s.record_id, s.unit_id, s.owner_id, s.entry_id, s.is_covered, a.person_id
FROM planning_scope s
JOIN planning_assignment a ON a.plan_id = %(plan)s AND a.unit_id = s.unit_id
ORDER BY s.record_id
"""


def store_moves(plan: Plan) -> int:
    """Writes what goes where; how many records would change hands."""
    with connection.cursor() as cursor:
        cursor.execute(MOVES, {"plan": plan.pk})
        cursor.execute(
            "SELECT count(*) FROM planning_move"
            " WHERE plan_id = %s AND (new_owner_id <> expected_owner_id OR is_covered)",
            [plan.pk],
        )
        return int(cursor.fetchone()[0])
