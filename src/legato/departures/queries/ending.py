"""What withdrawing or closing a departure would do, and what still stands in the way."""

from dataclasses import dataclass

from django.db import connection

from legato.books.snapshots import UNDECIDED
from legato.departures.models import Case
from legato.departures.queries.cases import CaseView, case
from legato.departures.queries.conserving import Conservation, conservation
from legato.departures.queries.rests import Rest, Signed, rests, signed
from legato.domain.errors import NotFound
from legato.people.queries import Someone


def open_one(viewer: Someone, case_id: int) -> CaseView:
    """A case that is not over. Raises `NotFound` also where it may not be seen."""
    found = case(viewer, case_id)
    if found.closed_at is not None:
        raise NotFound(what="case", name=case_id)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """``returning`` records are only covered and go back; ``elsewhere`` are others' for good."""

    case: CaseView
    returning: int
    elsewhere: int


WITHDRAWAL = f"""
SELECT (SELECT count(*) FROM books_record r WHERE {UNDECIDED} AND r.owner_id <> %(owner)s),
       (SELECT count(*) FROM books_item i JOIN books_record r ON r.id = i.record_id
        WHERE i.book_id = %(book)s AND r.is_open AND r.owner_id <> %(owner)s
          AND r.interim_until IS NULL)
"""


def withdrawal(viewer: Someone, *, case_id: int) -> Withdrawal:
    """Raises `NotFound` as `open_one` does."""
    found = open_one(viewer, case_id)
    with connection.cursor() as cursor:
        cursor.execute(WITHDRAWAL, {"book": found.book, "owner": found.person_id})
        returning, elsewhere = cursor.fetchone()
    return Withdrawal(case=found, returning=returning, elsewhere=elsewhere)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """A case that is to be closed, with what still points to who leaves."""

    case: CaseView
    rests: list[Rest]
    signed: list[Signed]
    became: Conservation

    @property
    def left(self) -> int:
        return sum(each.count for each in self.rests)


def ending(viewer: Someone, *, case_id: int) -> Ending:
    """Raises `NotFound` as `open_one` does."""
    found = open_one(viewer, case_id)
    row = Case.objects.select_related("person", "employment").get(pk=case_id)
    return Ending(
        case=found,
        rests=rests(row),
        signed=signed(case_id),
        became=conservation(book=found.book),
    )
