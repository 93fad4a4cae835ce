"""The split as a linear program: one row per block, then per person its counts, value and room."""

from dataclasses import dataclass

import numpy as np

from legato.solver.highs import INFINITY, Program
from legato.solver.instance import Bounds, Floats, Instance, Ints, Mask

MEASURES = 6
"""Rows per person: hot, warm, cold, total, value, weight."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Which arcs of an instance are the program's columns, and how its rows lie."""

    instance: Instance
    arcs: Ints
    scale: Floats
    """Value rows are divided by this, so that all rows are of one size."""

    def owner(self, x: Floats) -> Ints:
        """The assignment that a whole solution says."""
        owner = np.full(len(self.instance.blocks), -1, dtype=np.int64)
        chosen = self.arcs[x[: len(self.arcs)] > 0.5]
        owner[self.instance.block[chosen]] = self.instance.person[chosen]
        return owner

    def start(self, owner: Ints) -> Floats:
        of_arc = owner[self.instance.block[self.arcs]] == self.instance.person[self.arcs]
        return np.asarray(of_arc, dtype=np.float64)

    def prices(self, rows: Floats) -> Floats:
        """m × 6: what one more hot, warm, cold, unit, currency unit, thousandth costs."""
        m = len(self.instance.persons)
        prices = rows[len(self.instance.blocks) :].reshape(MEASURES, m).T.copy()
        prices[:, 4] /= self.scale
        prices[:, 5] /= 1000
        return prices


def program_of(
    instance: Instance,
    bounds: Bounds,
    *,
    arcs: Ints | None = None,
    cost: Floats | None = None,
    with_value: bool = True,
) -> tuple[Layout, Program]:
    """The program over ``arcs`` (all, unless told), with ``cost`` per arc of the instance."""
    chosen = np.arange(len(instance.fit)) if arcs is None else arcs
    scale = np.maximum(1.0, bounds.value_high.astype(np.float64))
    possible = _possible(instance, bounds, with_value=with_value)[chosen]
    layout = Layout(instance=instance, arcs=chosen, scale=scale)
    rows, columns, coefficients = _entries(instance, chosen, scale)
    low, high = _limits(instance, bounds, scale, with_value=with_value)
    program = Program(
        cost=(instance.fit if cost is None else cost)[chosen],
        upper=possible.astype(np.float64),
        low=low,
        high=high,
        rows=rows,
        columns=columns,
        coefficients=coefficients,
    )
    return layout, program


def _possible(instance: Instance, bounds: Bounds, *, with_value: bool) -> Mask:
    """Arcs whose block alone does not exceed the person's interval: fractions of the others could
    otherwise be used, which makes the bound weak where single values are large."""
    block, person = instance.block, instance.person
    counts: Mask = np.all(instance.counts[block] <= bounds.high[person], axis=1)
    value: Mask = instance.value[block] <= bounds.value_high[person]
    return np.logical_and(counts, value) if with_value else counts


def _entries(instance: Instance, arcs: Ints, scale: Floats) -> tuple[Ints, Ints, Floats]:
    block, person = instance.block[arcs], instance.person[arcs]
    n, m = len(instance.blocks), len(instance.persons)
    measures = np.column_stack(
        [
            instance.counts[block].astype(np.float64),
            instance.value[block] / scale[person],
            instance.weight[block] / 1000,
        ]
    )
    column, measure = np.nonzero(measures)
    rows = np.concatenate([block, n + measure * m + person[column]])
    columns = np.concatenate([np.arange(len(arcs)), column])
    return rows, columns, np.concatenate([np.ones(len(arcs)), measures[column, measure]])


def _limits(
    instance: Instance, bounds: Bounds, scale: Floats, *, with_value: bool
) -> tuple[Floats, Floats]:
    n, m = len(instance.blocks), len(instance.persons)
    anything = np.full(m, INFINITY)
    value = (bounds.value_low / scale, bounds.value_high / scale)
    value_low, value_high = value if with_value else (-anything, anything)
    low = [np.ones(n), bounds.low.T.ravel(), value_low, -anything]
    high = [np.ones(n), bounds.high.T.ravel(), value_high, instance.room / 1000]
    return (
        np.concatenate(low).astype(np.float64),
        np.concatenate(high).astype(np.float64),
    )
