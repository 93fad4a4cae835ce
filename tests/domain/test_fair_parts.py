"""Fair parts of a split as arrays: they add up, follow room, and bend as tolerance permits."""

from fractions import Fraction
from math import ceil, floor

import numpy as np
from hypothesis import given
from tests.domain.test_instance import arrays
from tests.strategies import books, candidate, problem, unit

from legato.domain.fairness import deviations, fair_parts, intervals
from legato.domain.instance import Instance
from legato.domain.plan import Problem, Rules


def columns(plain: Instance, row: list[Fraction]) -> dict[str, Fraction]:
    return dict(zip(plain.measures, row, strict=True))


@given(books())
def test_parts_add_up_to_what_there_is(book: Problem) -> None:
    plain = arrays(book)
    sums = [sum(row[column] for row in fair_parts(plain)) for column in range(6)]
    assert sums == plain.amounts.sum(axis=0).tolist()


def test_strata_are_divided_and_heats_are_their_sum() -> None:
    units = [unit(number, heat="hot", tier=number % 2) for number in range(8)]
    people = [candidate(7), candidate(8), candidate(9, employed_days=1)]
    fine = arrays(problem(units, people, rules=Rules(novice_cap=1)))
    seven, _, nine = (columns(fine, row) for row in fair_parts(fine))
    assert [seven[name] * 6 for name in ("hot/0", "hot/1", "hot")] == [8, 9, 17]
    assert [nine[name] * 3 for name in ("hot/1", "hot", "total")] == [3, 7, 7]


def test_weight_follows_room_as_value_does() -> None:
    units = [unit(1, weight=3000, value=10), unit(2, weight=1000, value=20)]
    plain = arrays(problem(units, [candidate(7, capacity=9000), candidate(8, capacity=3000)]))
    seven = columns(plain, fair_parts(plain)[0])
    assert [seven["value"] * 2, seven["weight"]] == [45, 3000]


@given(books())
def test_intervals_hold_the_part_and_keep_to_room(book: Problem) -> None:
    plain = arrays(book)
    parts = fair_parts(plain)
    held = intervals(plain, parts, 20)
    assert (held.high <= plain.most()).all()
    for row, fair in enumerate(parts):
        for column in range(plain.counted):
            assert held.low[row, column] == floor(fair[column])
            assert held.high[row, column] == ceil(fair[column])
        assert held.low[row, -2] <= fair[-2] <= held.high[row, -2]


def test_an_interval_reaches_the_whole_things_around_the_part() -> None:
    """Of equal accounts nobody can have a third, whatever the tolerance."""
    units = [unit(number, value=900, weight=1000 * (number > 0)) for number in range(5)]
    plain = arrays(problem(units, [candidate(7), candidate(8)]))
    held = intervals(plain, fair_parts(plain), 20)
    assert (held.low[0, -2:].tolist(), held.high[0, -2:].tolist()) == ([1800, 1960], [2700, 2040])
    got = plain.received(np.array([0, 0, 1, 1, 1]))
    assert deviations(plain, fair_parts(plain), got).tolist() == [[0, 500], [0, 500]]


def test_weight_that_only_counts_is_held_to_room_alone() -> None:
    plain = arrays(problem([unit(1), unit(2)], [candidate(7), candidate(8, capacity=1000)]))
    held = intervals(plain, fair_parts(plain), 20)
    assert (held.low[:, -1].tolist(), held.high[:, -1].tolist()) == ([0, 0], [2000, 1000])
    got = plain.received(np.array([0, 0]))
    assert deviations(plain, fair_parts(plain), got)[:, 1].tolist() == [0, 0]


def test_parts_of_a_reorganisation_are_those_of_its_kinds() -> None:
    """Whoever occurs among the takers of a few arcs, the part follows who may take by the rules."""
    n, m = 4000, 40
    allowed = (np.arange(m), np.arange(0, m, 2))
    kin = np.arange(n) % 2
    taker = np.array([[index % m // 2 * 2, index % m // 2 * 2 + 1] for index in range(n)])
    amounts = np.ones((n, 6), dtype=np.int64)
    amounts[:, 1:3] = 0
    plain = Instance(
        blocks=np.arange(n),
        measures=("hot", "warm", "cold", "total", "value", "weight"),
        amounts=amounts,
        start=np.arange(0, 2 * n + 1, 2),
        taker=taker.astype(np.int32).ravel(),
        fit=np.zeros(2 * n, dtype=np.int32),
        persons=np.arange(m),
        room=np.full(m, 1000),
        kin=kin,
        allowed=allowed,
    )
    assert {row[0] for row in fair_parts(plain)} == {Fraction(100)}
    scarce = Instance(
        **{name: getattr(plain, name) for name in Instance.__slots__}
        | {"kin": np.where(np.arange(n) % 4, 1, 0)}
    )
    assert [row[0] for row in fair_parts(scarce)][:2] == [150, 50]
