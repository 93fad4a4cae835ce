"""Why each unit went where it went, in codes and numbers that repeat byte for byte."""

from collections.abc import Iterator

import numpy as np

from legato.domain.eligibility import Block, Eligible
from legato.domain.problem import Problem, Unit
from legato.domain.proposal import PRICE_UNIT, Fact, Placement, Reason, Share
from legato.solver.instance import Bounds, Instance, Ints
from legato.solver.searching import Found
from legato.solver.sharing import COUNTED, Targets
from legato.solver.unsplit import fit_facts


def shares(instance: Instance, found: Found, fair: Targets) -> Iterator[Share]:
    """What each person was held to, and its price."""
    bounds = found.bounds
    for row, person in enumerate(instance.persons):
        value, room = fair[person, "value"], int(instance.room[row])
        low = [*bounds.low[row].tolist(), int(bounds.value_low[row]), 0]
        high = [*bounds.high[row].tolist(), int(bounds.value_high[row]), room]
        goal = [round(1000 * fair[person, of]) for of in COUNTED] + [round(value), room]
        for column, of in enumerate((*COUNTED, "value", "weight")):
            yield Share(
                person=person,
                of=of,
                target=goal[column],
                low=low[column],
                high=high[column],
                price=round(float(found.prices[row, column]) * PRICE_UNIT),
            )


class Reasons:
    """The reasons of one finished split."""

    def __init__(self, eligible: Eligible, instance: Instance, bounds: Bounds, owner: Ints) -> None:
        self.eligible = eligible
        self.instance, self.bounds, self.owner = instance, bounds, owner
        self.counted = instance.counted(owner)
        self.value = instance.received(owner, instance.value)
        self.weight = instance.received(owner, instance.weight)
        self.points = np.floor(instance.matrix).astype(np.int64)

    def placements(self, problem: Problem) -> Iterator[Placement]:
        """One for every unit of the split's blocks."""
        pinned = {pin.unit for pin in problem.pins}
        for index, block in enumerate(self.instance.blocks):
            for unit in block.units:
                yield self._placed(index, unit, is_pinned=unit.id in pinned)

    def _placed(self, index: int, unit: Unit, *, is_pinned: bool) -> Placement:
        instance = self.instance
        block, holder = instance.blocks[index], int(self.owner[index])
        person = instance.persons[holder]
        fits = self.points[index]
        rank = 1 + int((fits > fits[holder]).sum())
        facts: list[Fact] = [*fit_facts(self.eligible, unit, person)]
        facts += [("rank", rank), ("candidates", len(block.people))]
        if unit.group is not None:
            facts.append(("group", unit.group))
        facts += self._full(holder, unit)
        facts += self._alternative(index, holder)
        code = _code(block, rank, is_pinned=is_pinned)
        return Placement(unit=unit.id, person=person, reason=Reason(code=code, facts=tuple(facts)))

    def _full(self, holder: int, unit: Unit) -> Iterator[Fact]:
        for column, of in enumerate(COUNTED):
            full = self.counted[holder, column] == self.bounds.high[holder, column]
            if full and of in (unit.heat, "total"):
                yield (f"bound.{of}", int(self.bounds.high[holder, column]))

    def _alternative(self, index: int, holder: int) -> Iterator[Fact]:
        fits = self.points[index].copy()
        fits[holder] = -1
        other = int(fits.argmax())
        if fits[other] < 0:
            return
        mine = int(self.points[index, holder])
        yield ("alternative", self.instance.persons[other])
        yield ("alternative.fit", int(fits[other]))
        yield ("alternative.why", self._hindrance(index, holder, other))
        yield ("alternative.by", abs(int(fits[other]) - mine))

    def _hindrance(self, index: int, holder: int, other: int) -> str:
        """Why the best alternative did not get it."""
        instance, bounds = self.instance, self.bounds
        if self.points[index, other] <= self.points[index, holder]:
            return "less_fit"
        counts, value = instance.counts[index], instance.value[index]
        for column, of in enumerate(COUNTED):
            after = self.counted[other, column] + counts[column]
            if counts[column] and after > bounds.high[other, column]:
                return f"{of}_full"
        if self.value[other] + value > bounds.value_high[other]:
            return "value_full"
        if self.weight[other] + instance.weight[index] > instance.room[other]:
            return "weight_full"
        return "needed_here"


def _code(block: Block, rank: int, *, is_pinned: bool) -> str:
    if is_pinned:
        return "pinned"
    if len(block.units) > 1:
        return "group"
    if len(block.people) == 1:
        return "only_eligible"
    return "best_fit" if rank == 1 else "fair_share"
