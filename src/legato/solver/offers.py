"""What one person could exchange with others so that every count stays: a block for a block, round
by way of a third, or a block alone where the bounds leave room.
"""

from dataclasses import dataclass

import numpy as np

from legato.domain.instance import Bounds, Floats, Ints, Mask
from legato.solver.scores import Near, Scores

LOOPS = 400
"""Exchanges of three that are looked at, those that cost least fit."""
STEPS = 80
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
    fit: Floats
    """Points gained by all together."""

    def __len__(self) -> int:
        return len(self.fit)

    def part(self, rows: Ints) -> "Offers":
        return Offers(
            given=self.given[rows], passed=self.passed[rows], taken=self.taken[rows],
            second=self.second[rows], third=self.third[rows], fit=self.fit[rows],
        )  # fmt: skip


class Holdings:
    """Who holds what, and the arcs by which it could go elsewhere."""

    def __init__(self, scores: Scores, bounds: Bounds, near: Near, owner: Ints) -> None:
        instance = scores.instance
        self.block, self.taker, self.fit = near.block, near.taker, near.fit.astype(np.float64)
        self.value, self.weight = (
            instance.amounts[:, column] / scores.scale[column] for column in (-2, -1)
        )
        self.stratum = instance.amounts[:, : instance.strata].argmax(axis=1)
        self.strata = instance.strata
        self.above = np.array(scores.above)
        self.low, self.high = bounds.low, bounds.high
        self.first = np.searchsorted(near.block, np.arange(len(owner) + 1))
        m = len(instance.persons)
        self._into = np.argsort(near.taker, kind="stable")
        self._into_first = np.searchsorted(near.taker[self._into], np.arange(m + 1))
        self.owner = owner.copy()
        self.own_fit = instance.fit[instance.chosen(owner)].astype(np.float64)
        self.counts = instance.received(owner)[:, : instance.counted]
        self.members: list[set[int]] = [set() for _ in range(m)]
        for block, person in enumerate(owner.tolist()):
            self.members[person].add(block)
        self._outward: dict[int, Ints] = {}

    def gain(self, arcs: Ints) -> Floats:
        """Points that giving each arc's block to its taker adds."""
        return self.fit[arcs] - self.own_fit[self.block[arcs]]

    def carry(self, arc: int) -> tuple[int, int, int]:
        """Gives the arc's block to its taker: the block, who had it, who has it."""
        block, after = int(self.block[arc]), int(self.taker[arc])
        before = int(self.owner[block])
        self.owner[block], self.own_fit[block] = after, self.fit[arc]
        self.members[before].discard(block)
        self.members[after].add(block)
        columns = self.above[self.stratum[block]]
        self.counts[before, columns] -= 1
        self.counts[after, columns] += 1
        self._outward.pop(before, None)
        self._outward.pop(after, None)
        return block, before, after

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
                for name in ("given", "passed", "taken", "second", "third", "fit")
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
        blocks = self.block[arcs]
        return np.asarray(self.owner[blocks] * self.strata + self.stratum[blocks])

    def _going_to(self, arcs: Ints) -> Ints:
        return np.asarray(self.taker[arcs] * self.strata + self.stratum[self.block[arcs]])

    def _swaps(self, outward: Ints, inward: Ints) -> Offers:
        at, row = _matches(self._going_to(outward), self._held_at(inward))
        given, taken = outward[at], inward[row]
        return _offers(
            given=given, taken=taken, second=self.taker[given],
            fit=self.gain(given) + self.gain(taken),
        )  # fmt: skip

    def _alone(self, person: int, outward: Ints, inward: Ints) -> Offers:
        """Blocks that may go, or come, with nothing in return."""
        going = outward[self._may(outward, person, self.taker[outward])]
        holder = self.owner[self.block[inward]]
        coming = inward[self._may(inward, holder, person)]
        nothing = np.full(len(going) + len(coming), -1)
        return _offers(
            given=np.concatenate([going, nothing[: len(coming)]]),
            taken=np.concatenate([nothing[: len(going)], coming]),
            second=np.concatenate([self.taker[going], self.owner[self.block[coming]]]),
            fit=self.gain(np.concatenate([going, coming])),
        )

    def _may(self, arcs: Ints, before: Ints | int, after: Ints | int) -> Mask:
        columns = self.above[self.stratum[self.block[arcs]]]
        giver, receiver = (
            np.broadcast_to(person, arcs.shape)[:, None] for person in (before, after)
        )
        spare = self.counts[giver, columns] > self.low[giver, columns]
        free = self.counts[receiver, columns] < self.high[receiver, columns]
        return np.asarray((spare & free).all(axis=1))

    def _loops(self, person: int, outward: Ints, inward: Ints) -> Offers:
        """This person gives to a second, who passes one on to a third, who gives to this person."""
        outward = outward[_best(self.gain(outward), STEPS)]
        inward = inward[_best(self.gain(inward), STEPS)]
        seconds = np.unique(self.taker[outward]).tolist()
        through = [self._out(second) for second in seconds]
        passed = np.concatenate(through) if through else np.zeros(0, dtype=np.int64)
        passed = passed[self.taker[passed] != person]
        at, row = _matches(self._going_to(passed), self._held_at(inward))
        passed, taken = passed[at], inward[row]
        few = _best(self.gain(passed) + self.gain(taken), LOOPS)
        passed, taken = passed[few], taken[few]
        ordered = outward[np.argsort(self._going_to(outward), kind="stable")]
        at, row = _matches(self._held_at(passed), self._going_to(ordered))
        passed, taken, given = passed[at], taken[at], ordered[row]
        fit = self.gain(given) + self.gain(passed) + self.gain(taken)
        few = _best(fit, LOOPS)
        given, passed, taken = given[few], passed[few], taken[few]
        return _offers(
            given=given, taken=taken, second=self.taker[given], fit=fit[few],
            passed=passed, third=self.taker[passed],
        )  # fmt: skip


def _offers(
    *,
    given: Ints,
    taken: Ints,
    second: Ints,
    fit: Floats,
    passed: Ints | None = None,
    third: Ints | None = None,
) -> Offers:
    nobody = np.full(len(fit), -1)
    return Offers(
        given=given, taken=taken, second=second, fit=fit,
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


def _matches(keys: Ints, ordered: Ints) -> tuple[Ints, Ints]:
    """All pairs of places at which ``keys`` and the ascending ``ordered`` are equal."""
    first = np.searchsorted(ordered, keys, side="left")
    last = np.searchsorted(ordered, keys, side="right")
    return np.repeat(np.arange(len(keys)), last - first), _ranges(first, last)
