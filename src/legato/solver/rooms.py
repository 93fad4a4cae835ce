"""Nobody beyond their room, whatever the search left: what does not fit moves to who has room, and
what nobody has room for goes to nobody.
"""

import numpy as np

from legato.domain.instance import Instance, Ints


def fitted(instance: Instance, owner: Ints) -> Ints:
    """The owners, with as little changed as a plain repair needs, -1 for who found no room."""
    owner = owner.copy()
    left = instance.most() - instance.received(owner)
    hard = sorted({len(instance.measures) - 1} | {column for _, column in instance.caps})
    for person in np.flatnonzero((left[:, hard] < 0).any(axis=1)).tolist():
        for block in _cheapest_first(instance, owner, person):
            if (left[person, hard] >= 0).all():
                break
            if (instance.amounts[block, hard] * (left[person, hard] < 0)).any():
                owner[block] = -1
                left[person] += instance.amounts[block]
    for block in _dearest_first(instance, np.flatnonzero(owner < 0)):
        arcs = slice(*instance.start[block : block + 2].tolist())
        takers = instance.taker[arcs]
        able = (instance.amounts[block, hard] <= left[takers][:, hard]).all(axis=1)
        if able.any():
            chosen = np.lexsort((takers, -instance.fit[arcs], ~able))[0]
            owner[block] = takers[chosen]
            left[owner[block]] -= instance.amounts[block]
    return owner


def _dearest_first(instance: Instance, blocks: Ints) -> list[int]:
    """Many units before few, hot before cold, then by value."""
    amounts = instance.amounts[blocks]
    keys = [blocks, -amounts[:, instance.counted]]
    keys += [-amounts[:, column] for column in reversed(range(instance.strata))]
    found: list[int] = blocks[np.lexsort((*keys, -amounts[:, instance.counted - 1]))].tolist()
    return found


def _cheapest_first(instance: Instance, owner: Ints, person: int) -> list[int]:
    return _dearest_first(instance, np.flatnonzero(owner == person))[::-1]
