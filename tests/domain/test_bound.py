"""No assignment inside the intervals fits better than the bound says, whatever the prices."""

from itertools import product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.test_instance import arrays
from tests.strategies import books

from legato.domain.bound import fit_bound, whole_prices
from legato.domain.fairness import fair_parts, intervals
from legato.domain.instance import Bounds, Instance, Ints
from legato.domain.plan import Problem

PRICE = st.one_of(st.just(0), st.integers(-(10**13), 10**13), st.sampled_from([2**62, -(2**62), 7]))


def prices_for(data: st.DataObject, plain: Instance) -> Ints:
    shape = len(plain.persons), len(plain.measures)
    size = shape[0] * shape[1]
    drawn = data.draw(st.lists(PRICE, min_size=size, max_size=size))
    return np.array(drawn, dtype=np.int64).reshape(shape)


def best_inside(plain: Instance, bounds: Bounds) -> int | None:
    arcs = [range(plain.start[i], plain.start[i + 1]) for i in range(len(plain.blocks))]
    best = None
    for choice in product(*arcs):
        got = plain.received(plain.taker[list(choice)].astype(np.int64))
        if (got >= bounds.low).all() and (got <= bounds.high).all():
            best = max(best or 0, int(plain.fit[list(choice)].sum()))
    return best


def bound_of(plain: Instance, bounds: Bounds, prices: Ints) -> int:
    placed = np.ones(len(plain.blocks), dtype=np.bool_)
    return fit_bound(instance=plain, placed=placed, bounds=bounds, prices=prices)


@given(books(most_units=5, most_people=3), st.data(), st.integers(0, 500))
def test_the_bound_is_never_too_low(book: Problem, data: st.DataObject, tolerance: int) -> None:
    plain = arrays(book)
    bounds = intervals(plain, fair_parts(plain), tolerance)
    best = best_inside(plain, bounds)
    if best is not None:
        assert bound_of(plain, bounds, prices_for(data, plain)) >= best


def by_hand(plain: Instance, bounds: Bounds, prices: list[list[int]]) -> int:
    """The same bound, block by block, in Python's whole numbers."""
    worth = 0
    for block, amounts in enumerate(plain.amounts.tolist()):
        paid = {}
        for arc in range(plain.start[block], plain.start[block + 1]):
            taker = int(plain.taker[arc])
            price = sum(a * b for a, b in zip(amounts, prices[taker], strict=True))
            paid[taker] = int(plain.fit[arc]) * 10**9 - price
        inside = [who for who in paid if (plain.amounts[block] <= bounds.high[who]).all()]
        worth += max(paid[who] for who in inside or paid)
    for row, low, high in zip(prices, bounds.low.tolist(), bounds.high.tolist(), strict=True):
        worth += sum(max(p * a, p * b) for p, a, b in zip(row, low, high, strict=True))
    return worth // 10**9


@given(books(), st.data())
def test_it_is_exact_at_prices_beyond_64_bits_too(book: Problem, data: st.DataObject) -> None:
    plain = arrays(book)
    bounds = intervals(plain, fair_parts(plain), 20)
    prices = prices_for(data, plain)
    assert bound_of(plain, bounds, prices) == by_hand(plain, bounds, prices.tolist())


def test_pieces_are_whole_blocks_and_change_nothing() -> None:
    start = np.array([0, 2, 2, 7, 8, 9], dtype=np.int64)
    plain = Instance(
        blocks=np.arange(5),
        measures=("hot", "warm", "cold", "total", "value", "weight"),
        amounts=np.ones((5, 6), dtype=np.int64),
        start=start,
        taker=np.array([0, 1, 0, 1, 2, 3, 4, 0, 4], dtype=np.int32),
        fit=np.arange(9, dtype=np.int32),
        persons=np.arange(5),
        room=np.full(5, 9000),
        kin=np.zeros(5, dtype=np.int64),
        allowed=(np.arange(5),),
    )
    assert list(plain.pieces(3)) == [(0, 2), (2, 3), (3, 5)]
    assert list(plain.pieces()) == [(0, 5)]
    assert plain.chosen(np.array([1, 0, 4, 0, 0])).tolist() == [1, -1, 6, 7, -1]


def test_prices_are_written_in_billionths() -> None:
    assert whole_prices(np.array([[0.25, -1.5e-9]])).tolist() == [[250_000_000, -2]]
