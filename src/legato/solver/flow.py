"""Whole counts at the best price: an exact flow of minimum cost over the arcs that are nearly best.

Counts per stratum, heat and in total are a laminar family, so that a flow meets them in whole
numbers wherever anything can (Budish, Che, Kojima and Milgrom, AER 2013).
"""

import numpy as np
import pylmcf

from legato.domain.instance import Bounds, Floats, Instance, Ints
from legato.solver.chance import Words, mixed
from legato.solver.scores import Near, Scores

GRAIN = 1 << 8
"""Parts of a point that costs are whole numbers of."""
HASH = 1 << 8
"""Parts of those, by chance, so that among equals one answer is the best."""
DEAREST = 1 << 14
"""The most points that one arc is said to cost, however high prices have risen."""
MISPLACED = (DEAREST << 6) * GRAIN * HASH
"""What one unit too many or too few costs: more than a chain of many arcs."""
WIDENING = 4.0


def placed(
    scores: Scores,
    bounds: Bounds,
    prices: Floats,
    *,
    owner: Ints,
    within: float,
    chance: Words,
) -> Ints:
    """``owner`` with the best owners of all blocks that have none, each of one unit: within the
    counts' bounds, or missing them by as few units as can be.

    ``chance`` is m words that break ties. More arcs are looked at where the near ones leave
    a count outside its bounds.
    """
    while True:
        near = scores.near(prices, within)
        found = _solved(scores, bounds, prices, near, owner, chance)
        if len(near.block) == scores.arcs or counts_kept(scores.instance, bounds, found):
            return found
        within *= WIDENING


def counts_kept(instance: Instance, bounds: Bounds, owner: Ints) -> bool:
    """Whether everybody's counts are within the bounds."""
    counts = instance.received(owner)[:, : instance.counted]
    low, high = (end[:, : instance.counted] for end in (bounds.low, bounds.high))
    return bool(((counts >= low) & (counts <= high)).all())


def _solved(
    scores: Scores, bounds: Bounds, prices: Floats, near: Near, owner: Ints, chance: Words
) -> Ints:
    instance = scores.instance
    m, c, s = len(instance.persons), instance.counted, instance.strata
    result = owner.copy()
    alone = np.bincount(near.block, minlength=len(owner))[near.block] == 1
    sure = alone & (owner[near.block] < 0)
    result[near.block[sure]] = near.taker[sure]
    free = result[near.block] < 0
    block, taker, cost = near.block[free], near.taker[free], _costs(scores, prices, near, chance)
    column = instance.amounts[block, :s].argmax(axis=1)
    blocks, row = np.unique(block, return_inverse=True)
    taken = instance.received(result)[:, :c]
    supply = np.concatenate([np.ones(len(blocks), dtype=np.int64), np.zeros(m * c + 1, np.int64)])
    supply[len(blocks) : len(blocks) + m * c] = _entering(taken, s).ravel()
    supply[-1] = -supply.sum()
    cells, up = _ladder(scores, m)
    first = len(blocks)
    starts = [row, *[first + cells] * 3]
    ends = [first + taker * c + column, *[first + up] * 3]
    low, high = (end[:, :c].ravel() for end in (bounds.low, bounds.high))
    everything = np.full(m * c, int(supply[-1] * -1))
    capacity = [np.ones(len(block), dtype=np.int64), low, high - low, everything]
    slope = [cost[free], *(np.full(m * c, step * MISPLACED) for step in range(3))]
    flow = _flow(supply, *(np.concatenate(part) for part in (starts, ends, capacity, slope)))
    used = flow[: len(block)] > 0
    result[block[used]] = taker[used]
    return result


def _entering(taken: Ints, strata: int) -> Ints:
    """Units that were placed before flow in at their stratum."""
    entering = np.zeros_like(taken)
    entering[:, :strata] = taken[:, :strata]
    return entering


def _ladder(scores: Scores, m: int) -> tuple[Ints, Ints]:
    """For every count of every person the node it is and the node it is part of, the sink last."""
    c = scores.instance.counted
    parent = np.full(c, -1)
    for columns in scores.above:
        parent[columns[:-1]] = columns[1:]
    cells = np.arange(m * c)
    above = parent[cells % c]
    return cells, np.where(above < 0, m * c, cells - cells % c + above)


def _costs(scores: Scores, prices: Floats, near: Near, chance: Words) -> Ints:
    """Points below the block's best at the prices of value and weight alone, and a tie-break."""
    amounts = scores.instance.amounts[:, -2:] / scores.scale[-2:]
    worth = near.fit - (prices[near.taker, -2:] * amounts[near.block]).sum(axis=1)
    starts = np.flatnonzero(np.diff(near.block, prepend=-1))
    best = np.repeat(np.maximum.reduceat(worth, starts), np.diff([*starts, len(worth)]))
    points = np.rint(np.minimum(best - worth, DEAREST) * GRAIN).astype(np.int64)
    ties = _ties(scores.instance.blocks[near.block], chance[near.taker])
    return np.asarray(points * HASH + ties)


def _ties(blocks: Ints, persons: Words) -> Ints:
    return (mixed(blocks, persons) % np.uint64(HASH)).astype(np.int64)


def _flow(supply: Ints, starts: Ints, ends: Ints, capacity: Ints, cost: Ints) -> Ints:
    order = np.lexsort((ends, starts))
    graph = pylmcf.Graph(len(supply), starts[order], ends[order])
    graph.set_node_supply(supply)
    graph.set_edge_capacities(capacity[order])
    graph.set_edge_costs(cost[order])
    graph.solve()
    flow = np.empty(len(order), dtype=np.int64)
    flow[order] = graph.result()
    return flow
