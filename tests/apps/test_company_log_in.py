"""The company's own log-in, against a real identity provider that runs beside the tests."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings
from tests import example
from tests.example import NOW
from tests.identity.__main__ import CLIENT, SECRET
from tests.pages import open_case

from legato.departures import operations as departures
from legato.ledger.models import Entry
from legato.people import operations
from legato.people.models import Person
from legato.settings import company_log_ins

pytestmark = pytest.mark.django_db

START = "/session/company/company/"
CALLBACK = f"http://testserver{START}back/"
PEOPLE = ("mei=mei@example.com", "stranger=who@example.com", "faker=mei@example.org=unverified")


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an identity provider that knows three people."""
    folder = tmp_path_factory.mktemp("identity")
    asked = [sys.executable, "-m", "tests.identity", str(folder), CALLBACK, *PEOPLE]
    root = Path(__file__).parents[2]
    with subprocess.Popen(asked, stdout=subprocess.PIPE, text=True, cwd=root) as process:
        assert process.stdout
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        process.kill()


@pytest.fixture
def company(provider: str, settings: Settings) -> str:
    point_to(provider, settings)
    return provider


def point_to(provider: str, settings: Settings) -> None:
    settings.COMPANIES = company_log_ins(
        {
            "LEGATO_OIDC_ISSUER": provider,
            "LEGATO_OIDC_NAME": "Northwind",
            "LEGATO_OIDC_CLIENT": CLIENT,
            "LEGATO_OIDC_SECRET": SECRET,
        }
    )
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {"APPS": settings.COMPANIES, "OAUTH_PKCE_ENABLED": True}
    }


def through(provider: str, name: str, *, client: Client | None = None) -> Client:
    """A browser of somebody who is logged in at the provider and chose the company's log-in."""
    client = client or Client()
    leads = client.get(f"{START}?next=/cases/")["Location"]
    theirs = requests.Session()
    theirs.get(f"{provider}/as/{name}", timeout=10)
    back = theirs.get(leads, allow_redirects=False, timeout=10).headers["Location"]
    assert back.startswith(CALLBACK)
    parts = urlsplit(back)
    client.get(f"{parts.path}?{parts.query}")
    return client


def test_the_log_in_page_offers_it_where_it_is_configured(company: str) -> None:
    page = Client().get("/session/?next=/cases/").content.decode()
    assert f'href="{START}?next=%2Fcases%2F"' in page or f'href="{START}?next=/cases/"' in page
    assert "Log in with Northwind" in page
    assert company_log_ins({}) == []


def test_it_opens_the_account_of_a_known_person_and_makes_nobody(company: str) -> None:
    mei = example.person(name="Mei Lin", role="manager", email="Mei@Example.com")
    people = Person.objects.count()
    client = through(company, "mei")
    assert client.get("/").status_code == 200
    user = User.objects.get(person=mei)
    assert not user.has_usable_password()
    assert Person.objects.count() == people
    assert Entry.objects.get(kind="log_in_given").facts["by"] == "company"


def test_afterwards_it_knows_the_person_by_the_subject_not_by_the_address(company: str) -> None:
    mei = example.person(name="Mei Lin", role="manager", email="mei@example.com")
    through(company, "mei")
    with_other_address(mei)
    assert through(company, "mei").get("/").status_code == 200
    assert User.objects.filter(person=mei).count() == User.objects.count() == 1


@pytest.mark.parametrize("name", ["stranger", "faker"])
def test_an_address_that_is_unknown_or_not_verified_opens_nothing(name: str, company: str) -> None:
    example.person(name="Mei Lin", role="manager", email="mei@example.org")
    client = through(company, name)
    assert client.get("/").status_code == 302
    assert "nobody here has its e-mail address" in client.get("/session/").content.decode()
    assert not User.objects.exists()


def test_who_has_left_does_not_come_in_though_the_company_lets_them(company: str) -> None:
    cast = example.company()
    with_other_address(cast.sam, "mei@example.com")
    assert through(company, "mei").get("/").status_code == 200
    example.leave(person=cast.sam)
    client = through(company, "mei")
    assert client.get("/").status_code == 302
    assert "Nobody who works here has this log-in" in client.get("/session/").content.decode()


@pytest.mark.parametrize("came_before", [True, False])
def test_whose_log_in_is_switched_off_does_not_come_in_though_the_company_lets_them(
    came_before: bool, company: str
) -> None:
    cast = example.company()
    with_other_address(cast.olga, "mei@example.com")
    if came_before:
        through(company, "mei")
    departures.protect(
        case_id=open_case(cast), by=cast.mei, until=NOW + timedelta(days=9), limits=("log_in",),
        actor=cast.mei, now=NOW, reason="",
    )  # fmt: skip
    client = through(company, "mei")
    assert client.get("/").status_code == 302
    assert "switched off" in client.get("/session/").content.decode()


def test_an_answer_nobody_asked_for_opens_nothing(company: str) -> None:
    example.person(name="Mei Lin", role="manager", email="mei@example.com")
    client = Client()
    client.get(f"{START}back/?code=abc&state=made-up")
    assert client.get("/").status_code == 302
    assert "did not let you through" in client.get("/session/").content.decode()
    assert Client().get(f"{START}?process=connect").status_code == 404


def test_a_provider_that_is_silent_is_said_to_be(settings: Settings) -> None:
    point_to("http://127.0.0.1:9", settings)
    client = Client()
    assert client.get(START)["Location"] == "/session/"
    assert "does not answer" in client.get("/session/").content.decode()


def test_without_a_company_there_is_no_such_page() -> None:
    assert Client().get(START).status_code == 404
    assert Client().get(f"{START}back/").status_code == 404


def with_other_address(person: int, email: str = "other@example.com") -> None:
    operations.change(person=person, now=NOW, actor=None, reason="Married", email=email)
