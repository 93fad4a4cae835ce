"""What each person is held to at a tolerance, also where one account is worth more than anybody's
share: who gets it keeps it, with little else, and the others share the rest fairly.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from legato.domain.fairness import Parts, deviations, intervals
from legato.domain.instance import Bounds, Instance, Ints

SLACK = Fraction(108, 100)
"""How far beyond the least possible deviation somebody with such an account may be."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Goals:
    instance: Instance
    parts: Parts
    """m × k: fair parts, of what the whales leave."""
    whales: Ints
    """n: who gets a block that is worth more than anybody's share and tolerance; else -1."""
    limits: dict[int, int]
    """The most value that who holds a whale may have."""

    def bounds(self, tolerance: int) -> Bounds:
        """What everybody may get at a tolerance in thousandths."""
        held = intervals(self.instance, self.parts, tolerance)
        value = self.instance.counted
        for person, limit in self.limits.items():
            held.low[person, value], held.high[person, value] = 0, limit
        return held

    def worst(self, owner: Ints) -> int:
        """The largest deviation in value or weight of anybody, in thousandths, whales aside."""
        off = deviations(self.instance, self.parts, self.instance.received(owner))
        off[list(self.limits), 0] = 0
        return int(off.max(initial=0))


def goals_of(instance: Instance, parts: Parts, widest: int) -> Goals:
    """The goals of a split whose widest tolerance, in thousandths, is that."""
    value = instance.counted
    whales = np.full(len(instance.blocks), -1)
    held: dict[int, int] = {}
    high = intervals(instance, parts, widest).high[:, value]
    for block in _whales(instance, high):
        takers = instance.taker[instance.start[block] : instance.start[block + 1]].tolist()
        worth = int(instance.amounts[block, value])
        person = min(takers, key=lambda at: (_over(held.get(at, 0) + worth, parts[at][value]), at))
        whales[block] = person
        held[person] = held.get(person, 0) + worth
    limits = {
        person: _limit(instance, parts, whales, person, worth) for person, worth in held.items()
    }
    return Goals(
        instance=instance, parts=_of_the_rest(instance, parts, held), whales=whales, limits=limits
    )


def _whales(instance: Instance, high: Ints) -> Iterator[int]:
    """The blocks that exceed every taker's interval, the most valuable first."""
    worth = instance.amounts[:, instance.counted]
    large = np.flatnonzero(worth > high.min(initial=0))
    for block in large[np.argsort(-worth[large], kind="stable")].tolist():
        takers = instance.taker[instance.start[block] : instance.start[block + 1]]
        if (worth[block] > high[takers]).all():
            yield block


def _over(amount: int, part: Fraction) -> tuple[bool, Fraction]:
    return (not part, amount / part if part else Fraction(amount))


def _limit(instance: Instance, parts: Parts, whales: Ints, person: int, held: int) -> int:
    """A little more than the holder of whales gets with the smallest accounts that make up the
    counts."""
    value, part = instance.counted, parts[person][instance.counted]
    reach = np.zeros(len(instance.blocks), dtype=np.bool_)
    reach[instance.source[instance.taker == person]] = True
    least = held
    for column in range(instance.strata):
        mine = (whales == person) @ instance.amounts[:, column]
        other = np.flatnonzero(reach & (whales < 0) & (instance.amounts[:, column] > 0))
        need = max(0, int(parts[person][column]) - int(mine))
        least += int(np.sort(instance.amounts[other, value])[:need].sum())
    return int(part + SLACK * max(Fraction(0), least - part)) + 1


def _of_the_rest(instance: Instance, parts: Parts, held: dict[int, int]) -> Parts:
    """The others' parts of value, in their old proportion, of what the whales leave."""
    value = instance.counted
    common = sum(row[value] for at, row in enumerate(parts) if at not in held)
    left = int(instance.amounts[:, value].sum()) - sum(held.values())
    if not held or not common:
        return parts
    return [
        [*row[:value], row[value] * left / common, *row[value + 1 :]] if at not in held else row
        for at, row in enumerate(parts)
    ]
