"""The chance of loss in SQL, by which lists are sifted and drawn, is that of the rule."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import product

import pytest
from django.test import Client
from tests import example
from tests.example import NOW, Cast
from tests.pages import reader

from legato.books import lines as listing
from legato.books.lines import Scope
from legato.books.sifting import ZONE_DAYS, question, shape
from legato.domain.exposure import BANDS
from legato.domain.policy import HeatRule
from legato.web.charts.scatter import Spot as Drawn
from legato.web.charts.scatter import scatter
from legato.web.lists import Asked, asked

pytestmark = pytest.mark.django_db
MANY = 10_000


@pytest.fixture
def cast() -> Cast:
    """Olga's customers in every state that the rule looks at."""
    cast = example.company()
    days = [None, 3, 40, 200]
    for number, (touched, promise, other) in enumerate(
        product(days, [None, -2, 5, "undated"], [False, True])
    ):
        at = NOW - timedelta(days=touched) if touched is not None else None
        customer = example.record(owner=cast.olga, touched_at=at, name=f"Customer {number}")
        example.record(
            owner=cast.olga, kind="opportunity", account=customer.pk, touched_at=at,
            value=Decimal(100 + number), depth="late" if number % 3 else "",
            due_at=NOW + timedelta(days=20 * (number % 8) - 20) if number % 4 else None,
        )  # fmt: skip
        if promise is not None:
            due = None if promise == "undated" else NOW + timedelta(days=int(str(promise)))
            example.record(owner=cast.olga, kind="commitment", account=customer.pk, due_at=due)
        if other:
            example.record(owner=cast.kenji, kind="ticket", account=customer.pk)
    example.record(owner=cast.olga, kind="lead", touched_at=NOW)
    example.record(owner=cast.olga, is_open=False)
    return cast


def scopes(cast: Cast) -> list[Scope]:
    """Olga's records as her own, and as the book of a departure to a competitor."""
    rule = HeatRule()
    book = example.book(holder=cast.olga, heat="hot").pk
    return [
        Scope(rule=rule, owners=(cast.olga,)),
        Scope(rule=rule, book=book, destination="yes"),
        Scope(rule=rule, book=book, destination="unknown"),
    ]


def of(query: dict[str, str]) -> Asked:
    shaped = shape(hours=48, owners=[], of_case=True)
    return asked({name: [value] for name, value in query.items()}, shaped)


def found(scope: Scope, **query: str) -> set[int]:
    wanted = question(of(query), now=NOW, soon=48)
    ids = set(listing.ids(scope, wanted, limit=MANY))
    assert listing.count(scope, wanted) == len(ids)
    return ids


def test_each_band_has_the_records_whose_reasons_add_up_to_it(cast: Cast) -> None:
    for scope in scopes(cast):
        everything = listing.lines(scope, sorted(found(scope)), now=NOW)
        chances = {each.record: each.exposure.chance for each in everything if each.exposure}
        assert len(set(chances.values())) > 5
        for number, (first, below) in enumerate(BANDS):
            inside = {record for record, chance in chances.items() if first <= chance < below}
            assert found(scope, chance=str(number)) == inside


def test_the_largest_expected_loss_comes_first(cast: Cast) -> None:
    for scope in scopes(cast):
        wanted = question(of({"order": "loss"}), now=NOW, soon=48)
        rows = listing.lines(scope, listing.ids(scope, wanted, limit=MANY), now=NOW)
        losses = [row.exposure.loss for row in rows if row.exposure]
        known = [loss for loss in losses if loss is not None]
        assert known == sorted(known, reverse=True)
        assert losses[: len(known)] == known


def test_each_part_of_the_picture_leads_to_as_many_records_as_it_says(cast: Cast) -> None:
    for scope in scopes(cast):
        wanted = question(of({}), now=NOW, soon=48)
        spots = listing.spots(scope, wanted, one_by_one=True)
        drawn = [
            Drawn(days=each.days, chance=each.chance, heat=each.heat, count=1, value=1.0)
            for each in spots
        ]
        cells = scatter(drawn, bands=BANDS, width=720).cells
        assert sum(cell.count for cell in cells) == len(spots) > 50
        counted = {(cell.zone, cell.band): cell.count for cell in cells}
        for zone, band in product(ZONE_DAYS, range(len(BANDS))):
            inside = found(scope, next=zone, chance=str(band))
            assert len(inside) == counted.get((zone, band), 0), (zone, band)


def test_what_is_counted_together_is_counted_anew_after_any_change(cast: Cast) -> None:
    scope = scopes(cast)[1]
    wanted = question(of({}), now=NOW, soon=48)

    def chances() -> Counter[int]:
        many: Counter[int] = Counter()
        for each in listing.spots(scope, wanted, one_by_one=False):
            many[each.chance] += each.count
        return many

    before = chances()
    assert chances() == before
    example.record(owner=cast.kenji, kind="commitment", account=min(found(scope)), due_at=NOW)
    assert chances() != before
    assert chances().total() == before.total()


def test_who_has_something_of_a_book_is_known(cast: Cast) -> None:
    scope = scopes(cast)[1]
    assert listing.owners(scope) == [cast.olga]
    example.give(record=min(found(scope, kind="lead")), to=cast.kenji)
    assert set(listing.owners(scope)) == {cast.olga, cast.kenji}


def test_the_row_says_its_reasons_in_words(cast: Cast) -> None:
    client: Client = reader(cast.olga)
    page = " ".join(client.get("/book/?kind=account").content.decode().split())
    assert "+25: everything open with the customer is in one hand" in page
    assert "no touch is known" in page


def test_the_last_touch_is_that_of_anybody_with_the_customer() -> None:
    cast = example.company()
    customer = example.record(owner=cast.olga, touched_at=NOW - timedelta(days=300))
    example.record(
        owner=cast.kenji, kind="activity", account=customer.pk, touched_at=datetime.now(UTC)
    )
    scope = Scope(rule=HeatRule(), owners=(cast.olga,))
    assert found(scope, touched="quiet") == set()
