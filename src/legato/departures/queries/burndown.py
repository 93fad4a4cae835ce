"""How many accounts of a book had no owner for good yet, from its taking until now."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """From ``at`` on so many are ``left``."""

    at: datetime
    left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Burndown:
    total: int
    steps: list[Step]
    """The first is the taking of the book, with all of it; each change after it, in order."""

    @property
    def left(self) -> int:
        return self.steps[-1].left if self.steps else 0


# An account is settled while somebody else than the holder has it for good; what ends that, such as
# an undo, counts against it again. In the order of the entries: several may have the same instant.
CHANGES = """
WITH owned AS (
    SELECT i.record_id, s.began_by_id AS entry_id, s.owner_id, s.interim_until
    FROM books_item i JOIN books_record r ON r.id = i.record_id
    JOIN books_span s ON s.record_id = r.id
    WHERE i.book_id = %(book)s AND i.kind = 'account' AND r.is_open
    UNION ALL
    SELECT r.id, r.owner_entry_id, r.owner_id, r.interim_until
    FROM books_item i JOIN books_record r ON r.id = i.record_id
    WHERE i.book_id = %(book)s AND i.kind = 'account' AND r.is_open
), settled AS (
    SELECT record_id, entry_id, owner_id <> %(holder)s AND interim_until IS NULL AS is_settled
    FROM owned WHERE entry_id >= (SELECT entry_id FROM books_book WHERE id = %(book)s)
), changed AS (
    SELECT entry_id, is_settled,
           lag(is_settled, 1, false) OVER (PARTITION BY record_id ORDER BY entry_id) AS was
    FROM settled
), steps AS (
    SELECT e.id, e.at, sum(CASE WHEN c.is_settled THEN 1 ELSE -1 END) AS settled
    FROM changed c JOIN ledger_entry e ON e.id = c.entry_id
    WHERE c.is_settled <> c.was GROUP BY e.id, e.at
)
SELECT whole.total, steps.at, steps.settled
FROM (SELECT count(DISTINCT record_id) AS total FROM owned) whole LEFT JOIN steps ON true
ORDER BY steps.id
"""


def burndown(*, book: int, holder: int, taken_at: datetime) -> Burndown:
    """In one statement."""
    asked = {"book": book, "holder": holder}
    with connection.cursor() as cursor:
        cursor.execute(CHANGES, asked)
        rows = cursor.fetchall()
    total = left = int(rows[0][0])
    steps = [Step(at=taken_at, left=total)]
    for _total, at, settled in rows:
        if at is not None:
            left -= settled
            steps.append(Step(at=at, left=left))
    return Burndown(total=total, steps=steps)
