"""A split as arrays says the same as the split, and divides strata only where tiers differ."""

import numpy as np
from tests.strategies import candidate, problem, unit

from legato.domain.eligibility import eligibility, split_of
from legato.domain.instance import Instance, instance_of
from legato.domain.plan import Problem, Rules


def arrays(book: Problem) -> Instance:
    eligible = eligibility(book)
    split = split_of(book, eligible)
    blocks = [block for block in split.blocks if block.people]
    return instance_of(blocks=blocks, room=split.room, caps=split.caps, eligible=eligible)


def test_without_tiers_the_heats_are_the_strata() -> None:
    plain = arrays(problem([unit(1, heat="hot", value=5)], [candidate(7), candidate(8)]))
    assert plain.measures == ("hot", "warm", "cold", "total", "value", "weight")
    assert (plain.strata, plain.counted) == (3, 4)
    assert plain.amounts.tolist() == [[1, 0, 0, 1, 5, 1000]]


def test_tiers_divide_the_heats() -> None:
    units = [unit(1, heat="hot", tier=2, group=3), unit(2, group=3), unit(4, heat="cold")]
    people = [candidate(7), candidate(8, employed_days=1)]
    fine = arrays(problem(units, people, rules=Rules(novice_cap=1)))
    assert fine.measures[:6] == ("hot/0", "hot/2", "warm/0", "warm/2", "cold/0", "cold/2")
    assert fine.measures[6:] == ("hot", "warm", "cold", "total", "value", "weight")
    assert fine.strata == 6
    assert dict(zip(fine.measures, fine.amounts[0].tolist(), strict=True)) == {
        **dict.fromkeys(fine.measures, 0),
        "hot/2": 1,
        "warm/0": 1,
        "hot": 1,
        "warm": 1,
        "total": 2,
        "weight": 2000,
    }
    assert fine.caps == {(1, 1): 1}
    assert fine.most()[:, 1].tolist() == [1, 1]


def test_room_and_caps_limit_what_anybody_may_get() -> None:
    units = [unit(number, heat="hot", tier=1, value=7) for number in range(5)]
    people = [candidate(7, capacity=3000), candidate(8, employed_days=1)]
    most = arrays(problem(units, people, rules=Rules(novice_cap=2))).most()
    assert most[:, 0].tolist() == [5, 2]
    assert most[:, -2:].tolist() == [[35, 3000], [35, 5000]]


def test_weight_says_something_only_where_it_is_not_a_count() -> None:
    people = [candidate(7)]
    assert not arrays(problem([unit(1, group=3), unit(2, group=3), unit(4)], people)).weighs
    assert not arrays(problem([unit(1, weight=0), unit(2, weight=0)], people)).weighs
    assert arrays(problem([unit(1, weight=0), unit(2)], people)).weighs


def test_what_is_received_and_how_well_it_fits_follows_the_owner() -> None:
    book = problem([unit(1, ties=((8, 500),)), unit(2, value=9)], [candidate(7), candidate(8)])
    plain = arrays(book)
    owner = np.array([1, -1])
    assert plain.received(owner)[:, -2:].tolist() == [[0, 0], [0, 1000]]
    assert plain.chosen(owner).tolist() == [1, -1]
    assert plain.total_fit(owner) == 200
