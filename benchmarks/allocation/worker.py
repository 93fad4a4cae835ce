"""One step of a comparison in a process of its own, so that its time and memory are its own.

``make SIZE FILE TOLERANCE`` writes a case, ``run METHOD FILE ANSWER LIMIT`` solves it,
``judge FILE PRICES ANSWER…`` judges answers, ``ask FILE ANSWER`` asks a split what changes would
cost. Each prints one line of JSON.
"""

import importlib
import json
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.allocation.cases import Answer, Case, load, save

METHODS = {
    "ours": "ours:ours",
    "ortools-flow": "ortools_peer:flow",
    "cp-sat": "ortools_peer:cp_sat",
    "highs-lp": "highs_peer:lp",
    "highs-mip": "highs_peer:mip",
    "fairpyx": "fairpyx_peer:utilitarian",
    "odoo": "rotations:odoo",
    "odoo-preferred": "rotations:odoo_preferred",
    "frappe": "rotations:frappe",
    "greedy": "rotations:greedy",
    "favourites": "rotations:favourites",
}
LIMITED = ("cp-sat", "highs-lp", "highs-mip")


def make(size: str, file: str, tolerance: str) -> dict[str, Any]:
    from benchmarks.allocation.instances import SIZES, digest, instance

    from legato.domain.fairness import fair_parts, intervals

    made = instance(SIZES[size])
    parts = fair_parts(made)
    case = Case(
        instance=made,
        goal=np.array(parts, dtype=np.float64),
        bounds=intervals(made, parts, int(tolerance)),
        tolerance=int(tolerance),
    )
    save(case, Path(file))
    return {"arcs": len(made.taker), "sha256": digest(made)}


def run(method: str, file: str, answer: str, limit: str) -> dict[str, Any]:
    """CPU seconds of the method alone, and the most memory of the whole process in MB."""
    solve, case = _method(method), load(Path(file))
    before = time.process_time()
    made = solve(case, limit=before + float(limit)) if method in LIMITED else solve(case)
    spent = time.process_time() - before
    given = made if isinstance(made, Answer) else Answer(owner=made)
    prices = np.zeros(0) if given.prices is None else given.prices
    np.savez(answer, owner=given.owner, prices=prices)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {"cpu": spent, "peak": peak, "said": given.said}


def judge(file: str, prices: str, *answers: str) -> dict[str, Any]:
    """The bound that the prices prove, and the verdict on each answer."""
    from benchmarks.allocation.judging import bound, verdict

    case = load(Path(file))
    verdicts = [asdict(verdict(case, np.load(answer)["owner"])) for answer in answers]
    return {"bound": bound(case, np.load(prices)["prices"]), "verdicts": verdicts}


def ask(file: str, answer: str) -> dict[str, Any]:
    from benchmarks.allocation.asking import asked

    with np.load(answer) as stored:
        given = Answer(owner=stored["owner"], prices=stored["prices"])
    return asked(load(Path(file)), given)


def _method(name: str) -> Any:
    module, _, function = METHODS[name].partition(":")
    return getattr(importlib.import_module(f"benchmarks.allocation.{module}"), function)


STEPS: dict[str, Callable[..., dict[str, Any]]] = {
    "make": make,
    "run": run,
    "judge": judge,
    "ask": ask,
}

if __name__ == "__main__":
    step, *given = sys.argv[1:]
    print(json.dumps(STEPS[step](*given)))
