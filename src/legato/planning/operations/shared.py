"""What proposing, approving, committing and undoing share."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, replace

from django.db import connection

from legato.domain.errors import NotFound, Refused
from legato.domain.policy import Policy
from legato.domain.problem import FitWeights
from legato.ledger.models import Entry
from legato.people.queries import people
from legato.planning.models import BookClosed, Plan, PlanBook

NAMED_AT_MOST = 20
"""How many differing rows a refusal names; it always says how many there are."""


class DepartureOver(Refused):
    """A departure that the plan is for was withdrawn or closed. Facts: ``name`` (who left)."""

    code = "departure_over"


def locked_plan(plan_id: int) -> Plan:
    """Raises `NotFound`."""
    one_at_a_time("plan", plan_id)
    plan = Plan.objects.select_related("entry").filter(pk=plan_id).first()
    if plan is None:
        raise NotFound(what="plan", name=plan_id)
    return plan


def lock_book(book: int) -> None:
    """Whoever ends the departure of a book, or decides about a plan for it, takes turns, and takes
    this before people, records and the ledger's chain, until the transaction ends."""
    one_at_a_time("book", book)


def lock_books(books: Collection[int]) -> None:
    """Nobody ends a departure of these until the transaction ends. Raises `DepartureOver`."""
    for each in sorted(books):
        lock_book(each)
    closed = BookClosed.objects.filter(book__in=books).select_related("book__holder").first()
    if closed is not None:
        raise DepartureOver(name=closed.book.holder.name)


def close_book(*, book: int, entry: Entry) -> None:
    """No plan gives the book away from now on: its departure is over. Needs `lock_book`."""
    BookClosed.objects.create(book_id=book, at=entry.at, entry=entry)


def books_of(plan_id: int) -> list[int]:
    """The books the plan gives away."""
    return list(PlanBook.objects.filter(plan=plan_id).values_list("book_id", flat=True))


def holders_of(plan_id: int) -> set[int]:
    """Whose books the plan gives away."""
    books = PlanBook.objects.filter(plan=plan_id)
    return set(books.values_list("book__holder_id", flat=True))


def one_at_a_time(what: str, number: int) -> None:
    """Two who decide about the same thing come one after the other, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))", [what, number])


def name_of(person_id: int) -> str:
    return people(ids={person_id})[person_id].name


def with_weights(rules: Policy, weights: Mapping[str, int]) -> Policy:
    return replace(rules, fit=FitWeights(**{**asdict(rules.fit), **weights}))
