"""How good and how fair an answer is: the same measure for every method, ours included."""

from dataclasses import dataclass

import numpy as np
from benchmarks.allocation.cases import Case
from benchmarks.allocation.chance import Ints

from legato.domain.instance import AMOUNTS, Floats

PIECE = 50_000
"""Blocks looked at together, which bounds the memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    fit: int
    orphans: int
    """Blocks without an owner."""
    cells_out: float
    """The part of all counts (each rep's hot, warm, cold and total) outside their interval."""
    worst_value: float
    """The worst deviation from a fair part, as a part of it."""
    worst_weight: float


def verdict(case: Case, owner: Ints) -> Verdict:
    made, counted = case.instance, case.instance.counted
    placed = np.flatnonzero(owner >= 0)
    assert (made.chosen(owner)[placed] >= 0).all(), "somebody who may not take it"
    got = made.received(owner)
    out = (got < case.bounds.low) | (got > case.bounds.high)
    value, weight = (_worst(got[:, of], case.goal[:, of]) for of in range(-len(AMOUNTS), 0))
    return Verdict(
        fit=made.total_fit(owner),
        orphans=len(owner) - len(placed),
        cells_out=float(out[:, :counted].mean()),
        worst_value=value,
        worst_weight=weight,
    )


def bound(case: Case, prices: Floats) -> float:
    """What no assignment inside the intervals can exceed, for any prices: each block at whoever is
    worth most after prices, and the intervals' ends at theirs (weak duality)."""
    made, bounds = case.instance, case.bounds
    ends = np.where(prices > 0, prices * bounds.high, prices * bounds.low).sum()
    return float(ends) + sum(
        _best_worth(case, prices, first, min(first + PIECE, len(made.blocks)))
        for first in range(0, len(made.blocks), PIECE)
    )


def _best_worth(case: Case, prices: Floats, first: int, last: int) -> float:
    made = case.instance
    start = made.start[first : last + 1]
    arcs = slice(start[0], start[-1])
    source = np.repeat(np.arange(first, last), np.diff(start))
    worth = made.fit[arcs].astype(np.float64)
    for of in range(len(made.measures)):
        worth -= made.amounts[source, of] * prices[made.taker[arcs], of]
    return float(np.maximum.reduceat(worth, start[:-1] - start[0]).sum())


def _worst(got: Ints, goal: Floats) -> float:
    asked = goal > 0
    return float((np.abs(got[asked] - goal[asked]) / goal[asked]).max(initial=0.0))
