"""fairpyx on the same split: its matching of most fit, each rep with a quota."""

import numpy as np
from benchmarks.allocation.cases import Case
from benchmarks.allocation.chance import Ints

FORBIDDEN = -(10**6)
"""fairpyx wants a value for every pair; with this one it leaves an account alone."""


def utilitarian(case: Case) -> Ints:
    import fairpyx

    made = case.instance
    n, m = len(made.blocks), len(made.persons)
    worth = np.full((m, n), FORBIDDEN)
    worth[made.taker, made.source] = made.fit
    split = fairpyx.Instance(
        valuations={person: dict(enumerate(row)) for person, row in enumerate(worth.tolist())},
        agent_capacities=dict(enumerate(case.quota.tolist())),
        item_capacities=dict.fromkeys(range(n), 1),
    )
    given = fairpyx.divide(fairpyx.algorithms.utilitarian_matching, instance=split)
    owner = np.full(n, -1)
    for person, blocks in given.items():
        owner[[block for block in blocks if worth[person, block] > FORBIDDEN]] = person
    return owner
