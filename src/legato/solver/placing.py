"""Which blocks get a person at all when room is short: as many units as possible, then the hot and
the valuable before the cold and the small."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from legato.domain.eligibility import Block
from legato.domain.instance import Floats, Ints, Mask
from legato.domain.problem import HEATS, Measure
from legato.solver.highs import INFINITY, Program, solve_whole

Caps = Mapping[tuple[int, Measure], int]


def placeable(
    *, blocks: Sequence[Block], pinned: set[int], room: Mapping[int, int], caps: Caps, nodes: int
) -> tuple[Block, ...]:
    """The blocks that will be placed, in their order; those in ``pinned`` always are."""
    possible = [block for block in blocks if block.people]
    if _all_fit(possible, pinned, room, caps):
        return tuple(possible)
    sizes = np.array([len(block.units) for block in possible], dtype=np.float64)
    packing = _Packing(blocks=possible, pinned=pinned, room=room, caps=caps, nodes=nodes)
    most = packing.best(sizes, None)
    chosen = packing.best(_worth(possible), (sizes, float(sizes @ most)))
    return tuple(block for block, keep in zip(possible, chosen, strict=True) if keep)


def _all_fit(
    blocks: Sequence[Block], pinned: set[int], room: Mapping[int, int], caps: Caps
) -> bool:
    """Whether the plain way works: pins, then the heaviest and least free first, to whoever has
    most room and may still get what the block is of."""
    left, may = dict(room), dict(caps)
    order = sorted(
        blocks, key=lambda block: (block.id not in pinned, -block.weight, len(block.people))
    )
    for block in order:
        used = Counter(unit.stratum for unit in block.units)
        takers = [
            person
            for person in block.people
            if all(may.get((person, of), units) >= units for of, units in used.items())
        ]
        taker = max(takers, key=lambda person: (left[person], -person), default=None)
        if taker is None or left[taker] < block.weight:
            return False
        left[taker] -= block.weight
        for of, units in used.items():
            if (taker, of) in may:
                may[taker, of] -= units
    return True


def _worth(blocks: Sequence[Block]) -> Floats:
    """Ranks: who is hotter and more valuable is worth more, summed over a block's units."""
    units = [unit for block in blocks for unit in block.units]
    units.sort(key=lambda unit: (-HEATS.index(unit.heat), unit.value, -unit.id))
    rank = {unit.id: index + 1 for index, unit in enumerate(units)}
    return np.array([sum(rank[unit.id] for unit in block.units) for block in blocks], dtype=float)


_Limit = tuple[Ints, Floats, list[float], list[float]]
"""Row and coefficient of every arc, and the rows' ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Packing:
    blocks: Sequence[Block]
    pinned: set[int]
    room: Mapping[int, int]
    caps: Caps
    nodes: int

    def best(self, gain: Floats, at_least: tuple[Floats, float] | None) -> Mask:
        """The blocks placed by the packing of most gain, of those that reach ``at_least``."""
        arcs = [(row, person) for row, block in enumerate(self.blocks) for person in block.people]
        block = np.array([row for row, _ in arcs], dtype=np.int64)
        placing = [float(each.id in self.pinned) for each in self.blocks]
        limits: list[_Limit] = [(block, np.ones(len(arcs)), placing, [1.0] * len(self.blocks))]
        limits += [self._rooms(arcs), self._caps(arcs)]
        if at_least is not None:
            measure, least = at_least
            limits.append((np.zeros_like(block), measure[block], [least - 0.5], [INFINITY]))
        answer = solve_whole(
            _program(gain[block], limits), nodes=self.nodes, whole=len(arcs), gap=0.5
        )
        placed = np.zeros(len(self.blocks), dtype=np.bool_)
        if answer is not None:
            placed[block[answer.x > 0.5]] = True
        return placed

    def _rooms(self, arcs: Sequence[tuple[int, int]]) -> _Limit:
        persons = {person: index for index, person in enumerate(sorted(self.room))}
        weight = np.array([self.blocks[row].weight / 1000 for row, _ in arcs])
        high = [self.room[person] / 1000 for person in persons]
        rows = np.array([persons[person] for _, person in arcs], dtype=np.int64)
        return rows, weight, [-INFINITY] * len(high), high

    def _caps(self, arcs: Sequence[tuple[int, int]]) -> _Limit:
        cells = {cell: index for index, cell in enumerate(sorted(self.caps))}
        rows, units = np.zeros(len(arcs), dtype=np.int64), np.zeros(len(arcs))
        for place, (row, person) in enumerate(arcs):
            for unit in self.blocks[row].units:
                if (person, unit.stratum) in cells:
                    rows[place] = cells[person, unit.stratum]
                    units[place] += 1
        return rows, units, [-INFINITY] * len(cells), [float(self.caps[cell]) for cell in cells]


def _program(cost: Floats, limits: Sequence[_Limit]) -> Program:
    first = np.cumsum([0, *(len(low) for _, _, low, _ in limits)])
    rows = np.concatenate([at + limit[0] for at, limit in zip(first, limits, strict=False)])
    coefficients = np.concatenate([limit[1] for limit in limits])
    used = coefficients != 0
    return Program(
        cost=cost,
        upper=np.ones(len(cost)),
        low=np.concatenate([np.array(low) for _, _, low, _ in limits]),
        high=np.concatenate([np.array(high) for _, _, _, high in limits]),
        rows=rows[used],
        columns=np.tile(np.arange(len(cost)), len(limits))[used],
        coefficients=coefficients[used],
    )
