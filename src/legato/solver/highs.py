"""The one place that speaks to HiGHS: linear programs in, vectors out, limited by steps alone.

One thread, one fixed seed and no clock: the same program gives the same answer. HiGHS 1.15 mends
an infeasible start by itself, so a start is only ever a hint.
"""

from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np

from legato.domain.instance import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """Maximise ``cost`` x where ``low`` <= A x <= ``high`` and 0 <= x <= ``upper``; A is given as
    entries (row, column, coefficient) in any order."""

    cost: Floats
    upper: Floats
    low: Floats
    high: Floats
    rows: Ints
    columns: Ints
    coefficients: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    x: Floats
    objective: float
    bound: float
    """No solution is better than this."""
    work: int
    """Simplex iterations: what it cost, in steps that repeat."""
    row_prices: Floats
    reduced_costs: Floats


INFINITY = highspy.kHighsInf


def solve_linear(program: Program) -> Answer | None:
    """The optimum of the program over fractions, with its prices; None where there is none."""
    return _run(_loaded(program))


def solve_whole(
    program: Program,
    *,
    nodes: int,
    whole: int,
    gap: float,
    start: Floats | None = None,
    looks: int | None = None,
) -> Answer | None:
    """The best solution found in which the first ``whole`` columns are whole numbers, within
    ``gap`` of the best there is unless the nodes run out or HiGHS has looked ``looks`` times
    whether it should stop (a count of its own steps); None where none was found."""
    highs = _loaded(program)
    columns = np.arange(whole, dtype=np.int32)
    kinds = np.full(whole, int(highspy.HighsVarType.kInteger), dtype=np.uint8)
    highs.changeColsIntegrality(whole, columns, kinds)
    highs.setOptionValue("mip_max_nodes", nodes)
    highs.setOptionValue("mip_rel_gap", 0.0)
    highs.setOptionValue("mip_abs_gap", gap)
    if start is not None:
        solution = highspy.HighsSolution()
        solution.col_value = start.tolist()
        highs.setSolution(solution)
    if looks is not None:
        _stop_after(highs, looks)
    return _run(highs)


def _stop_after(highs: highspy.Highs, looks: int) -> None:
    left = looks

    def look(event: Any) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            event.data_in.user_interrupt = True

    highs.cbMipInterrupt.subscribe(look)


def _loaded(program: Program) -> highspy.Highs:
    order = np.lexsort((program.rows, program.columns))
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(program.cost), len(program.low)
    lp.sense_ = highspy.ObjSense.kMaximize
    lp.col_cost_ = program.cost
    lp.col_lower_, lp.col_upper_ = np.zeros(len(program.cost)), program.upper
    lp.row_lower_, lp.row_upper_ = program.low, program.high
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    columns = program.columns[order]
    lp.a_matrix_.start_ = np.searchsorted(columns, np.arange(len(program.cost) + 1))
    lp.a_matrix_.index_ = program.rows[order]
    lp.a_matrix_.value_ = program.coefficients[order]
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, setting in (("output_flag", False), ("threads", 1), ("random_seed", 0)):
        highs.setOptionValue(option, setting)
    highs.passModel(lp)
    return highs


def _run(highs: highspy.Highs) -> Answer | None:
    highs.run()
    info = highs.getInfo()
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return None
    solution = highs.getSolution()
    whole = np.isfinite(info.mip_dual_bound) and info.mip_node_count >= 0
    return Answer(
        x=np.array(solution.col_value, dtype=np.float64),
        objective=info.objective_function_value,
        bound=info.mip_dual_bound if whole else info.objective_function_value,
        work=info.simplex_iteration_count,
        row_prices=np.array(solution.row_dual, dtype=np.float64),
        reduced_costs=np.array(solution.col_dual, dtype=np.float64),
    )
