"""What became of a case's book, counted twice: everything that was listed is somewhere (I10).

The first count looks at each record as it is now; the second goes along the spans that PostgreSQL
wrote, and takes away from the whole. Values are those of the inventory, so that both compare.
"""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from legato.books.models import KINDS
from legato.books.snapshots import HAD_FOR_GOOD

FATES = ("moved", "covered", "kept", "closed")

# By the records: what is closed, what its holder has, what somebody covers, and all the rest, which
# others have for good.
FIRST = f"""
SELECT i.kind, CASE WHEN NOT r.is_open THEN 'closed' WHEN r.owner_id = b.holder_id THEN 'kept'
                    WHEN r.interim_until IS NOT NULL AND {HAD_FOR_GOOD} = b.holder_id THEN 'covered'
                    ELSE 'moved' END AS fate,
       CASE WHEN NOT r.is_open THEN r.outcome ELSE '' END,
       count(*), coalesce(sum(i.value), 0)
FROM books_item i JOIN books_book b ON b.id = i.book_id JOIN books_record r ON r.id = i.record_id
WHERE i.book_id = %(book)s GROUP BY 1, 2, 3
"""

# By the spans: the last of a record says to whom it was given; without one its holder has had it
# all the time. What was given to others is moved, less what was given for a time alone.
SECOND = """
WITH listed AS (
    SELECT i.kind, i.value, i.record_id, b.holder_id
    FROM books_item i JOIN books_book b ON b.id = i.book_id WHERE i.book_id = %(book)s
), last AS (
    SELECT DISTINCT ON (s.record_id) s.record_id, s.given_to_id, s.ended_by_id
    FROM books_span s WHERE s.record_id IN (SELECT record_id FROM listed)
    ORDER BY s.record_id, s.ended_by_id DESC
), for_good AS (
    SELECT s.record_id, s.owner_id, s.ended_by_id FROM books_span s
    WHERE s.record_id IN (SELECT record_id FROM listed) AND s.interim_until IS NULL
      AND s.ended_by_id NOT IN (SELECT entry_id FROM planning_undo)
), open AS (
    SELECT l.kind, l.value, l.record_id, l.holder_id, coalesce(t.given_to_id, l.holder_id) AS has
    FROM listed l
    JOIN books_record r ON r.id = l.record_id AND r.is_open
    LEFT JOIN last t ON t.record_id = l.record_id
), lent AS (
    SELECT o.record_id FROM open o
    JOIN books_record r ON r.id = o.record_id AND r.interim_until IS NOT NULL
    WHERE o.has <> o.holder_id AND EXISTS (
        SELECT FROM for_good g WHERE g.record_id = o.record_id AND g.owner_id = o.holder_id
          AND g.ended_by_id = (SELECT max(k.ended_by_id) FROM for_good k
                               WHERE k.record_id = o.record_id))
)
SELECT kind, 'closed', total - still, total_value - still_value FROM (
    SELECT l.kind, count(*) AS total, coalesce(sum(l.value), 0) AS total_value,
           count(o.record_id) AS still, coalesce(sum(o.value), 0) AS still_value
    FROM listed l LEFT JOIN open o ON o.record_id = l.record_id GROUP BY l.kind
) each
UNION ALL
SELECT kind, 'kept', count(*), coalesce(sum(value), 0) FROM open WHERE has = holder_id GROUP BY kind
UNION ALL
SELECT kind, 'covered', count(*), coalesce(sum(value), 0)
FROM open JOIN lent USING (record_id) GROUP BY kind
UNION ALL
SELECT kind, 'moved', count(*) - count(t.record_id),
       coalesce(sum(value), 0) - coalesce(sum(value) FILTER (WHERE t.record_id IS NOT NULL), 0)
FROM open LEFT JOIN lent t USING (record_id) WHERE has <> holder_id GROUP BY kind
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """Records, and what those are worth of which it is known."""

    count: int = 0
    value: Decimal = Decimal()

    def __add__(self, other: "Amount") -> "Amount":
        return Amount(count=self.count + other.count, value=self.value + other.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """Of a kind of record: what was listed, and what became of it."""

    kind: str
    listed: Amount
    moved: Amount
    covered: Amount
    kept: Amount
    closed: Amount
    outcomes: dict[str, int]
    """Of what is closed, by its outcome: won, lost, done, or '' where the CRM does not say."""

    @property
    def is_whole(self) -> bool:
        return self.moved + self.covered + self.kept + self.closed == self.listed


@dataclass(frozen=True, slots=True, kw_only=True)
class Conservation:
    """``agrees`` where both counts say the same and everything listed is somewhere."""

    fates: tuple[Fate, ...]
    agrees: bool


LISTED = """
SELECT kind, count(*), coalesce(sum(value), 0) FROM books_item
WHERE book_id = %(book)s GROUP BY kind
"""


def conservation(*, book: int) -> Conservation:
    """What became of everything that is listed in a book, by kind."""
    first: dict[tuple[str, str], Amount] = defaultdict(Amount)
    outcomes: dict[str, dict[str, int]] = defaultdict(dict)
    for kind, fate, outcome, count, value in _rows(FIRST, book):
        first[kind, fate] += Amount(count=count, value=value)
        if fate == "closed":
            outcomes[kind][outcome] = count
    second = {
        (kind, fate): Amount(count=count, value=value)
        for kind, fate, count, value in _rows(SECOND, book)
        if count
    }
    listed = {row[0]: Amount(count=row[1], value=row[2]) for row in _rows(LISTED, book)}
    fates = tuple(
        Fate(
            kind=kind,
            listed=listed[kind],
            outcomes=outcomes.get(kind, {}),
            **{fate: first.get((kind, fate), Amount()) for fate in FATES},
        )
        for kind in KINDS
        if kind in listed
    )
    agrees = dict(first) == second and all(each.is_whole for each in fates)
    return Conservation(fates=fates, agrees=agrees)


def _rows(query: str, book: int) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, {"book": book})
        return list(cursor.fetchall())
