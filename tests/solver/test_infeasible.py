"""What cannot be placed is told as the smallest set that shows it, and every way out works."""

from dataclasses import replace
from itertools import product
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from tests.strategies import books, candidate, pinned, problem, unit

from legato.domain.eligibility import Block, eligibility, split_of
from legato.domain.plan import Problem, Proposal, Rules, Skill
from legato.solver import Budget, solve
from legato.solver.infeasible import Shortage, shortages
from legato.solver.packing import fits
from legato.solver.ways_out import WayOut

ANNA, BORIS = 101, 102
JAPANESE = Skill(kind="language", value="ja")
SPEAKERS = Rules(recorded=frozenset({JAPANESE}))

quick = settings(
    max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)


def solved(book: Problem) -> Proposal:
    return solve(problem=book, budget=Budget(), seed=1)


def told(book: Problem) -> tuple[Shortage, ...]:
    return shortages(problem=book, proposal=solved(book))


def japanese(*, accounts: int, room: int, boris: int = 100) -> Problem:
    """Japanese accounts and four others; Anna, who has little room, alone speaks Japanese."""
    units = [unit(number, needs=frozenset({JAPANESE})) for number in range(1, accounts + 1)]
    others = [unit(number) for number in range(11, 15)]
    anna = candidate(ANNA, capacity=room * 1000, skills=frozenset({JAPANESE}))
    return problem(
        [*units, *others], [anna, candidate(BORIS, capacity=boris * 1000)], rules=SPEAKERS
    )


def ways(shortage: Shortage) -> dict[str, WayOut]:
    return {way.code: way for way in shortage.ways_out}


def test_three_accounts_for_one_person_with_room_for_two() -> None:
    (short,) = told(japanese(accounts=3, room=2))
    assert (short.code, short.units, short.people) == ("no_room", (1, 2, 3), (ANNA,))
    assert (short.weight, short.room, short.missing) == (3000, 2000, 1000)
    assert short.needs == (JAPANESE,)
    assert len(short.orphans) == 1
    assert short.removed == (("lacks_skill:language=ja", 1),)


def test_the_ways_out_are_told_from_the_smallest_on() -> None:
    (short,) = told(japanese(accounts=3, room=2))
    assert [way.code for way in short.ways_out] == ["raise_capacity", "soften_skill"]
    assert short.ways_out[0].facts == (("person", ANNA), ("by", 1000))
    assert dict(short.ways_out[1].facts) == {"kind": "language", "value": "ja", "units": 1}


def test_a_way_out_that_does_not_help_is_not_told() -> None:
    (short,) = told(japanese(accounts=3, room=2, boris=4))
    assert set(ways(short)) == {"raise_capacity"}


@pytest.mark.parametrize(
    ("changed", "why"),
    [({"held": True}, "held"), ({"leave_days": 90}, "on_leave")],
)
def test_somebody_kept_away_by_a_rule_is_a_way_out(changed: dict[str, int], why: str) -> None:
    book = japanese(accounts=3, room=2)
    chie = candidate(103, skills=frozenset({JAPANESE}), **changed)
    (short,) = told(replace(book, candidates=(*book.candidates, chie)))
    assert ways(short)["allow_person"].facts == (("person", 103), ("why", why))


def test_somebody_excluded_by_hand_is_a_way_out() -> None:
    book = japanese(accounts=3, room=2)
    chie = candidate(103, skills=frozenset({JAPANESE}))
    people = (*book.candidates, chie)
    (short,) = told(replace(book, candidates=people, excluded=frozenset({103})))
    assert ways(short)["allow_person"].facts == (("person", 103), ("why", "excluded"))


def test_who_has_left_is_no_way_out() -> None:
    book = japanese(accounts=3, room=2)
    gone = candidate(103, skills=frozenset({JAPANESE}), is_employed=False)
    (short,) = told(replace(book, candidates=(*book.candidates, gone)))
    assert "allow_person" not in ways(short)


def test_what_is_pinned_to_the_full_may_be_unpinned() -> None:
    book = japanese(accounts=3, room=3)
    (short,) = told(pinned(book, (11, ANNA)))
    assert short.units == (1, 2, 3, 11)
    assert ways(short)["unpin"].facts == (("unit", 11), ("person", ANNA))


def test_a_group_that_nobody_can_take_whole_may_be_split() -> None:
    russian = Skill(kind="language", value="ru")
    units = [
        unit(1, group=1, needs=frozenset({JAPANESE})),
        unit(2, group=1, needs=frozenset({russian})),
    ]
    people = [
        candidate(ANNA, skills=frozenset({JAPANESE})),
        candidate(BORIS, skills=frozenset({russian})),
    ]
    (short,) = told(problem(units, people, rules=Rules(recorded=frozenset({JAPANESE, russian}))))
    assert (short.code, short.units, short.people) == ("group_apart", (1, 2), ())
    assert ways(short)["split_group"].facts == (("group", 1), ("units", 2))
    assert "soften_skill" in ways(short)


def test_what_nobody_may_take_for_one_reason_is_told_together() -> None:
    thai = Skill(kind="language", value="th")
    units = [unit(number, needs=frozenset({thai})) for number in (1, 2)]
    units.append(unit(3, is_key=True))
    people = [candidate(ANNA, employed_days=3), candidate(BORIS, held=True)]
    book = problem(units, people, rules=Rules(recorded=frozenset({thai})))
    languages, key = told(book)
    assert (languages.units, key.units) == ((1, 2), (3,))
    assert dict(ways(languages)["soften_skill"].facts)["units"] == 2


def test_a_key_account_that_only_newcomers_are_there_for() -> None:
    book = problem([unit(1, is_key=True)], [candidate(ANNA, employed_days=3)])
    (short,) = told(book)
    assert (short.code, short.removed) == ("nobody_may", (("novice_key_account", 1),))
    assert ways(short)["allow_key"].facts == (("units", 1),)


def test_what_is_too_heavy_for_anybody_needs_more_room_in_one_place() -> None:
    book = problem(
        [unit(1, weight=3000)], [candidate(ANNA, capacity=2000), candidate(BORIS, capacity=1000)]
    )
    (short,) = told(book)
    assert [way.facts for way in short.ways_out] == [
        (("person", ANNA), ("by", 1000)),
        (("person", BORIS), ("by", 2000)),
    ]


def test_room_in_pieces_too_small_is_told_as_such() -> None:
    units = [unit(number, weight=2000) for number in (1, 2, 3)]
    book = problem(units, [candidate(person, capacity=3000) for person in (ANNA, BORIS)])
    (short,) = told(book)
    assert (short.code, short.missing) == ("no_room_whole", 0)
    assert short.units == (1, 2, 3)
    assert ways(short)["raise_capacity"].size <= 2000


def test_a_cap_for_newcomers_is_told_and_raised_as_far_as_needed() -> None:
    units = [unit(number, heat="hot", tier=1) for number in (1, 2, 3)]
    newcomers = [candidate(ANNA, employed_days=5)]
    (short,) = told(problem(units, newcomers, rules=Rules(novice_cap=1)))
    assert short.code == "tier_cap"
    assert ways(short)["raise_tier_cap"].facts == (("to", 3),)


def test_a_plan_that_places_all_lacks_nothing() -> None:
    assert told(japanese(accounts=2, room=2)) == ()


@quick
@given(books(most_units=8, most_people=3))
def test_a_shortage_is_real_and_its_ways_out_lead_out(book: Problem) -> None:
    made = solved(book)
    orphans = {row.unit for row in made.orphans()}
    found = shortages(problem=book, proposal=made)
    for short in found:
        assert set(short.orphans) <= orphans
        split = split_of(book, eligibility(book))
        blocks = [each for each in split.blocks if each.id in short.units]
        assert not _fit_by_force(blocks, dict(split.room))
        for way in short.ways_out:
            if way.code == "raise_capacity":
                left = len(orphans) - len(short.orphans)
                assert len(list(solved(_raised(book, way)).orphans())) <= left


def _raised(book: Problem, way: WayOut) -> Problem:
    (_person, person), (_by, more) = way.facts
    people = [
        replace(each, capacity=each.capacity + int(more)) if each.id == person else each
        for each in book.candidates
    ]
    return replace(book, candidates=tuple(people))


@pytest.mark.parametrize("seed", range(60))
def test_whether_things_fit_agrees_with_trying_everything(seed: int) -> None:
    chance = Random(seed)
    room = {person: chance.randint(0, 5) * 1000 for person in (1, 2, 3)}
    weights = [1000] if seed % 3 == 0 else [0, 1000, 1500, 2000]
    blocks = [
        Block(
            units=(unit(number, weight=chance.choice(weights)),),
            people=tuple(sorted(chance.sample([1, 2, 3], chance.randint(1, 3)))),
        )
        for number in range(chance.randint(1, 7))
    ]
    assert fits(blocks=blocks, room=room, caps={}) is _fit_by_force(blocks, room)


def _fit_by_force(blocks: list[Block], room: dict[int, int]) -> bool:
    for people in product(*(block.people for block in blocks)):
        used = dict.fromkeys(room, 0)
        for block, person in zip(blocks, people, strict=True):
            used[person] += block.weight
        if all(amount <= max(0, room[person]) for person, amount in used.items()):
            return True
    return False
