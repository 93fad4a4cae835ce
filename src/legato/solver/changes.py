"""A finished split after a change of mind: what is pinned follows the cheapest chain, anything else
is solved again from the prices there are, with a bonus for all that stays where it is.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np

from legato.domain.fairness import Parts
from legato.domain.instance import Bounds, Floats, Instance, Ints
from legato.solver import Budget, Solution, Watch, split
from legato.solver.chains import Exchanges, leaves
from legato.solver.near import STAY, eased, tightest


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonChange:
    """By id; amounts before and after: units, value in currency units."""

    person: int
    units: tuple[int, int]
    value: tuple[int, int]
    gained: int
    """Blocks; so ``lost``."""
    lost: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What one split of the same blocks does otherwise than another."""

    moved: tuple[tuple[int, int | None, int | None], ...]
    """(block, from, to) by id, None for nobody, in order of block."""
    fit: tuple[int, int]
    """Points before and after."""
    persons: tuple[PersonChange, ...]
    """Those who gain or lose anything, by id."""


def pinned(
    *,
    instance: Instance,
    bounds: Bounds,
    prices: Floats,
    owner: Ints,
    pins: Mapping[int, int],
    fixed: Collection[int] = (),
) -> Ints | None:
    """The owners after each pinned block (to its person, both by index) has come by the cheapest
    chain; what is ``fixed`` stays, and so does what was pinned before it.

    None where no chain leads there, or value or weight would leave their intervals: then the split
    must be solved again.
    """
    asked = Exchanges(
        instance=instance,
        bounds=bounds,
        prices=prices,
        owner=owner,
        fixed={*fixed, *pins},
    )
    for block, person in sorted(pins.items()):
        if asked.give(block=block, person=person) is None:
            return None
    if leaves(instance=instance, bounds=bounds, before=owner, after=asked.owner):
        return None
    return asked.owner


def changed(
    *,
    instance: Instance,
    parts: Parts,
    tolerances: tuple[int, ...],
    owner: Ints,
    prices: Floats,
    budget: Budget,
    seed: int,
    stay: int = STAY,
    watch: Watch | None = None,
) -> Solution:
    """The split of an instance that has changed, near the ``owner`` of each block in it before (-1
    for none), from the ``prices`` before; ``parts`` are the fair ones now.

    Fairness comes first, as ever; among fair splits a unit that stays is worth ``stay`` points,
    which are no part of the fit. The prices are those, of before and after, that bound it better.
    """
    found = split(
        instance=eased(instance, owner=owner, stay=stay),
        parts=parts,
        tolerances=tolerances,
        budget=budget,
        seed=seed,
        start=prices,
        watch=watch,
    )
    told = tightest(instance, found.bounds, found.owner, (found.prices, prices))
    return replace(found, prices=told, proven=None)


def compared(*, instance: Instance, before: Ints, after: Ints) -> Comparison:
    """Both by the same instance, which has an arc for every owner."""
    units, value = instance.counted - 1, instance.counted
    was, now = instance.received(before), instance.received(after)
    moved = np.flatnonzero(before != after)
    gained = np.bincount(after[moved] + 1, minlength=len(instance.persons) + 1)[1:]
    lost = np.bincount(before[moved] + 1, minlength=len(instance.persons) + 1)[1:]
    ids = [*instance.persons.tolist(), None]
    return Comparison(
        moved=tuple(
            (int(instance.blocks[block]), ids[before[block]], ids[after[block]])
            for block in moved.tolist()
        ),
        fit=(instance.total_fit(before), instance.total_fit(after)),
        persons=tuple(
            PersonChange(
                person=int(instance.persons[at]),
                units=(int(was[at, units]), int(now[at, units])),
                value=(int(was[at, value]), int(now[at, value])),
                gained=int(gained[at]),
                lost=int(lost[at]),
            )
            for at in np.flatnonzero(gained + lost).tolist()
        ),
    )
