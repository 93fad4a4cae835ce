"""Departures that touch each other: a successor who leaves too, chains and cycles, managers."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from tests import example
from tests.example import NOW
from tests.touching import (
    AFTER,
    LAST_DAY,
    Company,
    accounts,
    approve,
    carry_out,
    company,
    cover,
    depart,
    hand_over,
    owners,
    plan,
    stands,
    told,
    undo,
)

from legato.books.models import Item, Record, Span
from legato.departures import operations as departures
from legato.departures.models import Case
from legato.people import operations as staff
from legato.people.models import Employment, Hold, Person
from legato.planning import operations as planning
from legato.planning.models import Move
from legato.web.checks import check_all
from legato.web.matters import matter

pytestmark = pytest.mark.django_db


@pytest.fixture
def us() -> Company:
    return company()


def sound() -> None:
    """No invariant is broken."""
    assert [each for each in check_all() if each.count] == []


# A successor who leaves too.


def test_a_successor_who_leaves_before_the_commit_refuses_it_and_the_case_says_to_plan_again(
    us: Company,
) -> None:
    accounts(us.olga)
    case = depart(us, us.olga)
    proposed = plan(us, case, to=us.kenji)
    approve(us, proposed)
    kenjis = depart(us, us.kenji, last_day=date(2026, 6, 30))
    before = owners()
    with pytest.raises(planning.PlanBreaksRule):
        carry_out(us, proposed)
    assert owners() == before
    assert told(case)["receiver_leaves"] == {
        "plan": proposed.plan, "name": "Kenji Sato", "records": 6,
        "last_day": date(2026, 6, 30), "case": case,
    }  # fmt: skip
    assert "to_commit" not in told(case)
    hand_over(us, case, to=us.ivo)
    assert "receiver_leaves" not in told(case)
    assert "to_plan" not in told(kenjis)
    sound()


def test_a_successor_who_has_left_before_the_commit_is_said_to_have(us: Company) -> None:
    accounts(us.olga)
    case = depart(us, us.olga)
    proposed = plan(us, case, to=us.kenji)
    depart(us, us.kenji, last_day=date(2026, 3, 27), already_gone=True)
    assert told(case)["receiver_left"]["plan"] == proposed.plan


def test_of_a_successor_who_leaves_after_the_commit_the_records_are_in_the_second_case(
    us: Company,
) -> None:
    listed = accounts(us.olga)
    case = depart(us, us.olga)
    hand_over(us, case, to=us.kenji)
    kenjis = depart(us, us.kenji)
    said = told(case)["successor_leaves"]
    assert (said["name"], said["records"], said["case"]) == ("Kenji Sato", 6, kenjis)
    mine = Item.objects.filter(book__case=kenjis).values_list("record_id", flat=True)
    assert {each.pk for each in listed} <= set(mine)
    cover(us, kenjis, us.mei)
    assert stands(case).conservation.fates[0].covered.count == 0
    assert told(kenjis)["to_plan"]["records"] == 6
    assert "to_plan" not in told(case)
    with pytest.raises(planning.NothingToPlan):
        plan(us, case)
    hand_over(us, kenjis, to=us.ivo)
    assert "successor_leaves" not in told(case)
    sound()


def test_a_successor_who_leaves_within_the_undo_window_gives_it_back_by_an_undo(
    us: Company,
) -> None:
    accounts(us.olga)
    case = depart(us, us.olga)
    before = owners()
    done = hand_over(us, case, to=us.kenji)
    kenjis = depart(us, us.kenji, at=NOW + timedelta(hours=1))
    at = NOW + timedelta(hours=2)
    assert told(case, at=at)["can_undo"]["entry"] == done.commit
    assert undo(done.commit, by=us.ada, at=at).restored == 6
    assert owners() == before
    assert "successor_leaves" not in told(case, at=at)
    assert "to_plan" not in told(kenjis, at=at)
    assert told(case, at=at)["to_plan"]["records"] == 6
    sound()


def test_an_undo_after_the_successor_left_too_restores_nothing_and_says_what_came_after(
    us: Company,
) -> None:
    accounts(us.olga)
    case = depart(us, us.olga)
    done = hand_over(us, case, to=us.kenji)
    depart(us, us.kenji, last_day=date(2026, 3, 27), already_gone=True)
    before = owners()
    with pytest.raises(planning.GivenOnSince) as refused:
        undo(done.commit, by=us.mei)
    assert refused.value.facts["entry"] == done.commit
    assert owners() == before
    sound()


# Chains and cycles.


def test_a_chain_of_three_ends_with_the_last_and_each_case_counts_its_own(us: Company) -> None:
    accounts(us.olga, how_many=2)
    accounts(us.kenji, how_many=1)
    chain = [us.olga, us.kenji, us.juno, us.ivo]
    cases = []
    for leaver, successor in pairwise(chain):
        cases.append(depart(us, leaver))
        hand_over(us, cases[-1], to=successor)
    departures.end_last_days(now=AFTER)
    assert set(owners().values()) == {us.ivo}
    assert [Item.objects.filter(book__case=each).count() for each in cases] == [4, 6, 6]
    for each in cases:
        assert stands(each, at=AFTER).conservation.agrees
        assert sum(f.moved.count for f in stands(each, at=AFTER).conservation.fates) in (4, 6)
        assert departures.close_case(case_id=each, actor=us.dana, now=AFTER, reason="Done").case
    sound()


def test_in_a_chain_what_is_covered_belongs_to_the_case_of_who_had_it_last(us: Company) -> None:
    accounts(us.olga, how_many=2)
    first = depart(us, us.olga)
    hand_over(us, first, to=us.kenji)
    second = depart(us, us.kenji, last_day=date(2026, 3, 27), already_gone=True)
    assert "to_plan" not in told(first)
    assert told(second)["to_plan"]["records"] == 4
    departures.end_last_days(now=AFTER)
    departures.close_case(case_id=first, actor=us.dana, now=AFTER, reason="Done")
    with pytest.raises(departures.StillPoints):
        departures.close_case(case_id=second, actor=us.dana, now=AFTER, reason="Done")


def test_two_who_received_from_each_other_and_both_leave_are_planned_as_one(us: Company) -> None:
    accounts(us.olga, how_many=2)
    first = depart(us, us.olga, kind="transfer")
    hand_over(us, first, to=us.kenji)
    departures.close_case(case_id=first, actor=us.dana, now=NOW, reason="Done")
    accounts(us.kenji, how_many=1)
    second = depart(us, us.kenji, kind="transfer")
    hand_over(us, second, to=us.olga)
    departures.close_case(case_id=second, actor=us.dana, now=NOW, reason="Done")
    assert set(owners().values()) == {us.olga}
    olgas, kenjis = depart(us, us.olga), depart(us, us.kenji)
    done = hand_over(us, olgas, kenjis)
    assert done.moved == 6
    assert not {us.olga, us.kenji} & set(owners().values())
    sound()


def test_two_plans_that_give_each_other_what_both_leave_are_both_refused(us: Company) -> None:
    accounts(us.olga, how_many=1)
    accounts(us.kenji, how_many=1)
    olgas = depart(us, us.olga)
    to_kenji = plan(us, olgas, to=us.kenji)
    approve(us, to_kenji)
    kenjis = depart(us, us.kenji)
    with pytest.raises(planning.PlanBreaksRule):
        carry_out(us, to_kenji)
    given = plan(us, kenjis)
    assert us.olga not in Move.objects.filter(plan=given.plan).values_list("new_owner", flat=True)
    assert told(olgas)["receiver_leaves"]["name"] == "Kenji Sato"


# Managers, approvers, the last resort.


def test_a_manager_who_leaves_has_reports_that_need_another(us: Company) -> None:
    case = depart(us, us.mei)
    reports = Person.objects.filter(manager=us.mei, is_employed=True).count()
    assert told(case)["has_reports"] == {"name": "Mei Lin", "people": reports}
    for each in Person.objects.filter(manager=us.mei):
        staff.change(person=each.pk, manager=us.dana, now=NOW, actor=None)
    assert "has_reports" not in told(case)


def test_the_manager_of_a_case_who_leaves_is_passed_over_and_the_case_says_for_whom(
    us: Company,
) -> None:
    accounts(us.olga, how_many=1)
    case = depart(us, us.olga)
    assert "manager_leaves" not in told(case)
    depart(us, us.mei, last_day=date(2026, 6, 30))
    assert told(case)["manager_leaves"] == {"name": "Mei Lin", "to": "Ada Okafor"}
    departures.end_last_day(case_id=case, now=AFTER)
    assert set(owners().values()) == {us.ada}


def test_the_manager_of_the_successor_who_leaves_changes_nothing_of_the_plan(us: Company) -> None:
    accounts(us.olga, how_many=1)
    case = depart(us, us.olga)
    proposed = plan(us, case, to=us.kenji)
    approve(us, proposed)
    depart(us, us.mei)
    assert carry_out(us, proposed).moved == 2


def test_where_the_leaver_is_the_only_one_who_may_approve_the_case_says_to_name_a_director() -> (
    None
):
    cast = example.company()
    staff.change(person=cast.ada, role="administrator", now=NOW, actor=None)
    dana = example.person(name="Dana Cruz", role="director")
    us = Company(cast=cast, juno=cast.ivo, dana=cast.sam)
    accounts(dana, how_many=1)
    case = depart(us, dana)
    proposed = plan(us, case, to=cast.kenji)
    for who in (dana, cast.mei):
        with pytest.raises(planning.NobodyMayApprove):
            planning.approve(plan_id=proposed.plan, approver=who, now=NOW, reason="")
    assert told(case)["nobody_approves"] == {"plan": proposed.plan}
    staff.change(person=cast.ada, role="director", now=NOW, actor=None)
    assert told(case)["to_approve"]["names"] == ("Ada Okafor",)


def test_the_last_resort_who_leaves_holds_up_nobody_elses_last_day(us: Company) -> None:
    case = depart(us, us.ada)
    olgas = depart(us, us.olga)
    assert told(case)["last_resort_leaves"] == {"name": "Ada Okafor"}
    assert departures.end_last_days(now=AFTER) == 1
    assert Person.objects.get(pk=us.ada).is_employed
    assert not Person.objects.get(pk=us.olga).is_employed
    assert Case.objects.get(pk=olgas).closed_at is None
    staff.name_last_resort(person=us.dana, now=AFTER, actor=None)
    assert departures.end_last_days(now=AFTER) == 1
    assert "last_resort_leaves" not in told(case, at=AFTER)


# Covers and interims.


def test_whoever_covers_and_leaves_too_is_named_and_somebody_else_covers(us: Company) -> None:
    accounts(us.olga, how_many=1)
    case = depart(us, us.olga)
    cover(us, case, us.juno)
    junos = depart(us, us.juno)
    assert told(case)["coverer_leaves"]["name"] == "Juno Diaz"
    assert told(junos)["covers_others"] == {"name": "Juno Diaz", "records": 2}
    cover(us, case, us.kenji)
    assert "coverer_leaves" not in told(case)
    assert told(case)["to_plan"]["records"] == 2
    assert "to_plan" not in told(junos)
    sound()


def test_a_cover_that_outlives_who_covers_falls_to_the_manager_and_is_still_awaited(
    us: Company,
) -> None:
    accounts(us.olga, how_many=1)
    depart(us, us.olga, kind="leave", last_day=None, return_on=date(2026, 9, 1))
    case = Case.objects.get().pk
    cover(us, case, us.juno, days=150)
    until = Record.objects.filter(kind="account").values_list("interim_until", flat=True).get()
    depart(us, us.juno, last_day=date(2026, 3, 27), already_gone=True)
    found = set(Record.objects.values_list("owner_id", "interim_until", "next_owner_id"))
    assert found == {(us.mei, until, us.olga)}
    assert departures.end_interims(now=NOW + timedelta(days=155)) == 2
    assert set(owners().values()) == {us.olga}
    sound()


def test_who_is_to_get_it_back_and_leaves_meanwhile_gets_nothing_and_the_case_says_so(
    us: Company,
) -> None:
    accounts(us.olga, how_many=1)
    case = depart(us, us.olga, kind="leave", last_day=None)
    cover(us, case, us.juno)
    departures.change_case(
        case_id=case, said={"kind": "resignation", "last_day": LAST_DAY}, actor=us.dana, now=NOW,
        reason="She resigned",
    )  # fmt: skip
    assert departures.end_interims(now=NOW + timedelta(days=10)) == 0
    assert set(owners().values()) == {us.juno}
    assert told(case)["follower_leaves"] == {"name": "Olga Petrova", "records": 2}
    over = told(case, at=NOW + timedelta(days=10))["cover_over"]
    assert (over["name"], over["records"]) == ("Juno Diaz", 2)
    departures.end_last_days(now=AFTER)
    assert told(case, at=AFTER)["follower_left"]["records"] == 2
    assert departures.end_interims(now=AFTER) == 0


def test_who_is_on_leave_longer_gets_the_book_when_back(us: Company) -> None:
    accounts(us.olga, how_many=1)
    case = depart(us, us.olga, kind="leave", last_day=None, return_on=date(2026, 4, 8))
    cover(us, case, us.juno)
    departures.change_case(
        case_id=case, said={"return_on": date(2026, 6, 1)}, actor=us.dana, now=NOW, reason="Longer"
    )
    assert departures.end_interims(now=NOW + timedelta(days=10)) == 0
    assert departures.end_interims(now=NOW + timedelta(days=62)) == 2
    assert set(owners().values()) == {us.olga}


# What arrives later.


def test_a_lead_that_comes_to_whoever_covers_goes_along_and_is_listed(us: Company) -> None:
    account = accounts(us.olga, how_many=1)[0]
    case = depart(us, us.olga)
    cover(us, case, us.mei)
    proposed = plan(us, case, to=us.kenji)
    lead = example.record(owner=us.mei, kind="lead", account=account.pk, at=NOW)
    own = example.record(owner=us.mei, kind="lead", at=NOW)
    approve(us, proposed)
    with pytest.raises(planning.PlanStale) as refused:
        carry_out(us, proposed)
    assert [each["record"] for each in refused.value.facts["differences"]] == [lead.pk]  # type: ignore[attr-defined]
    assert told(case)["plan_stale"]["differences"] == 1
    assert told(case)["plan_stale"]["plan"] == proposed.plan
    hand_over(us, case, to=us.kenji)
    assert (owners()[lead.pk], owners()[own.pk]) == (us.kenji, us.mei)
    assert Item.objects.filter(book__case=case, record=lead).exists()
    assert told(case)["listed_later"] == {"records": 1}
    sound()


def test_what_comes_to_the_leaver_later_is_listed_when_the_last_day_ends(us: Company) -> None:
    accounts(us.olga, how_many=1)
    case = depart(us, us.olga)
    late = example.record(owner=us.olga, kind="lead", at=NOW)
    departures.end_last_days(now=AFTER)
    assert Item.objects.filter(book__case=case, record=late).exists()
    assert told(case, at=AFTER)["to_plan"]["records"] == 3
    hand_over(us, case, to=us.kenji, at=AFTER)
    assert owners()[late.pk] == us.kenji
    sound()


def test_a_cover_takes_and_lists_what_came_after_the_book_was_taken(us: Company) -> None:
    accounts(us.olga, how_many=1)
    case = depart(us, us.olga)
    late = example.record(owner=us.olga, kind="lead", at=NOW)
    cover(us, case, us.mei)
    assert owners()[late.pk] == us.mei
    assert told(case)["listed_later"] == {"records": 1}
    sound()


# Who left is hired again.


def test_who_is_hired_again_starts_anew_and_gets_nothing_of_the_old_book(us: Company) -> None:
    accounts(us.olga, how_many=2)
    case = depart(us, us.olga)
    departures.end_last_days(now=AFTER)
    staff.rehire(person=us.olga, started_on=date(2026, 5, 4), now=AFTER, actor=None)
    assert set(owners().values()) == {us.mei}
    assert not Hold.objects.filter(person=us.olga, released_at=None).exists()
    assert Employment.objects.filter(person=us.olga).count() == 2
    new = example.record(owner=us.olga, at=AFTER)
    found = told(case, at=AFTER)
    assert found["came_back"] == {"name": "Olga Petrova"}
    assert found["to_plan"]["records"] == 4
    done = hand_over(us, case, to=us.kenji, at=AFTER)
    assert (done.moved, owners()[new.pk]) == (4, us.olga)
    departures.close_case(case_id=case, actor=us.dana, now=AFTER, reason="Done")
    again = depart(us, us.olga, at=AFTER, last_day=date(2026, 12, 1))
    listed = Item.objects.filter(book__case=again).values_list("record_id", flat=True)
    assert list(listed) == [new.pk]
    assert Case.objects.get(pk=case).employment_id != Case.objects.get(pk=again).employment_id
    sound()


def test_the_history_of_an_earlier_employment_stays_with_it(us: Company) -> None:
    record = accounts(us.olga, how_many=1)[0]
    depart(us, us.olga)
    departures.end_last_days(now=AFTER)
    staff.rehire(person=us.olga, started_on=date(2026, 5, 4), now=AFTER, actor=None)
    first, second = Employment.objects.filter(person=us.olga).order_by("pk")
    span = Span.objects.get(record=record)
    assert first.ended_at is not None
    assert (span.owner_id, span.until <= first.ended_at) == (us.olga, True)
    assert (second.started_on, second.ended_at) == (date(2026, 5, 4), None)


def test_a_new_employment_does_not_begin_before_the_last_one_ended(us: Company) -> None:
    depart(us, us.olga)
    departures.end_last_days(now=AFTER)
    with pytest.raises(staff.StartsBeforeEnd):
        staff.rehire(person=us.olga, started_on=date(2026, 4, 1), now=AFTER, actor=None)


def test_hiring_again_twice_with_one_key_is_once(us: Company) -> None:
    depart(us, us.olga)
    departures.end_last_days(now=AFTER)
    said = {"person": us.olga, "started_on": None, "now": AFTER, "actor": None, "key": "back"}
    assert staff.rehire(**said) == staff.rehire(**said)  # type: ignore[arg-type]


def test_every_matter_is_a_sentence(us: Company) -> None:
    accounts(us.olga, how_many=1)
    case = depart(us, us.olga, last_day=None)
    staff.change(person=us.juno, capacity=Decimal(9), now=NOW, actor=None)
    for each in stands(case).matters:
        assert matter(each) != each.code
        assert "%(" not in matter(each)
