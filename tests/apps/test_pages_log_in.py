"""Logging in and out, the language, the look, the headers, and pages for what goes wrong."""

import gzip
import re
from typing import NoReturn

import psycopg
import pytest
from django.contrib.auth.models import User
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from tests import example
from tests.pages import account, reader, site

from legato.domain.errors import NotFound, Refused
from legato.planning.operations import AlreadyCommitted
from legato.postgres.databases import Unreachable
from legato.web.assets import ASSETS, Asset
from legato.web.errors import Refusals, status_of

pytestmark = pytest.mark.django_db

PASSWORD = "a quiet passage"


def test_a_person_logs_in_and_lands_where_they_were_going() -> None:
    mei = with_password(example.company().mei)
    client = Client()
    asked = client.get("/cases/7/")
    assert asked["Location"] == "/session/?next=/cases/7/"
    entered = client.post(
        asked["Location"],
        {"username": mei.username, "password": PASSWORD, "next": "/cases/7/"},
    )
    assert entered["Location"] == "/cases/7/"
    assert client.get("/").status_code == 200


def test_a_wrong_password_keeps_the_name_and_says_so() -> None:
    mei = with_password(example.company().mei)
    answer = Client().post("/session/", {"username": mei.username, "password": "wrong"})
    page = answer.content.decode()
    assert f'value="{mei.username}"' in page
    assert 'role="alert"' in page
    assert "wrong" not in page


def test_who_has_left_cannot_log_in() -> None:
    cast = example.company()
    sam = with_password(cast.sam)
    example.leave(person=cast.sam)
    client = Client()
    answer = client.post("/session/", {"username": sam.username, "password": PASSWORD})
    assert "Nobody who works here has this log-in" in answer.content.decode()
    assert client.get("/").status_code == 302


def test_who_works_here_and_whose_log_in_is_off_is_told_so() -> None:
    cast = example.company()
    olga = with_password(cast.olga)
    olga.is_active = False
    olga.save()
    answer = Client().post("/session/", {"username": olga.username, "password": PASSWORD})
    assert "This log-in is switched off for now" in answer.content.decode()


def test_logging_in_leads_to_no_other_site() -> None:
    mei = with_password(example.company().mei)
    entered = Client().post(
        "/session/",
        {"username": mei.username, "password": PASSWORD, "next": "https://example.org/"},
    )
    assert entered["Location"] == "/"


def test_a_form_from_elsewhere_is_not_accepted() -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/session/", {"username": "x", "password": "y"})
    assert answer.status_code == 403
    assert "Nothing was done" in answer.content.decode()


def test_logging_out_ends_the_session() -> None:
    client = reader(example.company().mei)
    assert client.get("/session/end/").status_code == 405
    assert client.post("/session/end/")["Location"] == "/session/"
    assert client.get("/").status_code == 302


@pytest.mark.parametrize(
    ("language", "tag"), [("en", "en"), ("ja", "ja"), ("zh-hans", "zh-Hans"), ("ru", "ru")]
)
def test_a_reader_chooses_the_language(language: str, tag: str) -> None:
    client = Client()
    chosen = client.post("/language/", {"language": language, "next": "/session/"})
    assert chosen["Location"] == "/session/"
    page = client.get("/session/").content.decode()
    assert f'<html lang="{tag}">' in page
    assert f'value="{language}" lang="{tag}" aria-current="true"' in page


@pytest.mark.parametrize(
    ("language", "figure"),
    [("en", "4,503"), ("ja", "4,503"), ("zh-hans", "4,503"), ("ru", "4\N{NO-BREAK SPACE}503")],
)
def test_figures_are_written_as_the_reader_writes_them(language: str, figure: str) -> None:
    found = site()
    page = reader(found.cast.mei).get(
        f"/cases/{found.case}/", headers={"Accept-Language": language}
    )
    assert figure in page.content.decode()


def test_no_page_loads_anything_from_elsewhere_or_runs_what_is_inside_it() -> None:
    answer = reader(example.company().mei).get("/")
    page = answer.content.decode()
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert re.findall(r"<script[^>]*>(?!</script>)", page) == []
    assert "style=" not in page
    assert " on" not in re.sub(r">[^<]*<", "><", page).replace(" one", "")
    assert "http://" not in page
    assert "https://" not in page
    assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("asset", ASSETS.values(), ids=ASSETS)
def test_what_pages_load_is_kept_for_ever_under_its_own_digest(asset: Asset) -> None:
    answer = Client().get(f"/assets/{asset.digest}/{asset.name}")
    assert answer["Content-Type"] == asset.kind
    assert "immutable" in answer["Cache-Control"]
    assert answer.content == asset.content
    assert Client().get(f"/assets/0/{asset.name}").status_code == 404
    assert Client().get(f"/assets/{asset.digest}/other.js").status_code == 404


def test_what_pages_load_comes_packed_to_whoever_can_unpack_it() -> None:
    asset = ASSETS["htmx.js"]
    path = f"/assets/{asset.digest}/{asset.name}"
    answer = Client().get(path, headers={"Accept-Encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.content) == asset.content


def test_the_scripts_of_a_page_stay_small() -> None:
    scripts = [each for each in ASSETS.values() if each.name.endswith(".js")]
    assert sum(len(each.packed) for each in scripts) <= 60_000


def test_a_failure_has_a_number_by_which_it_is_found_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    answer = answered(Unreachable(database="x", why="gone"))
    assert answer is not None
    number = re.search(r"<code>(\w+)</code>", answer.content.decode())
    assert number
    assert number[1] in caplog.text


def test_health_needs_no_log_in() -> None:
    assert Client().get("/health/").json() == {"status": "ok"}


def test_an_address_that_leads_nowhere_gets_a_page() -> None:
    answer = Client().get("/nowhere/")
    assert answer.status_code == 404
    assert "There is no such page" in answer.content.decode()


def test_a_request_for_another_host_is_not_understood() -> None:
    answer = Client().get("/", headers={"Host": "elsewhere.example"})
    assert answer.status_code == 400
    assert "cannot be read" in answer.content.decode()


@pytest.mark.parametrize(
    ("refused", "status", "said"),
    [
        (NotFound(what="case", name=1), 404, "There is no such page"),
        (AlreadyCommitted(plan=7, commit=9), 409, "carried out before: commit 9"),
        (Unreachable(database="postgresql://secret", why="gone"), 503, "does not answer"),
    ],
)
def test_a_refusal_is_a_page_with_its_sentence(refused: Refused, status: int, said: str) -> None:
    answer = answered(refused)
    assert answer is not None
    assert answer.status_code == status == status_of(refused)
    assert said in answer.content.decode()
    assert "secret" not in answer.content.decode()


def test_a_database_that_does_not_answer_is_said_to_be_unavailable() -> None:
    gone = OperationalError("connection refused")
    gone.__cause__ = psycopg.OperationalError("connection refused")
    answer = answered(gone)
    assert answer is not None
    assert answer.status_code == 503


def test_a_bug_is_never_caught() -> None:
    deadlock = OperationalError("deadlock")
    deadlock.__cause__ = psycopg.errors.DeadlockDetected("deadlock")
    assert answered(deadlock) is None
    assert answered(KeyError("x")) is None


def with_password(person: int) -> User:
    user = account(person)
    user.set_password(PASSWORD)
    user.save()
    return user


def answered(exception: Exception) -> HttpResponse | None:
    request = RequestFactory().get("/")
    return Refusals(_never).process_exception(request, exception)


def _never(request: HttpRequest) -> NoReturn:
    raise AssertionError(request)
