"""Undo: when, of what, by whom. Later work stays, and nobody who left regains anything."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from tests import example
from tests.example import NOW
from tests.pages import reader
from tests.touching import (
    Company,
    accounts,
    company,
    cover,
    depart,
    fingerprint,
    hand_over,
    owners,
    stands,
    told,
    undo,
)

from legato.books.models import Record
from legato.books.operations import GivenLater
from legato.departures import operations as departures
from legato.ledger.models import Entry
from legato.people import operations as staff
from legato.people.models import Person
from legato.planning import operations as planning
from legato.web.checks import check_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def us() -> Company:
    return company()


def sound() -> None:
    """No invariant is broken."""
    assert [each for each in check_all() if each.count] == []


def handed_over(us: Company) -> tuple[int, int, dict[int, int]]:
    """Olga's three accounts with deals are Kenji's: the case, the commit, who had what before."""
    accounts(us.olga)
    case = depart(us, us.olga)
    before = owners()
    return case, hand_over(us, case, to=us.kenji).commit, before


def test_after_a_minute_everything_is_back(us: Company) -> None:
    _case, commit, before = handed_over(us)
    undone = undo(commit, by=us.ada, at=NOW + timedelta(minutes=1))
    assert (undone.restored, undone.conflicts, owners()) == (6, (), before)
    sound()


@pytest.mark.parametrize("hours", [0, 71])
def test_inside_the_window_everything_is_back(us: Company, hours: int) -> None:
    _case, commit, before = handed_over(us)
    at = NOW + timedelta(hours=hours + 1) - timedelta(seconds=1)
    undo(commit, by=us.ada, at=at)
    assert owners() == before


def test_a_second_after_the_window_nothing_is_written(us: Company) -> None:
    _case, commit, _before = handed_over(us)
    now = fingerprint()
    with pytest.raises(planning.UndoTooLate):
        undo(commit, by=us.ada, at=NOW + timedelta(hours=72, seconds=1))
    assert fingerprint() == now
    assert "can_undo" not in told(_case, at=NOW + timedelta(hours=72, seconds=1))


def test_what_others_gave_or_closed_since_stays_as_they_left_it(us: Company) -> None:
    _case, commit, before = handed_over(us)
    given, shut, edited, *_rest = sorted(before)
    example.give(record=given, to=us.juno)
    with transaction.atomic():
        entry = example.entry(kind="edited", actor=us.kenji)
        Record.objects.filter(pk=shut).update(is_open=False, outcome="", entry=entry)
        Record.objects.filter(pk=edited).update(stage="offer", entry=entry)
    undone = undo(commit, by=us.ada)
    assert {each.record: each.why for each in undone.conflicts} == {
        given: "owner_changed_since", shut: "closed_since",
    }  # fmt: skip
    assert owners() == before | {given: us.juno, shut: us.kenji}
    assert Record.objects.get(pk=edited).stage == "offer"
    sound()


def test_an_undo_after_the_successors_departure_was_covered_names_the_cover(us: Company) -> None:
    _case, commit, _before = handed_over(us)
    kenjis = depart(us, us.kenji)
    covered = cover(us, kenjis, us.mei)
    with pytest.raises(planning.LaterChangeFirst) as refused:
        undo(commit, by=us.ada)
    assert refused.value.facts["later"] == covered
    undo(covered, by=us.dana)
    assert undo(commit, by=us.ada).restored == 6


def test_the_undo_of_an_undo_gives_everything_to_the_successor_again(us: Company) -> None:
    case, commit, _before = handed_over(us)
    after = owners()
    first = undo(commit, by=us.ada)
    assert told(case)["to_plan"]["records"] == 6
    undo(first.undo, by=us.ada)
    assert owners() == after
    assert "to_plan" not in told(case)
    sound()


def test_an_undo_of_the_undo_spares_what_was_done_in_between(us: Company) -> None:
    _case, commit, before = handed_over(us)
    first = undo(commit, by=us.ada)
    record = min(before)
    example.give(record=record, to=us.juno)
    second = undo(first.undo, by=us.ada)
    assert [each.record for each in second.conflicts] == [record]
    assert owners()[record] == us.juno


def test_what_an_undo_cannot_give_back_to_who_left_is_kept_listed_and_signed_for(
    us: Company,
) -> None:
    case, commit, _before = handed_over(us)
    after = owners()
    departures.change_case(
        case_id=case, said={"last_day": date(2026, 3, 27), "already_gone": True}, actor=us.dana,
        now=NOW, reason="Gone",
    )  # fmt: skip
    undone = undo(commit, by=us.ada)
    assert undone.restored == 0
    assert {each.why for each in undone.conflicts} == {"owner_has_left"}
    assert owners() == after
    assert told(case)["kept_back"] == {"name": "Kenji Sato", "records": 6, "case": case}
    (rest,) = stands(case).rests
    assert (rest.what, rest.count) == ("kept_back", 6)
    with pytest.raises(departures.StillPoints):
        departures.close_case(case_id=case, actor=us.dana, now=NOW, reason="Done")
    example.give(record=min(after), to=us.juno)
    said: Any = {"case_id": case, "actor": us.dana, "now": NOW, "reason": "Kenji keeps them"}
    assert departures.sign(what="kept_back", number=None, **said).count == 5
    assert "kept_back" not in told(case)
    assert departures.close_case(**said).moved == 6
    sound()


def test_nobody_who_left_is_given_back_even_a_part(us: Company) -> None:
    accounts(us.olga, how_many=1)
    accounts(us.ivo, how_many=1)
    both = [depart(us, us.olga), depart(us, us.ivo)]
    done = hand_over(us, *both, to=us.kenji)
    departures.change_case(
        case_id=both[0], said={"last_day": date(2026, 3, 27), "already_gone": True},
        actor=us.dana, now=NOW, reason="Gone",
    )  # fmt: skip
    undone = undo(done.commit, by=us.ada)
    assert (undone.restored, len(undone.conflicts)) == (2, 2)
    assert us.olga not in owners().values()
    assert told(both[0])["kept_back"]["records"] == 2
    assert "kept_back" not in told(both[1])
    sound()


def test_where_who_proposed_and_who_approved_have_left_their_manager_may_undo(us: Company) -> None:
    _case, commit, before = handed_over(us)
    staff.name_last_resort(person=us.dana, now=NOW, actor=None)
    for who in (us.mei, us.ada):
        example.leave(person=who)
    with pytest.raises(planning.MayNotUndo) as refused:
        undo(commit, by=us.sam)
    assert refused.value.facts["may"] == ["Dana Cruz"]
    undo(commit, by=us.dana)
    assert owners() == before


def test_where_one_of_them_is_still_here_nobody_else_undoes(us: Company) -> None:
    _case, commit, _before = handed_over(us)
    example.leave(person=us.mei)
    with pytest.raises(planning.MayNotUndo) as refused:
        undo(commit, by=us.dana)
    assert refused.value.facts["may"] == [Person.objects.get(pk=us.ada).name]


def test_a_commit_and_its_undo_change_owners_and_nothing_else_of_anything(us: Company) -> None:
    account = accounts(us.olga)[0]
    example.record(owner=us.olga, kind="contact", account=account.pk, email="c@example.com")
    example.record(owner=us.olga, kind="activity", account=account.pk, is_open=False,
                   outcome="done", fields={"note": "a past call"})  # fmt: skip
    example.record(owner=us.olga, kind="opportunity", account=account.pk, is_open=False,
                   outcome="won", next_step="", stage="Won")  # fmt: skip
    example.record(owner=us.ivo, kind="lead", fields={"left": "alone"})
    case = depart(us, us.olga)
    before = fingerprint(but_owners=True)
    done = hand_over(us, case, to=us.kenji)
    assert fingerprint(but_owners=True) == before
    undone = undo(done.commit, by=us.ada)
    assert fingerprint(but_owners=True) == before
    assert done.rest_sha256 == undone.rest_sha256 != ""
    assert [each.sha256 for each in stands(case).unchanged] == [done.rest_sha256] * 2


def test_the_hash_of_the_rest_differs_once_somebody_changed_something_of_it(us: Company) -> None:
    _case, commit, before = handed_over(us)
    with transaction.atomic():
        entry = example.entry(kind="edited", actor=us.kenji)
        Record.objects.filter(pk=min(before)).update(stage="offer", entry=entry)
    undone = undo(commit, by=us.ada)
    assert stands(_case).unchanged[0].sha256 != undone.rest_sha256


def transferred(record: Record, **columns: Any) -> None:
    """Somebody writes past Legato, in the name of a commit."""
    with transaction.atomic():
        entry = example.entry(kind="commit", receipt_sha256="0" * 64)
        if "owner_id" in columns:
            columns |= {"owner_since": NOW, "owner_entry": entry, "owner_is_ours": True}
        Record.objects.filter(pk=record.pk).update(entry=entry, **columns)


@pytest.mark.parametrize("column", ["stage", "account_id", "fields", "is_open", "email"])
def test_postgresql_refuses_that_a_transfer_changes_anything_else(us: Company, column: str) -> None:
    deal = Record.objects.get(account=accounts(us.olga, how_many=1)[0])
    value: Any = {"fields": {"a": 1}, "is_open": False, "account_id": None}.get(column, "other")
    with pytest.raises(IntegrityError, match="planning_nothing_else_changes"):
        transferred(deal, owner_id=us.kenji, **{column: value})


def test_postgresql_refuses_that_a_transfer_touches_a_record_it_does_not_give(us: Company) -> None:
    record = accounts(us.olga, how_many=1)[0]
    with pytest.raises(IntegrityError, match="planning_nothing_else_changes"):
        transferred(record, name="Other")


def test_a_cover_with_an_earlier_clock_than_what_happened_meanwhile_is_refused_by_name(
    us: Company,
) -> None:
    (first, *_rest) = accounts(us.olga)
    case = depart(us, us.olga)
    example.give(record=first.pk, to=us.ivo, at=NOW + timedelta(seconds=2))
    example.give(record=first.pk, to=us.olga, at=NOW + timedelta(seconds=3))
    before = fingerprint()
    with pytest.raises(GivenLater) as refused:
        cover(us, case, us.kenji, at=NOW + timedelta(seconds=1))
    assert refused.value.facts == {"record": first.pk}
    assert fingerprint() == before


def test_the_page_of_an_undo_counts_what_stays_and_names_the_first() -> None:
    cast = example.company()
    example.records(how_many=53, owner=cast.olga)
    records = list(Record.objects.filter(owner=cast.olga).values_list("pk", flat=True))
    nina = example.person(name="Nina", manager=cast.mei)
    for to, key in ((cast.kenji, "a"), (nina, "b")):
        departures.give(
            records=records, to=to, along=False, seen=53, actor=cast.mei,
            now=timezone.now(), reason="", key=key,
        )  # fmt: skip
    first = Entry.objects.filter(kind="given").order_by("pk")[0]
    page = reader(cast.mei).get(f"/receipts/{first.pk}/undo/").content.decode()
    assert "53 records stay as they are" in page
    listed = page.partition('<ul class="lines">')[2].partition("</ul>")[0]
    assert listed.count("<li>") == 50
    assert "And 3 more records." in page
