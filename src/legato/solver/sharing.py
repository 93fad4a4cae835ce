"""The intervals each person's part is held to: first the counts, then value by the ladder of
tolerances, and what is nearest to fair where no rung can be reached."""

from collections.abc import Mapping
from fractions import Fraction
from math import ceil, floor

import numpy as np

from legato.domain.problem import HEATS
from legato.domain.proposal import Measure
from legato.solver.highs import Program, solve_whole
from legato.solver.instance import Bounds, Floats, Instance, Ints
from legato.solver.program import program_of

Targets = Mapping[tuple[int, Measure], Fraction]
COUNTED: tuple[Measure, ...] = (*HEATS, "total")


def count_bounds(instance: Instance, targets: Targets) -> Bounds:
    """The whole numbers around every count's target, any value."""
    m = len(instance.persons)
    fair = [[targets[person, of] for of in COUNTED] for person in instance.persons]
    return Bounds(
        low=np.array([[floor(part) for part in row] for row in fair], dtype=np.int64),
        high=np.array([[ceil(part) for part in row] for row in fair], dtype=np.int64),
        value_low=np.zeros(m, dtype=np.int64),
        value_high=np.full(m, instance.value.sum(), dtype=np.int64),
    )


def reachable_counts(
    instance: Instance, bounds: Bounds, *, nodes: int
) -> tuple[Bounds, Ints | None]:
    """The counts' bounds, widened as little as groups and room force; with an assignment inside
    them where one had to be looked for.

    Counts of single blocks are a laminar family, so whole numbers around the targets can always be
    met (Budish, Che, Kojima and Milgrom, AER 2013); only groups and short room can hinder it.
    """
    if not _can_hinder(instance, bounds):
        return bounds, None
    layout, program = program_of(instance, bounds, with_value=False)
    start, slack = len(instance.blocks), 4 * len(instance.persons)
    answer = solve_whole(
        _with_slack(program, start, slack),
        nodes=nodes,
        whole=len(layout.arcs),
        gap=0.99,
    )
    if answer is None:
        raise ArithmeticError("no packing of blocks that were found to fit")
    owner = layout.owner(answer.x)
    return widened(instance, bounds, owner), owner


def widened(instance: Instance, bounds: Bounds, owner: Ints) -> Bounds:
    """The bounds with room for what this assignment gives everyone."""
    counted, value = instance.counted(owner), instance.received(owner, instance.value)
    return Bounds(
        low=np.minimum(bounds.low, counted),
        high=np.maximum(bounds.high, counted),
        value_low=np.minimum(bounds.value_low, value),
        value_high=np.maximum(bounds.value_high, value),
    )


def within(instance: Instance, bounds: Bounds, owner: Ints) -> bool:
    """Whether an assignment is complete, allowed and inside every interval."""
    if (owner < 0).any() or (instance.matrix[np.arange(len(owner)), owner] < 0).any():
        return False
    counted, value = instance.counted(owner), instance.received(owner, instance.value)
    return bool(
        ((counted >= bounds.low) & (counted <= bounds.high)).all()
        and ((value >= bounds.value_low) & (value <= bounds.value_high)).all()
        and (instance.received(owner, instance.weight) <= instance.room).all()
    )


def with_tolerance(bounds: Bounds, fair: list[Fraction], tolerance: int) -> Bounds:
    """The bounds with value within ``tolerance`` thousandths of everybody's fair value."""
    around = Fraction(tolerance, 1000)
    return Bounds(
        low=bounds.low,
        high=bounds.high,
        value_low=np.array([ceil(part * (1 - around)) for part in fair], dtype=np.int64),
        value_high=np.array([floor(part * (1 + around)) for part in fair], dtype=np.int64),
    )


def tolerance_of(instance: Instance, owner: Ints, fair: list[Fraction]) -> int:
    """The worst deviation from a fair value, in thousandths of it, rounded up."""
    value = instance.received(owner, instance.value)
    return max(
        (
            ceil(abs(int(got) - part) / part * 1000)
            for got, part in zip(value, fair, strict=True)
            if part
        ),
        default=0,
    )


def _can_hinder(instance: Instance, bounds: Bounds) -> bool:
    grouped = bool((instance.counts[:, 3] > 1).any())
    heaviest = int(instance.weight.max(initial=0))
    return grouped or bool((bounds.high[:, 3] * heaviest > instance.room).any())


def _with_slack(program: Program, start: int, slack: int) -> Program:
    """Minimise by how much the rows from ``start`` on are missed: one column each way. Every arc
    is open here: a group may be larger than any one interval."""
    columns = len(program.cost) + np.arange(2 * slack)
    rows = start + np.tile(np.arange(slack), 2)
    signs: Floats = np.repeat([1.0, -1.0], slack)
    return Program(
        cost=np.concatenate([np.zeros(len(program.cost)), -np.ones(2 * slack)]),
        upper=np.concatenate([np.ones(len(program.upper)), np.full(2 * slack, 1e6)]),
        low=program.low,
        high=program.high,
        rows=np.concatenate([program.rows, rows]),
        columns=np.concatenate([program.columns, columns]),
        coefficients=np.concatenate([program.coefficients, signs]),
    )
