"""The split as a linear program: one row per block, then per measure one for every person."""

from dataclasses import dataclass

import numpy as np

from legato.domain.instance import Bounds, Floats, Instance, Ints, Mask
from legato.solver.highs import INFINITY, Program


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Layout:
    """How an instance's blocks, persons and measures lie in its program."""

    instance: Instance
    scale: Floats
    """m × k: rows are divided by this, so that all are of one size."""

    def owner(self, x: Floats) -> Ints:
        """The assignment that a whole solution says."""
        owner = np.full(len(self.instance.blocks), -1, dtype=np.int64)
        chosen = np.flatnonzero(x[: len(self.instance.fit)] > 0.5)
        owner[self.instance.source[chosen]] = self.instance.taker[chosen]
        return owner

    def start(self, owner: Ints) -> Floats:
        of_arc = owner[self.instance.source] == self.instance.taker
        return np.asarray(of_arc, dtype=np.float64)

    def prices(self, rows: Floats) -> Floats:
        """m × k: points that one more of each measure costs."""
        m, k = self.scale.shape
        return np.asarray(rows[len(self.instance.blocks) :].reshape(k, m).T / self.scale)


def program_of(instance: Instance, bounds: Bounds) -> tuple[Layout, Program]:
    """The best fit within the bounds. An arc whose block alone exceeds the taker's interval is
    closed: fractions of the others could otherwise be used, and the bound would be weak."""
    scale = np.ones(bounds.high.shape)
    scale[:, instance.counted :] = np.maximum(1, bounds.high[:, instance.counted :])
    layout = Layout(instance=instance, scale=scale)
    rows, columns, coefficients = _entries(layout)
    ones = np.ones(len(instance.blocks))
    program = Program(
        cost=instance.fit.astype(np.float64),
        upper=(~_beyond(instance, bounds)).astype(np.float64),
        low=np.concatenate([ones, (bounds.low / scale).T.ravel()]),
        high=np.concatenate([ones, (bounds.high / scale).T.ravel()]),
        rows=rows,
        columns=columns,
        coefficients=coefficients,
    )
    return layout, program


def with_slack(program: Program, first: int, last: int) -> Program:
    """Minimise by how much the rows from ``first`` up to ``last`` are missed, one column each way,
    all arcs open; the rows after them hold for the upper end alone."""
    slack = last - first
    columns = len(program.cost) + np.arange(2 * slack)
    low = program.low.copy()
    low[last:] = -INFINITY
    return Program(
        cost=np.concatenate([np.zeros(len(program.cost)), -np.ones(2 * slack)]),
        upper=np.concatenate([np.ones(len(program.upper)), np.full(2 * slack, 1e6)]),
        low=low,
        high=program.high,
        rows=np.concatenate([program.rows, np.tile(np.arange(first, last), 2)]),
        columns=np.concatenate([program.columns, columns]),
        coefficients=np.concatenate([program.coefficients, np.repeat([1.0, -1.0], slack)]),
    )


def _beyond(instance: Instance, bounds: Bounds) -> Mask:
    over = instance.amounts[instance.source] > bounds.high[instance.taker]
    beyond: Mask = np.asarray(over.any(axis=1))
    for block in np.flatnonzero(np.logical_and.reduceat(beyond, instance.start[:-1])):
        beyond[instance.start[block] : instance.start[block + 1]] = False
    return beyond


def _entries(layout: Layout) -> tuple[Ints, Ints, Floats]:
    instance = layout.instance
    block, person = instance.source, instance.taker.astype(np.int64)
    measures = instance.amounts[block] / layout.scale[person]
    column, measure = np.nonzero(measures)
    n, m = len(instance.blocks), len(instance.persons)
    rows = np.concatenate([block, n + measure * m + person[column]])
    columns = np.concatenate([np.arange(len(block)), column])
    return rows, columns, np.concatenate([np.ones(len(block)), measures[column, measure]])
