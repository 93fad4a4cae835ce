"""Value made fair by exchanges that leave the counts alone."""

from collections.abc import Iterator
from fractions import Fraction
from math import ceil

import numpy as np

from legato.solver.instance import Bounds, Floats, Instance, Ints, Mask
from legato.solver.sharing import widened, with_tolerance, within
from legato.solver.swaps import Pain, improve

FIRST_RATE, GROWTH, LAST_RATE = 300.0, 1.3, 1e6
"""Points per share of value outside the interval: the price grows until nobody pays it."""
STEPS_PER_RATE = 3
TIGHTER = 9, 10
SLACK = 11, 10
"""What is given back for the sake of fit, once the narrowest tolerance is found."""


def balanced(instance: Instance, held: Bounds, owner: Ints, fair: list[Fraction]) -> Ints:
    """Exchanges at a growing price for being outside the interval, until nobody is."""
    low, high = held.value_low.astype(np.float64), held.value_high.astype(np.float64)
    for rate in _rates():
        pain = Pain(low=low, high=high, scale=_scale(fair), rate=rate)
        owner = improve(instance, held, owner, pain, steps=STEPS_PER_RATE)
        if within(instance, held, owner):
            break
    return owner


def nearest(instance: Instance, bounds: Bounds, owner: Ints, fair: list[Fraction]) -> Ints:
    """The least squared relative deviation from fair values that exchanges find."""
    goal = np.array([float(part) for part in fair])
    for rate in _rates():
        pain = Pain(low=goal, high=goal, scale=_scale(fair), rate=rate, power=2)
        owner = improve(instance, bounds, owner, pain, steps=STEPS_PER_RATE)
    return owner


def narrowed(
    instance: Instance, bounds: Bounds, owner: Ints, fair: list[Fraction], least: int
) -> tuple[Bounds, Ints]:
    """Bounds a tenth wider than the narrowest tolerance that exchanges reach from here, but never
    under ``least`` thousandths, and an assignment inside them.

    Who holds one block beyond any tolerance may keep what they have, and the others are held to
    their parts of what is left.
    """
    value, keeper = instance.received(owner, instance.value), owner
    parts = np.array([float(part) for part in fair])
    whale = parts == 0
    whale[owner[instance.value > parts[owner] * (1 + least / 1000)]] = True
    fair = _of_the_rest(fair, value, whale)
    reached = max(least, _worst(fair, value, whale))
    while reached > least:
        tighter = max(least, reached * TIGHTER[0] // TIGHTER[1])
        held = _held(instance, bounds, keeper, fair, tighter, whale)
        better = balanced(instance, held, owner, fair)
        if not within(instance, held, better):
            break
        reached, owner = tighter, better
    wide = reached if reached == least else reached * SLACK[0] // SLACK[1]
    return widened(instance, _held(instance, bounds, keeper, fair, wide, whale), owner), owner


def _worst(fair: list[Fraction], value: Ints, whale: Mask) -> int:
    """Thousandths by which somebody without a whale is off, rounded up."""
    rows = zip(fair, value.tolist(), whale, strict=True)
    return max(
        (ceil(abs(got - part) / part * 1000) for part, got, holds in rows if part and not holds),
        default=0,
    )


def _of_the_rest(fair: list[Fraction], value: Ints, whale: Mask) -> list[Fraction]:
    """Fair values of what those who hold no whale have together, in their old proportion."""
    common = sum(part for part, holds in zip(fair, whale, strict=True) if not holds)
    left = int(value[~whale].sum())
    if not whale.any() or not common:
        return fair
    return [
        part if holds else part * left / common for part, holds in zip(fair, whale, strict=True)
    ]


def _held(
    instance: Instance,
    bounds: Bounds,
    keeper: Ints,
    fair: list[Fraction],
    tolerance: int,
    whale: Mask,
) -> Bounds:
    """Everybody within the tolerance, but whales' holders anywhere up to what ``keeper`` gives."""
    around = with_tolerance(bounds, fair, tolerance)
    loose = widened(instance, around, keeper)
    return Bounds(
        low=bounds.low,
        high=bounds.high,
        value_low=np.where(whale, loose.value_low, around.value_low),
        value_high=np.where(whale, loose.value_high, around.value_high),
    )


def _rates() -> Iterator[float]:
    rate = FIRST_RATE
    while rate < LAST_RATE:
        yield rate
        rate *= GROWTH


def _scale(fair: list[Fraction]) -> Floats:
    """Fair values, and for who should have none, the mean of the others."""
    parts = [float(part) for part in fair]
    some = [part for part in parts if part]
    mean = sum(some) / len(some) if some else 1.0
    return np.array([part or mean for part in parts])
