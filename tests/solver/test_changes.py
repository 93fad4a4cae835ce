"""After a change of mind the split is fair again, and little else has moved."""

from dataclasses import replace

import numpy as np
import pytest
from tests.solver.splits import best, bounds, instance, no_prices

from legato.domain.fairness import fair_parts
from legato.domain.instance import Instance, Ints
from legato.solver import Budget, Solution, split
from legato.solver.changes import changed, compared, pinned
from legato.solver.near import eased, tightest

TOLERANCES = (20, 50, 100)


def solved(of: Instance, start: Solution | None = None) -> Solution:
    return split(
        instance=of,
        parts=fair_parts(of),
        tolerances=TOLERANCES,
        budget=Budget(),
        seed=1,
        start=None if start is None else start.prices,
    )


def again(of: Instance, before: Solution, owner: Ints) -> Solution:
    return changed(
        instance=of,
        parts=fair_parts(of),
        tolerances=TOLERANCES,
        owner=owner,
        prices=before.prices,
        budget=Budget(),
        seed=1,
    )


def without(of: Instance, person: int) -> Instance:
    """The same where that person may take nothing."""
    keep = of.taker != person
    sizes = np.bincount(of.source[keep], minlength=len(of.blocks))
    others = np.setdiff1d(np.arange(len(of.persons)), [person])
    room = of.room.copy()
    room[person] = 0
    return replace(
        of,
        start=np.concatenate([[0], np.cumsum(sizes)]),
        taker=of.taker[keep],
        fit=of.fit[keep],
        room=room,
        allowed=(others,),
    )


def test_pins_are_kept_within_the_bounds_and_what_is_fixed_stays() -> None:
    of = instance(blocks=40, people=5, arcs=5, seed=1)
    held = bounds(of)
    owner = best(of, held)
    assert owner is not None
    pins = {3: (int(owner[3]) + 1) % 5, 9: (int(owner[9]) + 2) % 5}
    still = [block for block in range(20, 40) if block not in pins]
    after = pinned(
        instance=of, bounds=held, prices=no_prices(of), owner=owner, pins=pins, fixed=still
    )
    assert after is not None
    assert {block: int(after[block]) for block in pins} == pins
    assert (after[still] == owner[still]).all()
    got = of.received(after)
    assert (got >= held.low).all()
    assert (got <= held.high).all()


def test_a_pin_that_would_make_value_unfair_is_left_to_a_new_search() -> None:
    of = instance(blocks=40, people=4, arcs=4, seed=2)
    held = bounds(of)
    owner = best(of, held)
    assert owner is not None
    held.high[:, -2] = of.received(owner)[:, -2]
    held.low[:, -2] = held.high[:, -2]
    pins = {0: (int(owner[0]) + 1) % 4}
    assert pinned(instance=of, bounds=held, prices=no_prices(of), owner=owner, pins=pins) is None


def test_a_pin_that_nothing_allows_is_left_to_a_new_search() -> None:
    of = instance(blocks=12, people=4, arcs=2, seed=1)
    held = bounds(of, slack=3)
    owner = best(of, held)
    assert owner is not None
    stranger = next(person for person in range(4) if person not in of.taker[:2])
    told = pinned(instance=of, bounds=held, prices=no_prices(of), owner=owner, pins={0: stranger})
    assert told is None


def test_a_bonus_for_staying_counts_every_unit_and_changes_no_other_arc() -> None:
    of = instance(blocks=10, people=3, arcs=3, seed=1, groups=1)
    owner = of.taker.reshape(10, 3)[:, 1].astype(np.int64)
    owner[4] = -1
    bonus = (eased(of, owner=owner, stay=100).fit - of.fit).reshape(10, 3)
    assert bonus[0].tolist() == [0, 300, 0]
    assert bonus[1].tolist() == [0, 100, 0]
    assert not bonus[4].any()


def test_the_prices_told_are_those_that_bound_the_fit_best() -> None:
    of = instance(blocks=40, people=4, arcs=4, seed=6)
    before = solved(of)
    silly = before.prices + 50
    for order in ((before.prices, silly), (silly, before.prices)):
        assert tightest(of, before.bounds, before.owner, order) is before.prices


def test_when_nothing_has_changed_nothing_moves() -> None:
    of = instance(blocks=60, people=4, arcs=4, seed=3)
    before = solved(of)
    after = again(of, before, before.owner)
    assert compared(instance=of, before=before.owner, after=after.owner).moved == ()


def test_when_somebody_goes_fewer_change_hands_than_in_a_new_split() -> None:
    of = instance(blocks=80, people=5, arcs=5, seed=4)
    before = solved(of)
    left = without(of, 2)
    owner = np.where(before.owner == 2, -1, before.owner)
    near, far = again(left, before, owner), solved(left)
    assert not (near.owner == 2).any()
    assert near.tolerance <= max(20, far.tolerance)
    moved = [int((each.owner != owner).sum()) for each in (near, far)]
    assert moved[0] < moved[1]
    assert moved[0] >= (owner < 0).sum()


def test_a_comparison_counts_both_sides_of_every_move() -> None:
    of = instance(blocks=20, people=4, arcs=4, seed=5)
    before = of.taker.reshape(20, 4)[:, 0].astype(np.int64)
    after = before.copy()
    after[3], after[7] = 1, -1
    told = compared(instance=of, before=before, after=after)
    assert told.moved == ((4, 1000, 1001), (8, 1000, None))
    assert told.fit == (of.total_fit(before), of.total_fit(after))
    anna, boris = told.persons
    assert (anna.person, anna.gained, anna.lost) == (1000, 0, 2)
    assert (boris.person, boris.gained, boris.lost) == (1001, 1, 0)
    assert anna.units == (20, 18)
    assert boris.value == (0, int(of.amounts[3, -2]))


@pytest.mark.parametrize("seed", range(3))
def test_the_same_change_gives_the_same_split(seed: int) -> None:
    of = instance(blocks=40, people=4, arcs=4, seed=seed)
    before = solved(of)
    left = without(of, 1)
    owner = np.where(before.owner == 1, -1, before.owner)
    assert (again(left, before, owner).owner == again(left, before, owner).owner).all()
