"""What all verbs of a departure share."""

from datetime import date

from django.db import connection

from legato.books.operations import list_in_books
from legato.books.snapshots import chosen
from legato.departures.models import Case
from legato.domain.errors import NotFound, Refused
from legato.ledger.models import Entry
from legato.people.models import Employment, Person
from legato.people.operations import NotEmployed
from legato.people.queries import Someone, people, policy
from legato.planning.operations import lock_book


class CaseClosed(Refused):
    """Facts: ``case``."""

    code = "case_closed"


class EmploymentOver(NotEmployed):
    """The employment the case is about has ended. Facts: ``name``, ``case``."""

    code = "employment_over"


def locked_person(person_id: int) -> Someone:
    """Nobody else opens a case, places a hold or ends the employment meanwhile."""
    list(Person.objects.select_for_update().filter(pk=person_id).values_list("pk"))
    return people(ids={person_id})[person_id]


def locked_case(case_id: int) -> Case:
    """The open case and its book: whoever carries out a plan for it comes before or after."""
    case = Case.objects.select_for_update().filter(pk=case_id).first()
    if case is None:
        raise NotFound(what="case", name=case_id)
    if case.closed_at is not None:
        raise CaseClosed(case=case_id)
    lock_book(case.book_id)
    return case


def check_still_employed(leaver: Someone, *, case: Case) -> None:
    """Raises `EmploymentOver`, also for who has been employed again since."""
    if leaver.employment_id != case.employment_id:
        raise EmploymentOver(name=leaver.name, case=case.pk)


def started_on_of(employment: int) -> date | None:
    """The first day of an employment, None where it is not known."""
    return Employment.objects.values_list("started_on", flat=True).get(pk=employment)


# What has come to the holder of a book since it was taken.
CAME_LATER = """
SELECT r.id FROM books_record r WHERE r.is_open AND r.owner_id = %(holder)s AND NOT EXISTS (
    SELECT FROM books_item i WHERE i.book_id = %(book)s AND i.record_id = r.id)
"""


def list_later(*, book: int, holder: int, entry: Entry) -> int:
    """Adds to a book what came to its holder later, so that it is listed; how many."""
    with connection.cursor() as cursor:
        cursor.execute(CAME_LATER, {"book": book, "holder": holder})
        ids = ",".join(str(pk) for (pk,) in cursor.fetchall())
    if not ids:
        return 0
    later = chosen(query=f"SELECT unnest(ARRAY[{ids}]::bigint[])", rule=policy().heat, now=entry.at)
    list_in_books(((book, each) for each in later), entry=entry)
    return len(later)
