"""How fair and how good an assignment is, from a handful of blocks to a million.

Recomputed from the instance and the assignment's own intervals and prices; knows no solver.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil

import numpy as np

from legato.domain.bound import fit_bound
from legato.domain.fairness import Parts, fair_parts, intervals
from legato.domain.instance import Bounds, Instance, Ints, Mask


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Judgement:
    fit: int
    """Points."""
    fit_bound: int
    """No assignment of the same blocks inside the intervals fits better: weak duality."""
    gap: int
    """(bound - fit) / bound in hundred-thousandths, rounded up."""
    cells_out: int
    """Counts (strata, heats, total) outside the whole numbers around the part."""
    worst_count: int
    """Thousandths of a unit away from a part."""
    worst_value: int
    """Thousandths of a part away from it, rounded up; ``worst_weight`` likewise."""
    worst_weight: int
    unplaced: int
    """Blocks without an owner."""
    parts: Parts
    received: Ints
    """m × k, as ``parts``."""
    out: Mask
    """m × k: counts beyond the whole numbers around the part, value and weight beyond what the
    tolerance permits."""


def judged(
    *, instance: Instance, owner: Ints, bounds: Bounds, prices: Ints, tolerance: int
) -> Judgement:
    """``owner`` (n) are indexes of persons, -1 for none; ``bounds`` and ``prices`` (m × k, whole
    billionths of a point) are what the assignment was held to; tolerance in thousandths."""
    parts, received = fair_parts(instance), instance.received(owner)
    held = intervals(instance, parts, tolerance)
    out = (received < held.low) | (received > held.high)
    fit = instance.total_fit(owner)
    bound = fit_bound(instance=instance, placed=owner >= 0, bounds=bounds, prices=prices)
    return Judgement(
        fit=fit,
        fit_bound=bound,
        gap=gap(fit, bound),
        cells_out=int(out[:, : instance.counted].sum()),
        worst_count=_worst_count(instance, parts, received),
        worst_value=_worst_share(parts, received, instance.counted),
        worst_weight=_worst_share(parts, received, instance.counted + 1),
        unplaced=int(np.count_nonzero(owner < 0)),
        parts=parts,
        received=received,
        out=out,
    )


def gap(fit: int, bound: int) -> int:
    """What is missing to the bound, in hundred-thousandths of it, rounded up."""
    return ceil(Fraction((bound - fit) * 100_000, bound)) if bound else 0


def _worst_count(instance: Instance, parts: Parts, received: Ints) -> int:
    worst = (
        max(abs(got - part) for got, part in zip(row, fair, strict=False))
        for row, fair in zip(received[:, : instance.counted].tolist(), parts, strict=True)
    )
    return round(max(worst, default=Fraction()) * 1000)


def _worst_share(parts: Parts, received: Ints, column: int) -> int:
    fair = [row[column] for row in parts]
    off = (
        abs(got - part) / part
        for got, part in zip(received[:, column].tolist(), fair, strict=True)
        if part
    )
    return ceil(max(off, default=Fraction()) * 1000)
