"""Whether arrays that were read from a file are a split at all: sizes, order, ranges and sums.

After these checks nothing that judges a split can fall over it.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from legato.domain.instance import AMOUNTS
from legato.domain.plain import LARGEST, PlanFileUnreadable
from legato.domain.problem import HEATS

Named = dict[str, NDArray[Any]]

FIGURES = (
    "fit",
    "fit_bound",
    "gap",
    "cells_out",
    "worst_count",
    "worst_value",
    "worst_weight",
    "unplaced",
)
INSTANCE = ("blocks", "amounts", "start", "taker", "fit", "persons", "room", "kin")
CELLS = ("targets", "low", "high", "prices")
WHOLE = (*INSTANCE, "allowed", "allowed_ends", "caps", "owner", *CELLS, "terms", "figures")
SHORT = ("taker", "fit")
"""Of 32 bits, the others of 64."""


LARGEST_TABLE = 2**31
"""Persons by kinds of eligibility."""


def check(named: Named) -> None:
    """Raises `PlanFileUnreadable`."""
    _check_shapes(named)
    _check_measures(named["measures"].tolist())
    _check_order(named)
    _check_sums(named)


def _check_shapes(named: Named) -> None:
    n, m, k, a, kinds = (
        named[name].shape[0] if named[name].ndim else 0
        for name in ("blocks", "persons", "measures", "taker", "allowed_ends")
    )
    if m * kinds > LARGEST_TABLE:
        raise PlanFileUnreadable(why="too_large", where="allowed_ends")
    shapes = {
        "measures": (k,), "blocks": (n,), "amounts": (n, k), "start": (n + 1,), "taker": (a,),
        "fit": (a,), "persons": (m,), "room": (m,), "kin": (n,), "allowed": (None,),
        "allowed_ends": (kinds,), "caps": (None, 3), "owner": (n,), "terms": (2,),
        "figures": (len(FIGURES),), **dict.fromkeys(CELLS, (m, k)),
    }  # fmt: skip
    for name, shape in shapes.items():
        array = named[name]
        sizes = zip(array.shape, shape, strict=False)
        if array.ndim != len(shape) or any(had != size for had, size in sizes if size is not None):
            raise PlanFileUnreadable(why="shape", where=name)
        kind = np.dtype(np.int32 if name in SHORT else np.int64)
        if array.dtype.kind != "U" if name == "measures" else array.dtype != kind:
            raise PlanFileUnreadable(why="type", where=name)


def _check_measures(measures: list[str]) -> None:
    counts = measures[: -len(AMOUNTS)]
    strata = counts[: -len(HEATS) - 1]
    whole = [*HEATS, "total"]
    if counts[-len(whole) :] != whole or tuple(measures[-2:]) != AMOUNTS:
        raise PlanFileUnreadable(why="order", where="measures")
    if len(set(measures)) != len(measures) or any(not _is_stratum(name) for name in strata):
        raise PlanFileUnreadable(why="order", where="measures")


def _is_stratum(name: str) -> bool:
    heat, _, tier = name.partition("/")
    return heat in HEATS and tier.isdecimal()


def _check_order(named: Named) -> None:
    """That indexes are in range and everything is in the order of an instance."""
    n, m, start = len(named["blocks"]), len(named["persons"]), named["start"]
    ends, allowed, caps = named["allowed_ends"], named["allowed"], named["caps"]
    counts = len(named["measures"]) - len(AMOUNTS)
    sound = {
        "blocks": bool((np.diff(named["blocks"]) > 0).all()),
        "persons": bool((np.diff(named["persons"]) > 0).all()),
        "start": start[0] == 0 and start[-1] == len(named["taker"]) and _rises(start),
        "taker": _within(named["taker"], m),
        "owner": _within(named["owner"] + 1, m + 1),
        "kin": _within(named["kin"], len(ends)),
        "allowed": _within(allowed, m),
        "allowed_ends": _rises(ends) and (ends[-1] if len(ends) else 0) == len(allowed)
        and (not len(ends) or ends[0] >= 0),
        "caps": _within(caps[:, 0], m) and _within(caps[:, 1], counts)
        and bool((caps[:, 2] >= 0).all()),
    }  # fmt: skip
    for name, is_so in sound.items():
        if not is_so:
            raise PlanFileUnreadable(why="order", where=name)
    source = np.repeat(np.arange(n), np.diff(start))
    if not ((np.diff(source) > 0) | (np.diff(named["taker"]) > 0)).all():
        raise PlanFileUnreadable(why="order", where="taker")
    may = np.zeros((len(ends), m), dtype=np.bool_)
    may[np.repeat(np.arange(len(ends)), np.diff(ends, prepend=0)), allowed] = True
    if may.sum() != len(allowed) or not may[named["kin"][source], named["taker"]].all():
        raise PlanFileUnreadable(why="order", where="allowed")


def _check_sums(named: Named) -> None:
    """That heats and total are the sums of their strata, and that no sum can overflow."""
    amounts, names = named["amounts"], named["measures"].tolist()
    for name in ("amounts", "room", "terms"):
        array = named[name]
        largest = float(array.astype(np.float64).sum(axis=0).max(initial=0))
        if array.size and (array.min() < 0 or largest >= LARGEST):
            raise PlanFileUnreadable(why="number", where=name)
    heats = {name: amounts[:, names.index(name)] for name in HEATS}
    if not np.array_equal(np.sum(list(heats.values()), axis=0), amounts[:, names.index("total")]):
        raise PlanFileUnreadable(why="sums", where="amounts")
    for heat, column in heats.items() if "/" in names[0] else ():
        strata = [at for at, name in enumerate(names) if name.startswith(f"{heat}/")]
        if (amounts[:, strata].sum(axis=1) != column).any():
            raise PlanFileUnreadable(why="sums", where="amounts")


def _rises(array: NDArray[Any]) -> bool:
    return bool((np.diff(array) >= 0).all())


def _within(array: NDArray[Any], end: int) -> bool:
    return not array.size or bool(array.min() >= 0 and array.max() < end)
