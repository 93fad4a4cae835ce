"""Gives rows of a book out, counting them against what the person may take."""

from datetime import datetime

from legato.departures import queries
from legato.departures.queries import inbox
from legato.people import operations as staff
from legato.people.queries import Someone
from legato.planning.queries import ReceiptRow


def take_receipt(viewer: Someone, *, entry_id: int, now: datetime) -> list[ReceiptRow]:
    """Everything an entry changed. Raises `NotFound`, `domain.exports.ExportLimit`."""
    rows = queries.whole_receipt(viewer, entry_id=entry_id)
    staff.take(person=viewer.id, what="receipt", about=entry_id, rows=len(rows), now=now)
    return rows


def take_message(viewer: Someone, *, message_id: int, now: datetime) -> list[inbox.Moved]:
    """All rows of one of the viewer's messages. Raises `NotFound`, `domain.exports.ExportLimit`."""
    rows = inbox.whole_message(viewer, message_id=message_id)
    staff.take(person=viewer.id, what="message", about=message_id, rows=len(rows), now=now)
    return rows
