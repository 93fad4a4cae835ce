"""Reads of the ledger: whether its chains still hold, and how much of it waits for its seal."""

from django.db import connection

from legato.ledger.models import Entry
from legato.web.checks import Checked, checked

# Every hash is computed anew from the row it is of and from its predecessor (sql/ledger.sql).
BROKEN = """
WITH chained AS (
    SELECT e.id, lag(e.number, 1, 0) OVER chain AS last_number,
           lag(e.sha256, 1, '') OVER chain AS last_sha256
    FROM ledger_entry e WINDOW chain AS (PARTITION BY e.chain ORDER BY e.number)
), sealed AS (
    SELECT s.number, lag(s.number, 1, 0::bigint) OVER chain AS last_number,
           lag(s.sha256, 1, '') OVER chain AS last_sha256
    FROM ledger_seal s WINDOW chain AS (ORDER BY s.number)
)
SELECT CASE WHEN e.sha256 <> ledger_entry_text_sha256(e) THEN 'entry_was_changed'
            ELSE 'chain_is_broken' END AS problem,
       'entry ' || e.id AS subject, e.chain || ' ' || e.number AS detail
FROM chained c JOIN ledger_entry e ON e.id = c.id
WHERE e.sha256 <> ledger_entry_text_sha256(e)
   OR e.number <> c.last_number + 1 OR e.previous_sha256 <> c.last_sha256
UNION ALL
SELECT CASE WHEN e.id IS NULL THEN 'sealed_entry_is_missing' ELSE 'seal_is_broken' END,
       'seal ' || s.number, 'entry ' || s.entry_id
FROM sealed c JOIN ledger_seal s ON s.number = c.number
LEFT JOIN ledger_entry e ON e.id = s.entry_id
WHERE e.id IS NULL OR s.number <> c.last_number + 1 OR s.previous_sha256 <> c.last_sha256
   OR s.sha256 <> ledger_sha256(s.number::text, s.previous_sha256, e.sha256)
"""


def verify() -> Checked:
    """Computes every chain and seal anew; the entries and seals that do not fit are named."""
    return checked(invariant="ledger", query=BROKEN)


def unsealed() -> int:
    """How many entries have no place in the overall chain yet."""
    return Entry.objects.filter(seal=None).count()


def without_reason() -> int:
    """How many entries a person wrote without saying why."""
    return Entry.objects.filter(reason="", actor_id__isnull=False).count()


def is_single_role() -> bool:
    """Whether we own the ledger ourselves, so that append-only rests on its triggers alone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_has_role(relowner, 'USAGE') FROM pg_class"
            " WHERE oid = 'ledger_entry'::regclass"
        )
        return bool(cursor.fetchone()[0])
