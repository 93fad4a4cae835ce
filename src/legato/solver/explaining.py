"""Why each block of a finished split went where it went, in codes and numbers that repeat.

What a thing costs follows from the split's prices alone, so that any one block of a million is
explained at once.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from legato.domain.eligibility import Block, Eligible
from legato.domain.fairness import Parts
from legato.domain.instance import Bounds, Floats, Instance, Ints
from legato.domain.problem import Measure, Unit
from legato.domain.proposal import PRICE_UNIT, Fact, Placement, Reason, Share
from legato.solver.unsplit import fit_facts

MOST = 3
"""Alternatives told of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """Somebody else who could have got the block."""

    person: int
    fit: int
    why: str
    """``less_fit``, ``<measure>_full`` (it would exceed their share), ``<measure>_short`` (who has
    it would fall below the own share), or ``needed_here`` (it would cost others more)."""
    cost: int
    """Points the team would lose at the least, by the prices: a lower bound, exact chains cost the
    same or more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Blocks and persons by id."""

    block: int
    person: int
    fit: int
    rank: int
    """1 fits best; as good is as high."""
    candidates: int
    prices: tuple[tuple[Measure, int], ...]
    """Points that the block's part of each measure costs with this person, where any."""
    full: tuple[tuple[Measure, int], ...]
    """Counts the block is part of whose share is exactly full, with that share."""
    alternatives: tuple[Alternative, ...]
    """Who fits best of the others first."""


def shares_of(
    *, instance: Instance, bounds: Bounds, prices: Floats, parts: Parts
) -> Iterator[Share]:
    """What each person was held to, by person, then measure; ``parts`` are the fair ones."""
    for row, person in enumerate(instance.persons.tolist()):
        for column, of in enumerate(instance.measures):
            scale = 1000 if column < instance.counted else 1
            yield Share(
                person=person,
                of=of,
                target=round(parts[row][column] * scale),
                low=int(bounds.low[row, column]),
                high=int(bounds.high[row, column]),
                price=round(float(prices[row, column]) * PRICE_UNIT),
            )


class Explaining:
    """The reasons of one finished split."""

    def __init__(self, *, instance: Instance, bounds: Bounds, prices: Floats, owner: Ints) -> None:
        self.instance, self.bounds, self.prices, self.owner = instance, bounds, prices, owner
        self.got = instance.received(owner)

    def of(self, block: int) -> Explanation:
        """Why the block of that index, which somebody has, is theirs."""
        instance, holder = self.instance, int(self.owner[block])
        takers, fits, worth = self._weighed(block)
        own = int(np.searchsorted(takers, holder))
        others = np.lexsort((takers, -worth, -fits))
        return Explanation(
            block=int(instance.blocks[block]),
            person=int(instance.persons[holder]),
            fit=int(fits[own]),
            rank=1 + int((fits > fits[own]).sum()),
            candidates=len(takers),
            prices=self._paid(block, holder),
            full=self._full(block, holder),
            alternatives=tuple(
                self.alternative(block, int(takers[other]))
                for other in others[others != own][:MOST]
            ),
        )

    def alternative(self, block: int, person: int) -> Alternative:
        """What stands against giving the block to that person, who may take it; by indexes."""
        takers, fits, worth = self._weighed(block)
        own, other = np.searchsorted(takers, [self.owner[block], person]).tolist()
        return Alternative(
            person=int(self.instance.persons[person]),
            fit=int(fits[other]),
            why=self._why(block, person) if fits[other] > fits[own] else "less_fit",
            cost=max(0, int(np.floor(worth[own] - worth[other] + 1e-6))),
        )

    def _weighed(self, block: int) -> tuple[NDArray[np.int32], NDArray[np.int32], Floats]:
        """Who may take the block, how well it fits, and that less what it costs with them."""
        arcs = slice(*self.instance.start[block : block + 2].tolist())
        takers, fits = self.instance.taker[arcs], self.instance.fit[arcs]
        return takers, fits, fits - self.prices[takers] @ self.instance.amounts[block]

    def _paid(self, block: int, holder: int) -> tuple[tuple[Measure, int], ...]:
        paid = np.rint(self.prices[holder] * self.instance.amounts[block]).astype(np.int64)
        names = self.instance.measures
        return tuple((names[column], int(paid[column])) for column in np.flatnonzero(paid))

    def _full(self, block: int, holder: int) -> tuple[tuple[Measure, int], ...]:
        instance, high = self.instance, self.bounds.high[holder]
        used = instance.amounts[block, : instance.counted] > 0
        is_full = used & (self.got[holder, : instance.counted] >= high[: instance.counted])
        return tuple(
            (instance.measures[column], int(high[column])) for column in np.flatnonzero(is_full)
        )

    def _why(self, block: int, other: int) -> str:
        """Why somebody who fits better did not get it."""
        amounts, holder = self.instance.amounts[block], int(self.owner[block])
        over = (amounts > 0) & (self.got[other] + amounts > self.bounds.high[other])
        under = (amounts > 0) & (self.got[holder] - amounts < self.bounds.low[holder])
        for reached, code in ((over, "full"), (under, "short")):
            if reached.any():
                return f"{self.instance.measures[int(reached.argmax())]}_{code}"
        return "needed_here"


def reason_of(explanation: Explanation, unit: Unit, eligible: Eligible, *, code: str) -> Reason:
    """The explanation of a block as the reason of one of its units."""
    facts = [*fit_facts(eligible, unit, explanation.person)]
    if unit.group is not None:
        facts.append(("group", unit.group))
    return Reason(code=code, facts=(*facts, *facts_of(explanation)))


def facts_of(explanation: Explanation) -> tuple[Fact, ...]:
    """What is so of every unit of the block."""
    facts: list[Fact] = [("rank", explanation.rank), ("candidates", explanation.candidates)]
    facts += [(f"bound.{of}", high) for of, high in explanation.full]
    facts += [(f"price.{of}", points) for of, points in explanation.prices]
    for place, other in enumerate(explanation.alternatives):
        name = f"alternative.{place + 1}" if place else "alternative"
        facts += [
            (name, other.person),
            (f"{name}.fit", other.fit),
            (f"{name}.why", other.why),
            (f"{name}.by", abs(other.fit - explanation.fit)),
            (f"{name}.cost", other.cost),
        ]
    return tuple(facts)


def placements(
    explaining: Explaining,
    *,
    blocks: Sequence[Block],
    eligible: Eligible,
    pinned: Collection[int],
) -> Iterator[Placement]:
    """One for every unit of the blocks, which are those of the instance; ``pinned`` are units."""
    for index, block in enumerate(blocks):
        explanation = explaining.of(index)
        for unit in block.units:
            code = _code(block, explanation, is_pinned=unit.id in pinned)
            why = reason_of(explanation, unit, eligible, code=code)
            yield Placement(unit=unit.id, person=explanation.person, reason=why)


def _code(block: Block, explanation: Explanation, *, is_pinned: bool) -> str:
    if is_pinned:
        return "pinned"
    if len(block.units) > 1:
        return "group"
    if explanation.candidates == 1:
        return "only_eligible"
    return "best_fit" if explanation.rank == 1 else "fair_share"
