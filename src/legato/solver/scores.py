"""What every arc is worth after prices: the whole of an instance in passes over small rectangles.

No function here depends on how a machine rounds its exponentials or blocks its matrix products, so
that the same instance gives the same prices wherever it is solved.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from legato.domain.instance import Bounds, Floats, Instance, Ints

Singles = NDArray[np.float32]

NEVER = np.float32(-1e9)
"""The worth of a place in a rectangle that is no arc."""
PIECE = 1 << 19
"""Arcs in one rectangle."""
FAINT = 1e-4
"""Chances below this are left out of the sums."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rectangle:
    """Some blocks and their arcs, one row each, filled up to the longest."""

    rows: Ints
    taker: NDArray[np.int32]
    fit: NDArray[np.int32] | Singles
    parts: tuple[tuple[Ints, Singles | None], ...]
    """Column of a stratum and units of it, per row; None is one unit. Value and weight count with
    the first part."""
    value: Singles
    weight: Singles


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Moments:
    """Expected amounts by person and stratum, m × s each, where arcs are chosen by chance."""

    units: Floats
    value: Floats
    weight: Floats
    value_value: Floats
    value_weight: Floats
    weight_weight: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Near:
    """Arcs that are nearly the best of their block, in order of block, then taker."""

    block: Ints
    taker: Ints
    fit: Ints

    def without(self, blocks: NDArray[np.bool_]) -> "Near":
        """The arcs of the other blocks; ``blocks`` is an n mask."""
        keep = ~blocks[self.block]
        return Near(block=self.block[keep], taker=self.taker[keep], fit=self.fit[keep])


class Scores:
    """The arcs of an instance that are open within ``bounds``, scored by prices.

    Prices are m × k in points per scaled unit: a unit for counts, the mean block's for value and
    weight.
    """

    def __init__(self, instance: Instance, bounds: Bounds) -> None:
        self.instance = instance
        mean = instance.amounts[:, instance.counted :].mean(axis=0)
        self.scale = np.ones(len(instance.measures))
        self.scale[instance.counted :] = np.where(mean > 0, mean, 1.0)
        self.above = _above(instance)
        self._rectangles = list(self._cut(bounds))
        self.arcs = sum(int((piece.fit > NEVER).sum()) for piece in self._rectangles)

    def sweep(self, prices: Floats, temperature: float) -> tuple[Moments, float]:
        """What everybody would get if each block chose by chance, the better the likelier, and the
        sum of every block's best worth."""
        m, s = len(self.instance.persons), self.instance.strata
        sums, best = np.zeros((6, m * s)), 0.0
        for piece in self._rectangles:
            worth = self._worth(piece, prices)
            top = worth.max(axis=1, keepdims=True)
            best += float(top.sum(dtype=np.float64))
            _add(sums, piece, _chances(worth - top, temperature), s)
        units, value, weight, vv, vw, ww = sums.reshape(6, m, s)
        moments = Moments(
            units=units, value=value, weight=weight,
            value_value=vv, value_weight=vw, weight_weight=ww,
        )  # fmt: skip
        return moments, best

    def near(self, prices: Floats, within: float) -> Near:
        """The arcs at most ``within`` points worse than the best of their block."""
        found = []
        for piece in self._rectangles:
            worth = self._worth(piece, prices)
            loss = worth.max(axis=1, keepdims=True) - worth
            row, place = np.nonzero((loss <= within) & (piece.fit > NEVER))
            found.append((piece.rows[row], piece.taker[row, place], piece.fit[row, place]))
        block, taker, fit = (np.concatenate(column) for column in zip(*found, strict=True))
        order = np.lexsort((taker, block))
        return Near(
            block=block[order].astype(np.int64),
            taker=taker[order].astype(np.int64),
            fit=fit[order].astype(np.int64),
        )

    def _worth(self, piece: Rectangle, prices: Floats) -> Singles:
        s = self.instance.strata
        cells = np.stack([prices[:, columns].sum(axis=1) for columns in self.above], axis=1)
        flat = cells.astype(np.float32).ravel()
        first = piece.taker * np.int32(s)
        worth = np.array(piece.fit, dtype=np.float32)
        for column, units in piece.parts:
            price = flat.take(first + column[:, None].astype(np.int32))
            worth -= price if units is None else price * units[:, None]
        for of, amount in ((-2, piece.value), (-1, piece.weight)):
            worth -= prices[:, of].astype(np.float32).take(piece.taker) * amount[:, None]
        return worth

    def _cut(self, bounds: Bounds) -> Iterator[Rectangle]:
        instance = self.instance
        alone = instance.amounts[:, instance.counted - 1] == 1
        for rows in (np.flatnonzero(alone), np.flatnonzero(~alone)):
            arcs = np.cumsum(instance.start[rows + 1] - instance.start[rows])
            cuts = np.searchsorted(arcs, np.arange(PIECE, arcs.max(initial=0), PIECE))
            for some in np.split(rows, cuts):
                if len(some):
                    yield self._rectangle(some, bounds)

    def _rectangle(self, rows: Ints, bounds: Bounds) -> Rectangle:
        instance, s = self.instance, self.instance.strata
        first = instance.start[rows]
        degree = instance.start[rows + 1] - first
        width = int(degree.max())
        fit: NDArray[np.int32] | Singles
        if rows[-1] - rows[0] + 1 == len(rows) and (degree == width).all():
            inside = slice(int(first[0]), int(first[-1]) + width)
            taker = instance.taker[inside].reshape(-1, width)
            fit = instance.fit[inside].reshape(-1, width)
            real = np.ones_like(taker, dtype=np.bool_)
        else:
            place = np.minimum(np.arange(width), degree[:, None] - 1)
            real = np.arange(width) < degree[:, None]
            arc = first[:, None] + place
            taker, fit = instance.taker[arc], instance.fit[arc]
        closed = ~real | self._beyond(rows, taker, real, bounds)
        if closed.any():
            fit = np.where(closed, NEVER, fit).astype(np.float32)
        amounts = instance.amounts[rows]
        units = amounts[:, :s]
        parts: tuple[tuple[Ints, Singles | None], ...] = ((units.argmax(axis=1), None),)
        if (units.sum(axis=1) != 1).any():
            parts = tuple(
                (np.full(len(rows), column), units[:, column].astype(np.float32))
                for column in range(s)
            )
        scaled = (amounts[:, -2:] / self.scale[-2:]).astype(np.float32)
        return Rectangle(
            rows=rows, taker=taker, fit=fit, parts=parts, value=scaled[:, 0], weight=scaled[:, 1]
        )

    def _beyond(
        self, rows: Ints, taker: NDArray[np.int32], real: NDArray[np.bool_], bounds: Bounds
    ) -> NDArray[np.bool_]:
        """Arcs whose block alone exceeds the taker's interval; none of a block's if all do."""
        beyond = np.zeros(taker.shape, dtype=np.bool_)
        for column in range(len(self.instance.measures)):
            amount = self.instance.amounts[rows, column]
            high = bounds.high[:, column]
            if len(amount) and amount.max() > high.min(initial=0):
                beyond |= amount[:, None] > high.take(taker)
        beyond[(beyond | ~real).all(axis=1)] = False
        return beyond


def _above(instance: Instance) -> list[list[int]]:
    """For every stratum the counts that a unit of it is part of."""
    heats, total = instance.measures[: instance.strata], instance.counted - 1
    above = []
    for column, name in enumerate(heats):
        heat = name.partition("/")[0]
        wider = [] if heat == name else [instance.measures.index(heat)]
        above.append([column, *wider, total])
    return above


def _chances(below: Singles, temperature: float) -> Singles:
    """Softmax by a power that every machine computes alike: (1 + x / 16)^16 for e^x."""
    below *= np.float32(1 / (16 * temperature))
    below += np.float32(1)
    np.maximum(below, np.float32(0), out=below)
    for _ in range(4):
        below *= below
    below /= below.sum(axis=1, keepdims=True)
    return below


def _add(sums: Floats, piece: Rectangle, chances: Singles, strata: int) -> None:
    flat = chances.ravel()
    chosen = np.flatnonzero(flat > FAINT)
    row, taker = chosen // chances.shape[1], piece.taker.ravel()[chosen].astype(np.int64)
    p = flat[chosen].astype(np.float64)
    value, weight = piece.value[row].astype(np.float64), piece.weight[row].astype(np.float64)
    size = sums.shape[1]
    for place, (column, units) in enumerate(piece.parts):
        cell = taker * strata + column[row]
        sums[0] += np.bincount(cell, p if units is None else p * units[row], size)
        if place:
            continue
        pv, pw = p * value, p * weight
        for at, amount in enumerate((pv, pw, pv * value, pv * weight, pw * weight), start=1):
            sums[at] += np.bincount(cell, amount, size)
