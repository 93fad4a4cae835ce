"""Prices of hot, warm, cold, value and workload with every person: dual ascent on a problem that
chance smooths, cooled step by step.

At the right prices each block's best taker is, but for rounding, the one the best fair split gives
it to. They guide the search, certify its result and explain it.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from legato.domain.instance import Bounds, Floats
from legato.solver.scores import Moments, Scores

HOT, COLD, RATIO = 80.0, 0.5, 0.7
"""Temperatures, in points of fit."""
MEMORY = 6
"""Steps that the acceleration looks back (Anderson, "Iterative procedures for nonlinear integral
equations", 1965)."""
ROUNDS = 4
DEAREST = 1e6
"""Where an interval cannot be met at all, its price would rise for ever."""
FAR = 8.0
"""The most that a price changes in one step, in temperatures per scaled unit."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Priced:
    prices: Floats
    """m × k in points per scaled unit."""
    bound: float
    """No split inside the bounds fits better."""


def priced(
    scores: Scores,
    bounds: Bounds,
    *,
    passes: int,
    start: Floats | None,
    watch: Callable[[int, int, Floats], None],
) -> Priced:
    """The prices with the lowest bound that ``passes`` passes at each temperature find."""
    low, high = bounds.low / scores.scale, bounds.high / scores.scale
    prices = np.zeros_like(low) if start is None else start
    best, bound = prices, np.inf
    temperatures = _temperatures(warm=start is not None)
    for stage, temperature in enumerate(temperatures):
        watch(stage, len(temperatures), best)
        pace = _Pace()
        for _ in range(passes):
            moments, worth = scores.sweep(prices, temperature)
            reached = worth + _ends(prices, low, high)
            if reached < bound:
                best, bound = prices, reached
            image = _step(prices, moments, low, high, temperature, scores)
            prices = np.clip(pace.next(prices, image), -DEAREST, DEAREST)
    return Priced(prices=best, bound=bound)


def _temperatures(*, warm: bool) -> list[float]:
    """From present prices only the last few are gone through."""
    found = [HOT]
    while found[-1] > COLD:
        found.append(max(COLD, found[-1] * RATIO))
    return found[-6:] if warm else found


def _ends(prices: Floats, low: Floats, high: Floats) -> float:
    """What the ends of the intervals are worth at these prices."""
    return float(np.where(prices > 0, prices * high, prices * low).sum())


def _step(
    prices: Floats, moments: Moments, low: Floats, high: Floats, temperature: float, scores: Scores
) -> Floats:
    """A Newton step for every person's prices, the others' held: rounds over the measures on the
    quadratic model whose curvature is a bound of the true one, each price where its measure meets
    the nearer end of its interval, or 0 between the ends."""
    got, curve = _model(moments, scores)
    curve /= temperature
    k = prices.shape[1]
    curve[:, range(k), range(k)] += 1e-3 / temperature + 1e-9
    moved = prices.copy()
    reach = FAR * temperature
    for _ in range(ROUNDS):
        for column in range(k):
            steep = curve[:, column, column]
            down = moved[:, column] + (got[:, column] - high[:, column]) / steep
            up = moved[:, column] + (got[:, column] - low[:, column]) / steep
            aim = np.clip(0.0, down, up)
            aim = np.clip(aim, prices[:, column] - reach, prices[:, column] + reach)
            change = aim - moved[:, column]
            moved[:, column] = aim
            got -= curve[:, :, column] * change[:, None]
    return moved


def _model(moments: Moments, scores: Scores) -> tuple[Floats, Floats]:
    """m × k expected amounts, m × k × k second moments."""
    counted = scores.instance.counted
    within = np.zeros((scores.instance.strata, counted))
    for stratum, columns in enumerate(scores.above):
        within[stratum, columns] = 1.0
    m = len(moments.units)
    got, curve = np.zeros((m, counted + 2)), np.zeros((m, counted + 2, counted + 2))
    for column in range(counted):
        mask = within[:, column]
        got[:, column] = (moments.units * mask).sum(axis=1)
        for place, by in enumerate((moments.value, moments.weight)):
            cross = (by * mask).sum(axis=1)
            curve[:, column, counted + place] = curve[:, counted + place, column] = cross
        for other in range(counted):
            curve[:, column, other] = (moments.units * mask * within[:, other]).sum(axis=1)
    got[:, counted], got[:, counted + 1] = moments.value.sum(axis=1), moments.weight.sum(axis=1)
    curve[:, counted, counted] = moments.value_value.sum(axis=1)
    curve[:, counted, counted + 1] = moments.value_weight.sum(axis=1)
    curve[:, counted + 1, counted] = curve[:, counted, counted + 1]
    curve[:, counted + 1, counted + 1] = moments.weight_weight.sum(axis=1)
    return got, curve


class _Pace:
    """Anderson's acceleration of a fixed-point iteration."""

    def __init__(self) -> None:
        self._last: tuple[Floats, Floats] | None = None
        self._residuals: list[Floats] = []
        self._images: list[Floats] = []

    def next(self, point: Floats, image: Floats) -> Floats:
        residual = (image - point).ravel()
        if self._last is not None:
            self._residuals = [*self._residuals, residual - self._last[0]][-MEMORY:]
            self._images = [*self._images, image.ravel() - self._last[1]][-MEMORY:]
        self._last = residual, image.ravel()
        if not self._residuals:
            return image
        mix = self._mix(residual)
        change = sum(by * image for by, image in zip(mix, self._images, strict=True))
        return np.asarray((image.ravel() - change).reshape(point.shape), dtype=np.float64)

    def _mix(self, residual: Floats) -> list[float]:
        """Least squares, rounded, so that it is the same however a machine solves it."""
        size = len(self._residuals)
        normal = np.array([[(a * b).sum() for b in self._residuals] for a in self._residuals])
        aim = np.array([(a * residual).sum() for a in self._residuals])
        normal += np.eye(size) * (1e-8 * np.trace(normal) + 1e-300)
        return [float(part) for part in np.round(np.linalg.solve(normal, aim), 6)]
