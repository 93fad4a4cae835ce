"""Parent groups go first, the largest before the others: each to whoever it is worth most with, of
those whose shares have room.
"""

import numpy as np

from legato.domain.instance import Bounds, Floats, Instance, Ints


def groups_placed(instance: Instance, bounds: Bounds, prices: Floats, owner: Ints) -> Ints:
    """``owner`` with all blocks of several units; ``prices`` are in points per unit of a measure.

    Where a group is larger than anybody's room in a share, it goes where it exceeds least.
    """
    owner = owner.copy()
    got = instance.received(owner)
    units = instance.amounts[:, instance.counted - 1]
    waiting = np.flatnonzero((units > 1) & (owner < 0))
    value = instance.amounts[waiting, instance.counted]
    for block in waiting[np.lexsort((waiting, -value, -units[waiting]))].tolist():
        arcs = slice(*instance.start[block : block + 2].tolist())
        takers, amounts = instance.taker[arcs], instance.amounts[block]
        beyond = np.maximum(0, got[takers] + amounts - bounds.high[takers])
        worth = instance.fit[arcs] - (prices[takers] * amounts).sum(axis=1)
        share = beyond[:, -2] / np.maximum(1, bounds.high[takers, -2])
        order = np.lexsort(
            (takers, -worth, share, beyond[:, : instance.counted].sum(axis=1), beyond[:, -1])
        )
        owner[block] = takers[order[0]]
        got[owner[block]] += amounts
    return owner
