"""Legato's own engine, timed from the bare split: what is fair is worked out too."""

import numpy as np
from benchmarks.allocation.cases import Answer, Case

from legato.domain.fairness import fair_parts
from legato.solver import Budget, split

LADDER = (20, 50, 100)


def ours(case: Case) -> Answer:
    """By the budget that plans are made with."""
    made = case.instance
    goal = np.array(fair_parts(made), dtype=np.float64)
    ladder = tuple(rung for rung in LADDER if rung >= case.tolerance)
    found = split(instance=made, goal=goal, tolerances=ladder, budget=Budget(), seed=1)
    return Answer(owner=found.owner, prices=found.prices)
