"""What an undo would do, before anybody asks for it."""

from dataclasses import dataclass
from datetime import datetime

from legato.departures.queries.pages import ReceiptPage, receipt_page
from legato.people.queries import Someone, limits_of, policy
from legato.planning.queries.board import Since, since


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoPage:
    """How many records go ``back`` and which are ``kept`` as they are; after ``until`` it can no
    longer be taken back."""

    receipt: ReceiptPage
    back: int
    kept: Since
    until: datetime
    limits: list[str]
    """What the entry limited: it is allowed again."""


def undo_page(viewer: Someone, *, entry_id: int) -> UndoPage:
    """Raises `NotFound` also where it may not be seen."""
    receipt = receipt_page(viewer, entry_id=entry_id, page=1)
    kept = since(entry_id)
    return UndoPage(
        receipt=receipt,
        back=receipt.rows.total - kept.count,
        kept=kept,
        limits=limits_of(entry=entry_id),
        until=receipt.happening.at + policy().undo_window,
    )
