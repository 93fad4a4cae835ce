"""Value and workload made fair by exchanges that leave the counts alone: each person in turn takes
the best one or two on offer, at a price for unfairness that rises until nobody pays it.

Afterwards the price falls and rises again a few times, and the best fair split is kept.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from legato.domain.instance import Bounds, Floats, Ints, Mask
from legato.solver.offers import Holdings, Offers
from legato.solver.scores import Near, Scores

FIRST_RATE, GROWTH, LAST_RATE = 100.0, 2.0, 10_000.0
"""Points per mean block's value, or weight, outside an interval."""
HARD = 1e6
LOOSE = (1.0, 0.5, 1.5, 0.3)
"""Parts of the first rate at which all trade once before it rises again, in turn."""
TRIES = 2
HOPE = 0.7
"""The part of the pain that may be left after one more cycle for it to be worth another."""
WIDTH = 40
"""Offers of one person that are weighed in pairs."""
NOTHING = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Traded:
    owner: Ints
    is_fair: bool
    """Whether every interval is kept."""
    visits: int


def traded(
    scores: Scores,
    bounds: Bounds,
    near: Near,
    owner: Ints,
    *,
    cycles: int,
    visits: int,
    enough: float,
    watch: Callable[[int, int], None],
) -> Traded:
    """The best split found that keeps the intervals of value and weight, or else the nearest to
    them; ends after ``cycles``, when ``visits`` are used up or its fit is ``enough``."""
    market = _Market(scores, bounds, near, owner, visits)
    best, merit = market.owner.copy(), market.merit()
    for cycle in range(cycles):
        watch(cycle, cycles)
        if cycle:
            market.visit_all(range(len(market.pain)), FIRST_RATE * LOOSE[cycle % len(LOOSE)])
        market.settle()
        pain = merit[0]
        if market.merit() > merit:
            best, merit = market.owner.copy(), market.merit()
        is_hopeless = cycle > 0 and merit[0] < HOPE * pain
        if market.left <= 0 or is_hopeless or merit >= (0.0, enough):
            break
    return Traded(owner=best, is_fair=merit[0] >= -NOTHING, visits=visits - market.left)


class _Market:
    def __init__(
        self, scores: Scores, bounds: Bounds, near: Near, owner: Ints, visits: int
    ) -> None:
        self.held = Holdings(scores, bounds, near, owner)
        self.left = visits
        m = len(bounds.low)
        scale = scores.scale[-2:]
        self._low, self._high = bounds.low[:, -2:] / scale, bounds.high[:, -2:] / scale
        self._got = np.stack(
            [np.bincount(owner, amount, m) for amount in (self.held.value, self.held.weight)],
            axis=1,
        )
        self.pain = self._pain(np.arange(m), 0.0, 0.0)

    @property
    def owner(self) -> Ints:
        return self.held.owner

    def merit(self) -> tuple[float, float]:
        pain = float(self.pain.sum())
        return (0.0 if pain <= NOTHING else -pain), float(self.held.own_fit.sum())

    def settle(self) -> None:
        """Until nobody is outside an interval, or no price helps; then for fit alone."""
        rate = FIRST_RATE
        while rate < LAST_RATE and self._outside():
            for _ in range(TRIES):
                if not self.visit_all(self._outside(), rate):
                    break
            rate *= GROWTH
        for _ in range(TRIES):
            if not self.visit_all(range(len(self.pain)), HARD):
                break

    def visit_all(self, persons: Iterable[int], rate: float) -> bool:
        """Whether anybody gained."""
        gained = False
        for person in persons:
            if self.left <= 0:
                break
            self.left -= 1
            gained |= self._visit(person, rate)
        return gained

    def _outside(self) -> list[int]:
        return [int(person) for person in np.flatnonzero(self.pain > NOTHING)]

    def _pain(self, persons: Ints | int, value: Floats | float, weight: Floats | float) -> Floats:
        """How far outside their intervals persons would be after gaining so much."""
        low, high, got = self._low[persons], self._high[persons], self._got[persons]
        pains = []
        for column, change in enumerate((value, weight)):
            after = got[..., column] + change
            beyond = np.maximum(after - high[..., column], low[..., column] - after)
            pains.append(np.maximum(beyond, 0.0))
        return np.asarray(pains[0] + pains[1])

    def _visit(self, person: int, rate: float) -> bool:
        offers = self.held.offers(person)
        if not len(offers):
            return False
        change = self._changes(offers)
        worth = offers.fit - rate * self._pain_of_others(offers, change)
        if len(worth) > WIDTH:
            rows = np.sort(np.argpartition(-worth, WIDTH)[:WIDTH])
            offers, change, worth = offers.part(rows), change[rows], worth[rows]
        gain = self._pairs(person, offers, change, worth, rate)
        best = int(gain.argmax())
        if gain.flat[best] <= NOTHING:
            return False
        for row in {best // len(worth), best % len(worth)}:
            self._accept(offers, row)
        return True

    def _changes(self, offers: Offers) -> Floats:
        """rows × 3 × 2: value and weight that the person, the second and the third gain."""
        given, passed, taken = (
            self._amounts(arcs) for arcs in (offers.given, offers.passed, offers.taken)
        )
        by_third = (offers.third >= 0)[:, None]
        second = given - np.where(by_third, passed, taken)
        third = np.where(by_third, passed - taken, 0.0)
        return np.stack([taken - given, second, third], axis=1)

    def _amounts(self, arcs: Ints) -> Floats:
        blocks = self.held.block[arcs]
        both = np.stack([self.held.value[blocks], self.held.weight[blocks]], axis=1)
        both[arcs < 0] = 0.0
        return both

    def _pain_of_others(self, offers: Offers, change: Floats) -> Floats:
        second = self._pain(offers.second, change[:, 1, 0], change[:, 1, 1])
        third = self._pain(offers.third, change[:, 2, 0], change[:, 2, 1])
        more = second - self.pain[offers.second]
        return np.asarray(more + np.where(offers.third >= 0, third - self.pain[offers.third], 0.0))

    def _pairs(
        self, person: int, offers: Offers, change: Floats, worth: Floats, rate: float
    ) -> Floats:
        """rows × rows: what two offers together gain, one alone on the diagonal."""
        value, weight = (change[:, 0, part] for part in (0, 1))
        value, weight = value[:, None] + value, weight[:, None] + weight
        np.fill_diagonal(value, change[:, 0, 0])
        np.fill_diagonal(weight, change[:, 0, 1])
        gain = worth[:, None] + worth
        np.fill_diagonal(gain, worth)
        gain += rate * (self.pain[person] - self._pain(person, value, weight))
        clash, again = _clashes(self.held.block, offers)
        gain[clash] = -np.inf
        row, column = np.nonzero(again)
        gain[row, column] += rate * self._twice(offers, change, row, column)
        return gain

    def _twice(self, offers: Offers, change: Floats, row: Ints, column: Ints) -> Floats:
        """What the pain of a second person who is in both offers was counted too high by."""
        who = offers.second[row]
        one, other = change[row, 1], change[column, 1]
        apart = self._pain(who, one[:, 0], one[:, 1]) + self._pain(who, other[:, 0], other[:, 1])
        both = one + other
        together = self._pain(who, both[:, 0], both[:, 1]) + self.pain[who]
        return np.asarray(apart - together)

    def _accept(self, offers: Offers, row: int) -> None:
        touched = set()
        for arc in (int(offers.given[row]), int(offers.passed[row]), int(offers.taken[row])):
            if arc < 0:
                continue
            block, before, after = self.held.carry(arc)
            amount = self.held.value[block], self.held.weight[block]
            self._got[before] -= amount
            self._got[after] += amount
            touched |= {before, after}
        persons = np.array(sorted(touched))
        self.pain[persons] = self._pain(persons, 0.0, 0.0)


def _clashes(block_of: Ints, offers: Offers) -> tuple[Mask, Mask]:
    """Which pairs of offers cannot both be taken, and which plain ones share the second person:
    those can."""
    given = np.where(offers.given >= 0, block_of[offers.given], -1)
    taken = np.where(offers.taken >= 0, block_of[offers.taken], -1)
    second, third = offers.second, offers.third
    alone = (given < 0) | (taken < 0)
    plain = third < 0
    same_second = second[:, None] == second
    again = same_second & plain[:, None] & plain
    clash = (given[:, None] == given) & (given >= 0)
    clash |= (taken[:, None] == taken) & (taken >= 0)
    clash |= alone[:, None] & alone
    clash |= same_second & ~again
    clash |= (third[:, None] == third) & ~plain
    clash |= second[:, None] == third
    clash |= third[:, None] == second
    np.fill_diagonal(clash, val=False)
    np.fill_diagonal(again, val=False)
    return clash, again & ~clash
