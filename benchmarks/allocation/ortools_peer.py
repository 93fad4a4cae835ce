"""Google OR-Tools on the same split: its min-cost flow on the counts, its CP-SAT on everything.

Never in one process with HiGHS: the two libraries clash.
"""

import threading
import time
from itertools import pairwise

import numpy as np
from benchmarks.allocation.cases import Answer, Case
from benchmarks.allocation.chance import Ints
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow
from ortools.sat.python import cp_model

MISSED = 10**7
"""Points lost for each unit short of a lower bound: more than any exchange of owners gains."""
LOOK = 0.2
"""Seconds between two looks at how much processor time CP-SAT has used."""


def flow(case: Case) -> Ints:
    """Best fit under the counts alone: account → person's heat → person → everybody."""
    made, bounds = case.instance, case.bounds
    n, m = len(made.blocks), len(made.persons)
    assert (made.amounts[:, 3] == 1).all(), "a flow cannot keep groups together"
    heat = np.argmax(made.amounts[:, :3], axis=1)
    cells, people, end = n + np.arange(3 * m), n + 3 * m + np.arange(m), n + 4 * m
    arcs = SimpleMinCostFlow()
    source = made.source
    into = n + made.taker.astype(np.int64) * 3 + heat[source]
    ours = arcs.add_arcs_with_capacity_and_unit_cost(
        source, into, np.ones_like(into), -made.fit.astype(np.int64)
    )
    low, high = bounds.low, bounds.high
    _held(arcs, cells, np.repeat(people, 3), low[:, :3].ravel(), high[:, :3].ravel())
    _held(arcs, people, np.full(m, end), low[:, 3], high[:, 3])
    arcs.set_nodes_supplies(np.arange(n), np.ones(n, dtype=np.int64))
    arcs.set_node_supply(end, -n)
    arcs.solve_max_flow_with_min_cost()
    chosen = np.flatnonzero(arcs.flows(ours) > 0)
    owner = np.full(n, -1)
    owner[source[chosen]] = made.taker[chosen]
    return owner


def _held(arcs: SimpleMinCostFlow, tails: Ints, heads: Ints, low: Ints, high: Ints) -> None:
    """Two arcs each: up to the lower bound dearly wanted, from there to the upper one free."""
    for capacity, cost in ((low, -MISSED), (high - low, 0)):
        arcs.add_arcs_with_capacity_and_unit_cost(
            tails, heads, capacity, np.full_like(capacity, cost)
        )


def cp_sat(case: Case, *, limit: float) -> Answer:
    """Everything at once, eight searches side by side; stopped after ``limit`` seconds of processor
    time, all threads together."""
    made, bounds = case.instance, case.bounds
    model = cp_model.CpModel()
    chosen = [model.new_bool_var("") for _ in range(len(made.taker))]
    start = made.start.tolist()
    for at, stop in pairwise(start):
        model.add_exactly_one(chosen[at:stop])
    arcs_of: list[list[int]] = [[] for _ in made.persons]
    for arc, person in enumerate(made.taker.tolist()):
        arcs_of[person].append(arc)
    source = made.source
    for person, arcs in enumerate(arcs_of):
        amounts = made.amounts[source[arcs]]
        for of in range(len(made.measures)):
            used = np.flatnonzero(amounts[:, of]).tolist()
            total = cp_model.LinearExpr.weighted_sum(
                [chosen[arcs[at]] for at in used], amounts[used, of].tolist()
            )
            model.add_linear_constraint(total, bounds.low[person, of], bounds.high[person, of])
    model.maximize(cp_model.LinearExpr.weighted_sum(chosen, made.fit.tolist()))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 8
    owner = np.full(len(made.blocks), -1)
    if _solved(solver, model, limit):
        taken = [arc for arc, variable in enumerate(chosen) if solver.boolean_value(variable)]
        owner[source[taken]] = made.taker[taken]
    return Answer(owner=owner, said=solver.best_objective_bound)


def _solved(solver: cp_model.CpSolver, model: cp_model.CpModel, limit: float) -> bool:
    done = threading.Event()

    def stop_in_time() -> None:
        while not done.wait(LOOK):
            if time.process_time() > limit:
                solver.stop_search()

    watcher = threading.Thread(target=stop_in_time, daemon=True)
    watcher.start()
    status = solver.solve(model)
    done.set()
    watcher.join()
    return status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
