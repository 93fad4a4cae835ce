"""Which blocks get a person at all when room is short: as many units as possible, then the hot and
the valuable before the cold and the small."""

from collections.abc import Mapping, Sequence

import numpy as np

from legato.domain.eligibility import Block
from legato.domain.problem import HEATS
from legato.solver.highs import INFINITY, Program, solve_whole
from legato.solver.instance import Floats


def placeable(
    *, blocks: Sequence[Block], pinned: set[int], room: Mapping[int, int], nodes: int
) -> tuple[Block, ...]:
    """The blocks that will be placed, in their order; those in ``pinned`` always are."""
    possible = [block for block in blocks if block.people]
    if _all_fit(possible, pinned, room):
        return tuple(possible)
    sizes = np.array([len(block.units) for block in possible], dtype=np.float64)
    most = _most(possible, pinned, room, sizes, None, nodes)
    worth = _worth(possible)
    chosen = _most(possible, pinned, room, worth, (sizes, float(sizes @ most)), nodes)
    return tuple(block for block, keep in zip(possible, chosen, strict=True) if keep)


def _all_fit(blocks: Sequence[Block], pinned: set[int], room: Mapping[int, int]) -> bool:
    """Whether the plain way works: pins, then the heaviest and least free first, to whoever has
    most room."""
    left = dict(room)
    order = sorted(
        blocks, key=lambda block: (block.id not in pinned, -block.weight, len(block.people))
    )
    for block in order:
        taker = max(block.people, key=lambda person: (left[person], -person))
        left[taker] -= block.weight
        if left[taker] < 0:
            return False
    return True


def _worth(blocks: Sequence[Block]) -> Floats:
    """Ranks: who is hotter and more valuable is worth more, summed over a block's units."""
    units = [unit for block in blocks for unit in block.units]
    units.sort(key=lambda unit: (-HEATS.index(unit.heat), unit.value, -unit.id))
    rank = {unit.id: index + 1 for index, unit in enumerate(units)}
    return np.array([sum(rank[unit.id] for unit in block.units) for block in blocks], dtype=float)


def _most(
    blocks: Sequence[Block],
    pinned: set[int],
    room: Mapping[int, int],
    gain: Floats,
    at_least: tuple[Floats, float] | None,
    nodes: int,
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """The blocks placed by the packing of most gain, of those that reach ``at_least``."""
    persons = {person: index for index, person in enumerate(sorted(room))}
    arcs = [(i, persons[person]) for i, block in enumerate(blocks) for person in block.people]
    block = np.array([arc[0] for arc in arcs], dtype=np.int64)
    person = np.array([arc[1] for arc in arcs], dtype=np.int64)
    weight = np.array([block.weight for block in blocks], dtype=np.float64) / 1000
    column, n, m = np.arange(len(arcs)), len(blocks), len(persons)
    rows, columns = [block, n + person], [column, column]
    values = [np.ones(len(arcs)), weight[block]]
    low = [*(float(row.id in pinned) for row in blocks), *[-INFINITY] * m]
    high = [*[1.0] * n, *(room[person] / 1000 for person in persons)]
    if at_least is not None:
        measure, least = at_least
        rows, columns = [*rows, np.full(len(arcs), n + m)], [*columns, column]
        values = [*values, measure[block]]
        low, high = [*low, least - 0.5], [*high, INFINITY]
    answer = solve_whole(
        Program(
            cost=gain[block],
            upper=np.ones(len(arcs)),
            low=np.array(low),
            high=np.array(high),
            rows=np.concatenate(rows),
            columns=np.concatenate(columns),
            coefficients=np.concatenate(values),
        ),
        nodes=nodes,
        whole=len(arcs),
        gap=0.5,
    )
    placed = np.zeros(n, dtype=np.bool_)
    if answer is not None:
        placed[block[answer.x > 0.5]] = True
    return placed
