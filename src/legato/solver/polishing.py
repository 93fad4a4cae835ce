"""Small exact searches around a good assignment: a few persons who could well exchange, all they
hold, everybody else left alone."""

import numpy as np

from legato.solver.highs import Program, solve_whole
from legato.solver.instance import Bounds, Floats, Instance, Ints
from legato.solver.program import MEASURES, Layout, program_of
from legato.solver.sharing import within

NEAR = 25.0
"""Points of reduced cost within which an exchange is worth a look."""
CIRCLE = 4
"""Persons in one exact search."""


def polish(
    instance: Instance,
    bounds: Bounds,
    owner: Ints,
    *,
    reduced: Floats,
    nodes: int,
    rounds: int,
) -> Ints:
    """An assignment inside the bounds that fits at least as well, after ``rounds`` searches."""
    m = len(instance.persons)
    near = np.zeros((len(instance.blocks), m), dtype=np.int64)
    near[instance.block, instance.person] = reduced > -NEAR
    tried = np.zeros((m, m), dtype=np.int64)
    layout, program = program_of(instance, bounds)
    for turn in range(rounds):
        circle = _circle(turn % m, owner, near, tried)
        tried[np.ix_(circle, circle)] += 1
        better = _within_circle(layout, program, owner, circle, nodes)
        if (
            better is not None
            and within(instance, bounds, better)
            and instance.total_fit(better) > instance.total_fit(owner)
        ):
            owner = better
    return owner


def _circle(first: int, owner: Ints, near: Ints, tried: Ints) -> Ints:
    """The persons most linked to the first by blocks that fit either nearly as well, those tried
    together least before."""
    m = near.shape[1]
    links = np.zeros((m, m), dtype=np.int64)
    np.add.at(links, owner, near)
    links = links + links.T
    circle = [first]
    while len(circle) < min(CIRCLE, m):
        score = links[circle].sum(axis=0) / (1 + tried[circle].sum(axis=0))
        score[circle] = -1.0
        circle.append(int(score.argmax()))
    return np.array(sorted(circle), dtype=np.int64)


def _within_circle(
    layout: Layout, program: Program, owner: Ints, circle: Ints, nodes: int
) -> Ints | None:
    instance = layout.instance
    n, m = len(instance.blocks), len(instance.persons)
    theirs = np.isin(owner, circle)
    arcs = np.flatnonzero(theirs[instance.block] & np.isin(instance.person, circle))
    rows = np.concatenate(
        [np.flatnonzero(theirs), *(n + measure * m + circle for measure in range(MEASURES))]
    )
    small = _part(program, rows, arcs)
    narrow = Layout(instance=instance, arcs=arcs, scale=layout.scale)
    answer = solve_whole(small, nodes=nodes, whole=len(arcs), gap=0.9, start=narrow.start(owner))
    if answer is None:
        return None
    found = narrow.owner(answer.x)
    return np.where(theirs, found, owner)


def _part(program: Program, rows: Ints, columns: Ints) -> Program:
    """The program over some of its rows and columns."""
    row_at = np.full(len(program.low), -1)
    row_at[rows] = np.arange(len(rows))
    column_at = np.full(len(program.cost), -1)
    column_at[columns] = np.arange(len(columns))
    keep = (row_at[program.rows] >= 0) & (column_at[program.columns] >= 0)
    return Program(
        cost=program.cost[columns],
        upper=program.upper[columns],
        low=program.low[rows],
        high=program.high[rows],
        rows=row_at[program.rows[keep]],
        columns=column_at[program.columns[keep]],
        coefficients=program.coefficients[keep],
    )
