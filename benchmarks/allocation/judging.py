"""How good and how fair an answer is: the same measure for every method, ours included."""

from dataclasses import dataclass

import numpy as np
from benchmarks.allocation.cases import Case
from benchmarks.allocation.chance import Ints

from legato.domain.bound import fit_bound, whole_prices
from legato.domain.instance import AMOUNTS, Floats


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


def bound(case: Case, prices: Floats) -> int:
    """What no assignment inside the intervals can exceed, whatever the prices are."""
    return fit_bound(
        instance=case.instance,
        placed=np.ones(len(case.instance.blocks), dtype=np.bool_),
        bounds=case.bounds,
        prices=whole_prices(prices),
    )


def _worst(got: Ints, goal: Floats) -> float:
    asked = goal > 0
    return float((np.abs(got[asked] - goal[asked]) / goal[asked]).max(initial=0.0))
