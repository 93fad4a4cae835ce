"""Small exact searches around a good assignment: a few persons who could well exchange, all they
hold, everybody else left alone."""

import numpy as np

from legato.solver.highs import Program, solve_whole
from legato.solver.instance import Bounds, Floats, Instance, Ints
from legato.solver.program import MEASURES, Layout, program_of
from legato.solver.sharing import within

NEAR = 100.0
"""Points of reduced cost within which an exchange is worth a look."""
FIRST_CIRCLE = 3
"""Persons in one exact search; one more whenever everybody's turn has brought nothing."""
CALL_WORK = 30
"""What a search costs before its first simplex iteration, counted in those."""


def polish(
    instance: Instance,
    bounds: Bounds,
    owner: Ints,
    *,
    reduced: Floats,
    nodes: int,
    work: int,
) -> Ints:
    """An assignment inside the bounds that fits at least as well; ends when ``work``, counted in
    simplex iterations, is used up or all persons at once have brought nothing."""
    m = len(instance.persons)
    near = np.zeros((len(instance.blocks), m), dtype=np.int64)
    near[instance.block, instance.person] = reduced > -NEAR
    tried = np.zeros((m, m), dtype=np.int64)
    layout, program = program_of(instance, bounds)
    size, first, idle = min(FIRST_CIRCLE, m), 0, 0
    while work > 0 and size <= m:
        circle = _circle(first, size, owner, near, tried)
        tried[np.ix_(circle, circle)] += 1
        better, used = _within_circle(layout, program, owner, circle, nodes)
        work -= CALL_WORK + used
        gained = within(instance, bounds, better) and (
            instance.total_fit(better) > instance.total_fit(owner)
        )
        owner = better if gained else owner
        idle = 0 if gained else idle + 1
        first = (first + 1) % m
        if idle >= m:
            size, idle = size + 1, 0
    return owner


def _circle(first: int, size: int, owner: Ints, near: Ints, tried: Ints) -> Ints:
    """The persons most linked to the first by blocks that fit either nearly as well, those tried
    together least before."""
    m = near.shape[1]
    links = np.zeros((m, m), dtype=np.int64)
    np.add.at(links, owner, near)
    links = links + links.T
    circle = [first]
    while len(circle) < size:
        score = links[circle].sum(axis=0) / (1 + tried[circle].sum(axis=0))
        score[circle] = -1.0
        circle.append(int(score.argmax()))
    return np.array(sorted(circle), dtype=np.int64)


def _within_circle(
    layout: Layout, program: Program, owner: Ints, circle: Ints, nodes: int
) -> tuple[Ints, int]:
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
        return owner, 0
    return np.where(theirs, narrow.owner(answer.x), owner), answer.work


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
