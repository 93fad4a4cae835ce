"""To whom each account is offered: those who know it, those nearby, and some from everywhere.

The last are what lets fair counts be reached at all when a whole territory is short of hands.
"""

from dataclasses import dataclass

import numpy as np
from benchmarks.allocation.chance import Chance, Ints
from benchmarks.allocation.company import STAY, TIE, Accounts, Mask, Reps, Stream, fit_of

LOCALS, SPREAD, KEPT = 20, 14, 8
"""How many nearby and from everywhere are looked at, and how many of the latter always stay."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lists:
    """Many lists of persons in one array; list i is ``of[start[i]:start[i + 1]]``."""

    of: Ints
    start: Ints

    def pick(self, drawn: Ints, cells: Ints) -> Ints:
        """The entry of each cell's list that the drawn 31-bit number falls on."""
        first, size = self.start[cells], self.start[cells + 1] - self.start[cells]
        return self.of[first + (drawn * size >> 31)]


def lists(rows: list[Ints]) -> Lists:
    sizes = np.cumsum([0, *map(len, rows)])
    return Lists(of=np.concatenate(rows), start=sizes)


class Finder:
    def __init__(
        self,
        *,
        chance: Chance,
        reps: Reps,
        allowed: tuple[Ints, ...],
        most: int | None,
        stays: bool,
    ) -> None:
        self.chance, self.reps, self.allowed, self.most = chance, reps, allowed, most
        self.stays = stays
        self._everyone = lists(list(allowed))
        self._local = lists([near for people in allowed for near in self._by_place(people)])

    def arcs(self, accounts: Accounts, kin: Ints) -> tuple[Ints, Ints, Ints]:
        """Of each account how many arcs, then all takers (ascending in each) and their fits."""
        known = self._known(accounts, kin)
        takers, valid = self._everybody(kin) if self.most is None else self._near(accounts, kin)
        if self.most is not None:
            takers = np.concatenate([known, takers], axis=1)
            valid = np.concatenate([np.zeros_like(known, dtype=np.bool_), valid], axis=1)
        rows = np.arange(len(kin))[:, None]
        fit = fit_of(accounts=accounts, reps=self.reps, rows=rows, takers=takers)
        fit += self._ties(accounts, known, takers)
        keep = valid if self.most is None else self._best(accounts, takers, fit, valid)
        order = np.argsort(np.where(keep, takers, len(self.reps.territory)), axis=1, kind="stable")
        keep = np.take_along_axis(keep, order, axis=1)
        takers, fit = (np.take_along_axis(of, order, axis=1)[keep] for of in (takers, fit))
        return keep.sum(axis=1), takers, fit

    def _by_place(self, people: Ints) -> list[Ints]:
        """The same people by territory; all of them where nobody is near."""
        places = self.reps.territory[people]
        near = [people[places == place] for place in range(self.reps.territories)]
        return [some if len(some) else people for some in near]

    def _draw(self, stream: Stream, accounts: Accounts, how_many: int) -> Ints:
        columns = np.arange(how_many)[None, :]
        return self.chance.below(stream, (1 << 31) - 1, accounts.index[:, None], columns)

    def _cells(self, accounts: Accounts, kin: Ints) -> Ints:
        return (kin * self.reps.territories + accounts.territory)[:, None]

    def _known(self, accounts: Accounts, kin: Ints) -> Ints:
        """n × 3: two nearby and one anywhere who have dealt with the account."""
        drawn = self._draw(Stream.TIED, accounts, 3)
        near = self._local.pick(drawn[:, :2], self._cells(accounts, kin))
        return np.concatenate([near, self._everyone.pick(drawn[:, 2:], kin[:, None])], axis=1)

    def _everybody(self, kin: Ints) -> tuple[Ints, Mask]:
        may = np.zeros((len(self.allowed), len(self.reps.territory)), dtype=np.bool_)
        for kind, people in enumerate(self.allowed):
            may[kind, people] = True
        takers = np.arange(len(self.reps.territory))[None, :]
        return np.repeat(takers, len(kin), axis=0), may[kin]

    def _near(self, accounts: Accounts, kin: Ints) -> tuple[Ints, Mask]:
        """Who is looked at, and which of them stay however badly they fit."""
        cells = self._cells(accounts, kin)
        near = self._local.pick(self._draw(Stream.LOCAL, accounts, LOCALS), cells)
        anyone = self._everyone.pick(self._draw(Stream.SPREAD, accounts, SPREAD), kin[:, None])
        stays = np.arange(LOCALS + SPREAD) >= LOCALS + SPREAD - KEPT
        takers = np.concatenate([near, anyone], axis=1)
        return takers, np.repeat(stays[None, :], len(kin), axis=0)

    def _ties(self, accounts: Accounts, known: Ints, takers: Ints) -> Ints:
        strength = 100 + self.chance.below(
            Stream.STRENGTH, 901, accounts.index[:, None], np.arange(3)[None, :]
        )
        points: Ints = np.zeros_like(takers)
        for column in range(3):
            tied = takers == known[:, column : column + 1]
            worth = TIE * strength[:, column : column + 1] // 1000
            points = np.maximum(points, np.where(tied, worth, 0))
        points += STAY * (self.stays & (takers == known[:, :1]))
        return points

    def _best(self, accounts: Accounts, takers: Ints, fit: Ints, stays: Mask) -> Mask:
        """The ``most`` of each row: who stays, then who fits best, equals by a hash; nobody
        twice."""
        assert self.most is not None
        equals = self.chance.words(Stream.EQUALS, accounts.index[:, None], takers)
        key = (fit + 4096 * stays << 40) + (equals >> np.uint64(24)).astype(np.int64)
        key = np.where(_repeated(takers, key), -1, key)
        if key.shape[1] > self.most:
            least = np.partition(key, -self.most, axis=1)[:, -self.most, None]
            return key >= np.maximum(least, 0)
        return key >= 0


def _repeated(takers: Ints, key: Ints) -> Mask:
    """Entries whose taker stands in the same row with a greater key, or earlier with the same."""
    order = np.lexsort((-key, takers), axis=1)
    sorted_takers = np.take_along_axis(takers, order, axis=1)
    again = np.zeros_like(takers, dtype=np.bool_)
    again[:, 1:] = sorted_takers[:, 1:] == sorted_takers[:, :-1]
    repeated = np.empty_like(again)
    np.put_along_axis(repeated, order, again, axis=1)
    return repeated
