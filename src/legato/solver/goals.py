"""What each person is held to at a tolerance, also where one account is worth more than anybody's
share: who gets it keeps it, with little else, and the others share the rest fairly.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import floor

import numpy as np

from legato.domain.fairness import Parts, deviations, intervals
from legato.domain.instance import Bounds, Instance, Ints

SLACK = Fraction(108, 100)
"""How far beyond the least possible deviation who has such an account may be in any case."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Goals:
    instance: Instance
    parts: Parts
    """m × k: fair parts; of value, what whales and the little that goes with them leave."""
    whales: Ints
    """n: who gets a block that is worth more than anybody's share and tolerance; else -1."""
    widest: int
    """The widest tolerance asked for: within it nobody may be beyond the worst off holder."""
    least: dict[int, Fraction]
    """Who gets such a block, and how far beyond the fair part they are at the least, as a part of
    it."""

    def bounds(self, tolerance: int) -> Bounds:
        """What everybody may get at a tolerance in thousandths."""
        held = intervals(self.instance, self.parts, tolerance)
        value = self.instance.counted
        for person, least in self.least.items():
            wider = self._top() + Fraction(max(0, tolerance - self.widest), 1000)
            beyond = max(least * SLACK, min(least + Fraction(tolerance, 1000), wider))
            most = floor(self.parts[person][value] * (1 + beyond))
            held.low[person, value] = 0
            held.high[person, value] = max(most, int(self._held(person)))
        return held

    def worst(self, owner: Ints) -> int:
        """The largest deviation in value or weight of anybody, in thousandths; of who has a whale,
        what is beyond the least there is."""
        off = deviations(self.instance, self.parts, self.instance.received(owner))
        for person, least in self.least.items():
            beyond = int(off[person, 0])
            over = max(beyond - floor(least * 1000), self._over_top(beyond))
            off[person, 0] = 0 if beyond <= least * SLACK * 1000 else over
        return int(off.max(initial=0))

    def _top(self) -> Fraction:
        """How far beyond the fair part the worst off of the holders may be."""
        return max(self.least.values()) * SLACK

    def _over_top(self, beyond: int) -> int:
        top = floor(self._top() * 1000)
        return self.widest + beyond - top if beyond > top else 0

    def _held(self, person: int) -> int:
        return int(self.instance.amounts[self.whales == person, self.instance.counted].sum())


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
    least = {
        person: _least(instance, parts, whales, person, worth) for person, worth in held.items()
    }
    return Goals(
        instance=instance,
        parts=_of_the_rest(instance, parts, least),
        whales=whales,
        widest=widest,
        least={at: _over(amount, parts[at][value])[1] - 1 for at, amount in least.items()},
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


def _least(instance: Instance, parts: Parts, whales: Ints, person: int, held: int) -> int:
    """What the holder of whales has with the smallest accounts that make up the counts."""
    value = instance.counted
    reach = np.zeros(len(instance.blocks), dtype=np.bool_)
    reach[instance.source[instance.taker == person]] = True
    least = held
    for column in range(instance.strata):
        mine = instance.amounts[whales == person, column].sum()
        other = np.flatnonzero(reach & (whales < 0) & (instance.amounts[:, column] > 0))
        need = max(0, int(parts[person][column]) - int(mine))
        least += int(np.sort(instance.amounts[other, value])[:need].sum())
    return least


def _of_the_rest(instance: Instance, parts: Parts, held: dict[int, int]) -> Parts:
    """The others' parts of value, in their old proportion, of what the holders leave."""
    value = instance.counted
    common = sum(row[value] for at, row in enumerate(parts) if at not in held)
    left = int(instance.amounts[:, value].sum()) - sum(held.values())
    if not held or not common:
        return parts
    return [
        [*row[:value], row[value] * left / common, *row[value + 1 :]] if at not in held else row
        for at, row in enumerate(parts)
    ]
