"""Each hard rule removes its arcs, with its own code; what nobody recorded excludes nobody."""

from datetime import date
from typing import Any

import pytest
from tests.strategies import candidate, pinned, problem, unit

from legato.domain.eligibility import impossible_pins, split_of
from legato.domain.plan import FitWeights, Pin, PinImpossible, Rules, Skill, UnknownPin, eligibility

JAPANESE = Skill(kind="language", value="ja")
RUSSIAN = Skill(kind="language", value="ru")
NORTH = Skill(kind="territory", value="north")
BANK = Skill(kind="industry", value="bank")
PORT = Skill(kind="industry", value="port")


@pytest.mark.parametrize(
    ("person", "account", "removal"),
    [
        ({"is_leaver": True}, {}, "is_leaver"),
        ({"is_employed": False}, {}, "not_employed"),
        ({"ends_on": date(2026, 12, 1)}, {}, "end_known"),
        ({"held": True}, {}, "held"),
        ({"held": True, "has_open_case": True}, {}, "departing"),
        ({"leave_days": 11}, {}, "on_leave"),
        ({"employed_days": 89}, {"is_key": True}, "novice_key_account"),
        ({"has_open_case": True}, {"is_key": True}, "open_case_key_account"),
        ({}, {"barred": frozenset({7})}, "conflict_of_interest"),
        ({}, {"barred": frozenset({7}), "is_key": True}, "conflict_of_interest"),
        ({"employed_days": 89}, {"tier": 1}, "novice_tier"),
        ({}, {"needs": frozenset({JAPANESE})}, "lacks_skill:language=ja"),
        ({"capacity": 5000, "load": 4500}, {"weight": 501}, "no_capacity"),
        ({"capacity": 5000, "load": 6000}, {}, "no_capacity"),
    ],
)
def test_a_hard_rule_removes_the_person_with_its_code(
    person: dict[str, Any], account: dict[str, Any], removal: str
) -> None:
    rules = Rules(recorded=frozenset({JAPANESE}), novice_cap=0)
    found = eligibility(problem([unit(1, **account)], [candidate(7, **person)], rules=rules))
    assert str(found.removed[1, 7]) == removal
    assert found.people[1] == ()


@pytest.mark.parametrize(
    ("person", "account"),
    [
        ({"leave_days": 10}, {}),
        ({"employed_days": 90}, {"is_key": True}),
        ({"employed_days": 1}, {}),
        ({"employed_days": 1}, {"tier": 1}),
        ({}, {"barred": frozenset({8})}),
        ({"has_open_case": True}, {}),
        ({}, {"needs": frozenset({RUSSIAN})}),
        ({"skills": frozenset({JAPANESE})}, {"needs": frozenset({JAPANESE})}),
        ({"capacity": 5000, "load": 4500}, {"weight": 500}),
        ({"capacity": 0, "load": 9000}, {"weight": 0}),
    ],
)
def test_what_stays_inside_the_rules_is_eligible(
    person: dict[str, Any], account: dict[str, Any]
) -> None:
    rules = Rules(recorded=frozenset({JAPANESE}))
    found = eligibility(problem([unit(1, **account)], [candidate(7, **person)], rules=rules))
    assert found.people[1] == (7,)


def test_an_excluded_person_is_removed_from_every_unit() -> None:
    book = problem([unit(1), unit(2)], [candidate(7), candidate(8)], excluded=frozenset({7}))
    found = eligibility(book)
    assert [str(found.removed[number, 7]) for number in (1, 2)] == ["excluded", "excluded"]
    assert found.people == {1: (8,), 2: (8,)}


def test_the_fit_is_the_sum_of_its_parts() -> None:
    account = unit(
        1,
        needs=frozenset({NORTH}),
        wants=frozenset({BANK, PORT}),
        ties=((7, 525),),
        family_owners=frozenset({7}),
    )
    person = candidate(7, skills=frozenset({NORTH, BANK}))
    rules = Rules(recorded=frozenset({NORTH}), fit=FitWeights())
    found = eligibility(problem([account], [person], rules=rules))
    parts = {"tie": 210, "territory": 150, "industry": 50, "family": 100}
    assert dict(found.arcs[1, 7]) == parts
    assert found.fit(1, 7) == 510


def test_who_has_it_now_may_keep_it_for_a_bonus() -> None:
    book = problem([unit(1, owner=7), unit(2)], [candidate(7), candidate(8)])
    found = eligibility(book)
    assert dict(found.arcs[1, 7]) == {"stay": 1000}
    assert [found.fit(1, 8), found.fit(2, 7)] == [0, 0]
    dear = problem(book.units, book.candidates, rules=Rules(stay=40))
    assert eligibility(dear).fit(1, 7) == 40


def test_a_novice_gets_no_more_demanding_units_of_a_heat_than_the_cap() -> None:
    units = [unit(1, heat="hot", tier=1, group=5), unit(2, heat="hot", tier=1, group=5)]
    units += [unit(3, heat="hot", tier=1), unit(4, heat="hot", group=6), unit(5, group=6)]
    people = [candidate(7, employed_days=3), candidate(8)]
    book = problem(units, people, rules=Rules(novice_cap=1))
    split = split_of(book, eligibility(book))
    assert [block.people for block in split.blocks] == [(8,), (7, 8), (7, 8)]
    assert split.caps == {(7, "hot/1"): 1}
    with pytest.raises(PinImpossible) as refusal:
        split_of(pinned(book, (1, 7)), eligibility(book))
    assert refusal.value.facts["why"] == "tier_cap"


def test_what_a_novice_already_has_by_the_account_counts_against_the_cap() -> None:
    units = [unit(number, heat="hot", tier=1, preferred=7) for number in (1, 2)]
    people = [candidate(7, employed_days=3), candidate(8)]
    split = split_of(book := problem(units, people, rules=Rules(novice_cap=1)), eligibility(book))
    assert split.settled == {1: 7}
    assert split.blocks[0].people == (8,)


def test_several_leavers_take_nothing_from_one_another() -> None:
    people = [candidate(7, is_leaver=True), candidate(8, is_leaver=True), candidate(9)]
    found = eligibility(problem([unit(1, ties=((7, 900),)), unit(2)], people))
    assert found.people == {1: (9,), 2: (9,)}


def test_a_record_follows_its_accounts_owner_before_the_split() -> None:
    book = problem([unit(1, weight=0, preferred=8), unit(2)], [candidate(7), candidate(8)])
    split = split_of(book, eligibility(book))
    assert split.settled == {1: 8}
    assert [block.id for block in split.blocks] == [2]


def test_a_record_whose_owner_may_not_have_it_is_split() -> None:
    book = problem([unit(1, preferred=8)], [candidate(7), candidate(8, held=True)])
    split = split_of(book, eligibility(book))
    assert split.settled == {}
    assert split.blocks[0].people == (7,)


def test_a_group_may_go_only_to_who_may_have_all_of_it() -> None:
    rules = Rules(recorded=frozenset({JAPANESE}))
    units = [unit(1, group=5), unit(2, group=5, needs=frozenset({JAPANESE})), unit(3, group=5)]
    able = candidate(8, skills=frozenset({JAPANESE}))
    small = candidate(9, skills=frozenset({JAPANESE}), capacity=2000)
    book = problem(units, [candidate(7), able, small], rules=rules)
    (block,) = split_of(book, eligibility(book)).blocks
    assert block.people == (8,)


@pytest.mark.parametrize(
    ("units", "people", "pins", "why"),
    [
        ([unit(1)], [candidate(7, held=True)], [(1, 7)], "held"),
        ([unit(1)], [candidate(7), candidate(8)], [(1, 7), (1, 8)], "pinned_twice"),
        (
            [unit(1, group=5), unit(2, group=5)],
            [candidate(7), candidate(8)],
            [(1, 7), (2, 8)],
            "group_pinned_apart",
        ),
        ([unit(1), unit(2)], [candidate(7, capacity=1000)], [(1, 7), (2, 7)], "no_capacity"),
    ],
)
def test_a_pin_that_breaks_a_hard_rule_is_refused(
    units: list[Any], people: list[Any], pins: list[tuple[int, int]], why: str
) -> None:
    book = pinned(problem(units, people), *pins)
    with pytest.raises(PinImpossible) as refusal:
        split_of(book, eligibility(book))
    assert refusal.value.facts["why"] == why


def test_impossible_pins_are_told_and_the_others_are_taken_in_their_order() -> None:
    units = [unit(1), unit(2), unit(3), unit(4, barred=frozenset({8}))]
    people = [candidate(7, capacity=2000), candidate(8)]
    book = pinned(problem(units, people), (1, 7), (2, 7), (3, 7), (4, 8), (5, 8), (2, 9))
    assert {
        (pin.unit, pin.person): why for pin, why in impossible_pins(book, among=range(9)).items()
    } == {
        (2, 9): "not_employed",
        (3, 7): "no_capacity",
        (4, 8): "conflict_of_interest",
        (5, 8): "not_in_plan",
    }


def test_pins_of_other_units_are_kept_whatever_it_costs() -> None:
    book = pinned(problem([unit(1), unit(2)], [candidate(7, capacity=1000)]), (1, 7), (2, 7))
    assert impossible_pins(book, among={1}) == {Pin(unit=1, person=7): "no_capacity"}
    assert impossible_pins(pinned(book, (2, 7)), among={1, 2}) == {}


@pytest.mark.parametrize("pin", [(1, 9), (2, 7)])
def test_a_pin_outside_the_plan_is_refused(pin: tuple[int, int]) -> None:
    book = pinned(problem([unit(1)], [candidate(7)]), pin)
    with pytest.raises(UnknownPin):
        split_of(book, eligibility(book))


def test_a_pin_pulls_its_group_along() -> None:
    units = [unit(1, group=5), unit(2, group=5)]
    book = pinned(problem(units, [candidate(7), candidate(8)]), (2, 8))
    split = split_of(book, eligibility(book))
    assert split.pinned == {1: 8, 2: 8}
    assert split.blocks[0].people == (8,)


def test_the_order_of_rows_does_not_matter_and_a_double_row_is_a_bug() -> None:
    units, people = [unit(2), unit(1)], [candidate(8), candidate(7)]
    pins = (Pin(unit=2, person=7), Pin(unit=1, person=8))
    assert problem(units, people, pins=pins) == problem(units[::-1], people[::-1], pins=pins[::-1])
    with pytest.raises(ValueError, match="twice"):
        problem([unit(1), unit(1)], people)
