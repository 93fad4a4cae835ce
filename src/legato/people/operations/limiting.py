"""Limits what somebody who leaves may do, and counts what anybody takes out of the book."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Sum

from legato.domain.exports import check_taking, most_rows, tier_of
from legato.ledger.models import Entry
from legato.people.models import Limit, Person, Taking
from legato.people.operations.shared import person_row, record_change
from legato.people.queries import policy


def lock_people(*, ids: Collection[int]) -> None:
    """Nobody else limits them, counts what they take, or ends their employment meanwhile.

    Whoever also changes records or writes entries does it before that: people come first.
    """
    list(Person.objects.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk"))


def lock_limited(*, entry: int) -> None:
    """Everybody whose limits `turn_limits_back` of that entry would change."""
    turned = Limit.objects.filter(placed_by=entry) | Limit.objects.filter(lifted_by=entry)
    lock_people(ids=set(turned.values_list("person", flat=True)))


def place_limits(*, person: int, what: tuple[str, ...], entry: Entry) -> tuple[str, ...]:
    """Those that were not standing already, from ``entry.at`` on; the person is locked."""
    standing = set(
        Limit.objects.filter(person=person, lifted_at=None).values_list("what", flat=True)
    )
    new = tuple(each for each in what if each not in standing)
    Limit.objects.bulk_create(
        Limit(person_id=person, what=each, placed_at=entry.at, placed_by=entry) for each in new
    )
    if "log_in" in new:
        _let_in(person, is_active=False)
    return new


def lift_limits(*, person: int, entry: Entry) -> None:
    """Everything of before is allowed again: the departure is over, or was withdrawn."""
    _lift(list(Limit.objects.filter(person=person, lifted_at=None)), entry=entry)


def turn_limits_back(*, undone: int, entry: Entry) -> int:
    """Lifts what that entry placed and places what it lifted; how many. The people are locked."""
    placed = list(Limit.objects.filter(placed_by=undone, lifted_at=None))
    _lift(placed, entry=entry)
    lifted = list(Limit.objects.filter(lifted_by=undone).order_by("pk"))
    again = [
        name
        for each in lifted
        for name in place_limits(person=each.person_id, what=(each.what,), entry=entry)
    ]
    return len(placed) + len(again)


def _lift(standing: list[Limit], *, entry: Entry) -> None:
    ids = [each.pk for each in standing]
    Limit.objects.filter(pk__in=ids).update(lifted_at=entry.at, lifted_by=entry)
    for each in standing:
        if each.what == "log_in":
            _let_in(each.person_id, is_active=True)


def _let_in(person: int, *, is_active: bool) -> None:
    """Django asks with every page whether the account is active: open sessions end with it."""
    accounts = User.objects.filter(person__pk=person, person__is_employed=True)
    accounts.update(is_active=is_active)


@transaction.atomic(durable=True)
def take(*, person: int, what: str, about: int, rows: int, now: datetime) -> None:
    """Notes that somebody takes rows out, before they get them.

    Raises `domain.exports.ExportLimit`, `NotFound`: then nothing may be given to them.
    """
    lock_people(ids={person})
    facts = {"what": what, "about": about, "rows": rows}
    entry = record_change("rows_taken", person=person, facts=facts, at=now, actor=person, reason="")
    note_taking(person=person, what=what, rows=rows, entry=entry)


def note_taking(*, person: int, what: str, rows: int, entry: Entry) -> None:
    """The same with the caller's entry, who has locked the person. Raises `ExportLimit`."""
    found = person_row(person)
    rule = policy().exports
    is_limited = Limit.objects.filter(person=person, what="export", lifted_at=None).exists()
    since = entry.at - timedelta(days=rule.days)
    taken = Taking.objects.filter(person=person, at__gt=since).aggregate(rows=Sum("rows"))["rows"]
    check_taking(
        name=found.name,
        rows=rows,
        taken=taken or 0,
        most=most_rows(rule=rule, tier=tier_of(role=found.role, is_limited=is_limited)),
        days=rule.days,
    )
    Taking.objects.create(person=found, at=entry.at, what=what, rows=rows, entry=entry)
