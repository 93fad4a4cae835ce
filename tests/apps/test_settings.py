"""The company's rules on pages: asked, looked at, put in force, compared, gone back to."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import translation
from pytest_django import DjangoAssertNumQueries
from tests import example
from tests.example import NOW
from tests.pages import Site, reader, site

from legato.departures.queries.ruling import flat
from legato.domain.policy import Policy as Rules
from legato.domain.policy import policy_values
from legato.people.models import Policy
from legato.people.queries import policy
from legato.planning import operations as planning
from legato.web.rules import groups, unit

pytestmark = pytest.mark.django_db
QUERIES = 8
NEW = "/settings/policy/new/"


@pytest.fixture
def olga() -> Site:
    return site()


@pytest.fixture
def sam(olga: Site) -> Client:
    return reader(olga.cast.sam)


def put(client: Client, **values: str) -> int:
    answer = client.post(NEW, {"key": "k", "seen": "0", "reason": "Because", **values})
    return int(answer.status_code)


def test_every_rule_is_asked_for_once() -> None:
    asked = [question.name for _group, questions in groups() for question in questions]
    assert sorted(asked) == sorted(flat(policy_values(Rules())))


def test_a_rule_says_what_it_means_by_the_companys_own_figures(olga: Site, sam: Client) -> None:
    late = NOW + timedelta(hours=30)
    planning.undo(entry_id=olga.commit, actor=olga.cast.ada, now=late, reason="Late")
    assert "come too late" not in sam.get("/settings/policy/").content.decode()
    page = sam.get(f"{NEW}?undo_hours=24").content.decode()
    assert "Now: 0 undos so far would have come too late." in page
    assert "After the change: 1 undo so far would have come too late." in page


def test_skills_are_said_and_typed_in_words(sam: Client) -> None:
    assert 'value="Language, Territory"' in sam.get("/settings/policy/").content.decode()
    assert put(sam, hard_skills="Language、industry") == 303
    assert policy().hard_skills == ("language", "industry")


@pytest.mark.parametrize(("number", "said"), [(1, "день"), (3, "дня"), (5, "дней"), (21, "день")])
def test_a_unit_goes_with_its_number(number: int, said: str) -> None:
    with translation.override("ru"):
        assert unit("cover_days", number) == said


def test_looking_changes_nothing(sam: Client) -> None:
    page = sam.get(f"{NEW}?undo_hours=24").content.decode()
    assert "Version 0 → version 1" in page
    assert not Policy.objects.exists()


def test_what_is_put_in_force_is_a_version_with_who_when_and_why(sam: Client) -> None:
    assert put(sam, undo_hours="24", **{"heat.next_step_within": "7"}) == 303
    assert policy().undo_hours == 24
    assert policy().heat.next_step_within == 7
    page = sam.get("/settings/policy/1/").content.decode()
    for said in ("Sam Carter", "Because", "72", "24"):
        assert said in page


def test_sending_it_twice_is_one_version(sam: Client) -> None:
    assert put(sam, undo_hours="24") == put(sam, undo_hours="24") == 303
    assert Policy.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [("undo_hours", "-1"), ("undo_hours", "soon"), ("key_account_percent", "101"),
     ("tier_values", "5, 3"), ("hard_skills", "charm"), ("heat.next_step_within", "1.5")],
)  # fmt: skip
def test_a_value_the_rule_cannot_take_is_refused_and_kept(
    name: str, value: str, sam: Client
) -> None:
    answer = sam.post(NEW, {"key": "k", "seen": "0", "reason": "Because", name: value})
    assert answer.status_code == 409
    assert f'value="{value}"' in answer.content.decode()
    assert 'value="Because"' in answer.content.decode()
    assert not Policy.objects.exists()


def test_a_change_says_why(sam: Client) -> None:
    assert put(sam, undo_hours="24", reason=" ") == 409
    assert not Policy.objects.exists()


def test_what_changes_nothing_is_refused(sam: Client) -> None:
    assert put(sam, undo_hours="72") == 409


def test_who_looked_at_an_older_version_is_told(olga: Site, sam: Client) -> None:
    put(sam, undo_hours="24")
    mei = reader(olga.cast.mei)
    answer = mei.post(NEW, {"key": "other", "seen": "0", "reason": "Mine", "undo_hours": "48"})
    assert answer.status_code == 409
    assert policy().undo_hours == 24


def test_going_back_is_a_new_version_with_the_old_values(sam: Client) -> None:
    put(sam, undo_hours="24")
    page = sam.get(f"{NEW}?back=0").content.decode()
    assert "Version 1 → version 2" in page
    answer = sam.post(NEW, {"key": "b", "seen": "1", "reason": "Back", "undo_hours": "72"})
    assert answer.status_code == 303
    assert policy().version == 2
    assert policy().undo_hours == 72


def test_two_versions_are_compared(sam: Client) -> None:
    put(sam, undo_hours="24")
    sam.post(NEW, {"key": "2", "seen": "1", "reason": "More", "burning_hours": "24"})
    page = sam.get("/settings/policy/2/?against=0").content.decode()
    assert page.count("<strong>24</strong>") == 2
    assert sam.get("/settings/policy/2/?against=9").status_code == 404
    assert sam.get("/settings/policy/9/").status_code == 404


def test_what_was_typed_is_there_again_on_the_way_back(sam: Client) -> None:
    page = sam.get("/settings/policy/?undo_hours=11").content.decode()
    assert 'name="undo_hours" value="11"' in page


def test_a_rep_finds_nothing_of_it_but_their_own_setting(olga: Site) -> None:
    ivo = reader(olga.cast.ivo)
    for address in ("/settings/policy/", NEW, "/settings/policy/0/", "/settings/mail/"):
        assert ivo.get(address).status_code == 404
    assert ivo.post(NEW, {"undo_hours": "1", "seen": "0", "reason": "Mine"}).status_code == 404
    assert ivo.get("/settings/").status_code == 200
    assert "/settings/policy/" not in ivo.get("/settings/").content.decode()


def test_the_number_of_queries_is_fixed(
    sam: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(QUERIES):
        sam.get("/settings/policy/")
    put(sam, undo_hours="24")
    example.record(owner=example.person(name="Zoe", manager=None))
    with django_assert_num_queries(QUERIES + 1):  # Names, now that somebody has set a version.
        sam.get("/settings/policy/")
