"""What one person could exchange with others so that every count stays: a block for a block, round
by way of a third, or a block alone where the bounds leave room.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from legato.domain.instance import Bounds, Floats, Ints
from legato.solver.scores import Near, Scores

LOOPS = 150
"""Exchanges of three that are looked at, those that cost least."""
STEPS = 40
"""Arcs from one person, and to that person, that they begin and end with, chosen likewise."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Offers:
    """Exchanges of one person, one row each; arcs are indexes, -1 where there is none."""

    given: Ints
    """The arc by which a block of this person goes to ``second``."""
    passed: Ints
    """The arc by which ``third`` gets a block of ``second``."""
    taken: Ints
    """The arc by which this person gets a block of ``third``, else of ``second``."""
    second: Ints
    third: Ints
    gain: Floats
    """Points gained by all together."""

    def __len__(self) -> int:
        return len(self.gain)

    def part(self, rows: Ints) -> "Offers":
        return Offers(
            given=self.given[rows], passed=self.passed[rows], taken=self.taken[rows],
            second=self.second[rows], third=self.third[rows], gain=self.gain[rows],
        )  # fmt: skip


class Held(NamedTuple):
    """By whom a block is held, and what the arc is worth."""

    block: int
    person: int
    fit: float
    worth: float


class Holdings:
    """Who holds what, and the arcs by which it could go elsewhere.

    ``prices`` are m × k in points per scaled unit. At first an arc is worth its fit less what its
    taker pays for the block; once ``at_prices`` is False, its fit.
    """

    def __init__(
        self, scores: Scores, bounds: Bounds, near: Near, owner: Ints, prices: Floats
    ) -> None:
        instance = scores.instance
        self.block, self.taker = near.block, near.taker
        self.amounts: Floats = (instance.amounts[:, -2:] / scores.scale[-2:]).T
        self.stratum = instance.amounts[:, : instance.strata].argmax(axis=1)
        self.strata = instance.strata
        self.above = np.array(scores.above)
        self.low, self.high = bounds.low, bounds.high
        self._stratum = self.stratum[near.block]
        self._going_to = near.taker * self.strata + self._stratum
        self.first = np.searchsorted(near.block, np.arange(len(owner) + 1))
        m = len(instance.persons)
        self._into = np.argsort(near.taker, kind="stable")
        self._into_first = np.searchsorted(near.taker[self._into], np.arange(m + 1))
        self.owner = owner.copy()
        self.at_prices = True
        self._fit = near.fit.astype(np.float64)
        self._own_fit = instance.fit[instance.chosen(owner)].astype(np.float64)
        cells = np.stack([prices[:, columns].sum(axis=1) for columns in scores.above], axis=1)
        self._worth = self._fit - self._paid(prices, cells, self.block, self.taker)
        self._own_worth = self._own_fit - self._paid(prices, cells, np.arange(len(owner)), owner)
        self.fit = float(self._own_fit.sum())
        self.counts = instance.received(owner)[:, : instance.counted]
        self.spare, self.free = np.zeros((2, m * self.strata), dtype=np.bool_)
        self._recount(np.arange(m))
        self.members: list[set[int]] = [set() for _ in range(m)]
        for block, person in enumerate(owner.tolist()):
            self.members[person].add(block)
        self._outward: dict[int, Ints] = {}

    def _paid(self, prices: Floats, cells: Floats, blocks: Ints, persons: Ints) -> Floats:
        paid = cells[persons, self.stratum[blocks]]
        for column, amount in zip((-2, -1), self.amounts, strict=True):
            paid += prices[persons, column] * amount[blocks]
        return np.asarray(paid)

    def _recount(self, persons: Ints) -> None:
        """Of which strata the persons have one to spare, or are free to get one more."""
        counts = self.counts[persons][:, self.above]
        cells = persons[:, None] * self.strata + np.arange(self.strata)
        self.spare[cells] = (counts > self.low[persons][:, self.above]).all(axis=2)
        self.free[cells] = (counts < self.high[persons][:, self.above]).all(axis=2)

    def gain(self, arcs: Ints) -> Floats:
        """Points that giving each arc's block to its taker adds."""
        if self.at_prices:
            return np.asarray(self._worth[arcs] - self._own_worth[self.block[arcs]])
        return np.asarray(self._fit[arcs] - self._own_fit[self.block[arcs]])

    def carry(self, arc: int) -> Held:
        """Gives the arc's block to its taker; how it was held before."""
        block = int(self.block[arc])
        return self.put(
            Held(block, int(self.taker[arc]), float(self._fit[arc]), float(self._worth[arc]))
        )

    def put(self, held: Held) -> Held:
        """Gives a block to a person; how it was held before."""
        block, after = held.block, held.person
        before = Held(
            block, int(self.owner[block]), float(self._own_fit[block]),
            float(self._own_worth[block]),
        )  # fmt: skip
        self.owner[block] = after
        self._own_fit[block], self._own_worth[block] = held.fit, held.worth
        self.fit += held.fit - before.fit
        self.members[before.person].discard(block)
        self.members[after].add(block)
        columns = self.above[self.stratum[block]]
        self.counts[before.person, columns] -= 1
        self.counts[after, columns] += 1
        self._recount(np.array((before.person, after)))
        self._outward.pop(before.person, None)
        self._outward.pop(after, None)
        return before

    def partners(self, person: int) -> Ints:
        """Who could take some block of the person's, those first for whom it costs least."""
        arcs = self._out(person)
        return np.asarray(self.taker[arcs[np.argsort(-self.gain(arcs), kind="stable")]])

    def offers(self, person: int) -> Offers:
        outward, inward = self._out(person), self._in(person)
        parts = [
            self._alone(person, outward, inward),
            self._swaps(outward, inward),
            self._loops(person, outward, inward),
        ]
        return Offers(
            **{
                name: np.concatenate([getattr(part, name) for part in parts])
                for name in ("given", "passed", "taken", "second", "third", "gain")
            }
        )

    def _out(self, person: int) -> Ints:
        """The arcs by which the person's blocks could go to others."""
        known = self._outward.get(person)
        if known is None:
            mine = np.array(sorted(self.members[person]), dtype=np.int64)
            arcs = _ranges(self.first[mine], self.first[mine + 1])
            known = self._outward[person] = arcs[self.taker[arcs] != person]
        return known

    def _in(self, person: int) -> Ints:
        """The arcs by which others' blocks could come to the person, by holder and stratum."""
        arcs = self._into[self._into_first[person] : self._into_first[person + 1]]
        arcs = arcs[self.owner[self.block[arcs]] != person]
        return np.asarray(arcs[np.argsort(self._held_at(arcs), kind="stable")])

    def _held_at(self, arcs: Ints) -> Ints:
        return np.asarray(self.owner[self.block[arcs]] * self.strata + self._stratum[arcs])

    def _swaps(self, outward: Ints, inward: Ints) -> Offers:
        at, row = self._matches(self._going_to[outward], self._held_at(inward))
        given, taken = outward[at], inward[row]
        return _offers(
            given=given, taken=taken, second=self.taker[given],
            gain=self.gain(given) + self.gain(taken),
        )  # fmt: skip

    def _alone(self, person: int, outward: Ints, inward: Ints) -> Offers:
        """Blocks that may go, or come, with nothing in return."""
        going = outward[self.free[self._going_to[outward]]]
        going = going[self.spare[person * self.strata + self._stratum[going]]]
        coming = inward[self.free[person * self.strata + self._stratum[inward]]]
        coming = coming[self.spare[self._held_at(coming)]]
        nothing = np.full(len(going) + len(coming), -1)
        return _offers(
            given=np.concatenate([going, nothing[: len(coming)]]),
            taken=np.concatenate([nothing[: len(going)], coming]),
            second=np.concatenate([self.taker[going], self.owner[self.block[coming]]]),
            gain=self.gain(np.concatenate([going, coming])),
        )

    def _loops(self, person: int, outward: Ints, inward: Ints) -> Offers:
        """This person gives to a second, who passes one on to a third, who gives to this person."""
        outward = outward[_best(self.gain(outward), STEPS)]
        inward = inward[_best(self.gain(inward), STEPS)]
        seconds = np.unique(self.taker[outward]).tolist()
        through = [self._out(second) for second in seconds]
        passed = np.concatenate(through) if through else np.zeros(0, dtype=np.int64)
        passed = passed[self.taker[passed] != person]
        at, row = self._matches(self._going_to[passed], self._held_at(inward))
        passed, taken = passed[at], inward[row]
        few = _best(self.gain(passed) + self.gain(taken), LOOPS)
        passed, taken = passed[few], taken[few]
        ordered = outward[np.argsort(self._going_to[outward], kind="stable")]
        at, row = self._matches(self._held_at(passed), self._going_to[ordered])
        passed, taken, given = passed[at], taken[at], ordered[row]
        gain = self.gain(given) + self.gain(passed) + self.gain(taken)
        few = _best(gain, LOOPS)
        given, passed, taken = given[few], passed[few], taken[few]
        return _offers(
            given=given, taken=taken, second=self.taker[given], gain=gain[few],
            passed=passed, third=self.taker[passed],
        )  # fmt: skip

    def _matches(self, cells: Ints, ordered: Ints) -> tuple[Ints, Ints]:
        """All pairs of places at which ``cells`` and the ascending ``ordered`` are equal."""
        sizes = np.bincount(ordered, minlength=len(self.spare))
        first, size = (np.cumsum(sizes) - sizes)[cells], sizes[cells]
        return np.repeat(np.arange(len(cells)), size), _ranges(first, first + size)


def _offers(
    *,
    given: Ints,
    taken: Ints,
    second: Ints,
    gain: Floats,
    passed: Ints | None = None,
    third: Ints | None = None,
) -> Offers:
    nobody = np.full(len(gain), -1)
    return Offers(
        given=given, taken=taken, second=second, gain=gain,
        passed=nobody if passed is None else passed, third=nobody if third is None else third,
    )  # fmt: skip


def _best(worth: Floats, most: int) -> Ints:
    """The places of the ``most`` largest, in order of place."""
    if len(worth) <= most:
        return np.arange(len(worth))
    return np.asarray(np.sort(np.argpartition(-worth, most)[:most]))


def _ranges(first: Ints, last: Ints) -> Ints:
    """All whole numbers of the half-open ranges, one after the other."""
    sizes = last - first
    before = np.cumsum(sizes) - sizes
    return np.repeat(first - before, sizes) + np.arange(int(sizes.sum()))
