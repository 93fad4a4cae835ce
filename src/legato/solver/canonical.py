"""Persons in an order that their numbers play no part in: by their room and what they fit, then by
chance. So nobody is favoured for having come first, and other numbers give the same split.
"""

from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from legato.domain.instance import Instance, Ints
from legato.solver.chance import mixed

Number = TypeVar("Number", np.int64, np.float64)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Order:
    persons: Ints
    """m: which person comes at each place."""
    place: Ints
    """m: the place of each person."""
    chance: NDArray[np.uint64]
    """m, by place: what ties are broken with."""

    @classmethod
    def of(cls, instance: Instance, seed: int) -> "Order":
        sign = np.zeros(len(instance.persons), dtype=np.uint64)
        for first, last in instance.pieces():
            arcs = slice(int(instance.start[first]), int(instance.start[last]))
            source = instance.sources(first, last).astype(np.uint64)
            fit = instance.fit[arcs].astype(np.uint64)
            np.add.at(sign, instance.taker[arcs], mixed(source, fit))
        for (person, column), cap in sorted(instance.caps.items()):
            sign[person] += mixed(np.uint64(column), np.uint64(cap))
        chance = mixed(sign, instance.room.astype(np.uint64) + np.uint64(seed % 2**32 << 32))
        persons = np.lexsort((instance.persons, chance))
        place = np.empty_like(persons)
        place[persons] = np.arange(len(persons))
        return cls(persons=persons, place=place, chance=chance[persons])

    def instance(self, given: Instance) -> Instance:
        """The same split with its persons in this order."""
        taker, fit = np.empty_like(given.taker), np.empty_like(given.fit)
        for first, last in given.pieces():
            arcs = slice(int(given.start[first]), int(given.start[last]))
            placed = self.place[given.taker[arcs]]
            key = given.sources(first, last) * len(self.place) + placed
            sorting = np.argsort(key)
            taker[arcs], fit[arcs] = placed[sorting], given.fit[arcs][sorting]
        return replace(
            given,
            taker=taker,
            fit=fit,
            persons=given.persons[self.persons],
            room=given.room[self.persons],
            allowed=tuple(np.sort(self.place[people]) for people in given.allowed),
            caps={
                (int(self.place[person]), column): cap
                for (person, column), cap in given.caps.items()
            },
        )

    def owner(self, by_place: Ints) -> Ints:
        """Places of owners as persons; -1 stays nobody."""
        return np.where(by_place < 0, -1, self.persons[by_place])

    def rows(self, by_place: NDArray[Number]) -> NDArray[Number]:
        """Rows by place as rows by person."""
        return by_place[self.place]
