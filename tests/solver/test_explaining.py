"""Reasons say what is so: parts, prices, ranks, who else, what that would cost, and what shares
follow from."""

from random import Random

import numpy as np
import pytest
from tests.solver.splits import best, bounds, instance, no_prices
from tests.strategies import candidate, problem, unit

from legato.domain.fairness import fair_parts, intervals
from legato.domain.plan import HEATS, Pin, Problem, Proposal, Rules, Skill, Unit, violations
from legato.solver import Budget, solve
from legato.solver.asking import NotInPlan, explain_alternative, explain_unit
from legato.solver.explaining import Explaining
from legato.solver.portions import explain_person

ANNA, BORIS, CHIE = 101, 102, 103
JAPANESE = Skill(kind="language", value="ja")


def solved(book: Problem) -> Proposal:
    return solve(problem=book, budget=Budget(), seed=1)


def book(*units: Unit, pins: tuple[Pin, ...] = ()) -> Problem:
    """Units among three people of whom Anna alone speaks Japanese."""
    people = [
        candidate(ANNA, skills=frozenset({JAPANESE})),
        candidate(BORIS),
        candidate(CHIE),
    ]
    return problem(units, people, rules=Rules(recorded=frozenset({JAPANESE})), pins=pins)


def drawn(*, units: int, japanese: int = 0) -> Problem:
    """Units with random ties, the first of them Japanese."""
    chance = Random(7)
    return book(
        *(
            unit(
                number,
                heat=HEATS[number % 3],
                value=chance.randint(100, 1000),
                ties=tuple((person, chance.randint(0, 1000)) for person in (ANNA, BORIS, CHIE)),
                needs=frozenset({JAPANESE} if number <= japanese else ()),
            )
            for number in range(1, units + 1)
        )
    )


def test_of_a_split_without_prices_every_number_can_be_recounted() -> None:
    of = instance(blocks=40, people=6, arcs=4, seed=1)
    held = bounds(of)
    owner = best(of, held)
    assert owner is not None
    asked = Explaining(instance=of, bounds=held, prices=no_prices(of), owner=owner)
    for block in range(40):
        told, arcs = asked.of(block), slice(block * 4, block * 4 + 4)
        fits = dict(zip(of.persons[of.taker[arcs]].tolist(), of.fit[arcs].tolist(), strict=True))
        mine = fits.pop(told.person)
        assert told.person == of.persons[owner[block]]
        assert (told.fit, told.candidates) == (mine, 4)
        assert told.rank == 1 + sum(fit > mine for fit in fits.values())
        assert {row.person: row.fit for row in told.alternatives} == fits
        assert [row.fit for row in told.alternatives] == sorted(fits.values(), reverse=True)
        assert all(row.cost == max(0, mine - row.fit) for row in told.alternatives)
        assert all((row.why == "less_fit") is (row.fit <= mine) for row in told.alternatives)


def test_what_an_alternative_costs_at_least_follows_from_the_prices() -> None:
    of = instance(blocks=30, people=5, arcs=5, seed=2)
    held = bounds(of)
    owner = best(of, held)
    assert owner is not None
    prices = np.random.default_rng(3).normal(0, 30, (5, len(of.measures)))
    prices[:, -2:] *= 1e-3
    asked = Explaining(instance=of, bounds=held, prices=prices, owner=owner)
    for block in range(30):
        told = asked.of(block)
        paid = {
            person: float(prices[at] @ of.amounts[block])
            for at, person in enumerate(of.persons.tolist())
        }
        assert sum(points for _, points in told.prices) == pytest.approx(paid[told.person], abs=3)
        for other in told.alternatives:
            lost = (told.fit - paid[told.person]) - (other.fit - paid[other.person])
            assert other.cost == max(0, np.floor(lost + 1e-6))


@pytest.mark.parametrize(
    ("heats", "why"), [(("hot", "hot"), "hot_full"), (("cold", "cold"), "cold_full")]
)
def test_a_full_share_is_named_by_what_it_is_full_of(heats: tuple[str, ...], why: str) -> None:
    made = solved(
        book(*(unit(at, heat=heat, ties=((BORIS, 900),)) for at, heat in enumerate(heats)))
    )
    other = next(row for row in made.placements if row.person != BORIS)
    assert other.reason.code == "fair_share"
    assert other.reason.fact("alternative") == BORIS
    assert other.reason.fact("alternative.why") == why
    assert other.reason.fact("alternative.by") == 360


def test_a_plan_explains_itself_later_as_it_did_when_it_was_made() -> None:
    made = solved(asked := drawn(units=24, japanese=4))
    assert violations(asked, made) == ()
    for row in made.placements:
        assert explain_unit(problem=asked, proposal=made, unit=row.unit) == row.reason


def test_the_cheapest_chain_never_costs_less_than_the_bound_said() -> None:
    made = solved(asked := drawn(units=24))
    for row in made.placements[:8]:
        for person in {ANNA, BORIS, CHIE} - {row.person}:
            told = explain_alternative(
                problem=asked, proposal=made, unit=row.unit, person=person, exact=True
            )
            assert told.removed is None
            assert told.cost is not None
            assert told.fit_lost is not None
            assert told.moves[0] == (row.unit, row.person, person)
            assert told.cost >= told.at_least - 1 or not told.is_exact


def test_a_chain_carried_out_loses_what_it_said_and_breaks_no_rule() -> None:
    asked = drawn(units=24)
    made = solved(asked)
    told = explain_alternative(problem=asked, proposal=made, unit=5, person=ANNA, exact=True)
    if made.owners()[5] == ANNA:
        told = explain_alternative(problem=asked, proposal=made, unit=5, person=BORIS, exact=True)
    owners = made.owners()
    for moved, giver, taker in told.moves:
        assert owners[moved] == giver
        owners[moved] = taker
    counts = [sum(owner == person for owner in owners.values()) for person in (ANNA, BORIS, CHIE)]
    assert counts == [8, 8, 8]


def test_who_may_not_take_it_is_told_the_rule() -> None:
    made = solved(asked := drawn(units=6, japanese=1))
    told = explain_alternative(problem=asked, proposal=made, unit=1, person=BORIS)
    assert (told.holder, told.removed) == (ANNA, "lacks_skill:language=ja")


def test_what_is_pinned_elsewhere_says_so() -> None:
    rows = drawn(units=6).units
    made = solved(asked := book(*rows, pins=(Pin(unit=2, person=CHIE),)))
    told = explain_alternative(problem=asked, proposal=made, unit=2, person=BORIS)
    assert (told.holder, told.removed) == (CHIE, "pinned")


def test_a_plan_is_not_asked_about_what_it_does_not_know() -> None:
    made = solved(asked := drawn(units=3))
    with pytest.raises(NotInPlan):
        explain_unit(problem=asked, proposal=made, unit=99)
    with pytest.raises(NotInPlan):
        explain_alternative(problem=asked, proposal=made, unit=1, person=99)
    with pytest.raises(NotInPlan):
        explain_person(problem=asked, proposal=made, person=99)


def test_shares_in_proportion_need_no_reason() -> None:
    made = solved(asked := drawn(units=9))
    told = explain_person(problem=asked, proposal=made, person=ANNA)
    counts = [part for part in told.parts if part.of in (*HEATS, "total")]
    assert {part.why for part in counts} == {"in_proportion"}
    assert [part.target for part in counts] == [1000, 1000, 1000, 3000]
    assert told.removed == ()


def test_who_alone_may_take_something_has_more_and_the_others_less() -> None:
    asked = book(
        *(unit(number, heat="hot", needs=frozenset({JAPANESE})) for number in range(1, 7)),
        *(unit(number, heat="hot") for number in range(7, 10)),
    )
    made = solved(asked)
    anna, boris = (
        explain_person(problem=asked, proposal=made, person=person) for person in (ANNA, BORIS)
    )
    hot = {each.person: each.parts[0] for each in (anna, boris)}
    assert (hot[ANNA].why, hot[ANNA].got, hot[ANNA].only_theirs) == ("only_they_may", 6000, 6000)
    assert (hot[ANNA].proportional, hot[ANNA].target) == (3000, 6000)
    assert (hot[BORIS].why, hot[BORIS].closed) == ("they_may_not", 6000)
    assert (hot[BORIS].proportional, hot[BORIS].target) == (3000, 1500)
    assert boris.removed == (("lacks_skill:language=ja", 6),)


def test_the_intervals_of_a_split_hold_its_shares() -> None:
    of = instance(blocks=30, people=3, arcs=3, seed=4)
    parts = fair_parts(of)
    held = intervals(of, parts, 50)
    owner = best(of, held)
    assert owner is not None
    told = Explaining(instance=of, bounds=held, prices=no_prices(of), owner=owner).of(0)
    at = of.persons.tolist().index(told.person)
    for measure, high in told.full:
        assert of.received(owner)[at, of.measures.index(measure)] == high


def test_by_capacity_counts_only_those_who_may_take_anything() -> None:
    away = candidate(104, is_leaver=True), candidate(105), candidate(106, held=True)
    people = [candidate(ANNA), candidate(BORIS), *away]
    rows = [unit(number, heat="hot") for number in range(1, 5)]
    asked = problem(rows, people, excluded=frozenset({105}))
    made = solved(asked)
    parts = {
        person: explain_person(problem=asked, proposal=made, person=person).parts[0]
        for person in (ANNA, BORIS, 105)
    }
    assert (parts[ANNA].proportional, parts[BORIS].proportional) == (2000, 2000)
    assert parts[ANNA].why == "in_proportion"
    assert (parts[105].proportional, parts[105].why) == (0, "they_may_not")


def test_a_chain_names_every_unit_of_a_group_that_moves() -> None:
    family = [unit(number, heat="hot", group=9) for number in (1, 2, 3)]
    asked = book(*family, *(unit(number, heat="hot") for number in range(4, 10)))
    made = solved(asked)
    holder = made.owners()[2]
    other = next(person for person in (ANNA, BORIS, CHIE) if person != holder)
    told = explain_alternative(problem=asked, proposal=made, unit=2, person=other, exact=True)
    assert told.moves[0][1:] == (holder, other)
    assert told.units[0] == (1, 2, 3)
    assert len(told.units) == len(told.moves)


def test_what_follows_its_accounts_owner_says_so() -> None:
    asked = book(unit(1, heat="hot", preferred=BORIS), unit(2, heat="hot"), unit(3, heat="hot"))
    made = solved(asked)
    told = explain_alternative(problem=asked, proposal=made, unit=1, person=ANNA)
    assert (told.holder, told.removed) == (BORIS, "follows_owner")
