"""What a what-if costs on a finished split: the exact chain of moves that a pin would set off."""

import time
from statistics import median
from typing import Any

import numpy as np
from benchmarks.allocation.cases import Answer, Case
from benchmarks.allocation.chance import Chance

from legato.solver.chains import Exchanges

QUESTIONS = 200


def asked(case: Case, answer: Answer) -> dict[str, Any]:
    """Seconds of processor time to get ready, and milliseconds a question: the middle and the
    worst of many random accounts, each to a random one of its candidates."""
    assert answer.prices is not None
    before = time.process_time()
    exchanges = Exchanges(
        instance=case.instance, bounds=case.bounds, prices=answer.prices, owner=answer.owner
    )
    ready, spent, exact = time.process_time() - before, [], 0
    for arc in Chance(seed=1).below(97, len(case.instance.taker), np.arange(QUESTIONS)).tolist():
        block = int(np.searchsorted(case.instance.start, arc, side="right")) - 1
        before = time.process_time()
        chain = exchanges.cost(block=block, person=int(case.instance.taker[arc]))
        spent.append((time.process_time() - before) * 1000)
        exact += chain is not None and chain.is_exact
    return {
        "ready": ready,
        "median_ms": median(spent),
        "worst_ms": max(spent),
        "exact": exact / QUESTIONS,
    }
