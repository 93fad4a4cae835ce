"""Random finished splits as arrays, and the best split of counts by another's network simplex."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pylmcf

from legato.domain.instance import Bounds, Floats, Instance, Ints


def instance(
    *, blocks: int, people: int, arcs: int, seed: int, tiers: int = 1, groups: int = 0
) -> Instance:
    """``arcs`` possible takers a block; the first ``groups`` blocks are of two or three units."""
    chance = np.random.default_rng(seed)
    takers = np.argsort(chance.random((blocks, people)), axis=1)[:, :arcs]
    takers.sort(axis=1)
    heat, tier = chance.choice(3, blocks, p=[0.2, 0.3, 0.5]), chance.integers(0, tiers, blocks)
    units = np.zeros((blocks, 3, tiers), dtype=np.int64)
    units[np.arange(blocks), heat, tier] = 1
    for group in range(groups):
        np.add.at(units[group], (chance.integers(0, 3, 2), chance.integers(0, tiers, 2)), 1)
    heats, total = units.sum(axis=2), units.sum(axis=(1, 2))
    fine = [units.reshape(blocks, -1)] if tiers > 1 else []
    value = np.rint(chance.lognormal(9, 1, blocks)).astype(np.int64)
    names = [f"{name}/{tier}" for name in ("hot", "warm", "cold") for tier in range(tiers)]
    return Instance(
        blocks=np.arange(1, blocks + 1),
        measures=(*(names if fine else ()), "hot", "warm", "cold", "total", "value", "weight"),
        amounts=np.column_stack([*fine, heats, total, value, total * 1000]),
        start=np.arange(0, blocks * arcs + 1, arcs),
        taker=takers.ravel().astype(np.int32),
        fit=(chance.integers(0, 500, blocks * arcs)).astype(np.int32),
        persons=np.arange(1000, 1000 + people),
        room=chance.integers(50, 100, people) * 1000,
        kin=np.zeros(blocks, dtype=np.int64),
        allowed=(np.arange(people),),
    )


def bounds(of: Instance, *, slack: int = 0) -> Bounds:
    """The whole numbers around each share in proportion to room; values are free."""
    shares = of.amounts.sum(axis=0)[None, :] * (of.room / of.room.sum())[:, None]
    low, high = np.floor(shares).astype(np.int64) - slack, np.ceil(shares).astype(np.int64) + slack
    low[:, -2:], high[:, -2:] = 0, of.amounts[:, -2:].sum(axis=0)
    return Bounds(low=np.maximum(low, 0), high=high)


def best(of: Instance, held: Bounds, *, settled: Mapping[int, int] | None = None) -> Ints | None:
    """The owners of most fit within the bounds of the counts, who holds what is settled given (-2
    for nobody); None where there are none. Only settled blocks may be of several units."""
    settled = settled or {}
    owner = np.full(len(of.blocks), -1, dtype=np.int64)
    owner[list(settled)] = list(settled.values())
    n, m, strata = len(of.blocks), len(of.persons), of.strata
    gate = n + of.counted * m
    used = of.received(owner)
    open_arcs = np.flatnonzero(owner[of.source] == -1)
    source, taker = of.source[open_arcs], of.taker[open_arcs].astype(np.int64)
    stratum = of.amounts[:, :strata].argmax(axis=1)
    edges = [(source, n + stratum[source] * m + taker, np.zeros(len(source)), source * 0 + 1)]
    for level, name in enumerate(of.measures[: of.counted]):
        heat = name.partition("/")[0]
        above = of.measures.index(heat) if "/" in name else of.counted - 1
        lower = n + level * m + np.arange(m)
        upper = np.full(m, gate) if above == level else n + above * m + np.arange(m)
        low, high = (bound[:, level] - used[:, level] for bound in (held.low, held.high))
        if (high < 0).any():
            return None
        edges.append((lower, upper, np.maximum(low, 0), high))
    gain = of.fit[open_arcs].astype(np.int64)
    flow = _flow(gate + 1, edges, gain, np.flatnonzero(owner == -1), gate)
    if flow is None:
        return None
    owner[source[flow[: len(source)] > 0]] = taker[flow[: len(source)] > 0]
    return owner


def _flow(
    nodes: int, edges: Sequence[tuple[Any, ...]], gain: Ints, sources: Ints, sink: int
) -> Ints | None:
    starts, ends, lows, highs = (
        np.concatenate([edge[part] for edge in edges]).astype(np.int64) for part in range(4)
    )
    graph = pylmcf.Graph(nodes, starts, ends)
    graph.set_edge_minimums(lows)
    graph.set_edge_capacities(highs)
    costs = np.zeros(len(starts), dtype=np.int64)
    costs[: len(gain)] = gain.max(initial=0) - gain
    graph.set_edge_costs(costs)
    supply = np.zeros(nodes, dtype=np.int64)
    supply[sources], supply[sink] = 1, -len(sources)
    graph.set_node_supply(supply)
    try:
        graph.solve()
    except (ValueError, RuntimeError):
        return None
    return np.asarray(graph.result())


def no_prices(of: Instance) -> Floats:
    return np.zeros((len(of.persons), len(of.measures)))
