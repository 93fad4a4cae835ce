"""Plans against a world that moves: refused by name, with nothing written, or shown."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from tests import example
from tests.example import NOW
from tests.touching import (
    LAST_DAY,
    Company,
    accounts,
    approve,
    carry_out,
    company,
    cover,
    depart,
    fingerprint,
    hand_over,
    plan,
)

from legato.books import barring
from legato.books.models import Item, Record
from legato.departures import operations as departures
from legato.people import operations as staff
from legato.people.models import Hold
from legato.planning import operations as planning
from legato.planning.models import Assignment
from legato.planning.operations import Proposed
from legato.web.checks import check_all

pytestmark = pytest.mark.django_db


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Olga's approved plan gives her one account, with a deal, to Kenji."""

    us: Company
    case: int
    account: Record
    deal: Record
    proposed: Proposed


@pytest.fixture
def world() -> World:
    us = company()
    staff.change(person=us.kenji, add_skills=[("language", "ja")], now=NOW, actor=None)
    staff.set_policy(values={"hard_skills": ["language"]}, now=NOW, actor=None)
    account = example.record(owner=us.olga, name="Acme", language="ja")
    deal = example.record(owner=us.olga, kind="opportunity", account=account.pk, stage="offer")
    case = depart(us, us.olga)
    proposed = plan(us, case, to=us.kenji)
    approve(us, proposed)
    return World(us=us, case=case, account=account, deal=deal, proposed=proposed)


def edited(record: Record, **columns: Any) -> int:
    with transaction.atomic():
        entry = example.entry(kind="edited", actor=record.owner_id, at=NOW)
        Record.objects.filter(pk=record.pk).update(entry=entry, **columns)
    return record.pk


def new_owner(world: World) -> int:
    example.give(record=world.deal.pk, to=world.us.ivo)
    return world.deal.pk


def new_stage(world: World) -> int:
    return edited(world.deal, stage="negotiation")


def closed(world: World) -> int:
    return edited(world.deal, is_open=False, outcome="lost")


def commitment_of_a_colleague(world: World) -> int:
    return example.record(
        owner=world.us.ivo, kind="commitment", account=world.account.pk, at=NOW
    ).pk


def lead_of_the_leaver(world: World) -> int:
    return example.record(owner=world.us.olga, kind="lead", at=NOW).pk


def lead_on_an_account_of_the_book(world: World) -> int:
    return example.record(owner=world.us.mei, kind="lead", account=world.account.pk, at=NOW).pk


def account_of_the_leaver(world: World) -> int:
    return example.record(owner=world.us.olga, at=NOW).pk


@pytest.mark.parametrize(
    ("happens", "what"),
    [
        (new_owner, "owner"),
        (new_stage, "changed"),
        (closed, "closed"),
        (commitment_of_a_colleague, "new"),
        (lead_of_the_leaver, "new"),
        (lead_on_an_account_of_the_book, "new"),
        (account_of_the_leaver, "new"),
    ],
)
def test_a_record_that_is_not_as_planned_refuses_by_name_and_nothing_is_written(
    world: World, happens: Callable[[World], int], what: str
) -> None:
    record = happens(world)
    before = fingerprint()
    with pytest.raises(planning.PlanStale) as refused:
        carry_out(world.us, world.proposed)
    differences: Any = refused.value.facts["differences"]
    assert [(each["record"], each["what"]) for each in differences] == [(record, what)]
    assert fingerprint() == before


def test_a_policy_that_changed_refuses_and_nothing_is_written(world: World) -> None:
    staff.set_policy(values={"undo_hours": 48}, now=NOW, actor=None)
    before = fingerprint()
    with pytest.raises(planning.PlanStale) as refused:
        carry_out(world.us, world.proposed)
    assert refused.value.facts["differences"] == [{"what": "policy", "was": 1, "now": 2}]
    assert fingerprint() == before


def absence(world: World) -> None:
    staff.add_absence(
        person=world.us.kenji, first_day=NOW.date(), last_day=NOW.date() + timedelta(days=30),
        now=NOW, actor=None,
    )  # fmt: skip


def hold(world: World) -> None:
    with transaction.atomic():
        staff.place_hold(person=world.us.kenji, why="audit", entry=example.entry())


def less_capacity(world: World) -> None:
    staff.change(person=world.us.kenji, capacity=Decimal(0), now=NOW, actor=None)


def skill_removed(world: World) -> None:
    staff.change(
        person=world.us.ivo, add_skills=[("language", "ja")], now=NOW, actor=None
    )  # Somebody has it still, or nobody would need it.
    staff.change(person=world.us.kenji, drop_skills=[("language", "ja")], now=NOW, actor=None)


def conflict_of_interest(world: World) -> None:
    barring.bar(
        person=world.us.kenji, record_id=world.account.pk, now=NOW, actor=None, reason="His wife's"
    )


def last_day_of_the_receiver(world: World) -> None:
    with transaction.atomic():
        staff.set_last_day(person=world.us.kenji, day=date(2026, 9, 1), entry=example.entry())


def employment_ended(world: World) -> None:
    depart(world.us, world.us.kenji, last_day=date(2026, 3, 27), already_gone=True)


def departure_of_the_receiver(world: World) -> None:
    depart(world.us, world.us.kenji, last_day=None)


@pytest.mark.parametrize(
    ("happens", "code", "why"),
    [
        (absence, "not_eligible", "on_leave"),
        (hold, "not_eligible", "held"),
        (less_capacity, "not_eligible", "no_capacity"),
        (skill_removed, "not_eligible", "lacks_skill:language=ja"),
        (conflict_of_interest, "not_eligible", "conflict_of_interest"),
        (last_day_of_the_receiver, "not_eligible", "end_known"),
        (departure_of_the_receiver, "not_eligible", "departing"),
        (employment_ended, "unknown_person", None),
    ],
)
def test_a_receiver_who_may_not_receive_any_more_refuses_by_name_and_nothing_is_written(
    world: World, happens: Callable[[World], None], code: str, why: str | None
) -> None:
    happens(world)
    before = fingerprint()
    with pytest.raises(planning.PlanBreaksRule) as refused:
        carry_out(world.us, world.proposed)
    violations: Any = refused.value.facts["violations"]
    assert {each["person"] for each in violations} == {"Kenji Sato"}
    (named,) = [each for each in violations if each["code"] != "over_capacity"]
    assert (named["code"], named["why"], named["record"]) == (code, why, f"#{world.account.pk}")
    assert fingerprint() == before


def test_of_several_records_only_the_one_that_breaks_a_rule_is_named(world: World) -> None:
    us = world.us
    others = [example.record(owner=us.olga) for _each in range(3)]
    proposed = plan(us, world.case, to=us.kenji)
    approve(us, proposed)
    barring.bar(person=us.kenji, record_id=others[1].pk, now=NOW, actor=None, reason="His own")
    before = fingerprint()
    with pytest.raises(planning.PlanBreaksRule) as refused:
        carry_out(us, proposed)
    assert refused.value.facts["count"] == 1
    violations: Any = refused.value.facts["violations"]
    assert violations[0]["record"] == f"#{others[1].pk}"
    assert fingerprint() == before


def test_a_load_that_changed_without_breaking_a_rule_is_shown_and_does_not_refuse(
    world: World,
) -> None:
    example.records(how_many=2, owner=world.us.kenji, at=NOW)
    committed = carry_out(world.us, world.proposed)
    assert committed.moved == 2
    assert committed.loads_changed == ((world.us.kenji, 0, 2000),)


def test_what_a_plan_said_of_its_fit_is_not_held_against_it_later(world: World) -> None:
    us = world.us
    accounts(us.olga, how_many=4)
    proven = plan(us, world.case, exact=True)
    approve(us, proven)
    for unit, person in Assignment.objects.filter(plan=proven.plan).values_list("unit", "person"):
        example.record(owner=person, kind="activity", account=unit, at=NOW)
    assert carry_out(us, proven).moved == 10


def test_a_hold_that_was_released_again_refuses_nothing(world: World) -> None:
    hold(world)
    with transaction.atomic():
        entry = example.entry(at=NOW)
        staff.release_hold(hold=Hold.objects.get(person=world.us.kenji).pk, entry=entry)
    assert carry_out(world.us, world.proposed).moved == 2


def test_what_came_later_is_listed_by_the_next_plan_and_goes_along(world: World) -> None:
    late = lead_of_the_leaver(world)
    again = plan(world.us, world.case, to=world.us.kenji)
    item = Item.objects.get(book__case=world.case, record=late)
    assert item.entry_id != item.book.entry_id
    approve(world.us, again)
    assert carry_out(world.us, again).moved == 3


def test_a_plan_that_knows_a_colleagues_promise_is_not_stale_by_it(world: World) -> None:
    commitment_of_a_colleague(world)
    assert hand_over(world.us, world.case, to=world.us.kenji).moved == 2


def test_a_plan_for_a_departure_that_was_withdrawn_meanwhile_is_refused(world: World) -> None:
    departures.withdraw(case_id=world.case, actor=world.us.dana, now=NOW, reason="She stays")
    before = fingerprint()
    with pytest.raises(planning.DepartureOver) as refused:
        carry_out(world.us, world.proposed)
    assert refused.value.facts["name"] == "Olga Petrova"
    assert fingerprint() == before


def test_a_last_day_that_moved_leaves_the_plan_as_good_as_it_was(world: World) -> None:
    departures.change_case(
        case_id=world.case, said={"last_day": LAST_DAY + timedelta(days=30)}, actor=world.us.dana,
        now=NOW, reason="A month more",
    )  # fmt: skip
    assert carry_out(world.us, world.proposed).moved == 2


def test_a_commit_whose_orphans_would_go_to_a_manager_who_has_left_refuses_by_name() -> None:
    us = company()
    account = example.record(owner=us.olga, name="Acme")
    case = depart(us, us.olga)
    reps = frozenset({us.olga, us.kenji, us.ivo, us.juno})
    proposed = plan(us, case, excluded=reps)
    assert proposed.orphans == 1
    approve(us, proposed, by=us.dana)
    example.leave(person=us.mei)
    before = fingerprint()
    with pytest.raises(planning.PlanBreaksRule) as refused:
        carry_out(us, proposed)
    violations: Any = refused.value.facts["violations"]
    (violation,) = violations
    assert (violation["person"], violation["why"]) == ("Mei Lin", "not_employed")
    assert violation["record"] == f"#{account.pk}"
    assert fingerprint() == before


@pytest.mark.parametrize("is_covered", [False, True])
def test_what_nobody_can_take_of_the_last_resort_stays_where_it_is(is_covered: bool) -> None:
    us = company()
    account = example.record(owner=us.ada, name="Acme")
    case = depart(us, us.ada)
    if is_covered:
        cover(us, case, us.kenji)
    reps = frozenset({us.olga, us.kenji, us.ivo, us.juno})
    proposed = departures.plan(
        cases=[case], options=planning.Options(excluded=reps), actor=us.dana, now=NOW, reason=""
    )
    assert (proposed.orphans, proposed.moved) == (1, is_covered)
    approve(us, proposed, by=us.mei)
    if is_covered:  # Who leaves gets nothing back for good.
        with pytest.raises(planning.PlanBreaksRule) as refused:
            carry_out(us, proposed)
        violations: Any = refused.value.facts["violations"]
        assert [(each["person"], each["why"]) for each in violations] == [("Ada Okafor", "held")]
    else:
        assert carry_out(us, proposed).moved == 0
    assert Record.objects.get(pk=account.pk).owner_id == (us.kenji if is_covered else us.ada)
    assert not any(each.count for each in check_all())
