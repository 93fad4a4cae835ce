"""Which blocks get a person at all when room is short: as many units as possible, then the hot and
the valuable before the cold and the small."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from legato.domain.instance import Floats, Instance, Ints, Mask
from legato.domain.problem import HEATS
from legato.solver.highs import INFINITY, Program, solve_whole
from legato.solver.rooms import roomiest


def placeable(instance: Instance, *, pinned: Mask, nodes: int) -> Mask:
    """n: whether a block will be placed; those ``pinned`` (n) always are."""
    if _all_fit(instance, pinned):
        return np.ones(len(pinned), dtype=np.bool_)
    units = instance.amounts[:, instance.counted - 1].astype(np.float64)
    packing = _Packing(instance=instance, pinned=pinned, nodes=nodes)
    most = packing.best(units, None)
    return packing.best(_worth(instance), (units, float(units @ most)))


def _all_fit(instance: Instance, pinned: Mask) -> bool:
    """Whether the plain way works: pins, then the heaviest and least free first, to whoever has
    most room and may still get what the block is of."""
    left = instance.most()
    degree = np.diff(instance.start)
    for block in np.lexsort((degree, -instance.amounts[:, -1], ~pinned)).tolist():
        taker = roomiest(instance, left, block)
        if taker is None:
            return False
        left[taker] -= instance.amounts[block]
    return True


def _worth(instance: Instance) -> Floats:
    """Ranks, one for each unit: what is hotter and more valuable is worth more."""
    names = instance.measures[: instance.strata]
    heats = np.array([HEATS.index(name.partition("/")[0]) for name in names])
    heat = heats[(instance.amounts[:, : instance.strata] > 0).argmax(axis=1)]
    units = instance.amounts[:, instance.counted - 1]
    order = np.lexsort((-instance.blocks, instance.amounts[:, instance.counted] / units, -heat))
    rank = np.empty(len(order))
    rank[order] = np.arange(1, len(order) + 1)
    return np.asarray(rank * units)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Limits:
    """Some rows of a program: its entries, and the rows' ends."""

    rows: Ints
    arcs: Ints
    coefficients: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Packing:
    instance: Instance
    pinned: Mask
    nodes: int

    def best(self, gain: Floats, at_least: tuple[Floats, float] | None) -> Mask:
        """The blocks placed by the packing of most gain, of those that reach ``at_least``."""
        block = self.instance.source
        limits = [self._owners(block), self._rooms(block), *self._caps(block)]
        if at_least is not None:
            measure, least = at_least
            arcs = np.arange(len(block))
            limits.append(_row(arcs, measure[block], least - 0.5, INFINITY))
        answer = solve_whole(
            _program(gain[block], limits), nodes=self.nodes, whole=len(block), gap=0.5
        )
        placed = np.zeros(len(self.pinned), dtype=np.bool_)
        if answer is not None:
            placed[block[answer.x > 0.5]] = True
        return placed

    def _owners(self, block: Ints) -> _Limits:
        return _Limits(
            rows=block,
            arcs=np.arange(len(block)),
            coefficients=np.ones(len(block)),
            low=self.pinned.astype(np.float64),
            high=np.ones(len(self.pinned)),
        )

    def _rooms(self, block: Ints) -> _Limits:
        return _Limits(
            rows=self.instance.taker.astype(np.int64),
            arcs=np.arange(len(block)),
            coefficients=self.instance.amounts[block, -1] / 1000,
            low=np.full(len(self.instance.room), -INFINITY),
            high=self.instance.room / 1000,
        )

    def _caps(self, block: Ints) -> Iterator[_Limits]:
        for (person, column), cap in sorted(self.instance.caps.items()):
            arcs = np.flatnonzero(self.instance.taker == person)
            yield _row(arcs, self.instance.amounts[block[arcs], column], -INFINITY, cap)


def _row(arcs: Ints, coefficients: Ints | Floats, low: float, high: float) -> _Limits:
    return _Limits(
        rows=np.zeros_like(arcs),
        arcs=arcs,
        coefficients=coefficients.astype(np.float64),
        low=np.array([low]),
        high=np.array([float(high)]),
    )


def _program(cost: Floats, limits: Sequence[_Limits]) -> Program:
    first = np.cumsum([0, *(len(each.low) for each in limits)])
    rows = np.concatenate([at + each.rows for at, each in zip(first, limits, strict=False)])
    coefficients = np.concatenate([each.coefficients for each in limits])
    used = coefficients != 0
    return Program(
        cost=cost,
        upper=np.ones(len(cost)),
        low=np.concatenate([each.low for each in limits]),
        high=np.concatenate([each.high for each in limits]),
        rows=rows[used],
        columns=np.concatenate([each.arcs for each in limits])[used],
        coefficients=coefficients[used],
    )
