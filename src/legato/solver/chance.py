"""Chance that is an argument: whole numbers that depend on what is mixed into them alone."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint64]


def mixed(one: Any, other: Any) -> Words:
    """A 64-bit word for each pair of words, spread as SplitMix64 does (Steele, Lea and Flood,
    OOPSLA 2014)."""
    with np.errstate(over="ignore"):
        word = np.asarray(one, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        word = word + np.asarray(other, dtype=np.uint64) + np.uint64(0x9E3779B97F4A7C15)
        for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
            word = (word ^ (word >> np.uint64(shift))) * np.uint64(factor)
        return np.asarray(word ^ (word >> np.uint64(31)))
