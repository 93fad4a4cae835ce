"""Splits to measure with, from one departure to a million accounts: the same arrays for ever.

A recipe and its seed decide every number; ``digest`` names the result, and a test holds the names.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from benchmarks.allocation.arcs import Finder
from benchmarks.allocation.chance import Chance, Ints
from benchmarks.allocation.company import Accounts, Reps, Stream, accounts_of, allowed_of, reps_of

from legato.domain.instance import AMOUNTS, Instance
from legato.domain.problem import HEATS

FAMILIES = (
    "departure", "reorganisation", "whales", "scarce", "groups", "over_capacity", "ties",
    "hot_only", "cold_only", "one_account", "one_rep", "lopsided", "conflict",
)  # fmt: skip
PIECE = 50_000
"""Accounts made at once, which bounds the memory and changes nothing else."""
LOPSIDED = (99, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    family: str = "departure"
    blocks: int
    persons: int
    candidates: int | None = None
    """How many persons a block is offered to; None: to everybody whom the rules allow."""
    seed: int = 1


SIZES = {
    "S": Recipe(blocks=200, persons=10),
    "M": Recipe(blocks=5_000, persons=100, candidates=20),
    "M-dense": Recipe(blocks=5_000, persons=100),
    "L": Recipe(blocks=100_000, persons=1_000, candidates=20),
    "XL": Recipe(blocks=1_000_000, persons=5_000, candidates=20),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortage:
    """Blocks that only these persons may take, and how many more there are than they have room
    for."""

    blocks: Ints
    persons: Ints
    missing: int


def small(family: str, *, seed: int = 1) -> Recipe:
    """The family at the size of one departure."""
    blocks = 1 if family == "one_account" else 200
    persons = {"one_rep": 1, "lopsided": 2}.get(family, 10)
    return Recipe(family=family, blocks=blocks, persons=persons, seed=seed)


def instance(recipe: Recipe) -> Instance:
    """The split of a recipe: a pure function of it."""
    chance = Chance(seed=recipe.seed)
    reps = reps_of(chance=chance, size=recipe.persons)
    pieces = list(_pieces(recipe, chance, reps))
    amounts = np.concatenate([piece.amounts for piece in pieces])
    kinds, kin = np.unique(np.concatenate([piece.kin for piece in pieces]), return_inverse=True)
    rules = _rules(recipe, reps)
    counts = np.concatenate([piece.counts for piece in pieces])
    return Instance(
        blocks=np.arange(1, recipe.blocks + 1),
        measures=(*HEATS, "total", *AMOUNTS),
        amounts=amounts,
        start=np.concatenate([[0], np.cumsum(counts)]),
        taker=np.concatenate([piece.taker for piece in pieces]),
        fit=np.concatenate([piece.fit for piece in pieces]),
        persons=np.arange(recipe.persons) * 7 + 101,
        room=_room(recipe, reps, amounts[:, -1]),
        kin=kin.astype(np.int64),
        allowed=tuple(rules[kind] for kind in kinds),
    )


def shortage(recipe: Recipe) -> Shortage:
    """What cannot be placed in an ``over_capacity`` split, known from how it is made."""
    special = _special(recipe)
    return Shortage(
        blocks=np.arange(special),
        persons=np.arange(2),
        missing=special - 2 * (special // 2 - 1),
    )


def digest(made: Instance) -> str:
    """SHA-256 over every array of the split, whatever the machine's word order."""
    summed = hashlib.sha256(",".join(made.measures).encode())
    arcs = (made.start, made.taker.astype(np.int64), made.fit.astype(np.int64))
    for array in (
        made.blocks,
        made.amounts,
        *arcs,
        made.persons,
        made.room,
        made.kin,
        *made.allowed,
    ):
        summed.update(np.array(array.shape, dtype="<i8").tobytes())
        summed.update(np.ascontiguousarray(array, dtype="<i8").tobytes())
    return summed.hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    amounts: Ints
    kin: Ints
    counts: Ints
    taker: np.ndarray[tuple[int], np.dtype[np.int32]]
    fit: np.ndarray[tuple[int], np.dtype[np.int32]]


def _pieces(recipe: Recipe, chance: Chance, reps: Reps) -> Iterator[_Piece]:
    whale = 60 if recipe.family == "whales" else 0
    finder = Finder(
        chance=chance,
        reps=reps,
        allowed=_rules(recipe, reps),
        most=recipe.candidates,
        stays=recipe.family == "reorganisation",
    )
    for first in range(0, recipe.blocks, PIECE):
        index = np.arange(first, min(first + PIECE, recipe.blocks))
        accounts = accounts_of(chance=chance, index=index, reps=reps, whale=whale)
        kin = np.where(index < _special(recipe), len(finder.allowed) - 1, accounts.kin)
        members = _members(recipe, chance, index)
        counts, taker, fit = finder.arcs(accounts, kin)
        if recipe.family == "ties":
            fit[:] = 500
        if recipe.family == "conflict":
            counts, taker, fit = _only_one(chance, index, counts, taker, fit)
        yield _Piece(
            amounts=_amounts(recipe, chance, accounts, members),
            kin=kin,
            counts=counts,
            taker=taker.astype(np.int32),
            fit=(fit * np.repeat(members, counts)).astype(np.int32),
        )


def _rules(recipe: Recipe, reps: Reps) -> tuple[Ints, ...]:
    """Who may take each kind of account; of the last kind only the first two reps."""
    kinds = [allowed_of(reps=reps, kin=kin) for kin in range(24)]
    return (*kinds, np.arange(min(2, recipe.persons)))


def _special(recipe: Recipe) -> int:
    """How many blocks, the first ones, only the first two reps may take."""
    fair = recipe.blocks // recipe.persons
    return {"scarce": 5 * fair, "over_capacity": max(4, 8 * fair // 5)}.get(recipe.family, 0)


def _members(recipe: Recipe, chance: Chance, index: Ints) -> Ints:
    """Units of a block: in the family of groups two to five for every twelfth."""
    drawn = chance.below(Stream.MEMBERS, 48, index)
    return np.where((recipe.family == "groups") & (drawn < 4), drawn + 2, 1)


def _amounts(recipe: Recipe, chance: Chance, accounts: Accounts, members: Ints) -> Ints:
    """n × 6: hot, warm, cold, total, value, weight."""
    heat = {"hot_only": np.zeros_like(members), "cold_only": np.full_like(members, 2)}.get(
        recipe.family, accounts.heat
    )
    counts = np.zeros((len(members), 3), dtype=np.int64)
    for member in range(members.max(initial=0)):
        drawn = (heat + chance.below(Stream.MEMBER_HEAT, 3, accounts.index)) % 3
        of = heat if member % 2 == 0 else drawn
        rows = np.flatnonzero(member < members)
        counts[rows, of[rows]] += 1
    weight = {"scarce": 500, "over_capacity": 1000}.get(recipe.family, 0)
    weights = np.where(accounts.index < _special(recipe), weight, accounts.weight)
    return np.column_stack([counts, members, accounts.value * members, weights * members])


def _only_one(
    chance: Chance, index: Ints, counts: Ints, taker: Ints, fit: Ints
) -> tuple[Ints, Ints, Ints]:
    """Everybody but one is in conflict with the account."""
    first = np.cumsum(counts) - counts
    kept = first + chance.below(Stream.OWNER, counts, index)
    return np.ones_like(counts), taker[kept], fit[kept]


def _room(recipe: Recipe, reps: Reps, weights: Ints) -> Ints:
    """A quarter more than the work there is, and enough for any one block, by the reps' shares."""
    share = np.array(LOPSIDED) if recipe.family == "lopsided" else reps.share
    most, least = int(weights.max()), int(share.min())
    total = max(int(weights.sum()) * 5 // 4, most * (int(share.sum()) // least + 1))
    room: Ints = share * total // share.sum()
    if recipe.family == "scarce":
        room[:2] = total * 6 // (5 * len(share))
    if recipe.family == "over_capacity":
        room[:2] = 1000 * (_special(recipe) // 2 - 1)
    return room
