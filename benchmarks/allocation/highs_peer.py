"""HiGHS on the same split, everything in one program: over fractions, and in whole numbers."""

import time
from typing import Any

import highspy
import numpy as np
from benchmarks.allocation.cases import Answer, Case


def lp(case: Case, *, limit: float) -> Answer:
    """Each account to whom most of it goes in the optimum over fractions."""
    return _answer(case, loaded(case), limit)


def mip(case: Case, *, limit: float) -> Answer:
    """The best assignment found within ``limit`` seconds of processor time."""
    highs = loaded(case)
    columns = np.arange(len(case.instance.taker), dtype=np.int32)
    kinds = np.full(len(columns), int(highspy.HighsVarType.kInteger), dtype=np.uint8)
    highs.changeColsIntegrality(len(columns), columns, kinds)
    return _answer(case, highs, limit)


def loaded(case: Case) -> highspy.Highs:
    """Rows: each account once; then each person's measures."""
    made, (n, m, k) = case.instance, _shape(case)
    arcs, per_arc = len(made.taker), 1 + k
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = arcs, n + m * k
    program.sense_ = highspy.ObjSense.kMaximize
    program.col_cost_ = made.fit.astype(np.float64)
    program.col_lower_, program.col_upper_ = np.zeros(arcs), np.ones(arcs)
    program.row_lower_ = np.concatenate([np.ones(n), case.bounds.low.ravel()])
    program.row_upper_ = np.concatenate([np.ones(n), case.bounds.high.ravel()])
    rows = np.empty((arcs, per_arc), dtype=np.int32)
    rows[:, 0] = made.source
    rows[:, 1:] = n + made.taker[:, None] * k + np.arange(k)
    entries = np.ones((arcs, per_arc))
    entries[:, 1:] = made.amounts[made.source]
    used = entries != 0
    program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    program.a_matrix_.start_ = np.concatenate([[0], np.cumsum(used.sum(axis=1))])
    program.a_matrix_.index_, program.a_matrix_.value_ = rows[used], entries[used]
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, setting in (("output_flag", False), ("threads", 1)):
        highs.setOptionValue(option, setting)
    highs.passModel(program)
    return highs


def _shape(case: Case) -> tuple[int, int, int]:
    made = case.instance
    return len(made.blocks), len(made.persons), len(made.measures)


def _answer(case: Case, highs: highspy.Highs, limit: float) -> Answer:
    def look(event: Any) -> None:
        if time.process_time() > limit:
            event.data_in.user_interrupt = True

    for callback in (highs.cbMipInterrupt, highs.cbSimplexInterrupt, highs.cbIpmInterrupt):
        callback.subscribe(look)
    highs.run()
    made, owner = case.instance, np.full(len(case.instance.blocks), -1)
    info, said = highs.getInfo(), _said(highs)
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return Answer(owner=owner, said=said)
    x = np.array(highs.getSolution().col_value)
    order = np.lexsort((x, made.source))
    owner[made.source[order]] = made.taker[order]  # of each account the last: the largest part
    return Answer(owner=owner, said=said)


def _said(highs: highspy.Highs) -> float:
    """The optimum over fractions, or what branch and bound has proved; 0 without either."""
    info = highs.getInfo()
    if highs.getModelStatus() == highspy.HighsModelStatus.kOptimal:
        return float(info.objective_function_value)
    proved = float(info.mip_dual_bound)
    return proved if 0 < proved < highspy.kHighsInf else 0.0
