"""What giving a block to somebody else costs, against another's network simplex with it settled."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from tests.solver.splits import best, bounds, instance, no_prices

from legato.domain.instance import Bounds, Floats, Instance, Ints
from legato.solver import Budget, split
from legato.solver.chains import Chain, Exchanges


def exchanges(of: Instance, held: Bounds, owner: Ints, prices: Floats | None = None) -> Exchanges:
    given = no_prices(of) if prices is None else prices
    return Exchanges(instance=of, bounds=held, prices=given, owner=owner)


def arcs(of: Instance, blocks: range) -> Iterator[tuple[int, int]]:
    for block in blocks:
        for taker in of.taker[of.start[block] : of.start[block + 1]].tolist():
            yield block, taker


def after(owner: Ints, chain: Chain) -> Ints:
    """The owners once the chain is carried out; each block must come from its owner."""
    changed = owner.copy()
    for block, giver, taker in chain.moves:
        assert changed[block] == giver
        changed[block] = taker
    return changed


def is_within(of: Instance, held: Bounds, owner: Ints) -> bool:
    got = of.received(owner)[:, : of.counted]
    low, high = held.low[:, : of.counted], held.high[:, : of.counted]
    return bool((got >= low).all() and (got <= high).all())


@pytest.mark.parametrize("tiers", [1, 2])
@pytest.mark.parametrize("slack", [0, 1])
@pytest.mark.parametrize("seed", range(6))
def test_a_pin_costs_what_the_best_split_with_it_lacks(seed: int, slack: int, tiers: int) -> None:
    of = instance(blocks=24, people=5, arcs=3, seed=seed, tiers=tiers)
    held = bounds(of, slack=slack)
    owner = best(of, held)
    if owner is None:
        pytest.skip("this book has no split within one of every target")
    asked = exchanges(of, held, owner)
    for block, person in arcs(of, range(24)):
        with_it = best(of, held, settled={block: person})
        chain = asked.cost(block=block, person=person)
        if with_it is None or chain is None:
            assert with_it is None
            assert chain is None
            continue
        changed = after(owner, chain)
        assert chain.is_exact
        assert is_within(of, held, changed)
        assert of.total_fit(owner) - of.total_fit(changed) == chain.fit == chain.cost
        assert of.total_fit(with_it) == of.total_fit(changed)
    assert (asked.owner == owner).all()


@pytest.mark.parametrize("seed", range(8))
def test_a_group_costs_what_the_best_split_around_it_lacks(seed: int) -> None:
    of = instance(blocks=30, people=4, arcs=4, seed=seed, groups=2)
    held = bounds(of, slack=1)
    others = {1: 1}
    owner = best(of, held, settled={0: 0, **others})
    assert owner is not None
    asked = exchanges(of, held, owner)
    for person in range(4):
        with_it = best(of, held, settled={0: person, **others})
        chain = asked.cost(block=0, person=person)
        assert (chain is None) is (with_it is None)
        if chain is not None and with_it is not None:
            changed = after(owner, chain)
            assert is_within(of, held, changed)
            assert of.total_fit(with_it) == of.total_fit(changed)
            assert chain.cost == of.total_fit(owner) - of.total_fit(changed)


@pytest.mark.parametrize("seed", range(6))
def test_what_nobody_has_finds_its_cheapest_place(seed: int) -> None:
    of = instance(blocks=20, people=4, arcs=3, seed=seed)
    held = bounds(of, slack=1)
    without = best(of, held, settled={7: -2})
    assert without is not None
    without[7] = -1
    asked = exchanges(of, held, without)
    for _, person in arcs(of, range(7, 8)):
        with_it = best(of, held, settled={7: person})
        chain = asked.cost(block=7, person=person)
        assert (chain is None) is (with_it is None)
        if chain is not None and with_it is not None:
            assert of.total_fit(after(without, chain)) == of.total_fit(with_it)
            assert -chain.cost == of.total_fit(with_it) - of.total_fit(without)


@pytest.mark.parametrize("seed", range(4))
def test_what_is_given_is_part_of_what_is_asked_next(seed: int) -> None:
    of = instance(blocks=24, people=4, arcs=4, seed=seed, groups=1)
    held = bounds(of, slack=1)
    owner = best(of, held, settled={0: 0})
    assert owner is not None
    asked = exchanges(of, held, owner)
    for block, person in ((3, 1), (5, 2), (0, 3), (9, 0)):
        before = asked.owner.copy()
        told = asked.cost(block=block, person=person)
        done = asked.give(block=block, person=person)
        assert told == done
        assert done is not None
        assert (asked.owner == after(before, done)).all()
        assert is_within(of, held, asked.owner)


def test_prices_of_value_count_as_fit_does() -> None:
    of = instance(blocks=20, people=3, arcs=3, seed=5)
    held = bounds(of, slack=1)
    of.amounts[:, -2] //= 100
    prices = no_prices(of)
    prices[:, -2] = [1, 0, -1]
    paid = replace(of, fit=of.fit - (of.amounts[of.source, -2] * prices[of.taker, -2]).astype(int))
    owner = best(paid, held)
    assert owner is not None
    asked = exchanges(of, held, owner, prices)
    for block, person in arcs(of, range(20)):
        chain = asked.cost(block=block, person=person)
        with_it = best(paid, held, settled={block: person})
        assert (chain is None) is (with_it is None)
        if chain is not None and with_it is not None:
            assert chain.cost == paid.total_fit(owner) - paid.total_fit(with_it)
            assert chain.fit == of.total_fit(owner) - of.total_fit(after(owner, chain))


def test_a_split_moved_away_from_its_prices_still_gets_a_chain_and_says_so() -> None:
    of = instance(blocks=60, people=4, arcs=4, seed=3)
    held = bounds(of)
    owner = best(of, held)
    assert owner is not None
    hot = np.flatnonzero(of.amounts[:, 0] == 1)
    one = hot[owner[hot] == 0][0]
    other = hot[owner[hot] == 1][0]
    owner[one], owner[other] = 1, 0
    asked = exchanges(of, held, owner)
    for block, person in arcs(of, range(60)):
        chain = asked.cost(block=block, person=person)
        assert chain is not None
        assert not chain.is_exact
        assert chain.cost >= 0
        assert is_within(of, held, after(owner, chain))


def test_of_a_balanced_split_a_chain_costs_what_its_prices_make_of_the_best_with_it() -> None:
    of = instance(blocks=120, people=6, arcs=6, seed=8)
    done = split(instance=of, tolerances=(20,), budget=Budget(), seed=1)
    paid = (of.amounts[of.source, -2] * done.prices[of.taker, -2]) * 1000
    priced = replace(of, fit=(of.fit * 1000 - np.rint(paid)).astype(np.int64))
    asked = exchanges(of, done.bounds, done.owner, done.prices)
    first = best(priced, done.bounds)
    assert first is not None
    told, true = [], []
    for block in range(0, 120, 5):
        person = (int(done.owner[block]) + 1) % 6
        chain = asked.cost(block=block, person=person)
        with_it = best(priced, done.bounds, settled={block: person})
        assert chain is not None
        assert with_it is not None
        told.append(chain.cost)
        true.append((priced.total_fit(first) - priced.total_fit(with_it)) / 1000)
    assert np.median(np.abs(np.array(told) - true)) <= 5
    assert sum(told) == pytest.approx(sum(true), rel=0.05)


def test_who_has_it_gets_it_for_nothing_and_who_may_not_take_it_never() -> None:
    of = instance(blocks=12, people=4, arcs=2, seed=1)
    held = bounds(of, slack=3)
    owner = best(of, held)
    assert owner is not None
    asked = exchanges(of, held, owner)
    kept = asked.cost(block=0, person=int(owner[0]))
    assert kept is not None
    assert (kept.cost, kept.moves) == (0, ())
    stranger = next(person for person in range(4) if person not in of.taker[:2])
    assert asked.cost(block=0, person=stranger) is None


def test_what_is_fixed_moves_for_nobody() -> None:
    of = instance(blocks=30, people=4, arcs=4, seed=2)
    held = bounds(of)
    owner = best(of, held)
    assert owner is not None
    still = range(15)
    asked = Exchanges(instance=of, bounds=held, prices=no_prices(of), owner=owner, fixed=still)
    for block, person in arcs(of, range(15, 30)):
        chain = asked.cost(block=block, person=person)
        assert chain is None or not {each for each, _, _ in chain.moves} & set(still)
