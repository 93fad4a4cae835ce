"""The search itself: prices, whole counts at these prices, exchanges until value and workload are
fair; at the narrowest tolerance that can be reached.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from legato.domain.fairness import Parts, intervals
from legato.domain.instance import Bounds, Floats, Instance, Ints, Mask
from legato.solver.chance import Words
from legato.solver.exact import packed, proven
from legato.solver.flow import counts_kept, placed
from legato.solver.goals import goals_of
from legato.solver.groups import groups_placed
from legato.solver.prices import priced
from legato.solver.rooms import fitted
from legato.solver.scores import Scores
from legato.solver.trading import FEW, traded

NEAR = (200.0, 500.0, 1500.0)
"""Points below a block's best that an exchange may cost: first, and where that is not enough."""
WIDE_NEAR = (100.0, 200.0, 500.0)
"""The same from ``WIDE_ARCS`` arcs on, where there is more to choose from at little cost."""
WIDE_ARCS = 1_000_000
MIDDLE = 0.25
"""The part of the intervals of value and weight that whole accounts are first placed by."""
CORE = 16.0
"""The same for the flow of counts."""
EXACT_ARCS = 300
"""Up to so many arcs all of it is solved to its proven end, asked for or not."""
PACKED_ARCS = 50_000
"""Up to so many, what found no room is packed by branch and bound."""
ENOUGH = 0.9995
"""The part of the bound at which there is nothing left worth searching for."""

Watch = Callable[[str, int, int, Floats | None], None]
"""Told of the phase, the step, how many steps, and the prices found so far."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """Steps of one search."""

    passes: int
    cycles: int
    visits: int
    nodes: int
    exact: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Found:
    owner: Ints
    bounds: Bounds
    prices: Floats
    """m × k, in points per unit of the measure."""
    proven: int | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Try:
    owner: Ints
    prices: Floats
    bounds: Bounds
    is_fair: bool


class Search:
    """One instance; ``chance`` is m words for ties."""

    def __init__(
        self, instance: Instance, parts: Parts, effort: Effort, chance: Words, watch: Watch
    ) -> None:
        self.instance, self.parts, self.effort = instance, parts, effort
        self.chance, self.watch = chance, watch

    def run(self, tolerances: tuple[int, ...], start: Floats | None) -> Found:
        """The best split found at the first of the tolerances that can be reached. Else one in
        which nobody is farther from their share than in the nearest found, or than the narrowest
        tolerance; ``start`` are prices of a similar split."""
        self.goals = goals_of(self.instance, self.parts, max(tolerances))
        is_small = len(self.instance.fit) <= EXACT_ARCS
        best = (self._smallest(tolerances) if is_small else None) or self._narrowest(
            tolerances, start
        )
        owner = self._fitting(best)
        bounds = self._stated(best.bounds, owner, min(tolerances))
        prices = best.prices if _same(bounds, best.bounds) else self._priced(bounds, owner >= 0)
        if (self.effort.exact or is_small) and (owner >= 0).all():
            self.watch("exact", 0, 1, prices)
            proof = proven(self.instance, bounds, owner, nodes=self.effort.nodes)
            if proof is None:
                raise ArithmeticError("a split that exists is said not to")
            return Found(owner=proof.owner, bounds=bounds, prices=proof.prices, proven=proof.bound)
        return Found(owner=owner, bounds=bounds, prices=prices, proven=None)

    def _smallest(self, tolerances: tuple[int, ...]) -> _Try | None:
        """The first tolerance that branch and bound reaches, the counts missed only where groups or
        room leave no other way."""
        packing: Ints | None = None
        for tolerance in tolerances:
            bounds = self.goals.bounds(tolerance)
            if packing is not None:
                bounds = _with(self.instance, bounds, packing, self.instance.counted)
            proof = proven(self.instance, bounds, None, nodes=self.effort.nodes)
            if proof is not None:
                return _Try(owner=proof.owner, prices=proof.prices, bounds=bounds, is_fair=True)
            if packing is None:
                packing = packed(self.instance, bounds)
                if packing is None:
                    return None
        return None

    def _priced(self, bounds: Bounds, placed: Mask) -> Floats:
        """The prices of what the split is said to be held to, where that is not what it was
        searched with."""
        scores = Scores(only(self.instance, placed), bounds)
        found = priced(
            scores, bounds, passes=self.effort.passes, start=None,
            watch=lambda step, steps, at: self.watch("prices", step, steps, at / scores.scale),
        )  # fmt: skip
        return np.asarray(found.prices / scores.scale)

    def _narrowest(self, tolerances: tuple[int, ...], start: Floats | None) -> _Try:
        unfair = []
        for tolerance in tolerances:
            found = self._tried(self.goals.bounds(tolerance), start)
            if found.is_fair:
                return found
            unfair.append(found)
            start = found.prices
        nearest = min(unfair, key=lambda found: self.goals.worst(found.owner))
        kept = _with(self.instance, self.goals.bounds(min(tolerances)), nearest.owner)
        return self._tried(kept, start, nearest.owner)

    def _tried(self, bounds: Bounds, start: Floats | None, owner: Ints | None = None) -> _Try:
        """What comes of these intervals, from an assignment if one is given."""
        instance, effort = self.instance, self.effort
        scores = Scores(instance, bounds)
        found = priced(
            scores, bounds, passes=effort.passes,
            start=None if start is None else start * scores.scale,
            watch=lambda step, steps, at: self.watch("prices", step, steps, at / scores.scale),
        )  # fmt: skip
        prices = found.prices / scores.scale
        fixed = groups_placed(instance, bounds, prices, self.goals.whales)
        if owner is None:
            guide = self._guide(scores, bounds, found.prices)
            self.watch("flow", 0, 1, prices)
            owner = self._counted(scores, bounds, guide, fixed)
            if (self.goals.whales >= 0).any() and not counts_kept(instance, bounds, owner):
                # Counts before value: a whale may be the only one that makes up somebody's.
                free = groups_placed(instance, bounds, prices, np.full_like(self.goals.whales, -1))
                other = self._counted(scores, bounds, guide, free)
                if counts_kept(instance, bounds, other):
                    owner, fixed = other, free
        bounds = _with(instance, bounds, owner, instance.counted)
        fair = False
        for within in NEAR if scores.arcs < WIDE_ARCS else WIDE_NEAR:
            near = scores.near(found.prices, within).without(fixed >= 0)
            result = traded(
                scores, bounds, near, owner, prices=found.prices, chance=self.chance,
                cycles=effort.cycles, visits=effort.visits, enough=found.bound * ENOUGH,
                watch=lambda step, steps: self.watch("balance", step, steps, prices),
            )  # fmt: skip
            owner, fair = result.owner, result.is_fair
            if fair:
                break
        return _Try(owner=owner, prices=prices, bounds=bounds, is_fair=fair)

    def _guide(self, scores: Scores, bounds: Bounds, prices: Floats) -> Floats:
        """The prices at which value and weight come out well inside their intervals, so that whole
        accounts, which miss what prices aim at, stay within them more often."""
        if self.goals.least or len(self.instance.persons) <= FEW:
            return prices
        return priced(
            scores, _inner(bounds), passes=self.effort.passes, start=prices,
            watch=lambda step, steps, at: self.watch("prices", step, steps, at / scores.scale),
        ).prices  # fmt: skip

    def _counted(self, scores: Scores, bounds: Bounds, prices: Floats, fixed: Ints) -> Ints:
        """Owners for all that is not ``fixed``: counts are kept before value is, so that no arc is
        closed for value's sake where only it lets them be."""
        owner = placed(scores, bounds, prices, owner=fixed, within=CORE, chance=self.chance)
        if counts_kept(self.instance, bounds, owner):
            return owner
        high = bounds.high.copy()
        high[:, -2:] = self.instance.most()[:, -2:]
        loose = Bounds(low=bounds.low, high=high)
        return placed(
            Scores(self.instance, loose), loose, prices, owner=fixed, within=CORE,
            chance=self.chance,
        )  # fmt: skip

    def _fitting(self, best: _Try) -> Ints:
        """The owners, nobody beyond their room."""
        owner = fitted(self.instance, best.owner)
        if (owner < 0).any() and len(self.instance.fit) <= PACKED_ARCS:
            other = packed(self.instance, best.bounds)
            return owner if other is None else other
        return owner

    def _stated(self, held: Bounds, owner: Ints, least: int) -> Bounds:
        """The intervals that the split is said to be held to: never narrower than the narrowest
        tolerance, and with what everybody got."""
        around = intervals(self.instance, self.parts, least)
        wide = Bounds(low=np.minimum(held.low, around.low), high=np.maximum(held.high, around.high))
        return _with(self.instance, wide, owner)


def only(instance: Instance, placed: Mask) -> Instance:
    """The blocks of the mask alone."""
    degree = np.diff(instance.start)
    arcs = np.repeat(placed, degree)
    return replace(
        instance,
        blocks=instance.blocks[placed],
        amounts=instance.amounts[placed],
        start=np.concatenate([[0], np.cumsum(degree[placed])]),
        taker=instance.taker[arcs],
        fit=instance.fit[arcs],
        kin=instance.kin[placed],
    )


def _inner(bounds: Bounds) -> Bounds:
    """The same with the middle part of the intervals of value and weight."""
    low, high = bounds.low.copy(), bounds.high.copy()
    cut = ((high[:, -2:] - low[:, -2:]) * ((1 - MIDDLE) / 2)).astype(np.int64)
    low[:, -2:] += cut
    high[:, -2:] -= cut
    return Bounds(low=low, high=high)


def _same(one: Bounds, other: Bounds) -> bool:
    return np.array_equal(one.low, other.low) and np.array_equal(one.high, other.high)


def _with(instance: Instance, bounds: Bounds, owner: Ints, first: int | None = None) -> Bounds:
    """The bounds with room for what this assignment gives, in the ``first`` measures or in all, as
    far as rooms and caps go."""
    got = instance.received(owner)[:, :first]
    low, high = bounds.low.copy(), bounds.high.copy()
    low[:, :first] = np.minimum(low[:, :first], got)
    high[:, :first] = np.maximum(high[:, :first], got)
    return Bounds(low=low, high=np.minimum(high, instance.most()))
