"""Chance that stays the same for ever: SplitMix64 over a counter, in whole numbers only.

Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014. A word depends
on its seed, stream and index alone, never on what was drawn before it or how much at once.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Words = NDArray[np.uint64]

GAMMA = np.uint64(0x9E3779B97F4A7C15)
FIRST, SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chance:
    seed: int

    def words(self, stream: int, *keys: Ints) -> Words:
        """64 random bits for each (broadcast) tuple of keys."""
        word = _mixed(np.array([self.seed * 1_000 + stream], dtype=np.uint64))
        for key in keys:
            word = _mixed(word + key.astype(np.uint64))
        return word

    def below(self, stream: int, bound: int | Ints, *keys: Ints) -> Ints:
        """Whole numbers from 0 to below ``bound``, which is less than 2³¹."""
        high = self.words(stream, *keys) >> np.uint64(32)
        return ((high * np.asarray(bound).astype(np.uint64)) >> np.uint64(32)).astype(np.int64)

    def order(self, stream: int, size: int) -> Ints:
        """The numbers below ``size``, shuffled."""
        return np.argsort(self.words(stream, np.arange(size)), kind="stable")


def _mixed(word: Words) -> Words:
    word = word + GAMMA
    word = (word ^ (word >> np.uint64(30))) * FIRST
    word = (word ^ (word >> np.uint64(27))) * SECOND
    return word ^ (word >> np.uint64(31))
