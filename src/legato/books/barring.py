"""Conflicts of interest: who is never given which record, until somebody says otherwise."""

from datetime import datetime

from django.db import transaction

from legato.books.models import Bar
from legato.domain.errors import Refused
from legato.ledger.operations import once, record
from legato.people.models import Person
from legato.people.queries import check_may_administer, people


class AlreadyBarred(Refused):
    """Facts: ``name``, ``record``."""

    code = "already_barred"


class NotBarred(Refused):
    """Facts: ``name``, ``record``."""

    code = "not_barred"


@transaction.atomic(durable=True)
@once
def bar(
    *,
    person: int,
    record_id: int,
    now: datetime,
    actor: int | None,
    reason: str,
    key: str | None = None,
) -> int:
    """From now on the person is not given the record, nor what is on it if it is an account.

    Raises `AlreadyBarred`, `MayNotAdminister`.
    """
    check_may_administer(actor=actor)
    _one_at_a_time(person)
    if Bar.objects.filter(person=person, record=record_id, released_by=None).exists():
        raise AlreadyBarred(name=_name(person), record=record_id)
    entry = record(
        chain=f"person:{person}", kind="barred", actor=actor, at=now, reason=reason,
        facts={"record": record_id},
    )  # fmt: skip
    return Bar.objects.create(person_id=person, record_id=record_id, placed_by=entry).pk


@transaction.atomic(durable=True)
@once
def unbar(
    *,
    person: int,
    record_id: int,
    now: datetime,
    actor: int | None,
    reason: str,
    key: str | None = None,
) -> None:
    """Raises `NotBarred`, `MayNotAdminister`."""
    check_may_administer(actor=actor)
    _one_at_a_time(person)
    standing = Bar.objects.filter(person=person, record=record_id, released_by=None)
    if not standing.exists():
        raise NotBarred(name=_name(person), record=record_id)
    entry = record(
        chain=f"person:{person}", kind="unbarred", actor=actor, at=now, reason=reason,
        facts={"record": record_id},
    )  # fmt: skip
    standing.update(released_by=entry)


def _one_at_a_time(person: int) -> None:
    """A commit that gives the person something ends before, or begins after, and then sees it."""
    list(Person.objects.select_for_update().filter(pk=person).values_list("pk"))


def _name(person: int) -> str:
    return people(ids={person})[person].name
