"""Value and workload made fair by exchanges that leave the counts alone: each person in turn takes
the best one or two on offer, at a price for unfairness that rises until nobody pays it.

Afterwards a few persons at a time trade as if unfairness were cheap, all others make it good, and
what is no better is taken back.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from legato.domain.instance import Bounds, Floats, Ints, Mask
from legato.solver.chance import Words, mixed
from legato.solver.offers import Held, Holdings, Offers
from legato.solver.scores import Near, Scores

FEW = 50
"""Beyond so many persons, the start is well inside most intervals, and it pays more to stir up some
persons at a time than to begin again with all."""
FIRST_RATE, MANY_RATE, GROWTH, LAST_RATE = 100.0, 30.0, 2.0, 10_000.0
"""Points per mean block's value, or weight, outside an interval, beyond what prices say: at first
among few, and where a few were stirred up, and at first among many."""
HARD = 1e6
LOOSE = (1.0, 0.5, 1.5, 0.3)
"""Parts of ``RATE`` at which all trade once before it rises again, in turn."""
RATE = 50.0
"""The rate from which it rises again."""
TRIES = 2
HOPE = 0.7
"""The part of the pain that may be left after one more cycle for it to be worth another."""
STIRS = ((1, 20.0), (2, 20.0), (3, 40.0), (3, 5.0))
"""How many persons at a time, and at what rate, round by round."""
MENDING = 40
"""Visits after which what they stirred up is given up."""
PARTNERS = 30
"""Of how many, those who cost least, the others of them are drawn."""
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
    prices: Floats,
    chance: Words,
    cycles: int,
    visits: int,
    enough: float,
    watch: Callable[[int, int], None],
) -> Traded:
    """The best split found that keeps the intervals of value and weight, or else the nearest to
    them; ends when ``visits`` are used up or, after ``cycles`` in which the price of unfairness
    rises, each person was stirred up a few times, or sooner once its fit is ``enough``.

    ``prices`` are m × k in points per scaled unit, ``chance`` is m words.
    """
    market = _Market(Holdings(scores, bounds, near, owner, prices), scores, bounds, visits)
    best, merit, is_many = market.owner.copy(), market.merit(), len(bounds.low) > FEW
    steps = cycles + len(STIRS)
    for cycle in range(cycles):
        watch(cycle, steps)
        if cycle:
            market.visit_all(range(len(market.pain)), RATE * LOOSE[cycle % len(LOOSE)])
        market.settle(RATE if cycle else MANY_RATE if is_many else FIRST_RATE)
        pain = merit[0]
        if market.merit() > merit:
            best, merit = market.owner.copy(), market.merit()
        is_hopeless = cycle > 0 and merit[0] < HOPE * pain
        is_done = merit >= (0.0, enough) or (is_many and not market.merit()[0])
        if market.left <= 0 or is_hopeless or is_done:
            break
    if is_many and not market.merit()[0]:
        for turn in range(len(STIRS)):
            watch(cycles + turn, steps)
            market.stir_all(turn, chance)
        if market.merit() > merit:
            best, merit = market.owner, market.merit()
    return Traded(owner=best, is_fair=merit[0] >= -NOTHING, visits=visits - market.left)


class _Market:
    def __init__(self, held: Holdings, scores: Scores, bounds: Bounds, visits: int) -> None:
        self.held, self.left = held, visits
        m = len(bounds.low)
        scale = scores.scale[-2:]
        self._low, self._high = ((end[:, -2:] / scale).T for end in (bounds.low, bounds.high))
        self._got: Floats = np.stack(
            [np.bincount(held.owner, amount, m) for amount in held.amounts]
        )
        self._amounts = np.zeros((2, len(held.block) + 1))
        self._amounts[:, :-1] = held.amounts[:, held.block]
        self.pain = self._pain(np.arange(m), np.zeros((2, m)))
        self._done: list[Held] = []

    @property
    def owner(self) -> Ints:
        return self.held.owner

    def merit(self) -> tuple[float, float]:
        pain = float(self.pain.sum())
        return (0.0 if pain <= NOTHING else -pain), self.held.fit

    def settle(self, rate: float) -> None:
        """Until nobody is outside an interval, or no price helps; then for fit alone."""
        while rate < LAST_RATE and self._outside():
            for _ in range(TRIES):
                if not self.visit_all(self._outside(), rate):
                    break
            rate *= GROWTH
        for _ in range(TRIES):
            if not self._polish(range(len(self.pain))):
                break

    def stir_all(self, turn: int, chance: Words) -> None:
        """Everybody once, with partners drawn by chance."""
        size, rate = STIRS[turn]
        for person in range(len(self.pain)):
            if self.left <= 0:
                break
            word = int(mixed(chance[person], np.uint64(turn)))
            self._stir(self._company(person, size, word), rate)

    def _company(self, person: int, size: int, word: int) -> list[int]:
        """The person and others by the digits of the word."""
        company = [person]
        partners = self.held.partners(person)[:PARTNERS].tolist()
        while partners and len(company) < size:
            word, at = divmod(word, len(partners))
            company.append(partners[at])
        return company

    def _stir(self, persons: list[int], rate: float) -> None:
        """The persons trade at this rate, all make good what that does; undone if not for the
        better."""
        merit = self.merit()
        self._done = []
        self.visit_all(persons, rate)
        if self._done:
            self._mend()
        if self.merit() <= merit:
            self._undo()

    def _mend(self) -> None:
        rate, left = FIRST_RATE, self.left - MENDING
        while rate < LAST_RATE and self.left > left and self._outside():
            self.visit_all(self._outside(), rate)
            rate *= GROWTH
        if not self._outside():
            touched = {held.person for held in self._done}
            touched |= {int(self.owner[held.block]) for held in self._done}
            self._polish(sorted(touched))

    def _polish(self, persons: Iterable[int]) -> bool:
        """Exchanges for fit alone; whether there were any."""
        self.held.at_prices = False
        gained = self.visit_all(persons, HARD)
        self.held.at_prices = True
        return gained

    def _undo(self) -> None:
        for before in reversed(self._done):
            self._moved(before.block, self.held.put(before).person, before.person)

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

    def _pain(self, persons: Ints | int, change: Floats) -> Floats:
        """How far outside their intervals persons would be after gaining so much; ``change`` is
        2 × persons, value and weight, or 2 × … for one person."""
        got, low, high = (of[:, persons] for of in (self._got, self._low, self._high))
        if change.ndim > got.ndim:
            got, low, high = (of.reshape(2, 1, 1) for of in (got, low, high))
        after = got + change
        beyond = np.maximum(after - high, low - after)
        np.maximum(beyond, 0.0, out=beyond)
        return np.asarray(beyond[0] + beyond[1])

    def _visit(self, person: int, rate: float) -> bool:
        offers = self.held.offers(person)
        if not len(offers):
            return False
        change = self._changes(offers)
        worth = offers.gain - rate * self._pain_of_others(offers, change)
        if len(worth) > WIDTH:
            rows = np.sort(np.argpartition(-worth, WIDTH)[:WIDTH])
            offers, change, worth = offers.part(rows), change[:, :, rows], worth[rows]
        gain = self._pairs(person, offers, change, worth, rate)
        best = int(gain.argmax())
        if gain.flat[best] <= NOTHING:
            return False
        for row in {best // len(worth), best % len(worth)}:
            self._accept(offers, row)
        return True

    def _changes(self, offers: Offers) -> Floats:
        """3 × 2 × rows: value and weight that the person, the second and the third gain."""
        given, passed, taken = (
            self._amounts[:, arcs] for arcs in (offers.given, offers.passed, offers.taken)
        )
        by_third = offers.third >= 0
        second = given - np.where(by_third, passed, taken)
        third = np.where(by_third, passed - taken, 0.0)
        return np.stack([taken - given, second, third])

    def _pain_of_others(self, offers: Offers, change: Floats) -> Floats:
        more = self._pain(offers.second, change[1]) - self.pain[offers.second]
        third = np.flatnonzero(offers.third >= 0)
        who = offers.third[third]
        more[third] += self._pain(who, change[2][:, third]) - self.pain[who]
        return more

    def _pairs(
        self, person: int, offers: Offers, change: Floats, worth: Floats, rate: float
    ) -> Floats:
        """rows × rows: what two offers together gain, one alone on the diagonal."""
        own, every = change[0], np.arange(len(worth))
        both = own[:, :, None] + own[:, None, :]
        both[:, every, every] = own
        gain = worth[:, None] + worth
        gain[every, every] = worth
        gain += rate * (self.pain[person] - self._pain(person, both))
        clash, again = _clashes(self.held.block, offers)
        gain[clash] = -np.inf
        row, column = np.nonzero(again)
        gain[row, column] += rate * self._twice(offers, change[1], row, column)
        return gain

    def _twice(self, offers: Offers, change: Floats, row: Ints, column: Ints) -> Floats:
        """What the pain of a second person who is in both offers was counted too high by."""
        who = offers.second[row]
        one, other = change[:, row], change[:, column]
        apart = self._pain(who, one) + self._pain(who, other)
        return np.asarray(apart - self._pain(who, one + other) - self.pain[who])

    def _accept(self, offers: Offers, row: int) -> None:
        for arc in (int(offers.given[row]), int(offers.passed[row]), int(offers.taken[row])):
            if arc >= 0:
                before = self.held.carry(arc)
                self._done.append(before)
                self._moved(before.block, before.person, int(self.held.taker[arc]))

    def _moved(self, block: int, before: int, after: int) -> None:
        amount = self.held.amounts[:, block]
        self._got[:, before] -= amount
        self._got[:, after] += amount
        persons = np.array((before, after))
        self.pain[persons] = self._pain(persons, np.zeros((2, 2)))


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
