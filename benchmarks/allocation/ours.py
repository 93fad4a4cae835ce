"""Legato's own engine, timed from the bare split: what is fair is worked out too."""

from benchmarks.allocation.cases import Answer, Case

from legato.solver import Budget, split

LADDER = (20, 50, 100)


def ours(case: Case) -> Answer:
    """By the budget that plans are made with."""
    ladder = tuple(rung for rung in LADDER if rung >= case.tolerance)
    found = split(instance=case.instance, tolerances=ladder, budget=Budget(), seed=1)
    return Answer(owner=found.owner, prices=found.prices)
