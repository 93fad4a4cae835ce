"""Gives records to their next owner and takes that back: one statement for a whole book.

The database writes the past span of each record itself; its spans are the receipt of an entry.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

GIVING = """
CREATE TEMPORARY TABLE books_giving (
    record_id bigint PRIMARY KEY, expected_owner_id bigint, expected_entry_id bigint,
    new_owner_id bigint, interim_until timestamptz, next_owner_id bigint
) ON COMMIT DROP
"""

# First the people, so that none of them leaves meanwhile, then the records, each in the order of
# their ids, so that two departures cannot wait for each other.
LOCK_RECEIVERS = """
SELECT id, is_employed FROM people_person
WHERE id IN (SELECT new_owner_id FROM books_giving) ORDER BY id FOR KEY SHARE
"""
LOCK = """
SELECT count(*), coalesce(array_agg(id) FILTER (WHERE NOT is_as_listed), '{}') FROM (
    SELECT r.id, r.is_open AND r.owner_id = g.expected_owner_id
                 AND r.entry_id = g.expected_entry_id AS is_as_listed
    FROM books_record r JOIN books_giving g ON g.record_id = r.id
    ORDER BY r.id FOR UPDATE OF r
) locked
"""

# Compare and swap: a record moves only if its last change is the one that was expected.
GIVE = """
UPDATE books_record r
SET owner_id = g.new_owner_id, owner_since = e.at, owner_entry_id = e.id, entry_id = e.id,
    owner_is_ours = true, interim_until = g.interim_until, next_owner_id = g.next_owner_id
FROM books_giving g, ledger_entry e
WHERE r.id = g.record_id AND e.id = %(entry)s AND r.is_open
  AND r.owner_id = g.expected_owner_id AND r.entry_id = g.expected_entry_id
"""

# A record stands as the entry left it that gave it to its owner; a change that was undone since
# counts as if it had not been.
STANDS = """
FROM books_span s
JOIN books_record r ON r.id = s.record_id
JOIN people_person p ON p.id = s.owner_id
JOIN ledger_entry given ON given.id = r.owner_entry_id
LEFT JOIN books_span undone ON given.kind = 'undo' AND undone.record_id = r.id
    AND undone.ended_by_id = (given.facts ->> 'undone')::bigint
CROSS JOIN LATERAL (
    SELECT s.ended_by_id IN (given.id, coalesce(undone.began_by_id, given.id)) AS stands
) still
"""

# What an entry gave and nobody took from there goes back to who had it, unless they have left.
RESTORABLE = f"""
SELECT r.id, r.owner_id, r.entry_id, s.owner_id,
       CASE WHEN s.interim_until > %(at)s THEN s.interim_until END,
       CASE WHEN s.interim_until > %(at)s THEN s.next_owner_id END
{STANDS}
WHERE s.ended_by_id = %(undone)s AND stands AND r.is_open AND p.is_employed
"""

KEPT_BACK = f"""
SELECT r.id, r.kind, r.name, r.owner_id,
       CASE WHEN NOT stands THEN 'owner_changed_since'
            WHEN NOT r.is_open THEN 'closed_since' ELSE 'owner_has_left' END,
       changed.at, changed.actor_id
{STANDS}
JOIN ledger_entry changed ON changed.id = r.entry_id
WHERE s.ended_by_id = %(undone)s AND NOT (stands AND r.is_open AND p.is_employed)
ORDER BY r.id
"""

# The receipt that giving the prepared rows will leave, in a fixed order, each as its columns.
RECEIPT_SHA256 = """
SELECT encode(sha256(convert_to(coalesce(string_agg(
    concat_ws(',', r.id, r.owner_id, g.new_owner_id, ledger_instant(r.owner_since),
              ledger_instant(%(at)s)), E'\n' ORDER BY r.id), ''), 'UTF8')), 'hex')
FROM books_giving g JOIN books_record r ON r.id = g.record_id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptBack:
    """A record that an undo leaves as it is: ``why``, and the last change that stands against it.

    ``why`` is ``owner_changed_since``, ``closed_since`` or ``owner_has_left``.
    """

    record: int
    kind: str
    name: str
    owner: int
    why: str
    at: datetime
    by: int | None


def prepare(*, source: str, parameters: dict[str, Any]) -> int:
    """Fills the transaction's list of what is to be given and locks those records and who gets
    them; their number.

    ``source`` is a SELECT of (record_id, expected_owner_id, expected_entry_id, new_owner_id,
    interim_until, next_owner_id). What somebody else changed while it was waited for is looked at
    again: the list is of what is there now. Needs a transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.books_giving")
        cursor.execute(GIVING)
        locked, changed = _listed(cursor, source, parameters)
        while changed:
            before = changed
            cursor.execute("DELETE FROM books_giving")
            locked, changed = _listed(cursor, source, parameters)
            if changed == before:  # Expected by the source itself; the caller says so.
                break
        return locked


def _listed(
    cursor: Any, source: str, parameters: dict[str, Any]
) -> tuple[int, tuple[list[int], list[int]] | None]:
    """How many records were listed and locked; who has left and what differs since, if any."""
    cursor.execute(f"INSERT INTO books_giving {source}", parameters)
    cursor.execute("ANALYZE books_giving")
    cursor.execute(LOCK_RECEIVERS)
    gone = [person for person, is_employed in cursor.fetchall() if not is_employed]
    cursor.execute(LOCK)
    locked, unlike = cursor.fetchone()
    return int(locked), (gone, sorted(unlike)) if gone or unlike else None


def prepare_undo(*, undone: int, at: datetime) -> int:
    """Prepares what can be restored of the entry ``undone``; how many records."""
    return prepare(source=RESTORABLE, parameters={"undone": undone, "at": at})


def receipt_sha256(*, at: datetime) -> str:
    """The hash over the receipt that giving what was prepared will leave."""
    with connection.cursor() as cursor:
        cursor.execute(RECEIPT_SHA256, {"at": at})
        return str(cursor.fetchone()[0])


def give(*, entry: int) -> int:
    """Gives what was prepared, in one statement; how many records moved. Needs the transaction.

    A record that is not as expected stays: the caller compares the numbers and refuses.
    """
    with connection.cursor() as cursor:
        cursor.execute(GIVE, {"entry": entry})
        return int(cursor.rowcount)


def kept_back(*, undone: int) -> list[KeptBack]:
    """What an undo of the entry leaves as it is, by record, with who changed it when."""
    with connection.cursor() as cursor:
        cursor.execute(KEPT_BACK, {"undone": undone})
        names = ("record", "kind", "name", "owner", "why", "at", "by")
        return [KeptBack(**dict(zip(names, row, strict=True))) for row in cursor.fetchall()]
