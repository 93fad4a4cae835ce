"""The cheapest way to give a block of a finished split to somebody else: who passes what on to whom
so that every count stays within its bounds.

It is a shortest path in what the split still lets change hands (Ahuja, Magnanti and Orlin, "Network
Flows", 1993, chapter 9), at the split's prices of value and of weight, which do not change.
"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from legato.domain.instance import Bounds, Floats, Instance, Ints
from legato.solver.residual import GRAIN, Move, Residual, Way


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """Giving a block to a person, and all that follows."""

    cost: int
    """Points that the team loses, after the prices of value and of weight. Below 0 it gains: by
    having what nobody had."""
    fit: int
    """Points of fit that the team loses; less than the cost where the chain takes back what
    fairness had asked for, or leaves value and weight less even."""
    moves: tuple[Move, ...]
    """The block in question first; none where the person has it."""
    is_exact: bool
    """Whether the split is the best its prices allow, so that the cost is the difference of two
    optima."""


class Exchanges:
    """What anything would cost that is asked of one split. Blocks and persons are indexes.

    A split that was balanced after its prices were found holds exchanges, loops of them even, that
    would better the fit and take the fairness back. What tempts so counts as no gain, as if the fit
    elsewhere were just not better; of that split the chain is the cheapest, and not ``is_exact``.

    What is ``fixed`` stays; blocks of several units stay unless they are the ones asked about.
    """

    def __init__(
        self,
        *,
        instance: Instance,
        bounds: Bounds,
        prices: Floats,
        owner: Ints,
        fixed: Collection[int] = (),
    ) -> None:
        still = np.zeros(len(owner), dtype=np.bool_)
        still[list(fixed)] = True
        self._graph = Residual(
            instance=instance, bounds=bounds, prices=prices, owner=owner, fixed=still
        )

    @property
    def owner(self) -> Ints:
        return self._graph.owner

    def cost(self, *, block: int, person: int) -> Chain | None:
        """The cheapest way to give that block to that person; None where the rules, or the bounds
        of the counts, allow none."""
        flow, potential = self._graph.flow.copy(), self._graph.potential
        loss = self._graph.lost(block, person)
        steps = self._steps(block, person)
        if steps is None:
            return None
        self._take_back(steps[:-1], flow, potential)
        return self._chain(block, person, steps, loss)

    def give(self, *, block: int, person: int) -> Chain | None:
        """The same, carried out: what is asked next is asked of the split thus changed."""
        loss = self._graph.lost(block, person)
        steps = self._steps(block, person)
        if steps is None:
            return None
        chain = self._chain(block, person, steps, loss)
        for step in steps[-1:]:
            self._graph.carry(step)
        self._graph.give(list(chain.moves[:1]))
        return chain

    def _steps(self, block: int, person: int) -> list[Way] | None:
        """A way for each unit of the block from its taker back to whom it lacks, all but the last
        carried out; nobody lacks what nobody had."""
        graph, owner = self._graph, int(self.owner[block])
        if owner == person:
            return []
        if graph.arc(block, person) is None:
            return None
        flow, potential, width = graph.flow.copy(), graph.potential, graph.width
        lacking = graph.instance.amounts[block, : graph.strata].copy()
        steps: list[Way] = []
        for stratum in np.repeat(np.arange(graph.strata), lacking).tolist():
            for step in steps[-1:]:
                graph.carry(step)
            sinks = np.flatnonzero(lacking) * width + owner if owner >= 0 else [graph.gate]
            way = graph.shortest(stratum * width + person, np.asarray(sinks))
            if way is None:
                self._take_back(steps, flow, potential)
                return None
            steps.append(way)
            if owner >= 0:
                lacking[way.arcs[-1][1] // width] -= 1
        return steps

    def _take_back(self, steps: list[Way], flow: Ints, potential: Ints) -> None:
        moves = [move for step in steps for move in step.moves]
        self._graph.give([(block, taker, giver) for block, giver, taker in moves[::-1]])
        self._graph.flow, self._graph.potential = flow, potential

    def _chain(self, block: int, person: int, steps: list[Way], loss: int) -> Chain:
        graph, owner = self._graph, int(self.owner[block])
        moves = [(block, owner, person)] if owner != person else []
        moves += [move for step in steps for move in step.moves]
        lost = loss + sum(step.loss for step in steps)
        fit = [graph.fit(each, giver) - graph.fit(each, taker) for each, giver, taker in moves]
        return Chain(
            cost=(lost + GRAIN // 2) // GRAIN,
            fit=sum(fit),
            moves=tuple(moves),
            is_exact=graph.is_exact,
        )


def leaves(*, instance: Instance, bounds: Bounds, before: Ints, after: Ints) -> bool:
    """Whether anybody's part is outside its interval after a change, and was less so before."""
    was, now = instance.received(before), instance.received(after)
    over = (now > bounds.high) & (now > was)
    under = (now < bounds.low) & (now < was)
    return bool(over.any() or under.any())
