"""Opening, covering, withdrawing and ending departures."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries
from tests import example
from tests.example import NOW, Cast

from legato.books.models import Item, Record
from legato.departures import operations
from legato.departures.models import Case
from legato.departures.operations import Opened
from legato.departures.queries import standing
from legato.domain.departure import (
    Announcement,
    LastDayBeforeNotice,
    LastDayBeforeStart,
    LastDayNeeded,
    LastDayPast,
    ReturnBeforeLastDay,
)
from legato.domain.errors import NotFound
from legato.ledger.operations import KeyAlreadyUsed
from legato.people import operations as staff
from legato.people.models import Employment, Hold, Person
from legato.people.operations import NotEmployed
from legato.people.queries import MayNotManage, NoLastResort
from legato.planning.operations import undo

LAST_DAY = date(2026, 4, 30)


@pytest.fixture
def cast(db: None) -> Cast:
    return example.company()


def opened(cast: Cast, *, key: str | None = None, **said: Any) -> Opened:
    announced: dict[str, object] = {"kind": "resignation", "last_day": LAST_DAY}
    return operations.open_case(
        person_id=cast.olga,
        announced=Announcement(**(announced | said)),  # type: ignore[arg-type]
        actor=cast.mei,
        now=NOW,
        reason="She told me",
        key=key,
    )


def test_opening_places_a_hold_and_lists_the_book(cast: Cast) -> None:
    account = example.record(owner=cast.olga)
    example.record(owner=cast.olga, kind="opportunity", account=account.pk, value=Decimal(100))
    closed = example.record(owner=cast.olga, kind="opportunity", is_open=False, outcome="won")
    example.record(owner=cast.kenji)
    case = Case.objects.get(pk=opened(cast).case)
    listed = set(Item.objects.filter(book=case.book).values_list("record_id", flat=True))
    assert listed == set(
        Record.objects.filter(owner=cast.olga, is_open=True).values_list("pk", flat=True)
    )
    assert closed.pk not in listed
    assert Hold.objects.get(person=cast.olga, released_at=None).why == "departure"
    assert Employment.objects.get(person=cast.olga).ends_on == LAST_DAY


def test_the_inventory_counts_by_kind_and_heat(cast: Cast) -> None:
    account = example.record(owner=cast.olga)
    example.record(
        owner=cast.olga, kind="opportunity", account=account.pk, value=Decimal(100), depth="late",
        touched_at=NOW,
    )  # fmt: skip
    example.record(owner=cast.olga, kind="opportunity", value=Decimal(30), touched_at=NOW)
    example.record(owner=cast.olga, kind="opportunity")
    lines = opened(cast).inventory
    deals = lines["opportunity"]
    assert (deals.count, deals.value, deals.unknown_value) == (3, Decimal(130), 1)
    assert (deals.hot, deals.warm, deals.cold) == (1, 1, 1)
    assert (lines["account"].count, lines["account"].hot) == (1, 1)
    assert lines["account"].value == Decimal(100)


def test_an_accounts_value_adds_what_was_won_in_the_last_twelve_months(cast: Cast) -> None:
    account = example.record(owner=cast.olga)
    for closed_on, amount in ((NOW.date(), 10), (date(2025, 3, 1), 1000), (date(2027, 1, 1), 5000)):
        example.record(
            owner=cast.kenji, kind="opportunity", account=account.pk, is_open=False,
            outcome="won", value=Decimal(amount), closed_on=closed_on,
        )  # fmt: skip
    assert opened(cast).inventory["account"].value == Decimal(10)


def test_records_are_told_apart_by_whose_account_they_are_on(cast: Cast) -> None:
    own, other = example.record(owner=cast.olga), example.record(owner=cast.kenji)
    for account in (own.pk, other.pk, other.pk, None):
        example.record(owner=cast.olga, kind="opportunity", account=account)
    assert opened(cast).placed["opportunity"] == {
        "on_own_accounts": 1,
        "on_others_accounts": 2,
        "without_account": 1,
    }


def test_what_burns_is_due_within_48_hours_or_overdue(cast: Cast) -> None:
    due = [NOW - timedelta(days=3), NOW + timedelta(hours=47), NOW + timedelta(hours=49)]
    promises = [
        example.record(owner=cast.olga, kind="commitment", due_at=each).pk for each in reversed(due)
    ]
    assert [each.id for each in opened(cast).burning] == [promises[2], promises[1]]


def test_a_second_case_for_the_same_person_is_refused(cast: Cast) -> None:
    first = opened(cast)
    with pytest.raises(operations.CaseAlreadyOpen) as refused:
        opened(cast)
    assert refused.value.facts["case"] == first.case


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"last_day": date(2026, 3, 30)}, LastDayPast),
        ({"notice_on": date(2026, 5, 1)}, LastDayBeforeNotice),
        ({"return_on": LAST_DAY, "kind": "leave"}, ReturnBeforeLastDay),
        ({"last_day": None, "already_gone": True}, LastDayNeeded),
        ({"last_day": date(2006, 3, 31), "already_gone": True}, LastDayBeforeStart),
    ],
)
def test_days_that_contradict_each_other_are_refused(
    cast: Cast, said: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        opened(cast, **said)
    assert not Case.objects.exists()
    assert not Hold.objects.exists()


def test_the_last_day_is_judged_in_the_leavers_own_time_zone(cast: Cast) -> None:
    Person.objects.filter(pk=cast.olga).update(time_zone="Pacific/Honolulu")
    early = datetime(2026, 4, 1, 3, tzinfo=UTC)
    operations.open_case(
        person_id=cast.olga,
        announced=Announcement(kind="resignation", last_day=date(2026, 3, 31)),
        actor=cast.mei,
        now=early,
        reason="",
    )


def test_without_a_person_of_last_resort_nothing_is_opened(db: None) -> None:
    mei = example.person(name="Mei Lin", role="manager")
    olga = example.person(name="Olga Petrova", manager=mei)
    with pytest.raises(NoLastResort):
        operations.open_case(
            person_id=olga,
            announced=Announcement(kind="resignation", last_day=None),
            actor=mei,
            now=NOW,
            reason="",
        )


def test_neither_the_leaver_nor_a_rep_opens_a_departure(cast: Cast) -> None:
    for actor in (cast.olga, cast.ivo):
        with pytest.raises(MayNotManage):
            operations.open_case(
                person_id=cast.olga,
                announced=Announcement(kind="resignation", last_day=None),
                actor=actor,
                now=NOW,
                reason="",
            )


def test_who_has_already_gone_is_covered_by_the_manager_at_once(cast: Cast) -> None:
    record = example.record(owner=cast.olga)
    found = opened(cast, last_day=date(2026, 3, 27), already_gone=True)
    record.refresh_from_db()
    assert (found.covered_by, record.owner_id) == (cast.mei, cast.mei)
    assert record.interim_until is not None
    assert not Person.objects.get(pk=cast.olga).is_employed
    with pytest.raises(NotEmployed):
        opened(cast)


def test_a_leave_does_not_end_the_employment(cast: Cast) -> None:
    found = opened(cast, kind="leave", return_on=date(2026, 9, 1))
    assert operations.end_last_day(case_id=found.case, now=NOW + timedelta(days=60)) is None
    assert Person.objects.get(pk=cast.olga).is_employed
    assert Employment.objects.get(person=cast.olga).ends_on is None


def test_the_last_day_ends_with_everything_left_under_the_managers_cover(cast: Cast) -> None:
    record = example.record(owner=cast.olga)
    found = opened(cast)
    during = datetime(2026, 4, 30, 20, tzinfo=UTC)
    assert operations.end_last_day(case_id=found.case, now=during) is None
    after = datetime(2026, 5, 1, 3, tzinfo=UTC)
    assert operations.end_last_day(case_id=found.case, now=after) == 1
    assert operations.end_last_day(case_id=found.case, now=after) is None
    record.refresh_from_db()
    assert record.owner_id == cast.mei
    assert not Person.objects.get(pk=cast.olga).is_employed


def test_the_last_day_ends_at_midnight_where_the_leaver_is(cast: Cast) -> None:
    Person.objects.filter(pk=cast.olga).update(time_zone="Pacific/Honolulu")
    case = opened(cast).case
    still_april = datetime(2026, 5, 1, 9, tzinfo=UTC)
    assert operations.end_last_day(case_id=case, now=still_april) is None
    assert operations.end_last_day(case_id=case, now=still_april + timedelta(hours=1)) == 0


def test_a_case_opened_again_with_the_same_key_is_the_same_case(cast: Cast) -> None:
    account = example.record(owner=cast.olga)
    deal = example.record(owner=cast.olga, kind="opportunity", value=Decimal("100.50"))
    example.record(owner=cast.olga, kind="commitment", account=account.pk, due_at=NOW)
    first = opened(cast, key="gone")
    assert (len(first.burning), first.inventory["opportunity"].value) == (1, deal.value)
    assert opened(cast, key="gone") == first
    assert Case.objects.count() == 1


def test_a_key_opens_no_other_case(cast: Cast) -> None:
    opened(cast, key="gone")
    with pytest.raises(KeyAlreadyUsed):
        opened(cast, key="gone", last_day=LAST_DAY + timedelta(days=1))
    with pytest.raises(KeyAlreadyUsed):
        operations.open_case(
            person_id=cast.kenji, announced=Announcement(kind="resignation", last_day=LAST_DAY),
            actor=cast.mei, now=NOW, reason="", key="gone",
        )  # fmt: skip


def test_a_cover_takes_the_book_and_can_be_taken_back(cast: Cast) -> None:
    record = example.record(owner=cast.olga)
    found = opened(cast)
    until = NOW + timedelta(days=10)
    covered = operations.cover(
        case_id=found.case, by=cast.kenji, until=until, actor=cast.mei, now=NOW, reason=""
    )
    record.refresh_from_db()
    assert (covered.records, record.owner_id, record.interim_until) == (1, cast.kenji, until)
    undone = undo(entry_id=covered.cover, actor=cast.mei, now=NOW, reason="")
    record.refresh_from_db()
    assert (undone.restored, record.owner_id, record.interim_until) == (1, cast.olga, None)


def test_who_covers_already_covers_until_another_end_with_what_came_meanwhile(cast: Cast) -> None:
    record = example.record(owner=cast.olga)
    found = opened(cast)
    said = {"case_id": found.case, "by": cast.kenji, "actor": cast.mei, "reason": ""}
    ends = [NOW + timedelta(days=days) for days in (10, 20)]
    operations.cover(**said, until=ends[0], now=NOW)  # type: ignore[arg-type]
    example.record(owner=cast.kenji, kind="opportunity", account=record.pk)
    longer = operations.cover(**said, until=ends[1], now=NOW)  # type: ignore[arg-type]
    record.refresh_from_db()
    assert (longer.records, record.owner_id, record.interim_until) == (1, cast.kenji, ends[1])
    matters = standing(case_id=found.case, now=NOW).matters
    assert {each.code: dict(each.facts) for each in matters}["to_plan"]["records"] == 2
    assert operations.cover(**said, until=ends[1], now=NOW).records == 0  # type: ignore[arg-type]
    assert undo(entry_id=longer.cover, actor=cast.mei, now=NOW, reason="").restored == 1
    record.refresh_from_db()
    assert (record.owner_id, record.interim_until) == (cast.kenji, ends[0])


def test_a_cover_by_the_same_key_happens_once(cast: Cast) -> None:
    example.record(owner=cast.olga)
    found = opened(cast)
    said = {"case_id": found.case, "by": cast.kenji, "until": NOW + timedelta(days=10)}
    first, again = (
        operations.cover(**said, actor=cast.mei, now=NOW, reason="", key="cover-1")  # type: ignore[arg-type]
        for _time in range(2)
    )
    assert first == again


@pytest.mark.parametrize(("who", "why"), [("olga", "is_leaver"), ("ivo", "held")])
def test_nobody_covers_who_leaves_or_is_held(cast: Cast, who: str, why: str) -> None:
    found = opened(cast)
    operations.open_case(
        person_id=cast.ivo,
        announced=Announcement(kind="leave", last_day=None),
        actor=cast.mei,
        now=NOW,
        reason="",
    )
    with pytest.raises(operations.CannotCover) as refused:
        operations.cover(
            case_id=found.case, by=getattr(cast, who), until=NOW + timedelta(days=1),
            actor=cast.mei, now=NOW, reason="",
        )  # fmt: skip
    assert refused.value.facts["why"] == why


def test_a_cover_ends_later_than_it_begins(cast: Cast) -> None:
    found = opened(cast)
    with pytest.raises(operations.CoverEndsPast):
        operations.cover(
            case_id=found.case, by=cast.kenji, until=NOW, actor=cast.mei, now=NOW, reason=""
        )


def test_a_withdrawn_departure_frees_the_person(cast: Cast) -> None:
    found = opened(cast)
    operations.withdraw(case_id=found.case, actor=cast.mei, now=NOW, reason="She stays")
    assert not Hold.objects.filter(person=cast.olga, released_at=None).exists()
    assert Employment.objects.get(person=cast.olga).ends_on is None
    with pytest.raises(operations.CaseClosed):
        operations.withdraw(case_id=found.case, actor=cast.mei, now=NOW, reason="")
    assert opened(cast).case != found.case


def test_a_withdrawal_brings_back_what_was_covered_and_says_what_others_have(cast: Cast) -> None:
    record, given = example.record(owner=cast.olga), example.record(owner=cast.olga)
    found = opened(cast)
    said = {"case_id": found.case, "actor": cast.mei, "now": NOW, "reason": ""}
    operations.cover(by=cast.kenji, until=NOW + timedelta(days=1), **said)  # type: ignore[arg-type]
    example.give(record=given.pk, to=cast.ivo)
    withdrawn = operations.withdraw(**said)  # type: ignore[arg-type]
    record.refresh_from_db()
    assert (withdrawn.returned, withdrawn.elsewhere) == (1, 1)
    assert (record.owner_id, record.interim_until) == (cast.olga, None)


def test_who_has_gone_does_not_stay(cast: Cast) -> None:
    found = opened(cast, last_day=date(2026, 3, 27), already_gone=True)
    with pytest.raises(NotEmployed):
        operations.withdraw(case_id=found.case, actor=cast.mei, now=NOW, reason="")


def test_an_unknown_case_is_not_found(cast: Cast) -> None:
    with pytest.raises(NotFound):
        operations.withdraw(case_id=404, actor=cast.mei, now=NOW, reason="")


@pytest.mark.parametrize("records", [5, 500])
def test_opening_takes_the_same_statements_for_any_book(
    cast: Cast, records: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    example.records(how_many=records, owner=cast.olga)
    with django_assert_max_num_queries(35):
        opened(cast)


def test_the_sweep_ends_every_last_day_that_is_over_and_no_other(cast: Cast) -> None:
    opened(cast)
    operations.open_case(
        person_id=cast.ivo,
        announced=Announcement(kind="resignation", last_day=date(2026, 6, 30)),
        actor=cast.mei,
        now=NOW,
        reason="",
    )
    after = datetime(2026, 5, 2, 3, tzinfo=UTC)
    assert [operations.end_last_days(now=after) for _time in range(2)] == [1, 0]
    assert Person.objects.get(pk=cast.ivo).is_employed


def test_the_person_of_last_resort_stays_until_another_is_named_and_keeps_nobody_else(
    cast: Cast,
) -> None:
    for person in (cast.ada, cast.olga):
        operations.open_case(
            person_id=person,
            announced=Announcement(kind="resignation", last_day=LAST_DAY),
            actor=cast.mei,
            now=NOW,
            reason="",
        )
    after = datetime(2026, 5, 2, 3, tzinfo=UTC)
    assert operations.end_last_days(now=after) == 1
    assert list(Person.objects.filter(pk__in=(cast.ada, cast.olga), is_employed=True)) == [
        Person.objects.get(pk=cast.ada)
    ]
    staff.name_last_resort(person=cast.mei, now=after, actor=None)
    assert operations.end_last_days(now=after) == 1
