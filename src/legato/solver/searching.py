"""The search itself: prices from the linear program, its solution made whole on the counts alone,
exchanges until value is fair, then small exact searches until fit is as good as they can make it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from legato.solver.highs import Answer, solve_linear, solve_whole
from legato.solver.instance import Bounds, Floats, Instance, Ints
from legato.solver.polishing import polish
from legato.solver.program import Layout, program_of
from legato.solver.sharing import tolerance_of, widened, with_tolerance, within
from legato.solver.swaps import Pain, improve

EXACT_ARCS = 300
"""Up to so many arcs the whole program is solved to its proven end."""
FIRST_RATE, GROWTH, LAST_RATE = 300.0, 1.3, 1e6
STEPS_PER_RATE = 3
RESPONSE = 0.5
"""Less than a point of fit: within it the proven best is found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    owner: Ints
    bounds: Bounds
    tolerance: int
    prices: Floats
    """m × 6, in points, of the linear program over the bounds."""


def search(
    instance: Instance,
    bounds: Bounds,
    fair: list[Fraction],
    *,
    base: Ints | None,
    tolerances: tuple[int, ...],
    nodes: int,
    rounds: int,
) -> Found:
    """The best fit found inside the counts' ``bounds`` at the first tolerance that can be reached;
    ``base`` is an assignment inside the counts, where one is known."""
    for tolerance in tolerances if any(fair) else ():
        held = with_tolerance(bounds, fair, tolerance)
        found = _at(instance, held, fair, base, nodes=nodes, rounds=rounds)
        if found is not None:
            return found
    return _nearest(instance, bounds, fair, base, tolerances, nodes=nodes, rounds=rounds)


def _at(
    instance: Instance,
    held: Bounds,
    fair: list[Fraction],
    base: Ints | None,
    *,
    nodes: int,
    rounds: int,
) -> Found | None:
    layout, program = program_of(instance, held)
    linear = solve_linear(program)
    if linear is None:
        return None
    owner: Ints | None
    if len(instance.fit) <= EXACT_ARCS:
        whole = solve_whole(program, nodes=nodes * 50, whole=len(layout.arcs), gap=RESPONSE / 2)
        owner = None if whole is None else layout.owner(whole.x)
    else:
        rounded = _rounded(instance, held, layout, linear, base, nodes)
        owner = _balanced(instance, held, rounded, fair)
    if owner is None or not within(instance, held, owner):
        return None
    return _finished(instance, held, owner, layout, linear, fair, nodes=nodes, rounds=rounds)


def _finished(
    instance: Instance,
    held: Bounds,
    owner: Ints,
    layout: Layout,
    linear: Answer,
    fair: list[Fraction],
    *,
    nodes: int,
    rounds: int,
) -> Found:
    if len(instance.fit) > EXACT_ARCS:
        owner = polish(
            instance, held, owner, reduced=linear.reduced_costs, nodes=nodes, rounds=rounds
        )
    return Found(
        owner=owner,
        bounds=held,
        tolerance=tolerance_of(instance, owner, fair),
        prices=layout.prices(linear.row_prices),
    )


def _rounded(
    instance: Instance,
    held: Bounds,
    layout: Layout,
    linear: Answer,
    base: Ints | None,
    nodes: int,
) -> Ints:
    """A whole assignment inside the counts, led by the prices of value: looked for among the arcs
    the linear program uses, where counts alone always have one, else among all."""
    price = layout.prices(linear.row_prices)[:, 4]
    cost = instance.fit - price[instance.person] * instance.value[instance.block]
    used = np.flatnonzero(linear.x > 1e-7)
    for arcs in (used, None):
        narrow, program = program_of(instance, held, arcs=arcs, cost=cost, with_value=False)
        start = None if base is None or arcs is not None else narrow.start(base)
        whole = solve_whole(
            program, nodes=nodes, whole=len(narrow.arcs), gap=len(instance.blocks), start=start
        )
        if whole is not None:
            return narrow.owner(whole.x)
    if base is None:
        raise ArithmeticError("counts that can always be met were not")
    return base


def _rates() -> Iterator[float]:
    rate = FIRST_RATE
    while rate < LAST_RATE:
        yield rate
        rate *= GROWTH


def _balanced(instance: Instance, held: Bounds, owner: Ints, fair: list[Fraction]) -> Ints:
    """Exchanges at a growing price for being outside the interval, until nobody is."""
    low, high = held.value_low.astype(np.float64), held.value_high.astype(np.float64)
    for rate in _rates():
        pain = Pain(low=low, high=high, scale=_scale(fair), rate=rate)
        owner = improve(instance, held, owner, pain, steps=STEPS_PER_RATE)
        if within(instance, held, owner):
            break
    return owner


def _nearest(
    instance: Instance,
    bounds: Bounds,
    fair: list[Fraction],
    base: Ints | None,
    tolerances: tuple[int, ...],
    *,
    nodes: int,
    rounds: int,
) -> Found:
    """Where no tolerance can be reached (one account may be worth more than a share): the least
    squared deviation that exchanges find, then the best fit in which nobody is worse off than in
    that or than the widest tolerance."""
    layout, program = program_of(instance, bounds, with_value=False)
    linear = solve_linear(program)
    if linear is None:
        raise ArithmeticError("the counts cannot be met by fractions either")
    owner = _rounded(instance, bounds, layout, linear, base, nodes)
    if any(fair):
        owner = _least_squares(instance, bounds, owner, fair)
        widest = with_tolerance(bounds, fair, max(tolerances, default=0))
        held = widened(instance, widest, owner)
    else:
        held = widened(instance, bounds, owner)
    layout, program = program_of(instance, held)
    linear = solve_linear(program)
    if linear is None:
        raise ArithmeticError("an assignment that exists is said not to")
    if len(instance.fit) <= EXACT_ARCS:
        whole = solve_whole(
            program,
            nodes=nodes * 50,
            whole=len(layout.arcs),
            gap=RESPONSE / 2,
            start=layout.start(owner),
        )
        better = owner if whole is None else layout.owner(whole.x)
        owner = better if within(instance, held, better) else owner
    return _finished(instance, held, owner, layout, linear, fair, nodes=nodes, rounds=rounds)


def _least_squares(instance: Instance, bounds: Bounds, owner: Ints, fair: list[Fraction]) -> Ints:
    goal = np.array([float(part) for part in fair])
    for rate in _rates():
        pain = Pain(low=goal, high=goal, scale=_scale(fair), rate=rate, power=2)
        owner = improve(instance, bounds, owner, pain, steps=STEPS_PER_RATE)
    return owner


def _scale(fair: list[Fraction]) -> Floats:
    """Fair values, and for who should have none, the mean of the others."""
    parts = [float(part) for part in fair]
    some = [part for part in parts if part]
    mean = sum(some) / len(some) if some else 1.0
    return np.array([part or mean for part in parts])
