"""How far the cost of a pin, answered by one chain of moves, is from two linear programs, without
the pin and with it: ``python -m benchmarks.allocation.pins`` (a minute).

Once with value and workload at the split's prices, as the chain has them, and once with the
intervals themselves, in which these prices may move.
"""

import tempfile
from dataclasses import replace
from pathlib import Path
from statistics import median

import highspy
import numpy as np
from benchmarks.allocation.cases import Case, load
from benchmarks.allocation.chance import Chance
from benchmarks.allocation.highs_peer import loaded
from benchmarks.allocation.ours import ours
from benchmarks.allocation.worker import make

from legato.domain.instance import AMOUNTS, Bounds, Floats
from legato.solver.chains import Exchanges

SIZE, TOLERANCE = "M", "20"
PINS = 40
DRAWN = 2 * PINS
UNPRICED = slice(-len(AMOUNTS), None)


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="legato-bench-") as folder:
        make(SIZE, f"{folder}/case.npz", TOLERANCE)
        case = load(Path(folder, "case.npz"))
    found = ours(case)
    assert found.prices is not None
    costs = _costs(case, Exchanges(
        instance=case.instance, bounds=case.bounds, prices=found.prices, owner=found.owner
    ))  # fmt: skip
    print(f"{len(costs)} pins, median cost {median(costs.values()):.0f} points")
    for name, program in (
        ("at our prices", _at_prices(case, found.prices)),
        ("in the intervals", loaded(case)),
    ):
        off = [costs[arc] - worse for arc, worse in _losses(program, list(costs)).items()]
        print(
            f"{name:17} off by {median(map(abs, off)):.1f} in the middle,"
            f" {min(off):+.1f} to {max(off):+.1f}"
        )


def _costs(case: Case, exchanges: Exchanges) -> dict[int, int]:
    """Of random arcs that are not the split's own, what its chain costs."""
    made = case.instance
    costs: dict[int, int] = {}
    for arc in Chance(seed=1).below(97, len(made.taker), np.arange(DRAWN)).tolist():
        chain = exchanges.cost(block=int(made.source[arc]), person=int(made.taker[arc]))
        if chain is not None and chain.moves and len(costs) < PINS:
            costs[arc] = chain.cost
    return costs


def _losses(program: highspy.Highs, arcs: list[int]) -> dict[int, float]:
    """How much worse the optimum is with each arc taken."""
    best = _optimum(program)
    losses = {}
    for arc in arcs:
        program.changeColBounds(arc, 1.0, 1.0)
        losses[arc] = best - _optimum(program)
        program.changeColBounds(arc, 0.0, 1.0)
    return losses


def _optimum(program: highspy.Highs) -> float:
    program.run()
    return float(program.getInfo().objective_function_value)


def _at_prices(case: Case, prices: Floats) -> highspy.Highs:
    """The program over counts alone, value and workload paid for."""
    made = case.instance
    low, high = case.bounds.low.copy(), case.bounds.high.copy()
    low[:, UNPRICED], high[:, UNPRICED] = 0, made.most()[:, UNPRICED]
    program = loaded(replace(case, bounds=Bounds(low=low, high=high)))
    paid = made.amounts[made.source][:, UNPRICED] * prices[made.taker][:, UNPRICED]
    columns = np.arange(len(made.taker), dtype=np.int32)
    program.changeColsCost(len(columns), columns, made.fit - paid.sum(axis=1))
    return program


if __name__ == "__main__":
    main()
