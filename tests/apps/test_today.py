"""The page of today: what burns, who protects, what nobody knows, of open departures."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from pytest_django import DjangoAssertNumQueries
from tests import example
from tests.example import NOW, Cast
from tests.pages import cover, open_case, propose, reader

from legato.books.models import Book
from legato.books.watching import SHOWN, watch
from legato.departures import operations as departures
from legato.departures.models import Case
from legato.departures.today import MOST, today
from legato.domain.departure import Announcement
from legato.people.models import Holiday
from legato.people.queries import Someone, people
from legato.planning import operations as planning

pytestmark = pytest.mark.django_db

SOON = NOW + timedelta(hours=47)


def someone(person: int) -> Someone:
    return people(ids={person})[person]


def leaving(cast: Cast) -> int:
    """Olga's departure with two accounts, a deal without a value, and promises around 48 hours."""
    first = example.record(owner=cast.olga, name="Sakura Foods", phone="+81 3 1234")
    example.record(owner=cast.olga, name="Harbour & Sons")
    example.record(owner=cast.olga, kind="opportunity", account=first.pk, value=Decimal(900))
    example.record(owner=cast.olga, kind="opportunity", account=first.pk)
    for name, due in (
        ("Overdue", NOW - timedelta(days=9)),
        ("Soon", SOON),
        ("Just", NOW + timedelta(hours=48)),
        ("Later", NOW + timedelta(hours=49)),
    ):
        example.record(owner=cast.olga, kind="commitment", account=first.pk, name=name, due_at=due)
    done = example.record(owner=cast.olga, kind="commitment", name="Kept", due_at=SOON)
    case = open_case(cast)
    with transaction.atomic():
        entry = example.entry(kind="record_closed")
        type(done).objects.filter(pk=done.pk).update(is_open=False, entry=entry)
    return case


def book_of(case: int) -> int:
    return Case.objects.get(pk=case).book_id


def test_what_is_open_and_due_within_the_hours_burns_overdue_first() -> None:
    cast = example.company()
    case = leaving(cast)
    found = today(someone(cast.mei), now=NOW).leaving[0].watch
    assert [row.name for row in found.first] == ["Overdue", "Soon", "Just"]
    assert found.burning == 3
    assert {row.phone for row in found.first} == {"+81 3 1234"}
    later = watch(books=[book_of(case)], until=NOW + timedelta(hours=50))
    assert later[book_of(case)].burning == 4


def test_only_the_first_are_named_but_all_are_counted() -> None:
    cast = example.company()
    for number in range(SHOWN + 3):
        example.record(owner=cast.olga, kind="ticket", name=f"T{number}", due_at=NOW)
    open_case(cast)
    found = today(someone(cast.mei), now=NOW).leaving[0].watch
    assert (len(found.first), found.burning) == (SHOWN, SHOWN + 3)


def test_a_record_is_with_the_leaver_then_covered_then_with_its_new_owner() -> None:
    cast = example.company()
    example.record(owner=cast.olga)
    case = open_case(cast)
    assert _who_has(cast) == (1, 0, 0)
    cover(case, cast)
    assert _who_has(cast) == (0, 1, 0)
    made = propose(case, cast)
    planning.approve(plan_id=made.plan, approver=cast.ada, now=NOW, reason="Fair")
    planning.commit(plan_id=made.plan, digest=made.digest, actor=cast.mei, now=NOW, reason="Go")
    assert _who_has(cast) == (0, 0, 1)


def _who_has(cast: Cast) -> tuple[int, int, int]:
    found = today(someone(cast.mei), now=NOW).leaving[0].watch
    return found.still, found.covered, found.given


def test_the_cover_is_named_with_its_end_and_until_then_the_manager_is_suggested() -> None:
    cast = example.company()
    example.record(owner=cast.olga)
    case = open_case(cast)
    before = today(someone(cast.mei), now=NOW).leaving[0]
    assert (before.caretakers[0].name, before.watch.covering) == ("Mei Lin", ())
    cover(case, cast)
    covering = today(someone(cast.mei), now=NOW).leaving[0].watch.covering
    assert [(each.name, each.until, each.records) for each in covering] == [
        ("Mei Lin", NOW + timedelta(days=9), 1)
    ]


def test_working_days_are_those_of_the_leavers_country_after_today() -> None:
    cast = example.company()
    leaving(cast)  # Today is a Tuesday, the last day Thursday, 30 April.
    assert today(someone(cast.mei), now=NOW).leaving[0].days == 22
    Holiday.objects.create(country="RU", day=date(2026, 4, 30), name="x")
    Holiday.objects.create(country="CN", day=date(2026, 4, 29), name="y")
    assert today(someone(cast.mei), now=NOW).leaving[0].days == 21


def test_who_goes_first_comes_first_and_an_unknown_day_before_all() -> None:
    cast = example.company()
    for name, last in (("Late", date(2026, 6, 1)), ("Unknown", None), ("Early", date(2026, 4, 1))):
        _departing(cast, name, last)
    found = today(someone(cast.mei), now=NOW).leaving
    assert [each.case.person for each in found] == ["Unknown", "Early", "Late"]


def _departing(cast: Cast, name: str, last_day: date | None, *, manager: int | None = None) -> int:
    person = example.person(name=name, manager=manager or cast.mei, country="RU")
    example.record(owner=person)
    return departures.open_case(
        person_id=person,
        announced=Announcement(kind="resignation", last_day=last_day),
        actor=cast.mei,
        now=NOW,
        reason="Leaves",
    ).case


def test_a_departure_that_was_withdrawn_is_of_today_no_more() -> None:
    cast = example.company()
    case = leaving(cast)
    departures.withdraw(case_id=case, actor=cast.mei, now=NOW, reason="She stays")
    assert today(someone(cast.mei), now=NOW).leaving == []


def test_more_departures_than_can_be_read_are_counted() -> None:
    cast = example.company()
    for number in range(MOST + 2):
        _departing(cast, f"Person {number}", date(2026, 6, 1))
    found = today(someone(cast.mei), now=NOW)
    assert (len(found.leaving), found.more) == (MOST, 2)


def test_a_rep_and_the_leaver_see_no_departure() -> None:
    cast = example.company()
    leaving(cast)
    for person in (cast.ivo, cast.olga):
        page = reader(person).get("/").content.decode()
        assert "There is nothing here for you" in page
        assert "Sakura" not in page


def test_the_page_says_what_burns_who_can_cover_and_what_to_ask() -> None:
    cast = example.company()
    case = leaving(cast)
    page = " ".join(reader(cast.mei).get("/").content.decode().split())
    for said in (
        "Olga Petrova",
        f'href="/cases/{case}/book/?due=soon&amp;order=due"',
        'href="tel:+81%203%201234"',
        f'action="/cases/{case}/protection/"',
        "Mei Lin: 0 →",
        "The value of 1 record",
        "Whether they go to a competitor",
    ):
        assert said in page, said


def test_the_lists_behind_the_numbers_are_as_long_as_they_say() -> None:
    cast = example.company()
    case = leaving(cast)
    found = today(someone(cast.mei), now=NOW).leaving[0].watch
    client = reader(cast.mei)
    for query, many in (
        ("state=open&touched=never", found.untouched),
        ("kind=opportunity&state=open&worth=unknown", found.without_value),
    ):
        page = client.get(f"/cases/{case}/book/?{query}").content.decode()
        assert page.count('<tr tabindex="-1"') == many


@pytest.mark.parametrize("how_many", [1, 4])
def test_the_page_takes_as_many_statements_however_many_leave(
    how_many: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    cast = example.company()
    for number in range(how_many):
        propose(_departing(cast, f"Person {number}", date(2026, 6, 1)), cast)
    client = reader(cast.mei)
    assert Book.objects.count() == how_many
    with django_assert_num_queries(23):
        client.get("/")


def test_whom_the_viewer_manages_stands_before_who_leaves_sooner_elsewhere() -> None:
    cast = example.company()
    ours = leaving(cast)
    _departing(cast, "Ann Early", date(2026, 4, 2), manager=cast.ada)
    found = today(someone(cast.mei), now=NOW).leaving
    assert found[0].case.id == ours
    assert len(found) == 2
