"""Questions to one finished plan: why this person, what if another, why this share. Everything is
computed anew from the problem and the proposal, and changes neither.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from legato.domain.eligibility import Eligible, Split, eligibility, split_of
from legato.domain.errors import Refused
from legato.domain.fairness import deviations, fair_parts
from legato.domain.instance import AMOUNTS, Bounds, Floats, Instance, Ints, instance_of
from legato.domain.problem import Measure, Problem
from legato.domain.proposal import PRICE_UNIT, Proposal, Reason
from legato.solver.chains import Chain, Exchanges, leaves
from legato.solver.explaining import Explaining, reason_of


class NotInPlan(Refused):
    """Facts: ``what`` (``record``, ``person``) and ``name``, its id: the split does not know it."""

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
    """What giving a unit, with its group, to another person would mean. All by id; a block is named
    by its first unit."""

    block: int
    holder: int
    person: int
    removed: str | None = None
    """The code of the rule that forbids it; then nothing else is said."""
    holder_fit: int = 0
    fit: int = 0
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
    is_fair: bool = True
    """Whether the chain leaves value and weight, too, within what the plan permits; if not, a new
    search with the pin may find another way."""
    moves: tuple[tuple[int, int, int], ...] = ()
    """(block, from, to), the one in question first."""
    units: tuple[tuple[int, ...], ...] = ()
    """For each of these all the units that move: one, or those of a parent group; where it was not
    told, empty."""
    off: tuple[Off, ...] = ()
    """For those in the chain whose value or weight would deviate otherwise than now."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Finished:
    """A finished split as arrays, of any size."""

    instance: Instance
    bounds: Bounds
    prices: Floats
    owner: Ints
    fixed: frozenset[int] = frozenset()
    """Indexes of blocks that no chain moves."""

    @property
    def explaining(self) -> Explaining:
        return Explaining(
            instance=self.instance, bounds=self.bounds, prices=self.prices, owner=self.owner
        )

    @property
    def exchanges(self) -> Exchanges:
        return Exchanges(
            instance=self.instance,
            bounds=self.bounds,
            prices=self.prices,
            owner=self.owner,
            fixed=self.fixed,
        )


class Plan:
    """A problem with what its proposal made of it, as arrays again."""

    def __init__(self, *, problem: Problem, proposal: Proposal) -> None:
        self.eligible: Eligible = eligibility(problem)
        self.split: Split = split_of(problem, self.eligible)
        owners = proposal.owners()
        self.blocks = [each for each in self.split.blocks if owners.get(each.id) is not None]
        instance = instance_of(
            blocks=self.blocks,
            room=self.split.room,
            eligible=self.eligible,
            caps=self.split.caps,
        )
        holders = np.array([owners[each.id] for each in self.blocks], dtype=np.int64)
        bounds, prices = _held_to(instance, proposal)
        pinned = (at for at, each in enumerate(self.blocks) if each.id in self.split.pinned)
        self.finished = Finished(
            instance=instance,
            bounds=bounds,
            prices=prices,
            owner=np.searchsorted(instance.persons, holders),
            fixed=frozenset(pinned),
        )

    def block_of(self, unit: int) -> int | None:
        """The index of the block the unit is in; None where the split did not decide it."""
        blocks = enumerate(self.blocks)
        return next((at for at, each in blocks if unit in {row.id for row in each.units}), None)

    def removed(self, block: int, person: int) -> str | None:
        """Why the person may not take the block; None where they may."""
        found = self.blocks[block]
        if person in found.people:
            return None
        codes = (self.eligible.removed.get((unit.id, person)) for unit in found.units)
        removal = next((str(code) for code in codes if code is not None), None)
        return removal or ("pinned" if found.id in self.split.pinned else "no_capacity")


def explain_unit(*, problem: Problem, proposal: Proposal, unit: int) -> Reason:
    """Why the unit went where it went. Raises ``NotInPlan``."""
    placed = next((row for row in proposal.placements if row.unit == unit), None)
    if placed is None:
        raise NotInPlan(what="record", name=unit)
    plan = Plan(problem=problem, proposal=proposal)
    block = plan.block_of(unit)
    if block is None:
        return placed.reason
    row = next(each for each in problem.units if each.id == unit)
    found = plan.finished.explaining.of(block)
    return reason_of(found, row, plan.eligible, code=placed.reason.code)


def explain_alternative(
    *, problem: Problem, proposal: Proposal, unit: int, person: int, exact: bool = False
) -> Instead:
    """What it would mean to give the unit to that person; ``exact`` finds the chain as well.

    A unit that follows its account's owner is ``removed`` from all others: ``follows_owner``.
    Raises ``NotInPlan``, also for a unit that nobody got.
    """
    plan = Plan(problem=problem, proposal=proposal)
    block = plan.block_of(unit)
    owner = plan.split.settled.get(unit)
    if owner is not None and owner != person:
        return Instead(block=unit, holder=owner, person=person, removed="follows_owner")
    if block is None:
        raise NotInPlan(what="record", name=unit)
    if person not in {row.id for row in problem.candidates}:
        raise NotInPlan(what="person", name=person)
    holder = plan.blocks[block].id, proposal.owners()[unit]
    removed = plan.removed(block, person)
    if removed is not None:
        return Instead(block=holder[0], holder=holder[1] or 0, person=person, removed=removed)
    taker = int(np.searchsorted(plan.finished.instance.persons, person))
    told = instead(plan.finished, block=block, person=taker, exact=exact)
    together = {each.id: tuple(unit.id for unit in each.units) for each in plan.blocks}
    return replace(told, units=tuple(together[moved] for moved, _giver, _taker in told.moves))


def instead(finished: Finished, *, block: int, person: int, exact: bool = False) -> Instead:
    """The same of a split of any size, by indexes; ``removed`` is ``not_allowed`` where a rule
    forbids it, ``not_asked`` where the person was not among those looked at."""
    explaining, instance = finished.explaining, finished.instance
    now = explaining.of(block)
    if person not in instance.taker[slice(*instance.start[block : block + 2].tolist())]:
        allowed = person in instance.allowed[instance.kin[block]]
        return Instead(
            block=now.block,
            holder=now.person,
            person=int(instance.persons[person]),
            removed="not_asked" if allowed else "not_allowed",
        )
    other = explaining.alternative(block, person)
    told = Instead(
        block=now.block,
        holder=now.person,
        person=other.person,
        holder_fit=now.fit,
        fit=other.fit,
        why=other.why,
        at_least=other.cost,
    )
    if not exact:
        return told
    chain = finished.exchanges.cost(block=block, person=person)
    if chain is None:
        return replace(told, is_possible=False)
    ids, blocks = finished.instance.persons.tolist(), finished.instance.blocks.tolist()
    return replace(
        told,
        cost=chain.cost,
        fit_lost=chain.fit,
        is_exact=chain.is_exact,
        is_fair=not leaves(
            instance=instance,
            bounds=finished.bounds,
            before=finished.owner,
            after=_after(finished, chain),
        ),
        moves=tuple((blocks[moved], ids[giver], ids[taker]) for moved, giver, taker in chain.moves),
        off=tuple(_off(finished, chain)),
    )


def _after(finished: Finished, chain: Chain) -> Ints:
    owner = finished.owner.copy()
    for block, _giver, taker in chain.moves:
        owner[block] = taker
    return owner


def _off(finished: Finished, chain: Chain) -> Iterator[Off]:
    instance = finished.instance
    fair = fair_parts(instance)
    before = deviations(instance, fair, instance.received(finished.owner))
    after = deviations(instance, fair, instance.received(_after(finished, chain)))
    for at, place in np.argwhere(before != after).tolist():
        yield Off(
            person=int(instance.persons[at]),
            of=AMOUNTS[place],
            before=int(before[at, place]),
            after=int(after[at, place]),
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
