"""How a search is kept near a split there is: a bonus for what stays, honest prices after it."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from legato.domain.bound import fit_bound, whole_prices
from legato.domain.instance import Bounds, Floats, Instance, Ints

STAY = 1000
"""Points for what stays: as much as the best fit, so that little else is moved for its sake."""


def eased(instance: Instance, *, owner: Ints, stay: int) -> Instance:
    """The same with a bonus, for each unit of a block, where it stays with its owner."""
    arcs = instance.chosen(owner)
    stays = np.flatnonzero(arcs >= 0)
    fit = instance.fit.copy()
    fit[arcs[stays]] += (stay * instance.amounts[stays, instance.counted - 1]).astype(fit.dtype)
    return replace(instance, fit=fit)


def tightest(instance: Instance, bounds: Bounds, owner: Ints, prices: Sequence[Floats]) -> Floats:
    """Of several prices (m × k each) those by which the fit is bounded lowest; the first of
    equals."""
    return min(
        prices,
        key=lambda each: fit_bound(
            instance=instance, placed=owner >= 0, bounds=bounds, prices=whole_prices(each)
        ),
    )
