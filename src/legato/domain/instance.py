"""A split as arrays: what is decided in one piece, who may take it and how well it fits.

The one form that the solver and its judges share, from a handful of blocks to a million.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from legato.domain.eligibility import Block, Eligible
from legato.domain.problem import HEATS, Measure

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

AMOUNTS: tuple[str, ...] = ("value", "weight")
"""The measures that are no counts, always the last: currency units, thousandths of an account."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Instance:
    """``n`` blocks, ``m`` persons, ``k`` measures, ``a`` arcs from a block to a possible taker.

    A block is a unit, or the units of a parent group. Blocks are in order of id, persons likewise,
    arcs in order of block, then person.
    """

    blocks: Ints
    """n: the id of each block's first unit."""
    measures: tuple[Measure, ...]
    """k names: the strata, the heats where strata are finer, ``total``, ``value``, ``weight``."""
    amounts: Ints
    """n × k: what a block adds to each measure of its taker."""
    start: Ints
    """n + 1: the arcs of block i are ``start[i]`` to ``start[i + 1]``."""
    taker: NDArray[np.int32]
    """a: indexes into ``persons``."""
    fit: NDArray[np.int32]
    """a: whole points."""
    persons: Ints
    """m: ids."""
    room: Ints
    """m: thousandths of an account each can take, and what shares are in proportion to."""
    kin: Ints
    """n: the index in ``allowed`` of who may take the block by the rules."""
    allowed: tuple[Ints, ...]
    """Indexes into ``persons``, ascending: a superset of the takers of every block of that kin."""
    caps: Mapping[tuple[int, int], int] = field(default_factory=dict)
    """(index of a person, index of a stratum) to the most units a novice may get of it."""

    @property
    def counted(self) -> int:
        """How many of the measures, the first ones, are counts."""
        return len(self.measures) - len(AMOUNTS)

    @property
    def strata(self) -> int:
        """How many of the measures, the first ones, divide the units: each is of one of them."""
        return self.measures.index(HEATS[0]) or len(HEATS)

    @property
    def weighs(self) -> bool:
        """Whether weight says anything that the number of units does not say already."""
        weight, units = self.amounts[:, -1], self.amounts[:, self.counted - 1]
        return bool(weight.any() and (weight * units.sum() != units * weight.sum()).any())

    def most(self) -> Ints:
        """m × k: what nobody may exceed, however fair: all there is, room for weight, the caps."""
        most = np.repeat(self.amounts.sum(axis=0)[None, :], len(self.persons), axis=0)
        most[:, -1] = np.minimum(most[:, -1], self.room)
        for cell, cap in self.caps.items():
            most[cell] = min(most[cell], cap)
        return most

    @property
    def source(self) -> Ints:
        """a: the block of each arc."""
        return self.sources(0, len(self.blocks))

    def received(self, owner: Ints) -> Ints:
        """m × k: what every person gets; an owner of -1 is nobody."""
        placed = owner >= 0
        got = np.zeros((len(self.persons), len(self.measures)), dtype=np.int64)
        for column in range(len(self.measures)):
            np.add.at(got[:, column], owner[placed], self.amounts[placed, column])
        return got

    def sources(self, first: int, last: int) -> Ints:
        """The block of each arc of the blocks from ``first`` up to ``last``."""
        return np.repeat(np.arange(first, last), np.diff(self.start[first : last + 1]))

    def pieces(self, arcs: int = 1 << 20) -> Iterator[tuple[int, int]]:
        """The blocks in runs (first, last + 1) of about so many arcs: what is worked on at once
        stays small, however many arcs there are."""
        n, first = len(self.blocks), 0
        while first < n:
            upto = int(np.searchsorted(self.start, self.start[first] + arcs, side="right")) - 1
            last = min(n, max(first + 1, upto))
            yield first, last
            first = last

    def chosen(self, owner: Ints) -> Ints:
        """n: the arc that each block's owner came by; -1 where there is none."""
        arcs = np.full(len(self.blocks), -1, dtype=np.int64)
        for first, last in self.pieces():
            begin, source = int(self.start[first]), self.sources(first, last)
            taker = self.taker[begin : int(self.start[last])]
            hit = np.flatnonzero(taker == owner[source])
            arcs[source[hit]] = hit + begin
        return arcs

    def total_fit(self, owner: Ints) -> int:
        arcs = self.chosen(owner)
        return int(self.fit[arcs[arcs >= 0]].sum(dtype=np.int64))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bounds:
    """The interval that every person's part of every measure is held to, both ends included."""

    low: Ints
    """m × k."""
    high: Ints


def instance_of(
    *,
    blocks: Sequence[Block],
    room: Mapping[int, int],
    eligible: Eligible,
    caps: Mapping[tuple[int, Measure], int] | None = None,
) -> Instance:
    """The arrays of blocks that each have somebody to take them; ``room`` and ``caps`` as in a
    ``Split``."""
    persons = sorted(room)
    place = {person: index for index, person in enumerate(persons)}
    takers = [tuple(place[person] for person in block.people) for block in blocks]
    kin = {people: index for index, people in enumerate(dict.fromkeys(takers))}
    fit = [
        sum(eligible.fit(unit.id, person) for unit in block.units)
        for block in blocks
        for person in block.people
    ]
    counts = _counts_of(blocks)
    measures = (*counts, *AMOUNTS)
    return Instance(
        blocks=np.array([block.id for block in blocks], dtype=np.int64),
        measures=measures,
        amounts=np.array([_amounts(block, counts) for block in blocks], dtype=np.int64).reshape(
            -1, len(measures)
        ),
        start=np.cumsum([0, *map(len, takers)], dtype=np.int64),
        taker=np.array([person for people in takers for person in people], dtype=np.int32),
        fit=np.array(fit, dtype=np.int32),
        persons=np.array(persons, dtype=np.int64),
        room=np.array([room[person] for person in persons], dtype=np.int64),
        kin=np.array([kin[people] for people in takers], dtype=np.int64),
        allowed=tuple(np.array(people, dtype=np.int64) for people in kin),
        caps={
            (place[person], counts.index(of)): cap
            for (person, of), cap in (caps or {}).items()
            if of in counts
        },
    )


def _counts_of(blocks: Sequence[Block]) -> tuple[Measure, ...]:
    """The heats and the total; before them the strata, where units are of more than one tier."""
    tiers = sorted({unit.tier for block in blocks for unit in block.units})
    fine = [f"{heat}/{tier}" for heat in HEATS for tier in tiers] if any(tiers) else []
    return (*fine, *HEATS, "total")


def _amounts(block: Block, counts: tuple[Measure, ...]) -> list[int]:
    of = Counter(name for unit in block.units for name in (unit.heat, unit.stratum, "total"))
    return [*(of[name] for name in counts), block.value, block.weight]
