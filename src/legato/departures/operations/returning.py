"""Interim owners whose time is over: what has somebody waiting for it goes there by itself."""

from datetime import datetime

from django.db import transaction

from legato.books import operations as books
from legato.ledger.operations import record

# What has nobody waiting stays with its interim owner, is still undecided, and shows as that.
RETURNING = """
SELECT r.id, r.owner_id, r.entry_id, r.next_owner_id, NULL::timestamptz, NULL::bigint
FROM books_record r JOIN people_person p ON p.id = r.next_owner_id AND p.is_employed
WHERE r.is_open AND r.interim_until <= %(now)s
"""


@transaction.atomic(durable=True)
def end_interims(*, now: datetime) -> int:
    """Gives every record whose interim is over to who comes next; how many. Safe to repeat."""
    if not books.prepare(source=RETURNING, parameters={"now": now}):
        return 0
    entry = record(
        chain="company", kind="interim_ended", actor=None, at=now, reason="interim over",
        receipt_sha256=books.receipt_sha256(at=now),
    )  # fmt: skip
    return books.give(entry=entry.pk)
