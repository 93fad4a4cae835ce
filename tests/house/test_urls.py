"""Every address, asked in every way by everybody: who may see it does, others see nothing."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, reverse
from tests import drafts, example
from tests.example import NOW
from tests.pages import Site, open_case, propose, reader, site

from legato.ledger.models import Entry
from legato.people.models import ROLES
from legato.urls import urlpatterns
from legato.web.assets import ASSETS

pytestmark = pytest.mark.django_db

STYLE = ASSETS["style.css"]
OPEN = {"log_in", "log_out", "set_language", "asset", "health"}
"""Addresses that need no log-in; whoever adds one says so here."""
WRITTEN_TO = {"log_in", "log_out", "set_language"}
ACTS = {
    "undo", "protect", "open_case", "change_case", "withdraw_case", "close_case", "sign_rest",
    "case_file", "team_note", "give", "new_look", "imports", "import_reading", "import_columns",
    "import_people", "import_test", "import_pause", "import_resume", "import_give_up",
    "import_undo",
}  # fmt: skip
"""Pages that do something: GET shows what it would be, POST does it."""
ACTS_ON_OWN_SESSION = {"put_away"}
OWN = {"look"}
"""What nobody but who made it sees: asked for in the tests of its own."""
FOR_EVERYBODY = {"today", "cases", "book", "new_look"}
"""Pages that show each reader what is theirs, be it nothing."""
SEE_CASES = {"manager", "director", "operations", "hr", "administrator"}
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")


@pytest.fixture
def olga() -> Site:
    found = site()
    drafts.imported(found.cast, now=NOW)
    return found


def pages(found: Site) -> Iterator[tuple[str, str]]:
    """Every address that needs a log-in, with its name."""
    known = {"case_id": found.case, "plan_id": found.plan, "entry_id": found.commit}
    known["draft_id"] = drafts.latest()
    for pattern in urlpatterns:
        name = name_of(pattern)
        if name not in OPEN | ACTS_ON_OWN_SESSION | OWN:
            parts = {part: known[part] for part in pattern.pattern.converters}
            yield name, reverse(name, kwargs=parts)


def name_of(pattern: URLPattern) -> str:
    assert pattern.name, pattern
    return pattern.name


def test_who_is_not_logged_in_is_asked_to_and_learns_nothing(olga: Site) -> None:
    for _name, address in pages(olga):
        answer = Client().get(address)
        assert answer["Location"] == f"/session/?next={address}"
        assert not answer.content


@pytest.mark.parametrize("role", ROLES)
def test_each_role_sees_what_is_for_it_and_nothing_else(role: str, olga: Site) -> None:
    client = reader(example.person(name="Somebody Else", role=role))
    for name, address in pages(olga):
        sees = role in SEE_CASES or name in FOR_EVERYBODY
        assert client.get(address).status_code == (200 if sees else 404), address


def test_an_outsider_cannot_tell_what_is_forbidden_from_what_is_not_there(olga: Site) -> None:
    client = reader(olga.cast.ivo)
    for name, address in pages(olga):
        number = "".join(filter(str.isdigit, address))
        if name not in FOR_EVERYBODY and number:
            known = client.get(address)
            missing = client.get(address.replace(number, "987654321"))
            assert known.status_code == missing.status_code == 404
            assert without(number, known.content) == without("987654321", missing.content)


def without(number: str, content: bytes) -> str:
    """A page without what differs by its address alone, or from one look to the next."""
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", content.decode())
    return re.sub(rf"/{number}\b", "/", page)


def test_the_leaver_sees_nothing_of_the_own_departure() -> None:
    found = site()
    client = reader(found.cast.olga)
    for name, address in pages(found):
        assert client.get(address).status_code == (200 if name in FOR_EVERYBODY else 404)


def test_a_manager_who_leaves_sees_nothing_of_the_own_departure() -> None:
    cast = example.company()
    leaving = example.person(name="Lea", role="manager", manager=cast.ada)
    example.record(owner=leaving)
    case = open_case(cast, leaver=leaving)
    client = reader(leaving)
    assert client.get(f"/cases/{case}/").status_code == 404
    assert client.get(f"/plans/{propose(case, cast).plan}/").status_code == 404
    assert f"/cases/{case}/" not in client.get("/").content.decode()


@pytest.mark.parametrize("role", sorted(set(ROLES) - SEE_CASES))
def test_nobody_does_what_they_may_not_see(role: str, olga: Site) -> None:
    client = reader(example.person(name="Somebody Else", role=role))
    before = Entry.objects.count()
    for name, address in pages(olga):
        if name in ACTS - FOR_EVERYBODY:
            assert client.post(address).status_code == 404, address
    assert Entry.objects.count() == before


def test_a_page_is_only_read_and_an_act_only_done_by_its_form(olga: Site) -> None:
    client = reader(olga.cast.ada)
    for name, address in pages(olga):
        unsafe = [method for method in UNSAFE if name not in ACTS or method != "POST"]
        for method in unsafe:
            assert client.generic(method, address).status_code == 405, (method, address)
            assert Client().generic(method, address).status_code == 405, (method, address)


def test_an_address_for_everybody_takes_only_what_it_is_for() -> None:
    for pattern in urlpatterns:
        name = name_of(pattern)
        if name in OPEN:
            parts = {"digest": STYLE.digest, "name": STYLE.name} if name == "asset" else {}
            address = reverse(name, kwargs=parts)
            unsafe = [method for method in UNSAFE if name not in WRITTEN_TO or method != "POST"]
            if name != "set_language":  # Django's own; it does nothing but for POST.
                for method in unsafe:
                    assert Client().generic(method, address).status_code == 405, (method, name)
