"""A handful of possible takers for each account of a company.

They are those who fit best; ties among them go round, so that not all accounts ask the same few. A
few more go round over everybody, so that nobody's fair part is out of reach; whoever has a tie, a
family or the account itself is always asked.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from legato.planning.snapshots.columns import Ints
from legato.planning.snapshots.reorganising import Company
from legato.planning.snapshots.units import KINDS

BEST, ROUND = 20, 4
"""How many takers an account has: the best fitting, and of everybody in turn."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Arcs:
    """Units and the persons who may take them: in order of unit, then person; indexes."""

    unit: Ints
    person: Ints
    parts: dict[str, NDArray[np.int32]]
    """By part of the fit, its points."""

    @property
    def fit(self) -> Ints:
        fit: Ints = np.sum(list(self.parts.values()), axis=0, dtype=np.int64)
        return fit


def arcs_of(company: Company, *, best: int = BEST, around: int = ROUND) -> Arcs:
    """Every unit with its possible takers, by the rules alone: no pins yet."""
    units, persons = [], []
    order = np.argsort(company.classes.kind, kind="stable")
    ends = np.searchsorted(company.classes.kind[order], np.arange(len(company.classes.may) + 1))
    for kind in range(len(company.classes.may)):
        members = order[ends[kind] : ends[kind + 1]]
        able = np.flatnonzero(company.classes.may[kind])
        points = company.classes.fits(kind)[able]
        asked = _asked(len(members), able, points, kind, best=best, around=around)
        units.append(np.repeat(members, asked.shape[1]))
        persons.append(asked.reshape(-1))
    for each in company.extra.values():
        units.append(each.unit)
        persons.append(each.person)
    lone = np.flatnonzero(company.preferred >= 0)
    units.append(lone)
    persons.append(company.preferred[lone])
    return _allowed(company, np.concatenate(units), np.concatenate(persons))


def _asked(count: int, able: Ints, points: Ints, kind: int, *, best: int, around: int) -> Ints:
    """count × asked: whom each of so many accounts of one class asks."""
    if len(able) <= best + around:
        return np.broadcast_to(able, (count, len(able)))
    shuffled = np.argsort(_scattered(able + (kind << 32)), kind="stable")
    ranked = shuffled[np.argsort(-points[shuffled], kind="stable")]
    limit = points[ranked[best - 1]]
    first = ranked[points[ranked] > limit]
    equal = ranked[points[ranked] == limit]
    turn = np.arange(count)[:, None]
    wanted = best - len(first)
    in_turn = equal[(turn * wanted + np.arange(wanted)) % len(equal)]
    others = shuffled[(turn * around + np.arange(around)) % len(able)]
    fixed = np.broadcast_to(first, (count, len(first)))
    asked: Ints = able[np.concatenate([fixed, in_turn, others], axis=1)]
    return asked


def _allowed(company: Company, units: Ints, persons: Ints) -> Arcs:
    """The pairs that no rule forbids, each once and in order, with their points."""
    many = len(company.persons)
    key = np.unique(units * many + persons)
    forbidden = company.barred.unit * many + company.barred.person
    classes = company.classes
    key = key[classes.may[classes.kind[key // many], key % many] & ~np.isin(key, forbidden)]
    unit, person = key // many, key % many
    of = classes.kind[unit]
    parts = {
        kind: classes.points[kind].astype(np.int32)[classes.asks[kind][of], person]
        for kind in KINDS
    }
    for name, pairs in company.extra.items():
        points = np.zeros(len(key), dtype=np.int32)
        wanted = pairs.unit * many + pairs.person
        place = np.minimum(np.searchsorted(key, wanted), max(len(key) - 1, 0))
        there = key[place] == wanted if len(key) else np.zeros(len(wanted), dtype=bool)
        points[place[there]] = pairs.amount[there]
        parts[name] = points
    return Arcs(unit=unit, person=person, parts=parts)


def _scattered(numbers: Ints) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    """A fixed 64-bit hash of each (the finisher of SplitMix64)."""
    mixed = numbers.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))
