"""What a plan decides: its records, and for each the unit it moves with, listed in the database.

What goes along is decided here: a record goes with its account where the plan decides the account
too; a record on somebody else's account is decided by itself and prefers that owner.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from legato.books.snapshots import CAME_WITH_COVER, HAD_FOR_GOOD, LEFT_SINCE, Held, chosen
from legato.domain.policy import Policy

LISTED = "SELECT record_id FROM planning_scope"

MAKE = """
CREATE TEMPORARY TABLE planning_scope (
    record_id bigint PRIMARY KEY, unit_id bigint NOT NULL, holder_id bigint,
    owner_id bigint NOT NULL, entry_id bigint NOT NULL, is_covered boolean NOT NULL,
    is_account boolean NOT NULL, account_id bigint
)
"""

# Of who leaves: everything still in their name, and what of their book an interim owner covers,
# with what came to that owner on an account they cover. Of who is split again: their accounts, and
# what they have on these.
FILL = f"""
INSERT INTO planning_scope
WITH listed AS (
    SELECT i.record_id, array_agg(b.holder_id) AS holders
    FROM books_item i JOIN books_book b ON b.id = i.book_id
    WHERE i.book_id = ANY (%(books)s) GROUP BY i.record_id
), gone AS (
    SELECT b.holder_id FROM books_book b WHERE b.id = ANY (%(books)s)
    GROUP BY b.holder_id HAVING bool_and({LEFT_SINCE})
), covered AS MATERIALIZED (
    SELECT r.id, had.holder_id
    FROM listed l JOIN books_record r ON r.id = l.record_id
    CROSS JOIN LATERAL (SELECT {HAD_FOR_GOOD} AS holder_id) had
    WHERE r.is_open AND r.interim_until IS NOT NULL AND had.holder_id = ANY (l.holders)
), decided AS MATERIALIZED (
    SELECT r.id, r.kind, r.account_id, r.owner_id, r.entry_id,
           r.interim_until IS NOT NULL AS is_covered,
           CASE WHEN own.is_so THEN r.owner_id
                ELSE coalesce(c.holder_id, CASE WHEN {CAME_WITH_COVER} THEN ca.holder_id END)
           END AS holder_id
    FROM books_record r
    LEFT JOIN covered c ON c.id = r.id
    LEFT JOIN books_record a ON a.id = r.account_id
    LEFT JOIN covered ca ON ca.id = r.account_id
    CROSS JOIN LATERAL (
        SELECT r.owner_id = ANY (%(holders)s)
               AND r.owner_id NOT IN (SELECT holder_id FROM gone) AS is_so
    ) own
    WHERE r.is_open AND (
        own.is_so OR c.id IS NOT NULL
        OR (ca.id IS NOT NULL AND {CAME_WITH_COVER})
        OR (r.owner_id = ANY (%(reps)s)
            AND (r.kind = 'account' OR (a.is_open AND a.owner_id = r.owner_id)))
    )
)
SELECT d.id, coalesce(a.id, d.id), d.holder_id, d.owner_id, d.entry_id, d.is_covered,
       d.kind = 'account', CASE WHEN d.kind = 'account' THEN d.id ELSE d.account_id END
FROM decided d
LEFT JOIN decided a ON a.id = d.account_id AND a.kind = 'account' AND NOT d.id = ANY (%(pinned)s)
ORDER BY d.id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Whose records a plan decides. They are listed in ``planning_scope`` of this connection."""

    books: tuple[int, ...]
    holders: frozenset[int]
    """Who leaves: their books go to others."""
    reps: frozenset[int]
    """Whose accounts are split again; only they receive then. Empty where books alone are."""
    pinned: frozenset[int]
    """Records that are pinned by themselves, and so do not go along with an account."""
    records: int


def list_scope(
    *,
    books: Collection[int],
    holders: Collection[int],
    reps: Collection[int] = (),
    pinned: Collection[int] = (),
) -> Scope:
    """Lists what a plan decides in a table of this connection."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.planning_scope")
        cursor.execute(MAKE)
        cursor.execute(
            FILL,
            {
                "books": sorted(books),
                "holders": sorted(holders),
                "reps": sorted(set(reps) - set(holders)),
                "pinned": sorted(pinned),
            },
        )
        records = cursor.rowcount
        cursor.execute("ANALYZE planning_scope")
    return Scope(
        books=tuple(sorted(books)),
        holders=frozenset(holders),
        reps=frozenset(reps) - frozenset(holders),
        pinned=frozenset(pinned),
        records=records,
    )


def units_listed() -> int:
    """How many units the listed records are."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM planning_scope WHERE record_id = unit_id")
        return int(cursor.fetchone()[0])


def rows_sha256() -> str:
    """SHA-256 over every listed record with its owner and its last change."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT encode(sha256(convert_to(coalesce(string_agg(concat_ws(',', record_id,"
            " unit_id, owner_id, entry_id), E'\\n' ORDER BY record_id), ''), 'UTF8')), 'hex')"
            " FROM planning_scope"
        )
        return str(cursor.fetchone()[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A unit of the scope as its facts are now."""

    held: Held
    holder: int | None
    """Who leaves and leaves it behind; None where its owner may keep it."""


def listed_units(*, policy: Policy, now: datetime) -> list[Listed]:
    """The units one by one, in order of id; for plans that are read row by row."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT record_id, holder_id FROM planning_scope WHERE record_id = unit_id")
        holders = dict(cursor.fetchall())
    found = chosen(query=LISTED, rule=policy.heat, now=now)
    return [Listed(held=each, holder=holders[each.id]) for each in found if each.id in holders]
