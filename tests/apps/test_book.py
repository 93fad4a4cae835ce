"""The page of a book: what it lists, in which order, and in how many statements."""

from urllib.parse import quote, urlencode

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from tests import example
from tests.example import NOW
from tests.pages import open_case, reader, site

from legato.books import lines
from legato.books.barring import bar
from legato.books.models import Look, Record
from legato.ledger.models import Entry
from legato.people.queries import policy

pytestmark = pytest.mark.django_db


def text(client: Client, path: str) -> str:
    """A page as it reads, which must be there."""
    response = client.get(path)
    assert response.status_code == 200, path
    return " ".join(response.content.decode().split())


def rows(page: str) -> str:
    return page[page.index('id="records-rows"') :]


def test_who_looks_sees_the_own_open_records_and_nobody_elses() -> None:
    cast = example.company()
    example.record(owner=cast.kenji, name="Mine")
    example.record(owner=cast.kenji, name="Mine, closed", is_open=False)
    example.record(owner=cast.ivo, name="Of somebody else")
    page = text(reader(cast.kenji), "/book/")
    assert "Mine" in page
    assert "Mine, closed" not in page
    assert "Of somebody else" not in page
    assert "of=team" not in page


def test_a_manager_sees_the_books_of_those_below_and_of_nobody_else() -> None:
    cast = example.company()
    example.record(owner=cast.kenji, name="Of the team")
    example.record(owner=cast.ivo, name="Of another team")
    page = text(reader(cast.mei), "/book/?of=team")
    assert "Of the team" in page
    assert "Of another team" not in page
    assert reader(cast.kenji).get("/book/?of=team").status_code == 404


def test_the_book_of_a_case_lists_everything_with_its_count() -> None:
    olga = site()
    page = text(reader(olga.cast.mei), f"/cases/{olga.case}/book/")
    assert "Book of Olga Petrova" in page
    assert "8 records" in page


@pytest.mark.parametrize(
    "query",
    [
        "", "?heat=hot", "?kind=account", "?due=soon", "?next=next90", "?due=none", "?next=later",
        "?next=none", "?next=overdue",
        "?chance=0", "?chance=3", "?worth=unknown", "?touched=quiet", "?touched=never",
        "?ties=one", "?order=loss", "?order=due", "?order=name", "?order=value", "?group=heat",
        "?group=kind", "?group=owner", "?search=customer", "?rows=close",
    ],
)  # fmt: skip
def test_everything_that_can_be_asked_is_answered(query: str) -> None:
    olga = site()
    text(reader(olga.cast.mei), f"/cases/{olga.case}/book/{query}")
    example.record(owner=olga.cast.mei)
    text(reader(olga.cast.mei), f"/book/{query}")
    text(reader(olga.cast.mei), f"/book/{query}{'&' if query else '?'}of=team")


@pytest.mark.parametrize(
    "query", ["", "?order=loss&group=owner", "?due=soon", "?chance=0&next=none&search=x"]
)
def test_a_page_takes_as_many_statements_for_many_records_as_for_few(
    query: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    cast = example.company()
    held = [example.record(owner=cast.olga) for _number in range(3)]
    example.records(how_many=200, owner=cast.olga)
    example.record(owner=cast.olga, kind="commitment", account=held[0].pk, due_at=NOW)
    client, case = reader(cast.mei), open_case(cast)
    client.get(f"/cases/{case}/book/{query}")
    with django_assert_max_num_queries(17):
        client.get(f"/cases/{case}/book/{query}")


def found(cast: example.Cast, query: str) -> set[str]:
    """The names that a query of Olga's own list finds."""
    page = rows(text(reader(cast.olga), f"/book/{query}"))
    return {name for name in NAMES if name in page}


NAMES = ("さくら食品", "Ёлка", "Ｆｕｌｌ Width", "100% Wool", "上海骨科")


@pytest.mark.parametrize(
    ("search", "name"),
    [("食品", "さくら食品"), ("елка", "Ёлка"), ("full w", "Ｆｕｌｌ Width"), ("0%", "100% Wool"),
     ("骨科", "上海骨科")],
)  # fmt: skip
def test_a_name_is_found_by_two_letters_in_any_script(search: str, name: str) -> None:
    cast = example.company()
    for each in NAMES:
        example.record(owner=cast.olga, name=each)
    assert found(cast, f"?search={quote(search)}") == {name}


def give(client: Client, records: list[int], to: int, **more: str) -> str:
    """What the page says before, as somebody sees it."""
    query = urlencode(
        [*(("record", str(each)) for each in records), ("to", str(to)), *more.items()]
    )
    return text(client, f"/book/give/?of=team&{query}")


def given(client: Client, records: list[int], to: int, seen: int, **more: str) -> int:
    """The status of doing it."""
    answer = client.post(
        "/book/give/",
        {"of": "team", "record": records, "to": to, "seen": seen, "key": "one", **more},
    )
    return answer.status_code


def test_what_is_given_goes_along_with_its_account_is_told_and_can_be_taken_back() -> None:
    cast = example.company()
    account = example.record(owner=cast.olga, name="Customer")
    deal = example.record(owner=cast.olga, kind="opportunity", account=account.pk)
    theirs = example.record(owner=cast.ivo, kind="ticket", account=account.pk)
    mei = reader(cast.mei)
    page = give(mei, [account.pk], cast.kenji, along="yes")
    assert "2 records change hands and go to" in page
    assert given(mei, [account.pk], cast.kenji, 2, along="yes") == 303
    assert {owner(account), owner(deal)} == {cast.kenji}
    assert owner(theirs) == cast.ivo
    entry = Entry.objects.get(kind="given")
    assert "2 records have their new owners" in text(mei, "/book/?of=team")
    assert "Kenji Sato" in text(mei, f"/receipts/{entry.pk}/")
    assert mei.post(f"/receipts/{entry.pk}/undo/", {"key": "two"}).status_code == 303
    assert {owner(account), owner(deal)} == {cast.olga}


def test_given_twice_is_given_once() -> None:
    cast = example.company()
    account = example.record(owner=cast.olga)
    for _time in range(2):
        assert given(reader(cast.mei), [account.pk], cast.kenji, 1) == 303
    assert Entry.objects.filter(kind="given").count() == 1


def test_records_of_an_open_departure_stay_and_the_page_says_why() -> None:
    cast = example.company()
    account, other = example.record(owner=cast.olga), example.record(owner=cast.kenji)
    open_case(cast)
    mei = reader(cast.mei)
    nina = example.person(name="Nina", manager=cast.mei)
    page = give(mei, [account.pk, other.pk], nina)
    assert "1 record changes hands" in page
    assert "of a departure: planned there" in page
    assert given(mei, [account.pk], nina, 0) == 409
    assert given(mei, [account.pk, other.pk], nina, 1) == 303
    assert (owner(account), owner(other)) == (cast.olga, nina)


def test_nothing_is_given_to_who_leaves() -> None:
    cast = example.company()
    account = example.record(owner=cast.kenji)
    open_case(cast)
    assert given(reader(cast.mei), [account.pk], cast.olga, 1) == 409
    assert owner(account) == cast.kenji


@pytest.mark.parametrize("barred", ["account", "deal"])
def test_who_has_a_conflict_of_interest_with_it_or_its_account_is_not_given_it(
    barred: str,
) -> None:
    cast = example.company()
    account = example.record(owner=cast.olga, name="Customer")
    deal = example.record(owner=cast.olga, kind="opportunity", account=account.pk)
    about = {"account": account, "deal": deal}[barred]
    bar(person=cast.kenji, record_id=about.pk, actor=cast.mei, now=NOW, reason="A cousin")
    mei = reader(cast.mei)
    assert "a conflict of interest" in give(mei, [deal.pk], cast.kenji)
    assert given(mei, [deal.pk], cast.kenji, 1) == 409
    assert owner(deal) == cast.olga


def test_what_differs_from_what_was_shown_is_refused() -> None:
    cast = example.company()
    account = example.record(owner=cast.olga)
    assert given(reader(cast.mei), [account.pk], cast.kenji, 2) == 409
    assert owner(account) == cast.olga


def test_a_manager_gives_nothing_of_another_team_and_does_not_learn_its_names() -> None:
    cast = example.company()
    account = example.record(owner=cast.ivo, name="A secret customer")
    mei = reader(cast.mei)
    assert "A secret customer" not in give(mei, [account.pk], cast.kenji)
    assert given(mei, [account.pk], cast.kenji, 1) == 409
    assert owner(account) == cast.ivo


def test_all_that_match_are_given_without_being_named() -> None:
    cast = example.company()
    example.records(how_many=120, owner=cast.olga)
    example.record(owner=cast.olga, kind="ticket")
    mei = reader(cast.mei)
    assert "120 records change hands" in give(mei, [], cast.kenji, all="yes", kind="account")
    assert given(mei, [], cast.kenji, 120, all="yes", kind="account") == 303
    assert Record.objects.filter(owner=cast.kenji).count() == 120


def kept(client: Client, name: str, query: str = "heat=hot", **more: str) -> int:
    """The status of keeping a view."""
    asked = {"name": name, "query": query, "back": "/book/", **more}
    return client.post("/book/views/new/", asked).status_code


def test_a_kept_view_stands_among_the_views_until_it_is_kept_no_longer() -> None:
    cast = example.company()
    olga = reader(cast.olga)
    assert "heat=hot" in text(olga, "/book/views/new/?heat=hot")
    assert kept(olga, "My hot ones", pinned="yes") == 303
    assert ">My hot ones" in text(olga, "/book/")
    assert "Change this view" in text(olga, "/book/?heat=hot")
    number = Look.objects.get().pk
    assert olga.post(f"/book/views/{number}/", {"name": "Hot"}).status_code == 303
    assert ">Hot</a>" in text(olga, "/book/")
    assert olga.post(f"/book/views/{number}/", {"remove": "yes"}).status_code == 303
    assert ">Hot</a>" not in text(olga, "/book/")
    assert olga.get(f"/book/views/{number}/").status_code == 404


def test_a_shared_view_is_seen_by_the_team_which_cannot_change_it() -> None:
    cast = example.company()
    kept(reader(cast.olga), "For us", shared="yes")
    kept(reader(cast.olga), "For me")
    kenji = text(reader(cast.kenji), "/book/?heat=hot")
    assert "For us" in kenji
    assert "For me" not in kenji
    assert "Change this view" not in kenji
    assert "For us" not in text(reader(cast.ivo), "/book/")
    for each in Look.objects.all():
        for person in (cast.kenji, cast.ivo, cast.ada):
            assert reader(person).get(f"/book/views/{each.pk}/").status_code == 404
            assert reader(person).post(f"/book/views/{each.pk}/", {"name": "x"}).status_code == 404


def test_a_view_needs_a_name_of_its_own_and_what_was_typed_is_kept() -> None:
    olga = reader(example.company().olga)
    assert kept(olga, "Hot") == 303
    assert kept(olga, " ") == 409
    answer = olga.post("/book/views/new/", {"name": "Hot", "query": "heat=cold", "shared": "yes"})
    assert answer.status_code == 409
    assert 'value="heat=cold"' in answer.content.decode()
    assert Look.objects.count() == 1


def test_a_view_that_a_list_cannot_show_is_left_out_there() -> None:
    cast = example.company()
    example.record(owner=cast.olga)
    mei, case = reader(cast.mei), open_case(cast)
    kept(mei, "Closed ones", query="state=closed")
    assert "Closed ones" in text(mei, f"/cases/{case}/book/")
    assert "Closed ones" not in text(mei, "/book/")


def owner(record: Record) -> int:
    """Who has it now."""
    return int(Record.objects.values_list("owner_id", flat=True).get(pk=record.pk))


def test_a_record_closed_since_its_list_was_asked_for_is_not_on_the_page() -> None:
    cast = example.company()
    closed = example.record(owner=cast.mei, is_open=False)
    there = example.record(owner=cast.mei)
    scope = lines.Scope(rule=policy().heat, owners=(cast.mei,))
    found = lines.lines(scope, [closed.pk, there.pk], now=NOW)
    assert [each.record for each in found] == [there.pk]
