"""Giving by hand while somebody opens the departure of who has the records."""

import pytest
from tests import example
from tests.at_once import in_turn
from tests.example import NOW
from tests.pages import open_case

from legato.books import looks
from legato.books.models import Record
from legato.departures import operations
from legato.departures.operations import Given, NothingToGive, SelectionChanged
from legato.postgres.addresses import Addresses
from legato.web.checks import check_all


@pytest.fixture
def cast(fresh_database: Addresses) -> example.Cast:
    return example.company()


def give(cast: example.Cast, record: Record, *, seen: int = 1) -> Given:
    return operations.give(
        records=[record.pk], to=cast.kenji, along=False, seen=seen, actor=cast.mei, now=NOW,
        reason="By hand",
    )  # fmt: skip


def test_who_gives_waits_for_an_opening_and_finds_the_record_in_the_departure(
    cast: example.Cast, fresh_database: Addresses
) -> None:
    record = example.record(owner=cast.olga)
    opening, giving = in_turn(
        fresh_database.owner,
        lambda: open_case(cast),
        lambda: give(cast, record),
        first="LOCK TABLE books_item IN SHARE MODE",
    )
    assert opening.result()
    with pytest.raises(SelectionChanged):
        giving.result()
    assert Record.objects.get(pk=record.pk).owner_id == cast.olga
    assert [each.rows for each in check_all() if each.count] == []


def test_an_opening_waits_for_who_gives_and_does_not_list_what_has_gone(
    cast: example.Cast, fresh_database: Addresses
) -> None:
    record, kept = example.record(owner=cast.olga), example.record(owner=cast.olga)
    giving, opening = in_turn(
        fresh_database.owner,
        lambda: give(cast, record),
        lambda: open_case(cast),
        first="LOCK TABLE ledger_entry IN SHARE MODE",
    )
    assert giving.result().moved == 1
    case = opening.result()
    with pytest.raises(NothingToGive):
        give(cast, kept, seen=0)
    assert case
    assert Record.objects.get(pk=record.pk).owner_id == cast.kenji
    assert [each.rows for each in check_all() if each.count] == []


def test_one_name_kept_twice_at_once_is_said_to_be_taken(
    cast: example.Cast, fresh_database: Addresses
) -> None:
    def keep(key: str) -> int:
        return looks.keep(
            look=None, name="Mine", query="", is_shared=False, is_pinned=False, actor=cast.mei,
            now=NOW, reason="", key=key,
        )  # fmt: skip

    first, second = in_turn(
        fresh_database.owner,
        lambda: keep("a"),
        lambda: keep("b"),
        first="LOCK TABLE ledger_entry IN SHARE MODE",
    )
    assert first.result()
    with pytest.raises(looks.LookNameTaken):
        second.result()
