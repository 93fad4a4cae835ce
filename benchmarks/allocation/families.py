"""Ours on every family of splits at the size of one departure: ``python -m
benchmarks.allocation.families`` (half a minute).

The bound is that of what was placed, inside the intervals that the split is said to be held to.
"""

import time

import numpy as np
from benchmarks.allocation.cases import Case
from benchmarks.allocation.instances import FAMILIES, instance, small
from benchmarks.allocation.judging import verdict
from benchmarks.allocation.ours import LADDER

from legato.domain.bound import fit_bound, whole_prices
from legato.domain.fairness import fair_parts, intervals
from legato.solver import Budget, split

TOLERANCE = 50


def main() -> None:
    print(
        f"{'':15} {'CPU s':>6} {'gap':>8} {'no owner':>9} {'cells out':>10}"
        f" {'value off':>10} {'work off':>9}"
    )
    for family in FAMILIES:
        print(line(family), flush=True)


def line(family: str) -> str:
    made = instance(small(family))
    ladder = tuple(rung for rung in LADDER if rung >= TOLERANCE)
    before = time.process_time()
    parts = fair_parts(made)
    found = split(instance=made, parts=parts, tolerances=ladder, budget=Budget(), seed=1)
    spent = time.process_time() - before
    case = Case(
        instance=made,
        goal=np.array(parts, dtype=np.float64),
        bounds=intervals(made, parts, TOLERANCE),
        tolerance=TOLERANCE,
    )
    judged = verdict(case, found.owner)
    most = fit_bound(
        instance=made,
        placed=found.owner >= 0,
        bounds=found.bounds,
        prices=whole_prices(found.prices),
    )
    return (
        f"{family:15} {spent:6.2f} {1 - judged.fit / most:8.2%} {judged.orphans:9}"
        f" {judged.cells_out:10.1%} {judged.worst_value:10.1%} {judged.worst_weight:9.1%}"
    )


if __name__ == "__main__":
    main()
