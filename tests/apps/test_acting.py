"""Pages that do something, by the example of an undo: shown, done once, refused, put away."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests import example
from tests.pages import open_case, reader, site

from legato.books.models import Record
from legato.departures import operations as departures

pytestmark = pytest.mark.django_db


@pytest.fixture
def given() -> tuple[Client, int]:
    """Mei's browser, and the entry by which three accounts of Olga's are hers for a time."""
    cast = example.company()
    for number in range(3):
        example.record(owner=cast.olga, name=f"Customer {number}")
    now = timezone.now()
    covered = departures.cover(
        case_id=open_case(cast), by=cast.mei, until=now + timedelta(days=9), actor=cast.mei,
        now=now, reason="She is ill",
    )  # fmt: skip
    return reader(cast.mei), covered.cover


def owners() -> set[str]:
    return set(Record.objects.values_list("owner__name", flat=True))


def test_the_page_says_what_it_would_do_and_does_nothing(given: tuple[Client, int]) -> None:
    client, entry = given
    page = client.get(f"/receipts/{entry}/undo/").content.decode()
    assert "3 records go back to whom they were with before." in page
    assert owners() == {"Mei Lin"}


def test_the_form_does_it_and_the_next_page_says_so_until_it_is_put_away(
    given: tuple[Client, int],
) -> None:
    client, entry = given
    answer = client.post(f"/receipts/{entry}/undo/", {"key": "once"})
    assert (answer.status_code, owners()) == (303, {"Olga Petrova"})
    said = "Taken back: 3 records are with whom they were before."
    for _look in range(2):
        assert said in client.get("/").content.decode()
    undo = int(answer["Location"].split("/")[2])
    back = client.post(f"/done/{undo}/", {"next": "/cases/"})
    assert back["Location"] == "/cases/"
    assert said not in client.get("/").content.decode()


def test_what_was_done_last_alone_is_said(given: tuple[Client, int]) -> None:
    client, entry = given
    first = client.post(f"/receipts/{entry}/undo/", {"key": "once"})
    undo = first["Location"].split("/")[2]
    client.post(f"/receipts/{undo}/undo/", {"key": "again"})
    page = client.get("/").content.decode()
    assert page.count('class="toast done"') == 1
    assert f'id="done-{undo}"' not in page
    assert owners() == {"Mei Lin"}


def test_a_form_that_is_sent_again_does_nothing_again(given: tuple[Client, int]) -> None:
    client, entry = given
    first = client.post(f"/receipts/{entry}/undo/", {"key": "once"})
    again = client.post(f"/receipts/{entry}/undo/", {"key": "once"})
    assert first["Location"] == again["Location"]
    assert client.get("/").content.decode().count("Taken back: 3 records") == 1


def test_a_message_leads_nowhere_else_when_it_is_put_away(given: tuple[Client, int]) -> None:
    client, entry = given
    answer = client.post(f"/done/{entry}/", {"next": "https://example.com/"})
    assert answer["Location"] == "/"


def test_a_refusal_stands_above_the_page_with_what_was_typed() -> None:
    olga = site()
    client = reader(olga.cast.mei)
    sent = {"key": "the same", "reason": "Too many at once"}
    answer = client.post(f"/receipts/{olga.commit}/undo/", sent)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert 'role="alert"' in page
    assert "72 hours" in re.sub(r"\s+", " ", page)
    assert 'value="Too many at once"' in page
    assert 'name="key" value="the same"' in page


def test_who_may_not_see_it_cannot_do_it_and_learns_nothing(given: tuple[Client, int]) -> None:
    _client, entry = given
    outsider = reader(example.person(name="Somebody Else"))
    assert outsider.post(f"/receipts/{entry}/undo/").status_code == 404
    assert owners() == {"Mei Lin"}


def test_an_act_without_the_form_of_one_of_our_pages_is_not_accepted(
    given: tuple[Client, int],
) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = given[0].cookies
    assert strict.post(f"/receipts/{given[1]}/undo/").status_code == 403
    assert owners() == {"Mei Lin"}
