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
    """Points that the team loses, after the prices of value and of weight; below 0 it gains, which
    only a split can allow that was moved away from its prices to be fair."""
    fit: int
    """Points of fit that the team loses."""
    moves: tuple[Move, ...]
    """The block in question first; none where the person has it."""
    is_exact: bool
    """Whether no cheaper way exists at these prices; else no step of it counts as a gain."""


class Exchanges:
    """What anything would cost that is asked of one split. Blocks and persons are indexes.

    A split that was balanced after its prices were found holds exchanges, loops of them even, that
    would better the fit at the cost of fairness, so that a shortest path need not exist. There
    every step counts as no better than the prices say, and chains are not ``is_exact``.

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
        steps = self._steps(block, person)
        if steps is None:
            return None
        self._take_back(steps[:-1], flow, potential)
        return self._chain(block, person, steps)

    def give(self, *, block: int, person: int) -> Chain | None:
        """The same, carried out: what is asked next is asked of the split thus changed."""
        steps = self._steps(block, person)
        if steps is None:
            return None
        chain = self._chain(block, person, steps)
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

    def _chain(self, block: int, person: int, steps: list[Way]) -> Chain:
        owner = int(self.owner[block])
        moves = [(block, owner, person)] if owner != person else []
        moves += [move for step in steps for move in step.moves]
        graph, loss, fit = self._graph, 0, 0
        for each, giver, taker in moves:
            for person, sign in ((giver, 1), (taker, -1)):
                arc = graph.arc(each, person)
                if arc is not None:
                    loss += sign * int(graph.worth[arc])
                    fit += sign * int(graph.instance.fit[arc])
        cost = (loss + GRAIN // 2) // GRAIN
        return Chain(cost=cost, fit=fit, moves=tuple(moves), is_exact=graph.is_exact)
