"""What an entry of the ledger changed, row by row: as values, and as the files people keep."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from legato.connectors.files import table_bytes
from legato.domain.errors import NotFound
from legato.ledger.models import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptRow:
    """One record before and after a change of owners."""

    record: int
    kind: str
    key: str
    name: str
    account: str
    owner_before: str
    owner_before_id: int
    since_before: datetime
    owner_after: str
    owner_after_id: int
    since_after: datetime


# Of an entry that is about the whole company, nobody sees the records of their own book.
OF_ENTRY = """
s.ended_by_id = %(entry)s AND (%(hidden_from)s::bigint IS NULL OR NOT EXISTS (
    SELECT FROM books_item i JOIN books_book k ON k.id = i.book_id
    WHERE i.record_id = s.record_id AND k.holder_id = %(hidden_from)s))
"""
RECEIPT = f"""
SELECT r.id, r.kind, r.key, r.name, coalesce(a.name, ''), b.name, b.id, s.since, g.name, g.id,
       s.until
FROM books_span s
JOIN books_record r ON r.id = s.record_id
LEFT JOIN books_record a ON a.id = r.account_id
JOIN people_person b ON b.id = s.owner_id
JOIN people_person g ON g.id = s.given_to_id
WHERE {OF_ENTRY} ORDER BY r.id LIMIT %(limit)s OFFSET %(offset)s
"""


def receipt(
    *, entry_id: int, hidden_from: int | None = None, limit: int | None = None, offset: int = 0
) -> list[ReceiptRow]:
    """What an entry changed, row by row, in order of the record's id; without the records of the
    book of ``hidden_from``. Raises `NotFound`."""
    if not Entry.objects.filter(pk=entry_id).exists():
        raise NotFound(what="receipt", name=entry_id)
    with connection.cursor() as cursor:
        asked = {"entry": entry_id, "hidden_from": hidden_from, "limit": limit, "offset": offset}
        cursor.execute(RECEIPT, asked)
        rows = cursor.fetchall()
    names = ReceiptRow.__slots__
    return [ReceiptRow(**dict(zip(names, row, strict=True))) for row in rows]


def receipt_rows(*, entry_id: int, hidden_from: int | None = None) -> int:
    """How many records an entry changed, without those of the book of ``hidden_from``."""
    asked = {"entry": entry_id, "hidden_from": hidden_from}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM books_span s WHERE {OF_ENTRY}", asked)
        return int(cursor.fetchone()[0])


def as_csv(rows: Sequence[ReceiptRow]) -> bytes:
    """The rows as CSV that no spreadsheet calculates."""
    return table_bytes(headers=ReceiptRow.__slots__, rows=_cells(rows))


def as_json(rows: Sequence[ReceiptRow], *, entry_id: int) -> str:
    """The rows as one object of JSON, every value as text, as in the CSV."""
    listed = [dict(zip(ReceiptRow.__slots__, line, strict=True)) for line in _cells(rows)]
    return json.dumps({"entry": entry_id, "rows": listed}, ensure_ascii=False, indent=1)


def chain_of(*, entry_id: int) -> str:
    """What the entry is about. Raises `NotFound`."""
    found = Entry.objects.filter(pk=entry_id).values_list("chain", flat=True).first()
    if found is None:
        raise NotFound(what="commit", name=entry_id)
    return found


def _cells(rows: Sequence[ReceiptRow]) -> list[list[str]]:
    return [[str(getattr(row, name)) for name in ReceiptRow.__slots__] for row in rows]
