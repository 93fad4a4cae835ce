"""To whom records are given by hand: nobody who leaves, is held, or is away for long."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import transaction
from tests import example
from tests.example import NOW, Cast

from legato.books.models import Record
from legato.departures import operations
from legato.departures.operations import CannotReceive
from legato.departures.queries.giving import receivers
from legato.departures.queries.ruling import COUNTED, figures
from legato.domain.policy import Policy
from legato.people import operations as staff
from legato.people.operations.holding import place_hold
from legato.people.operations.leaving import set_last_day
from legato.people.queries import people

pytestmark = pytest.mark.django_db


def away(cast: Cast) -> None:
    """Kenji, from tomorrow, for eleven working days: one more than the rule allows."""
    staff.add_absence(
        person=cast.kenji, first_day=date(2026, 4, 1), last_day=date(2026, 4, 15), now=NOW,
        actor=None,
    )  # fmt: skip


def with_last_day(cast: Cast) -> None:
    with transaction.atomic():
        entry = example.entry(kind="last_day", chain=f"person:{cast.kenji}")
        set_last_day(person=cast.kenji, day=date(2026, 12, 31), entry=entry)


def held(cast: Cast) -> None:
    with transaction.atomic():
        entry = example.entry(kind="held", chain=f"person:{cast.kenji}")
        place_hold(person=cast.kenji, why="training", entry=entry)


def offered(cast: Cast) -> set[int]:
    """To whom Mei can give."""
    return {pk for pk, _name in receivers(people(ids={cast.mei})[cast.mei], now=NOW)}


def give(cast: Cast, record: int) -> None:
    operations.give(
        records=[record], to=cast.kenji, along=False, seen=1, actor=cast.mei, now=NOW, reason=""
    )


@pytest.mark.parametrize("made", [away, with_last_day, held])
def test_who_cannot_receive_is_neither_offered_nor_given_anything(
    made: Callable[[Cast], None],
) -> None:
    cast = example.company()
    account = example.record(owner=cast.olga)
    assert cast.kenji in offered(cast)
    made(cast)
    assert cast.kenji not in offered(cast)
    with pytest.raises(CannotReceive):
        give(cast, account.pk)
    assert Record.objects.get(pk=account.pk).owner_id == cast.olga


def test_a_holiday_is_no_working_day_of_an_absence() -> None:
    """The rule counts as it does for plans, and its own page counts the same."""
    cast = example.company()
    away(cast)
    values = {name: getattr(Policy(), name) for name in COUNTED}
    assert figures(values, now=NOW)["max_leave_days"] == 1
    staff.add_holiday(country="JP", day=date(2026, 4, 3), name="A holiday", now=NOW, actor=None)
    assert cast.kenji in offered(cast)
    assert figures(values, now=NOW)["max_leave_days"] == 0
