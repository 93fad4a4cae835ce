"""Whose departure is open and secret learns nothing of it: their pages read as they did before."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from tests import example
from tests.example import NOW, Cast
from tests.pages import open_case, propose, reader

from legato.books.models import Record
from legato.departures import operations as departures
from legato.departures.operations import CannotCover
from legato.domain.departure import Announcement
from legato.ledger.models import Entry
from legato.people import operations as people
from legato.people.queries import managers_of
from legato.planning.operations import Options

pytestmark = pytest.mark.django_db
CHANGING = re.compile(r'name="(csrfmiddlewaretoken|key)" value="[^"]*"|<time datetime="[^"]*T[^<]*')


@pytest.fixture
def cast() -> Cast:
    return example.company()


def dismissed(cast: Cast, who: int) -> int:
    """Ada opens somebody's departure; the case."""
    announced = Announcement(kind="dismissal", last_day=date(2026, 4, 10))
    return departures.open_case(
        person_id=who, announced=announced, actor=cast.ada, now=NOW, reason="Not said yet"
    ).case


def read(client: Client, path: str) -> str:
    """A page without what is new in every answer."""
    response = client.get(path)
    assert response.status_code == 200, path
    return CHANGING.sub("", response.content.decode())


def a_manager(person: int) -> None:
    people.change(person=person, role="manager", now=NOW, actor=None)


def cover(case: int, *, by: int, actor: int) -> None:
    end = NOW + timedelta(days=9)
    departures.cover(case_id=case, by=by, until=end, actor=actor, now=NOW, reason="Ill")


def test_a_case_says_nothing_of_the_viewer_who_covers_and_manages_it(cast: Cast) -> None:
    example.records(how_many=2, owner=cast.olga)
    case, mei = open_case(cast), reader(cast.mei)
    cover(case, by=cast.mei, actor=cast.mei)
    before = read(mei, f"/cases/{case}/")
    dismissed(cast, cast.mei)
    assert read(mei, f"/cases/{case}/") == before
    assert "Mei Lin covers 2 records and leaves as well" in read(
        reader(cast.ada), f"/cases/{case}/"
    )


def test_a_case_says_nothing_of_the_viewer_who_receives_in_its_plan(cast: Cast) -> None:
    example.records(how_many=2, owner=cast.olga)
    case, kenji = open_case(cast), reader(cast.kenji)
    propose(case, cast)
    a_manager(cast.kenji)
    before = read(kenji, f"/cases/{case}/")
    dismissed(cast, cast.kenji)
    assert read(kenji, f"/cases/{case}/") == before


def test_a_case_says_nothing_of_the_viewer_to_whom_it_would_fall_next(cast: Cast) -> None:
    """Olga's manager leaves and is passed over; that the one above leaves too is not told."""
    otto = example.person(name="Otto Boss", role="manager", manager=cast.mei)
    people.change(person=cast.olga, manager=otto, now=NOW, actor=None)
    case, mei = open_case(cast), reader(cast.mei)
    dismissed(cast, otto)
    before = read(mei, f"/cases/{case}/")
    assert "Otto Boss" in before
    dismissed(cast, cast.mei)
    assert read(mei, f"/cases/{case}/") == before
    assert managers_of(people={cast.olga}) == {cast.olga: cast.ada}


def given(client: Client, records: list[int], to: int, seen: int = 1) -> tuple[int, str]:
    """The status of giving by hand, and the page that answers."""
    asked = {"of": "team", "record": records, "to": to, "seen": seen, "key": "one"}
    answer = client.post("/book/give/", asked)
    return answer.status_code, answer.content.decode()


def owner(record: Record) -> int:
    return Record.objects.values_list("owner_id", flat=True).get(pk=record.pk)


def test_what_one_has_oneself_is_not_said_to_be_of_a_departure(cast: Cast) -> None:
    own, mei = example.record(owner=cast.mei), reader(cast.mei)
    case = dismissed(cast, cast.mei)
    page = read(mei, f"/book/give/?record={own.pk}&to={cast.kenji}")
    assert "departure: planned" not in page
    assert f"/cases/{case}/" not in page
    assert "not yours to give by hand" in page
    assert given(mei, [own.pk], cast.kenji, 0)[0] == 409
    assert owner(own) == cast.mei


def test_what_came_of_the_own_book_is_not_given_on_and_not_said_to_be_of_a_departure(
    cast: Cast,
) -> None:
    came, mei = example.record(owner=cast.mei), reader(cast.mei)
    case = dismissed(cast, cast.mei)
    cover(case, by=cast.kenji, actor=cast.ada)
    page = read(mei, f"/book/give/?of=team&record={came.pk}&to={cast.kenji}")
    assert "departure: planned" not in page
    assert given(mei, [came.pk], cast.ivo)[0] == 409
    assert owner(came) == cast.kenji


def test_of_a_record_in_two_departures_the_others_is_named(cast: Cast) -> None:
    shared, mei = example.record(owner=cast.mei), reader(cast.mei)
    own = dismissed(cast, cast.mei)
    cover(own, by=cast.olga, actor=cast.ada)
    other = open_case(cast)
    page = read(mei, f"/book/give/?of=team&record={shared.pk}&to={cast.kenji}")
    assert f"/cases/{other}/" in page
    assert f"/cases/{own}/" not in page


def test_nobody_gives_to_themselves_and_hears_the_same_whether_they_leave_or_not(
    cast: Cast,
) -> None:
    account, mei = example.record(owner=cast.kenji), reader(cast.mei)
    path = f"/book/give/?of=team&record={account.pk}"
    before, answer = read(mei, path), given(mei, [account.pk], cast.mei)
    assert "Mei Lin</option>" not in before
    assert answer[0] == 409
    dismissed(cast, cast.mei)
    assert read(mei, path) == before
    after = given(mei, [account.pk], cast.mei)
    assert (after[0], CHANGING.sub("", after[1])) == (409, CHANGING.sub("", answer[1]))
    assert owner(account) == cast.kenji


@pytest.mark.parametrize("path", ["/", "/cases/{case}/protection/"])
def test_who_could_hold_a_book_is_the_same(path: str, cast: Cast) -> None:
    example.records(how_many=2, owner=cast.olga)
    page, mei = path.format(case=open_case(cast)), reader(cast.mei)
    before = read(mei, page)
    assert f'<option value="{cast.mei}"' in before
    dismissed(cast, cast.mei)
    assert read(mei, page) == before
    assert f'<option value="{cast.mei}"' not in read(reader(cast.ada), page)


def test_to_cover_oneself_is_refused_in_words_that_say_nothing(cast: Cast) -> None:
    account = example.record(owner=cast.olga)
    case = open_case(cast)
    dismissed(cast, cast.mei)
    with pytest.raises(CannotCover) as by_herself:
        cover(case, by=cast.mei, actor=cast.mei)
    assert by_herself.value.facts == {"name": "Mei Lin", "why": "somebody_else"}
    with pytest.raises(CannotCover) as by_ada:
        cover(case, by=cast.mei, actor=cast.ada)
    assert by_ada.value.facts == {"name": "Mei Lin", "why": "held"}
    assert owner(account) == cast.olga


def test_a_plan_made_from_one_for_the_own_book_does_not_lead_to_it(cast: Cast) -> None:
    example.records(how_many=2, owner=cast.olga)
    example.records(how_many=2, owner=cast.mei)
    case, own = open_case(cast), dismissed(cast, cast.mei)
    both = planned(cast, [case, own], Options())
    one = planned(cast, [case], Options(origin=both))
    for mei_sees, client in ((False, reader(cast.mei)), (True, reader(cast.ada))):
        page = read(client, f"/plans/{one}/")
        assert (f"/plans/{both}/" in page) == mei_sees
        assert (f"What is other than in plan {both}" in page) == mei_sees
    later = planned(cast, [case], Options())
    assert f"/plans/{both}/" not in read(reader(cast.mei), f"/plans/{later}/")


def planned(cast: Cast, cases: list[int], options: Options) -> int:
    """The number of a plan by Ada."""
    return departures.plan(
        cases=cases, options=options, actor=cast.ada, now=NOW, reason="A plan"
    ).plan


def test_the_receipt_of_interims_that_ended_is_read_without_ones_own_records(cast: Cast) -> None:
    theirs, own = example.record(owner=cast.olga), example.record(owner=cast.mei)
    for who in (cast.olga, cast.mei):
        cover(on_leave(cast, who), by=cast.kenji, actor=cast.ada)
    later = NOW + timedelta(days=30)
    assert departures.end_interims(now=later) == 2
    entry = Entry.objects.get(kind="interim_ended").pk
    for client, seen in ((reader(cast.ada), {theirs, own}), (reader(cast.mei), {theirs})):
        page = read(client, f"/receipts/{entry}/")
        file = read(client, f"/receipts/{entry}.csv")
        for each in (theirs, own):
            assert (each.name in page, each.name in file) == (each in seen, each in seen)
    assert reader(cast.ivo).get(f"/receipts/{entry}/").status_code == 404


def test_a_receipt_of_nothing_but_ones_own_records_is_not_there(cast: Cast) -> None:
    example.record(owner=cast.mei)
    cover(on_leave(cast, cast.mei), by=cast.kenji, actor=cast.ada)
    departures.end_interims(now=NOW + timedelta(days=30))
    entry = Entry.objects.get(kind="interim_ended").pk
    mei = reader(cast.mei)
    for path in ("/", "/undo/", ".csv", ".json"):
        assert mei.get(f"/receipts/{entry}{path}").status_code == 404


def on_leave(cast: Cast, who: int) -> int:
    """The case of somebody who is back before the interim ends."""
    announced = Announcement(kind="leave", last_day=date(2026, 4, 1), return_on=date(2026, 4, 20))
    return departures.open_case(
        person_id=who, announced=announced, actor=cast.ada, now=NOW, reason="A leave"
    ).case
