"""How well any split could fit at most: weak duality, exact whatever the prices.

For any prices, no assignment inside the intervals is worth more than every block at whoever pays
best after prices, plus what the ends of the intervals are worth.
"""

import numpy as np
from numpy.typing import NDArray

from legato.domain.instance import Bounds, Floats, Instance, Ints, Mask
from legato.domain.proposal import PRICE_UNIT

SAFE = 2**62
"""Below it whole numbers of 64 bits cannot overflow; beyond it Python's own are used."""


def whole_prices(prices: Floats) -> Ints:
    """Prices in points as whole billionths, as a plan states them."""
    return np.rint(prices * PRICE_UNIT).astype(np.int64)


def fit_bound(*, instance: Instance, placed: Mask, bounds: Bounds, prices: Ints) -> int:
    """Whole points that no assignment of the ``placed`` blocks (n) inside ``bounds`` exceeds.

    ``prices`` (m × k) are billionths of a point per unit of the measure. They are taken as they
    are and everything after them is exact, so the bound is never too low.
    """
    columns = [column for column in range(prices.shape[1]) if prices[:, column].any()]
    kind = np.int64 if _largest(instance, prices) < SAFE else np.object_
    worth = 0
    for first, last in instance.pieces():
        best, known = _best(instance, first, last, bounds, prices.astype(kind), columns)
        worth += _sum(best[known & placed[first:last]])
    return (worth + _ends(bounds, prices)) // PRICE_UNIT


def _best(
    instance: Instance, first: int, last: int, bounds: Bounds, prices: Ints, columns: list[int]
) -> tuple[Ints, Mask]:
    """What each block of a piece is worth to who pays best for it, in billionths, among those who
    could hold it inside their intervals, or among all where nobody could; and which have any."""
    arcs = slice(int(instance.start[first]), int(instance.start[last]))
    taker, source = instance.taker[arcs], instance.sources(first, last)
    worth = instance.fit[arcs].astype(prices.dtype) * PRICE_UNIT
    for column in columns:
        worth -= instance.amounts[source, column] * prices[taker, column]
    known = np.diff(instance.start[first : last + 1]) > 0
    starts = instance.start[first:last][known] - arcs.start
    best = np.zeros(last - first, dtype=prices.dtype)
    if len(starts):
        best[known] = np.maximum.reduceat(worth, starts)
        closed = _closed(instance, source, taker, bounds)
        if closed.any():
            never = worth.min() - 1
            worth[closed] = never
            inside = np.maximum.reduceat(worth, starts)
            best[known] = np.where(inside == never, best[known], inside)
    return best, known


def _closed(instance: Instance, source: Ints, taker: NDArray[np.int32], bounds: Bounds) -> Mask:
    """Arcs whose block alone is more than its taker may get."""
    closed = np.zeros(len(source), dtype=np.bool_)
    largest, smallest = instance.amounts.max(axis=0), bounds.high.min(axis=0)
    for column in np.flatnonzero(largest > smallest):
        closed |= instance.amounts[source, column] > bounds.high[taker, column]
    return closed


def _ends(bounds: Bounds, prices: Ints) -> int:
    rows = zip(
        prices.ravel().tolist(),
        bounds.low.ravel().tolist(),
        bounds.high.ravel().tolist(),
        strict=True,
    )
    return sum(price * (high if price > 0 else low) for price, low, high in rows if price)


def _largest(instance: Instance, prices: Ints) -> int:
    """What no worth of an arc exceeds in size."""
    fit: int = np.abs(instance.fit).max(initial=0).item() * PRICE_UNIT
    amounts = np.abs(instance.amounts).max(axis=0, initial=0).tolist()
    steepest = [max(map(abs, column)) for column in prices.T.tolist() if column]
    dearest: int = sum(a * b for a, b in zip(amounts, steepest, strict=False))
    return fit + dearest


def _sum(worth: Ints) -> int:
    """Exact: halves of 32 bits are added apart, so that no sum of them overflows."""
    if worth.dtype == np.object_:
        return sum(worth.tolist())
    upper, lower = worth >> 32, worth & 0xFFFFFFFF
    return (int(upper.sum()) << 32) + int(lower.sum())
