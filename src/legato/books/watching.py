"""What of some books cannot wait, who has it, and what nobody knows: each one statement for all."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from legato.books.lines import CUSTOMERS, kept
from legato.books.weighing import TOLD

SHOWN = 5
"""The first that burn; all of them are in the list of the book."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Burning:
    """An open record that is due soon or overdue. ``phone`` is its own, else its account's."""

    record: int
    kind: str
    name: str
    account: str
    due_at: datetime
    phone: str
    owner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Covering:
    """Who holds records for a time, how many, and until when at the latest."""

    name: str
    until: datetime
    records: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """One book. Open records by who has them: still its holder, somebody for a time, a new owner.

    ``value`` is that of the accounts, as far as it is known; ``without_value`` counts
    opportunities.
    """

    accounts: int = 0
    value: Decimal = Decimal()
    still: int = 0
    covered: int = 0
    given: int = 0
    without_value: int = 0
    untouched: int = 0
    still_accounts: int = 0
    burning: int = 0
    first: tuple[Burning, ...] = ()
    covering: tuple[Covering, ...] = ()


LISTED = "SELECT n.record_id FROM books_item n WHERE n.book_id = ANY (%(books)s)"
COUNTS = f"""
SELECT i.book_id,
       count(*) FILTER (WHERE i.kind = 'account'),
       coalesce(sum(i.value) FILTER (WHERE i.kind = 'account'), 0),
       count(*) FILTER (WHERE r.is_open AND r.owner_id = b.holder_id),
       count(*) FILTER (WHERE r.is_open AND r.owner_id <> b.holder_id
                          AND r.interim_until IS NOT NULL),
       count(*) FILTER (WHERE r.is_open AND r.owner_id <> b.holder_id AND r.interim_until IS NULL),
       count(*) FILTER (WHERE r.is_open AND i.value IS NULL AND i.kind = 'opportunity'),
       count(*) FILTER (WHERE r.is_open
                          AND greatest(r.touched_at, a.touched_at, t.touched_at) IS NULL),
       count(*) FILTER (WHERE r.is_open AND r.kind = 'account' AND r.owner_id = b.holder_id)
FROM books_item i
JOIN books_record r ON r.id = i.record_id
JOIN books_book b ON b.id = i.book_id
LEFT JOIN books_record a ON a.id = r.account_id
LEFT JOIN ({TOLD.format(customers=CUSTOMERS.format(records=LISTED))}) t
    ON t.id = coalesce(r.account_id, r.id)
WHERE i.book_id = ANY (%(books)s) GROUP BY i.book_id
"""
FIRST = """
SELECT book_id, many, id, kind, name, account, due_at, phone, owner FROM (
    SELECT i.book_id, r.id, r.kind, r.name, coalesce(a.name, '') AS account, r.due_at,
           coalesce(nullif(r.phone, ''), a.phone, '') AS phone, p.name AS owner,
           row_number() OVER (PARTITION BY i.book_id ORDER BY r.due_at, r.id) AS place,
           count(*) OVER (PARTITION BY i.book_id) AS many
    FROM books_item i
    JOIN books_record r ON r.id = i.record_id
    JOIN people_person p ON p.id = r.owner_id
    LEFT JOIN books_record a ON a.id = r.account_id
    WHERE i.book_id = ANY (%(books)s) AND r.is_open AND r.due_at <= %(until)s
) due WHERE place <= %(shown)s ORDER BY book_id, place
"""
COVERING = """
SELECT i.book_id, p.name, max(r.interim_until), count(*)
FROM books_item i
JOIN books_record r ON r.id = i.record_id
JOIN people_person p ON p.id = r.owner_id
WHERE i.book_id = ANY (%(books)s) AND r.is_open AND r.interim_until IS NOT NULL
GROUP BY i.book_id, p.id ORDER BY count(*) DESC, p.name
"""


def watch(*, books: Collection[int], until: datetime) -> dict[int, Watch]:
    """By book, what is open and due by ``until`` counting as burning. Four statements, or two while
    nothing has changed."""
    asked: dict[str, Any] = {"books": sorted(books), "until": until, "shown": SHOWN}
    first: dict[int, list[Burning]] = defaultdict(list)
    burning: dict[int, int] = defaultdict(int)
    for book, many, *row in _rows(FIRST, asked):
        first[book].append(Burning(**dict(zip(Burning.__slots__, row, strict=True))))
        burning[book] = many
    counted, covering = kept("watch", asked["books"], lambda: _whole(asked))
    return {
        book: Watch(
            **counted.get(book, {}),
            burning=burning[book],
            first=tuple(first[book]),
            covering=tuple(covering.get(book, [])),
        )
        for book in books
    }


Counted = tuple[dict[int, dict[str, Any]], dict[int, list[Covering]]]


def _whole(asked: Mapping[str, Any]) -> Counted:
    """What is counted over the whole books, and who covers how much of each."""
    covering: dict[int, list[Covering]] = {}
    for book, name, end, count in _rows(COVERING, asked):
        covering.setdefault(book, []).append(Covering(name=name, until=end, records=count))
    names = Watch.__slots__[:8]
    counts = {book: dict(zip(names, row, strict=True)) for book, *row in _rows(COUNTS, asked)}
    return counts, covering


def _rows(sql: str, asked: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, asked)
        return list(cursor.fetchall())
