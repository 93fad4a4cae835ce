"""Ends employments. PostgreSQL decides whether somebody may leave; here it is put into words."""

from datetime import date, datetime

import psycopg
from django.db import IntegrityError, transaction

from legato.domain.errors import Refused
from legato.ledger.models import Entry
from legato.people.models import Employment, Person
from legato.people.operations.log_ins import close_account
from legato.people.operations.shared import NotEmployed, person_row


class StillOwnsRecords(Refused):
    """Nobody leaves while they own open records. Facts: ``name``, ``records``."""

    code = "still_owns_records"


class IsLastResort(Refused):
    """The person of last resort leaves only after another is named. Facts: ``name``."""

    code = "is_last_resort"


def set_last_day(*, person: int, day: date | None, entry: Entry) -> None:
    """The last day of the person's employment, None while it is unknown. Raises `NotEmployed`."""
    found = person_row(person, lock=True)
    if found.employment_id is None:
        raise NotEmployed(name=found.name)
    Employment.objects.filter(pk=found.employment_id).update(ends_on=day, entry=entry)


def end_employment(*, person: int, at: datetime, entry: Entry) -> None:
    """The person has left, and is logged out. Needs READ COMMITTED, PostgreSQL's default.

    Raises `NotEmployed`, and, because PostgreSQL says so, `StillOwnsRecords`, `IsLastResort`.
    """
    found = person_row(person)
    if found.employment_id is None:
        raise NotEmployed(name=found.name)
    try:
        with transaction.atomic():
            Person.objects.filter(pk=person).update(employment=None, entry=entry)
    except IntegrityError as error:
        raise _refusal_to_leave(error, name=found.name) from error
    Employment.objects.filter(pk=found.employment_id).update(ended_at=at, entry=entry)
    close_account(person=person)


def _refusal_to_leave(error: IntegrityError, *, name: str) -> Exception:
    """What PostgreSQL's refusal means, by its constraint; else the error itself, a bug."""
    assert isinstance(error.__cause__, psycopg.Error)
    diagnosis = error.__cause__.diag
    match diagnosis.constraint_name:
        case "books_nobody_leaves_with_open_records":
            return StillOwnsRecords(name=name, records=int(diagnosis.message_detail or 0))
        case "people_last_resort_is_employed":
            return IsLastResort(name=name)
        case _:
            return error
