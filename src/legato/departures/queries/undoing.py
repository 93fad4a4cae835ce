"""What an undo would do, before anybody asks for it."""

from dataclasses import dataclass
from datetime import datetime

from legato.books.operations import KeptBack, kept_back
from legato.departures.queries.pages import ReceiptPage, receipt_page
from legato.people.queries import Someone, limits_of, people, policy


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoPage:
    """How many records go ``back`` and which are ``kept`` as they are, with the ``names`` of people
    by id; after ``until`` it can no longer be taken back."""

    receipt: ReceiptPage
    back: int
    kept: list[KeptBack]
    names: dict[int, str]
    until: datetime
    limits: list[str]
    """What the entry limited: it is allowed again."""


def undo_page(viewer: Someone, *, entry_id: int) -> UndoPage:
    """Raises `NotFound` also where it may not be seen."""
    receipt = receipt_page(viewer, entry_id=entry_id, page=1)
    kept = kept_back(undone=entry_id)
    ids = {each.owner for each in kept} | {each.by for each in kept if each.by is not None}
    return UndoPage(
        receipt=receipt,
        back=receipt.rows.total - len(kept),
        kept=kept,
        names={each.id: each.name for each in people(ids=ids).values()},
        limits=limits_of(entry=entry_id),
        until=receipt.happening.at + policy().undo_window,
    )
