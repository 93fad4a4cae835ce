"""The split as arrays: blocks by persons, so that whole neighbourhoods are weighed at once."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from legato.domain.eligibility import Block, Eligible
from legato.domain.problem import HEATS

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

NEVER = -1e12
"""The fit of an arc that eligibility removed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """``n`` blocks, ``m`` persons, one arc for each that may take the other."""

    blocks: tuple[Block, ...]
    persons: tuple[int, ...]
    block: Ints
    """Of each arc, the index of its block; ``person`` likewise."""
    person: Ints
    fit: Floats
    """Of each arc: whole points, and below them the tie-break."""
    matrix: Floats
    """The same as n × m, ``NEVER`` where there is no arc."""
    counts: Ints
    """n × 4: hot, warm, cold, total."""
    value: Ints
    weight: Ints
    room: Ints

    def received(self, owner: Ints, amounts: Ints) -> Ints:
        """What every person gets of ``amounts``, one per block, under an assignment."""
        got = np.zeros(len(self.persons), dtype=np.int64)
        np.add.at(got, owner, amounts)
        return got

    def counted(self, owner: Ints) -> Ints:
        got = np.zeros((len(self.persons), self.counts.shape[1]), dtype=np.int64)
        np.add.at(got, owner, self.counts)
        return got

    def total_fit(self, owner: Ints) -> float:
        return float(self.matrix[np.arange(len(owner)), owner].sum())


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """The intervals every person's part is held to: counts m × 4, value and weight m."""

    low: Ints
    high: Ints
    value_low: Ints
    value_high: Ints


def instance_of(
    *, blocks: Sequence[Block], room: Mapping[int, int], eligible: Eligible, seed: int
) -> Instance:
    """The arrays of blocks that each have somebody to take them."""
    persons = tuple(sorted(room))
    place = {person: index for index, person in enumerate(persons)}
    arcs = [
        (index, place[person], _block_fit(block, person, eligible, seed, len(blocks)))
        for index, block in enumerate(blocks)
        for person in block.people
    ]
    matrix = np.full((len(blocks), len(persons)), NEVER)
    for row, column, fit in arcs:
        matrix[row, column] = fit
    return Instance(
        blocks=tuple(blocks),
        persons=persons,
        block=np.array([arc[0] for arc in arcs], dtype=np.int64),
        person=np.array([arc[1] for arc in arcs], dtype=np.int64),
        fit=np.array([arc[2] for arc in arcs], dtype=np.float64),
        matrix=matrix,
        counts=np.array([_counts(block) for block in blocks], dtype=np.int64).reshape(-1, 4),
        value=np.array([block.value for block in blocks], dtype=np.int64),
        weight=np.array([block.weight for block in blocks], dtype=np.int64),
        room=np.array([room[person] for person in persons], dtype=np.int64),
    )


def _block_fit(block: Block, person: int, eligible: Eligible, seed: int, n: int) -> float:
    """Points, and a tie-break that stays below half a point when summed over all blocks."""
    key = f"{block.id}:{person}:{seed}".encode("ascii")
    digest = hashlib.blake2b(key, digest_size=8).digest()
    tie_break = int.from_bytes(digest, "big") / 2**64 / (2 * n)
    return sum(eligible.fit(unit.id, person) for unit in block.units) + tie_break


def _counts(block: Block) -> list[int]:
    heats = [unit.heat for unit in block.units]
    return [*(heats.count(heat) for heat in HEATS), len(heats)]
