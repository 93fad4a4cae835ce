"""Gives records to their next owner and takes that back: one statement for a whole book.

The database writes the past span of each record itself; its spans are the receipt of an entry.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from legato.books.models import Book, Item, Record
from legato.books.snapshots import Held
from legato.domain.errors import Refused
from legato.ledger.models import Entry

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
SELECT count(*), coalesce(array_agg(id) FILTER (WHERE NOT is_as_listed), '{}'),
       min(id) FILTER (WHERE owner_since > %(at)s)
FROM (
    SELECT r.id, r.owner_since, r.is_open AND r.owner_id = g.expected_owner_id
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
# counts as if it had not been, however often it was undone and done again. Most have their owner
# from the entry itself: the chain is followed only for the others.
STANDS = """
FROM books_span s
JOIN books_record r ON r.id = s.record_id
JOIN people_person p ON p.id = s.owner_id
CROSS JOIN LATERAL (SELECT CASE WHEN r.owner_entry_id = s.ended_by_id THEN true ELSE (
    WITH RECURSIVE given (entry_id) AS (
        SELECT r.owner_entry_id
        UNION
        SELECT undone.began_by_id
        FROM given
        JOIN ledger_entry e ON e.id = given.entry_id AND e.kind = 'undo'
        JOIN books_span undone ON undone.record_id = r.id
            AND undone.ended_by_id = (e.facts ->> 'undone')::bigint
    )
    SELECT s.ended_by_id IN (SELECT entry_id FROM given)
) END AS stands) still
"""

# What an entry gave and nobody took from there goes back to who had it, unless they have left. An
# interim that ended meanwhile is over at once: who only covered must not become the owner for good.
RESTORABLE = f"""
SELECT r.id, r.owner_id, r.entry_id, s.owner_id,
       CASE WHEN s.interim_until IS NOT NULL
            THEN greatest(s.interim_until, %(at)s::timestamptz + interval '1 second') END,
       s.next_owner_id
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

FIRST_KEPT_BACK = f"""
SELECT kept.*, count(*) OVER () FROM ({KEPT_BACK}) AS kept ORDER BY 1 LIMIT %(limit)s
"""

# The receipt that giving the prepared rows will leave, in a fixed order, each as its columns. An
# instant is written as by `ledger_instant`, which PostgreSQL would call row by row (three times the
# time); the invariant I4 computes the same of what was left.
RECEIPT_SHA256 = """
SELECT encode(sha256(convert_to(coalesce(string_agg(
    concat_ws(',', r.id, r.owner_id, g.new_owner_id,
              to_char(r.owner_since AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
              ledger_instant(%(at)s)), E'\n' ORDER BY r.id), ''), 'UTF8')), 'hex')
FROM books_giving g JOIN books_record r ON r.id = g.record_id
"""


# Everything of the prepared rows that giving them must leave as it is, in a fixed order.
REST_SHA256 = """
SELECT encode(sha256(coalesce(string_agg(sha256(convert_to(ROW(
    r.id, r.kind, r.source, r.key, r.name, r.account_id, r.parent_id, r.product_id, r.is_open,
    r.outcome, r.stage, r.depth, r.category, r.amount, r.value, r.value_is_estimated,
    r.opened_on - date '2000-01-01', r.closed_on - date '2000-01-01',
    extract(epoch FROM r.due_at), extract(epoch FROM r.touched_at), r.next_step, r.email, r.phone,
    r.country, r.territory, r.language, r.industry, r.fields
)::text, 'UTF8')), ''::bytea ORDER BY r.id), ''::bytea)), 'hex')
FROM books_giving g JOIN books_record r ON r.id = g.record_id
"""


class GivenLater(Refused):
    """Somebody gave one of the records at a later instant than this change has: two acted at once,
    and the clock of who came second was read first. Facts: ``record``."""

    code = "given_later"


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


def prepare(*, source: str, parameters: dict[str, Any], at: datetime) -> int:
    """Fills the transaction's list of what is to be given and locks those records and who gets
    them; their number.

    ``source`` is a SELECT of (record_id, expected_owner_id, expected_entry_id, new_owner_id,
    interim_until, next_owner_id). What somebody else changed while it was waited for is looked at
    again: the list is of what is there now. Needs a transaction. Raises `GivenLater`, but not for
    what the source itself expected otherwise: the caller says that.
    """
    with connection.cursor() as cursor:
        # The joins with what is given, and the rows the triggers look at, stay in memory longer.
        cursor.execute("SET LOCAL work_mem = '64MB'")
        cursor.execute("DROP TABLE IF EXISTS pg_temp.books_giving")
        cursor.execute(GIVING)
        listed = _listed(cursor, source, parameters, at)
        while listed.changed:
            before = listed.changed
            cursor.execute("DELETE FROM books_giving")
            listed = _listed(cursor, source, parameters, at)
            if listed.changed == before:  # Expected by the source itself; the caller says so.
                return listed.locked
        if listed.later is not None:
            raise GivenLater(record=listed.later)
        return listed.locked


class _Listed(NamedTuple):
    """How many records were listed and locked, which were given later than now, and who has left
    and what differs since, if any."""

    locked: int
    later: int | None
    changed: tuple[list[int], list[int]] | None


def _listed(cursor: Any, source: str, parameters: dict[str, Any], at: datetime) -> _Listed:
    cursor.execute(f"INSERT INTO books_giving {source}", parameters)
    cursor.execute("ANALYZE books_giving")
    cursor.execute(LOCK_RECEIVERS)
    gone = [person for person, is_employed in cursor.fetchall() if not is_employed]
    cursor.execute(LOCK, {"at": at})
    locked, unlike, later = cursor.fetchone()
    return _Listed(locked, later, (gone, sorted(unlike)) if gone or unlike else None)


def owners_of(*, records: Collection[int]) -> set[int]:
    """Who has these records."""
    found = Record.objects.filter(pk__in=records).order_by().values_list("owner_id", flat=True)
    return set(found.distinct())


def prepare_undo(*, undone: int, at: datetime) -> int:
    """Prepares what can be restored of the entry ``undone``; how many records."""
    return prepare(source=RESTORABLE, parameters={"undone": undone, "at": at}, at=at)


def receipt_sha256(*, at: datetime) -> str:
    """The hash over the receipt that giving what was prepared will leave."""
    with connection.cursor() as cursor:
        cursor.execute(RECEIPT_SHA256, {"at": at})
        return str(cursor.fetchone()[0])


def rest_sha256() -> str:
    """The hash over what giving leaves as it is: names, links, stages, fields of what was prepared.

    PostgreSQL refuses that anything of it changes, or anything of any other record; so the hash
    before is the hash after, and an undo of the same records has the same.
    """
    with connection.cursor() as cursor:
        cursor.execute(REST_SHA256)
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
        return [_kept_back(row) for row in cursor.fetchall()]


def first_kept_back(*, undone: int, limit: int) -> tuple[list[KeptBack], int]:
    """The first of what `kept_back` answers, and how many there are in all."""
    with connection.cursor() as cursor:
        cursor.execute(FIRST_KEPT_BACK, {"undone": undone, "limit": limit})
        found = cursor.fetchall()
    return [_kept_back(row[:-1]) for row in found], found[0][-1] if found else 0


def _kept_back(row: Sequence[Any]) -> KeptBack:
    names = ("record", "kind", "name", "owner", "why", "at", "by")
    return KeptBack(**dict(zip(names, row, strict=True)))


def take_book(*, holder: int, held: Iterable[Held], entry: Entry) -> Book:
    """The list of what somebody holds at the entry's instant."""
    book = Book.objects.create(holder_id=holder, taken_at=entry.at, entry=entry)
    list_in_books(((book.pk, each) for each in held), entry=entry)
    return book


def list_in_books(rows: Iterable[tuple[int, Held]], *, entry: Entry) -> None:
    """Adds records to books, each pair a book's id and the record as it is now."""
    columns = "book_id, record_id, kind, heat, heat_why, value, value_is_estimated, entry_id"
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {Item._meta.db_table} ({columns}) FROM STDIN") as writing,
    ):
        for book, each in rows:
            writing.write_row(
                (book, each.id, each.kind, each.heat, each.heat_why, each.value,
                 each.value_is_estimated, entry.pk)
            )  # fmt: skip
