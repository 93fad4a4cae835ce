"""Interim owners whose time is over: what has somebody waiting for it goes there by itself."""

from datetime import datetime

from django.db import transaction

from legato.books import operations as books
from legato.ledger.operations import record

# Nobody is given back what they would have to hand over again: who has left, who is leaving, who is
# on leave still. What has nobody waiting stays with its interim owner, and the case says so.
RETURNING = """
SELECT r.id, r.owner_id, r.entry_id, r.next_owner_id, NULL::timestamptz, NULL::bigint
FROM books_record r JOIN people_person p ON p.id = r.next_owner_id AND p.is_employed
WHERE r.is_open AND r.interim_until <= %(now)s AND NOT EXISTS (
    SELECT FROM departures_case c WHERE c.person_id = p.id AND c.closed_at IS NULL
      AND (c.kind <> 'leave' OR c.return_on > (%(now)s AT TIME ZONE p.time_zone)::date))
"""


@transaction.atomic(durable=True)
def end_interims(*, now: datetime) -> int:
    """Gives every record whose interim is over to who comes next; how many. Safe to repeat."""
    if not books.prepare(source=RETURNING, parameters={"now": now}, at=now):
        return 0
    entry = record(
        chain="company", kind="interim_ended", actor=None, at=now, reason="interim over",
        receipt_sha256=books.receipt_sha256(at=now),
    )  # fmt: skip
    return books.give(entry=entry.pk)
