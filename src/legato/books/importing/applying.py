"""Writes what was understood: new records, changed ones with what they were, and drift.

Needs one transaction, whose entry every written row names; a record that somebody changed since it
was read refuses the whole.
"""

from datetime import datetime

from django.db import connection

from legato.domain.errors import Refused
from legato.ledger.models import Entry

MIRRORED = (
    "name",
    "account_id",
    "parent_id",
    "product_id",
    "owner_id",
    "is_open",
    "outcome",
    "stage",
    "depth",
    "category",
    "amount",
    "value",
    "value_is_estimated",
    "opened_on",
    "closed_on",
    "due_at",
    "touched_at",
    "next_step",
    "email",
    "phone",
    "country",
    "territory",
    "language",
    "industry",
    "fields",
)
"""The columns that a file may set."""

CHANGED = """
INSERT INTO import_changed
SELECT r.id, r.owner_id <> u.owner_id,
       (SELECT jsonb_object_agg(was.key, was.value) FROM jsonb_each(to_jsonb(r)) was
        WHERE was.key = ANY (%(mirrored)s) AND was.value IS DISTINCT FROM to_jsonb(u) -> was.key)
FROM import_rows u JOIN books_record r ON r.id = u.id
WHERE u.is_known AND u.problem IS NULL AND ({new}) IS DISTINCT FROM ({old})
"""
LOCK = """
SELECT count(*), max(owner_since) FILTER (WHERE is_given) FROM (
    SELECT r.owner_since, c.is_given FROM books_record r JOIN import_changed c USING (id)
    ORDER BY r.id FOR UPDATE OF r
) locked
"""
INSERT = """
INSERT INTO books_record (id, kind, source, key, owner_since, owner_entry_id, entry_id, {columns})
SELECT coalesce(u.id, nextval('books_record_id_seq')), u.kind, %(source)s,
       u.key, %(at)s, %(entry)s, %(entry)s, {values}
FROM import_rows u
WHERE u.problem IS NULL AND NOT u.is_known
"""
UPDATE = """
UPDATE books_record r SET {sets}, entry_id = %(entry)s,
    owner_since = CASE WHEN c.is_given THEN %(at)s ELSE r.owner_since END,
    owner_entry_id = CASE WHEN c.is_given THEN %(entry)s ELSE r.owner_entry_id END,
    interim_until = CASE WHEN NOT c.is_given THEN r.interim_until END,
    next_owner_id = CASE WHEN NOT c.is_given THEN r.next_owner_id END
FROM import_changed c JOIN import_rows u USING (id)
WHERE r.id = c.id AND u.problem IS NULL AND r.entry_id = u.known_entry_id
"""
REMEMBER = """
INSERT INTO books_change (importing_id, record_id, before)
SELECT %(importing)s, id, before FROM import_changed
"""
DRIFT = """
INSERT INTO books_drift (importing_id, record_id, named)
SELECT %(importing)s, r.id, u.owner_said
FROM import_rows u JOIN books_record r ON r.id = u.id
WHERE u.is_known AND u.problem IS NULL AND r.owner_is_ours AND u.owner_said IS NOT NULL
  AND u.named_id IS DISTINCT FROM r.owner_id
"""


class RecordsMoved(Refused):
    """Somebody changed records while the files were read. Facts: ``records``."""

    code = "records_moved_meanwhile"


class EarlierThanRecords(Refused):
    """An owner was set after the import's time. Facts: ``at``, ``latest``."""

    code = "earlier_than_records"


def find_changes() -> int:
    """Lists the known records that differ from the files, with what they were; how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            CHANGED.format(
                new=", ".join(f"u.{column}" for column in MIRRORED),
                old=", ".join(f"r.{column}" for column in MIRRORED),
            ),
            {"mirrored": list(MIRRORED)},
        )
        return int(cursor.rowcount)


def note_drift(*, importing: int) -> int:
    """Keeps where a file names another owner than Legato has given; how many records."""
    with connection.cursor() as cursor:
        cursor.execute(DRIFT, {"importing": importing})
        return int(cursor.rowcount)


def insert(*, source: str, entry: Entry) -> int:
    """Writes the new records; how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            INSERT.format(
                columns=", ".join(MIRRORED), values=", ".join(f"u.{c}" for c in MIRRORED)
            ),
            {"source": source, "at": entry.at, "entry": entry.pk},
        )
        return int(cursor.rowcount)


def update(*, importing: int, entry: Entry) -> None:
    """Writes the changed records. Raises `RecordsMoved`, `EarlierThanRecords`."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK)
        listed, latest = cursor.fetchone()
        refuse_earlier(entry.at, latest)
        cursor.execute(
            UPDATE.format(sets=", ".join(f"{column} = u.{column}" for column in MIRRORED)),
            {"at": entry.at, "entry": entry.pk},
        )
        if cursor.rowcount != listed:
            raise RecordsMoved(records=listed - cursor.rowcount)
        cursor.execute(REMEMBER, {"importing": importing})


def refuse_earlier(at: datetime, latest: datetime | None) -> None:
    if latest is not None and at < latest:
        raise EarlierThanRecords(at=at.isoformat(), latest=latest.isoformat())
