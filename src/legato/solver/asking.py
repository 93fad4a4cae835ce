"""Questions to one finished plan: why this person, what if another, why this share. Everything is
computed anew from the problem and the proposal, and changes neither.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from legato.domain.eligibility import Eligible, Split, eligibility, split_of
from legato.domain.errors import Refused
from legato.domain.fairness import Parts, deviations, fair_parts
from legato.domain.instance import AMOUNTS, Bounds, Floats, Instance, Ints, instance_of
from legato.domain.problem import Measure, Problem
from legato.domain.proposal import PRICE_UNIT, Proposal, Reason
from legato.solver.chains import Chain, Exchanges
from legato.solver.explaining import Explaining, Explanation, reason_of


class NotInPlan(Refused):
    """Facts: ``unit``, ``person``, one of them None: what the plan does not speak of."""

    code = "not_in_plan"


@dataclass(frozen=True, slots=True, kw_only=True)
class Off:
    """How far somebody's value or weight is from the fair part, in thousandths of it, rounded up,
    before a chain and after it."""

    person: int
    of: Measure
    before: int
    after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Instead:
    """What giving a unit, with its group, to another person would mean."""

    unit: int
    person: int
    holder: int
    removed: str | None
    """The code of the rule that forbids it; then nothing else is said."""
    fit: int = 0
    holder_fit: int = 0
    why: str = ""
    """As of an ``Alternative``."""
    at_least: int = 0
    """Points the team would lose, by the prices alone."""
    is_possible: bool = True
    """Whether the counts leave a way; without having asked, True."""
    cost: int | None = None
    """Points the team would lose by the cheapest chain; None where it was not asked for."""
    fit_lost: int | None = None
    """Of these, points of fit; the rest is fairness of value and weight."""
    is_exact: bool = False
    moves: tuple[tuple[int, int, int], ...] = ()
    """(unit, from, to), the unit in question first; the first unit stands for its group."""
    off: tuple[Off, ...] = ()
    """For those in the chain whose value or weight would deviate otherwise than now."""


class Finished:
    """A plan's split as arrays again."""

    def __init__(self, *, problem: Problem, proposal: Proposal) -> None:
        self.problem, self.proposal = problem, proposal
        self.eligible: Eligible = eligibility(problem)
        self.split: Split = split_of(problem, self.eligible)
        owners = proposal.owners()
        self.blocks = [each for each in self.split.blocks if owners.get(each.id) is not None]
        self.instance: Instance = instance_of(
            blocks=self.blocks,
            room=self.split.room,
            eligible=self.eligible,
            caps=self.split.caps,
        )
        self.owner: Ints = np.searchsorted(
            self.instance.persons, np.array([owners[each.id] for each in self.blocks], dtype=int)
        )
        self.bounds, self.prices = _held_to(self.instance, proposal)

    @cached_property
    def fair(self) -> Parts:
        return fair_parts(self.instance)

    @property
    def explaining(self) -> Explaining:
        return Explaining(
            instance=self.instance, bounds=self.bounds, prices=self.prices, owner=self.owner
        )

    def exchanges(self) -> Exchanges:
        still = [at for at, each in enumerate(self.blocks) if each.id in self.split.pinned]
        return Exchanges(
            instance=self.instance,
            bounds=self.bounds,
            prices=self.prices,
            owner=self.owner,
            fixed=still,
        )

    def block_of(self, unit: int) -> int | None:
        """The index of the block the unit is in; None where the split did not decide it."""
        found = (
            at for at, each in enumerate(self.blocks) if unit in {row.id for row in each.units}
        )
        return next(found, None)

    def off(self, person: int, before: Ints, after: Ints) -> Iterator[Off]:
        who = int(self.instance.persons[person])
        for place, of in enumerate(AMOUNTS):
            if before[person, place] != after[person, place]:
                one, other = int(before[person, place]), int(after[person, place])
                yield Off(person=who, of=of, before=one, after=other)


def explain_unit(*, problem: Problem, proposal: Proposal, unit: int) -> Reason:
    """Why the unit went where it went. Raises ``NotInPlan``."""
    placed = next((row for row in proposal.placements if row.unit == unit), None)
    if placed is None:
        raise NotInPlan(unit=unit, person=None)
    plan = Finished(problem=problem, proposal=proposal)
    block = plan.block_of(unit)
    if block is None:
        return placed.reason
    row = next(each for each in problem.units if each.id == unit)
    found: Explanation = plan.explaining.of(block)
    return reason_of(found, row, plan.eligible, code=placed.reason.code)


def explain_alternative(
    *, problem: Problem, proposal: Proposal, unit: int, person: int, exact: bool = False
) -> Instead:
    """What it would mean to give the unit to that person; ``exact`` finds the chain as well.

    Raises ``NotInPlan``, also for a unit that nobody got or that follows its account's owner.
    """
    plan = Finished(problem=problem, proposal=proposal)
    block = plan.block_of(unit)
    if block is None:
        raise NotInPlan(unit=unit, person=None)
    if person not in {row.id for row in problem.candidates}:
        raise NotInPlan(unit=None, person=person)
    holder = int(plan.instance.persons[plan.owner[block]])
    removed = _removed(plan, block, person)
    if removed is not None:
        return Instead(unit=unit, person=person, holder=holder, removed=removed)
    taker = int(np.searchsorted(plan.instance.persons, person))
    other = plan.explaining.alternative(block, taker)
    chain = plan.exchanges().cost(block=block, person=taker) if exact else None
    return Instead(
        unit=unit,
        person=person,
        holder=holder,
        removed=None,
        fit=other.fit,
        holder_fit=plan.explaining.of(block).fit,
        at_least=other.cost,
        why=other.why,
        is_possible=not exact or chain is not None,
        **({} if chain is None else _chained(plan, chain)),
    )


def _held_to(instance: Instance, proposal: Proposal) -> tuple[Bounds, Floats]:
    """The intervals and prices of a proposal; what it does not speak of is free."""
    low = np.zeros((len(instance.persons), len(instance.measures)), dtype=np.int64)
    high, prices = instance.most(), low.astype(np.float64)
    row = {person: at for at, person in enumerate(instance.persons.tolist())}
    column = {of: at for at, of in enumerate(instance.measures)}
    for share in proposal.shares:
        if share.person in row and share.of in column:
            at = row[share.person], column[share.of]
            low[at], high[at], prices[at] = share.low, share.high, share.price / PRICE_UNIT
    return Bounds(low=low, high=high), prices


def _removed(plan: Finished, block: int, person: int) -> str | None:
    """Why the person may not take the block; None where they may."""
    if person in plan.blocks[block].people:
        return None
    for unit in plan.blocks[block].units:
        removal = plan.eligible.removed.get((unit.id, person))
        if removal is not None:
            return str(removal)
    return "pinned" if plan.blocks[block].id in plan.split.pinned else "no_capacity"


def _chained(plan: Finished, chain: Chain) -> dict[str, Any]:
    instance, owner = plan.instance, plan.owner.copy()
    before = deviations(instance, plan.fair, instance.received(owner))
    for block, _giver, taker in chain.moves:
        owner[block] = taker
    after = deviations(instance, plan.fair, instance.received(owner))
    people = sorted({person for _block, *two in chain.moves for person in two})
    ids = instance.persons
    return {
        "cost": chain.cost,
        "fit_lost": chain.fit,
        "is_exact": chain.is_exact,
        "moves": tuple(
            (int(instance.blocks[block]), int(ids[giver]), int(ids[taker]))
            for block, giver, taker in chain.moves
        ),
        "off": tuple(off for person in people for off in plan.off(person, before, after)),
    }
