"""Why each unit went where it went, in codes and numbers that repeat byte for byte."""

from collections.abc import Collection, Iterator

import numpy as np

from legato.domain.eligibility import Block, Eligible, Split
from legato.domain.problem import Problem, Unit
from legato.domain.proposal import PRICE_UNIT, Fact, Placement, Reason, Share
from legato.solver.instance import Bounds, Instance, Ints
from legato.solver.searching import Found
from legato.solver.sharing import COUNTED, Targets


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

    def __init__(
        self, eligible: Eligible, split: Split, instance: Instance, bounds: Bounds, owner: Ints
    ) -> None:
        self.eligible, self.split = eligible, split
        self.instance, self.bounds, self.owner = instance, bounds, owner
        self.counted = instance.counted(owner)
        self.value = instance.received(owner, instance.value)
        self.weight = instance.received(owner, instance.weight)
        self.points = np.floor(instance.matrix).astype(np.int64)

    def placements(self, problem: Problem) -> Iterator[Placement]:
        """One for every unit of the problem, in no particular order."""
        placed = {block.id: index for index, block in enumerate(self.instance.blocks)}
        units = {unit.id: unit for unit in problem.units}
        pinned_units = {pin.unit for pin in problem.pins}
        for settled, person in self.split.settled.items():
            reason = Reason(code="account_owner", facts=self._fit(units[settled], person))
            yield Placement(unit=settled, person=person, reason=reason)
        for block in self.split.blocks:
            index = placed.get(block.id)
            for unit in block.units:
                if index is None:
                    yield self._orphan(problem, block, unit)
                else:
                    yield self._placed(index, unit, is_pinned=unit.id in pinned_units)

    def _fit(self, unit: Unit, person: int) -> tuple[Fact, ...]:
        parts = self.eligible.arcs[unit.id, person]
        total = sum(points for _, points in parts)
        return (("fit", total), *((f"fit.{part}", points) for part, points in parts))

    def _placed(self, index: int, unit: Unit, *, is_pinned: bool) -> Placement:
        instance = self.instance
        block, holder = instance.blocks[index], int(self.owner[index])
        person = instance.persons[holder]
        fits = self.points[index]
        rank = 1 + int((fits > fits[holder]).sum())
        facts: list[Fact] = [*self._fit(unit, person)]
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

    def _orphan(self, problem: Problem, block: Block, unit: Unit) -> Placement:
        why = {
            person.id: self._hindrance_of_orphan(block, unit, person.id)
            for person in problem.candidates
        }
        reason = Reason(
            code=_orphan_code(why.values()),
            facts=tuple((f"removed.{person}", code) for person, code in sorted(why.items())),
        )
        return Placement(unit=unit.id, person=None, reason=reason)

    def _hindrance_of_orphan(self, block: Block, unit: Unit, person: int) -> str:
        for member in (unit, *block.units):
            removal = self.eligible.removed.get((member.id, person))
            if removal is not None:
                return str(removal) if member is unit else f"group_member:{member.id}:{removal}"
        return "room_taken"


def _code(block: Block, rank: int, *, is_pinned: bool) -> str:
    if is_pinned:
        return "pinned"
    if len(block.units) > 1:
        return "group"
    if len(block.people) == 1:
        return "only_eligible"
    return "best_fit" if rank == 1 else "fair_share"


def _orphan_code(why: Collection[str]) -> str:
    if any(code in ("no_capacity", "room_taken") for code in why):
        return "orphan_no_capacity"
    if any(code.startswith("group_member:") for code in why):
        return "orphan_group"
    return "orphan_nobody_eligible"
