"""The pages of departures, plans and receipts: what they say, and in how many statements."""

import csv
import gzip
import io
import json

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from tests import example
from tests.example import NOW
from tests.pages import Site, cover, open_case, propose, reader, site

from legato.planning import operations as planning

pytestmark = pytest.mark.django_db


@pytest.fixture
def olga() -> Site:
    return site()


def text(client: Client, path: str) -> str:
    """A page as it reads, which must be there."""
    response = client.get(path)
    assert response.status_code == 200, path
    return " ".join(response.content.decode().split())


def test_the_list_names_the_case_with_its_records_and_its_latest_plan(olga: Site) -> None:
    page = text(reader(olga.cast.mei), "/cases/")
    assert "Olga Petrova" in page
    assert "resignation" in page
    assert "30 Apr 2026" in page
    assert '<td class="figure" data-label="Records">8</td>' in page
    assert f"Plan {olga.plan}" in page
    assert "carried out" in page


def test_an_empty_list_leads_to_where_a_departure_is_opened() -> None:
    page = text(reader(example.company().mei), "/cases/")
    assert 'href="/cases/new/"' in page
    assert "<table" not in page


def test_a_rep_reads_why_the_list_is_empty(olga: Site) -> None:
    page = text(reader(olga.cast.ivo), "/cases/")
    assert "There is nothing here for you" in page
    assert "Olga" not in page


def test_the_case_counts_the_book_by_kind_and_heat_with_values(olga: Site) -> None:
    page = text(reader(olga.cast.mei), f"/cases/{olga.case}/")
    assert "Opportunities" in page
    assert "4,503" in page
    assert f'href="/cases/{olga.case}/book/"' in page


def test_the_case_shows_what_is_due_and_nothing_later(olga: Site) -> None:
    page = text(reader(olga.cast.mei), f"/cases/{olga.case}/")
    due = page[page.index('id="due"') : page.index('id="plans"')]
    assert "A promise" in due
    assert "A far ticket" not in due


def test_times_are_those_of_the_reader(olga: Site) -> None:
    tokyo = example.person(name="Yui", role="hr", time_zone="Asia/Tokyo")
    page = text(reader(tokyo), f"/cases/{olga.case}/")
    assert "2 Jun 2025, 18:00" in page
    assert "Times are those of Asia/Tokyo" in page


def test_the_case_tells_who_proposed_approved_and_did_what_and_why(olga: Site) -> None:
    page = text(reader(olga.cast.sam), f"/cases/{olga.case}/")
    for said in ("Mei Lin", "Ada Okafor", "She is ill", "Plan carried out", "Cover given"):
        assert said in page
    assert f"/receipts/{olga.cover}/" in page
    assert f"/receipts/{olga.commit}/" in page


def test_an_estimated_value_is_marked(olga: Site) -> None:
    assert "estimated" in text(reader(olga.cast.mei), f"/cases/{olga.case}/book/")


def test_a_case_without_a_plan_leads_to_what_helps() -> None:
    cast = example.company()
    example.record(owner=cast.olga)
    case = open_case(cast)
    page = text(reader(cast.mei), f"/cases/{case}/")
    assert "legato plan" not in page
    assert f'href="/cases/{case}/plan/" data-drawer>Make a plan' in page
    assert f'href="/cases/{case}/protection/"' in page


def test_an_interim_owner_is_shown_with_the_end_of_the_cover() -> None:
    cast = example.company()
    example.record(owner=cast.olga)
    case = open_case(cast)
    cover(case, cast)
    page = text(reader(cast.mei), f"/cases/{case}/book/")
    at = "2026-04-09T09:00:00+00:00"
    assert f'interim, until <time datetime="{at}">9 Apr 2026, 09:00</time>' in page


def test_a_long_book_is_read_in_pages() -> None:
    cast = example.company()
    example.records(how_many=120, owner=cast.olga)
    client = reader(cast.mei)
    case = open_case(cast)
    book = f"/cases/{case}/book/"
    first, last = text(client, book), text(client, f"{book}?page=3")
    assert "1 to 50 of 120" in first
    assert "101 to 120 of 120" in last
    assert last.count('<th scope="row">Record ') == 20


@pytest.mark.parametrize("page", ["0", "4", "-1", "x", "²", "9" * 40])
def test_a_page_that_is_not_there_is_not_found(page: str) -> None:
    cast = example.company()
    example.records(how_many=120, owner=cast.olga)
    response = reader(cast.mei).get(f"/cases/{open_case(cast)}/book/", {"page": page})
    assert response.status_code == 404


def test_the_plan_says_who_gets_what_and_why_with_its_digest(olga: Site) -> None:
    page = text(reader(olga.cast.ada), f"/plans/{olga.plan}/")
    for said in ("Kenji Sato", olga.digest, "Customer 1", "fair share of value"):
        assert said in page
    assert f"/cases/{olga.case}/" in page


def test_the_plan_names_the_next_step_of_each_state() -> None:
    cast = example.company()
    example.record(owner=cast.olga)
    case = open_case(cast)
    plan = propose(case, cast)
    client, path = reader(cast.mei), f"/plans/{plan.plan}/"
    assert "Send for approval" in text(client, path)
    planning.send(plan_id=plan.plan, actor=cast.mei, now=NOW, reason="")
    assert "waiting for approval" in text(client, path)
    planning.approve(plan_id=plan.plan, approver=cast.ada, now=NOW, reason="Fair")
    assert f'href="/plans/{plan.plan}/commit/"' in text(client, path)
    done = planning.commit(
        plan_id=plan.plan, digest=plan.digest, actor=cast.mei, now=NOW, reason="Go"
    )
    assert f'href="/receipts/{done.commit}/"' in text(client, path)
    undone = planning.undo(entry_id=done.commit, actor=cast.mei, now=NOW, reason="No")
    assert "carried out and taken back" in text(client, path)
    planning.undo(entry_id=undone.undo, actor=cast.mei, now=NOW, reason="Yes")
    assert "carried out and taken back" not in text(client, path)


def test_a_plan_that_was_followed_by_another_leads_there() -> None:
    cast = example.company()
    example.record(owner=cast.olga)
    case = open_case(cast)
    first, second = propose(case, cast), propose(case, cast)
    page = text(reader(cast.mei), f"/plans/{first.plan}/")
    assert "There is a later plan" in page
    assert f'href="/plans/{second.plan}/"' in page


def test_what_nobody_could_take_comes_first() -> None:
    cast = example.company()
    example.records(how_many=110, owner=cast.olga)
    case = open_case(cast)
    page = text(reader(cast.mei), f"/plans/{propose(case, cast).plan}/")
    decisions = page[page.index('id="decisions"') :]
    first = decisions[: decisions.index("</tr>", decisions.index("<tbody"))]
    assert "fits nobody" in first


def test_the_receipt_shows_before_and_after(olga: Site) -> None:
    page = text(reader(olga.cast.mei), f"/receipts/{olga.commit}/")
    assert "8 records have changed hands" in page
    assert "Mei Lin" in page
    assert "Kenji Sato" in page


def test_the_receipt_comes_as_csv_and_as_json_with_the_same_content(olga: Site) -> None:
    client = reader(olga.cast.mei)
    as_csv = client.get(f"/receipts/{olga.commit}.csv")
    as_json = client.get(f"/receipts/{olga.commit}.json")
    lines = list(csv.DictReader(io.StringIO(as_csv.content.decode("utf-8-sig"))))
    assert lines == json.loads(as_json.content)["rows"]
    assert len(lines) == 8
    assert as_csv["Content-Disposition"] == f'attachment; filename="receipt-{olga.commit}.csv"'


def test_no_cell_of_a_receipt_is_calculated_by_a_spreadsheet() -> None:
    cast = example.company()
    example.record(owner=cast.olga, name="=HYPERLINK(1)")
    case = open_case(cast)
    plan = propose(case, cast)
    planning.approve(plan_id=plan.plan, approver=cast.ada, now=NOW, reason="Fair")
    done = planning.commit(
        plan_id=plan.plan, digest=plan.digest, actor=cast.mei, now=NOW, reason="Go"
    )
    found = reader(cast.mei).get(f"/receipts/{done.commit}.csv").content.decode()
    assert ",'=HYPERLINK(1)," in found


@pytest.mark.breaks_invariants
def test_an_entry_that_changed_no_owner_has_no_receipt(olga: Site) -> None:
    client = reader(olga.cast.mei)
    opened = example.entry(kind="note", chain=f"case:{olga.case}")
    elsewhere = example.entry(kind="commit", chain="example", receipt_sha256="0")
    for number in (opened.pk, elsewhere.pk, 10**15):
        assert client.get(f"/receipts/{number}/").status_code == 404


@pytest.mark.parametrize("accounts", [1, 9])
@pytest.mark.parametrize(
    ("path", "statements"),
    [("/cases/", 9), ("/cases/{case}/", 26), ("/plans/{plan}/", 25), ("/receipts/{commit}/", 12)],
)
def test_a_page_takes_as_many_statements_however_much_it_shows(
    path: str,
    statements: int,
    accounts: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    found = site(accounts=accounts)
    client = reader(found.cast.mei)
    address = path.format(case=found.case, plan=found.plan, commit=found.commit)
    with django_assert_num_queries(statements):
        text(client, address)


def test_what_people_wrote_is_never_markup() -> None:
    cast = example.company()
    example.record(owner=cast.olga, name="<script>alert(1)</script>")
    page = text(reader(cast.mei), f"/cases/{open_case(cast)}/")
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_an_account_without_a_person_finds_nothing() -> None:
    client = Client()
    client.force_login(User.objects.create_user("nobody"))
    assert client.get("/")["Location"] == "/session/?next=/"


def test_who_has_left_finds_nothing_any_more(olga: Site) -> None:
    client = reader(olga.cast.sam)
    text(client, "/")
    example.leave(person=olga.cast.sam)
    assert client.get("/")["Location"] == "/session/?next=/"


def test_a_page_comes_packed_to_a_browser_that_unpacks(olga: Site) -> None:
    client = reader(olga.cast.mei)
    packed = client.get("/cases/", headers={"accept-encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert b"Olga Petrova" in gzip.decompress(packed.content)
    assert len(packed.content) < len(client.get("/cases/").content) / 2
