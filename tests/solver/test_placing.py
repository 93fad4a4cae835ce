"""When room is short, as few units as possible are left over, at any size and by either door."""

from dataclasses import replace

import numpy as np
import pytest
from benchmarks.allocation.instances import SIZES, Recipe, shortage, small
from benchmarks.allocation.instances import instance as made_of
from tests.solver import splits

from legato.domain.instance import Instance, Ints
from legato.solver import Budget, split
from legato.solver.placing import placeable
from legato.solver.rooms import fitted

HASTE = Budget(passes=2, cycles=1, visits=100)
RECIPES = (small("{}"), replace(SIZES["M"], family="{}"))


def recipes(family: str) -> list[Recipe]:
    return [replace(recipe, family=family) for recipe in RECIPES]


def left_over(some: Instance) -> int:
    found = split(instance=some, tolerances=(50,), budget=HASTE, seed=1)
    got = some.received(found.owner)
    assert (got <= some.most()).all()
    return int((found.owner < 0).sum())


def nobody(some: Instance) -> Ints:
    return np.full(len(some.blocks), -1, dtype=np.int64)


@pytest.mark.parametrize("recipe", recipes("over_capacity"), ids=("S", "M"))
def test_of_a_known_shortage_exactly_the_rest_is_left_over(recipe: Recipe) -> None:
    assert left_over(made_of(recipe)) == shortage(recipe).missing


@pytest.mark.parametrize("recipe", recipes("conflict"), ids=("S", "M"))
def test_where_nobody_has_a_choice_the_lightest_are_taken(recipe: Recipe) -> None:
    some = made_of(recipe)
    most = 0
    for person, room in enumerate(some.room):
        weights = np.sort(some.amounts[some.taker == person, -1])
        most += int((np.cumsum(weights) <= room).sum())
    assert left_over(some) == len(some.blocks) - most


@pytest.mark.parametrize("seed", range(20))
def test_passing_on_leaves_no_more_over_than_branch_and_bound(seed: int) -> None:
    """With blocks of one weight, for which a chain of moves is found if there is any."""
    some = splits.instance(blocks=30, people=8, arcs=2, seed=seed)
    short = np.random.default_rng(seed).integers(0, 6, 8) * 1000
    some = replace(some, room=short)
    owner = fitted(some, nobody(some))
    keep = placeable(some, pinned=np.zeros(30, dtype=np.bool_), nodes=1000)
    assert (owner >= 0).sum() == keep.sum()
    assert (some.received(owner)[:, -1] <= short).all()
    assert (some.chosen(owner)[owner >= 0] >= 0).all()


def test_a_newcomers_caps_bind_for_every_stratum_of_a_group() -> None:
    some = splits.instance(blocks=6, people=2, arcs=2, seed=3, groups=2)
    for cap in (0, 1, 2, 3):
        caps = {(person, column): cap for person in (0, 1) for column in range(3)}
        capped = replace(some, caps=caps)
        keep = placeable(capped, pinned=np.zeros(6, dtype=np.bool_), nodes=1000)
        room = 2 * cap
        assert (some.amounts[keep, :3].sum(axis=0) <= room).all()


def test_what_is_pinned_is_placed_before_what_is_worth_more() -> None:
    some = replace(splits.instance(blocks=4, people=1, arcs=1, seed=2), room=np.array([1000]))
    for block in range(4):
        pinned = np.arange(4) == block
        assert placeable(some, pinned=pinned, nodes=1000).tolist() == pinned.tolist()
