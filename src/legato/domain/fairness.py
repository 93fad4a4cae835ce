"""What each person's fair part of a split is: in proportion to free capacity where eligibility
allows it, and the nearest that can be achieved where it does not.

Parts are exact fractions and belong to the problem, not to any solver; so do the intervals around
them that a tolerance permits.
"""

from collections import Counter
from fractions import Fraction
from math import ceil, floor

import numpy as np

from legato.domain.balance import Group, divided, merged
from legato.domain.instance import AMOUNTS, Bounds, Instance, Ints
from legato.domain.problem import Measure

FARTHEST = 10**9
"""Thousandths."""
Parts = list[list[Fraction]]
"""m × k: what is fair for each person, in the order of an instance's persons and measures."""


def fair_parts(instance: Instance) -> Parts:
    """The fair part of every person in every measure: strata, value and weight are divided each by
    itself among those who may take it by the rules, heats and total are sums over strata."""
    shares = dict(enumerate(instance.room.tolist()))
    alike, groups = merged([people.tolist() for people in instance.allowed])
    divide = [*range(instance.strata), *range(instance.counted, len(instance.measures))]
    sums = _by_kin(instance, divide)
    parts: Parts = [[Fraction()] * len(instance.measures) for _ in shares]
    for column, amounts in zip(divide, sums.T.tolist(), strict=True):
        caps = {who: cap for (who, of), cap in instance.caps.items() if of == column}
        of_group: dict[Group, int] = Counter()
        for group, amount in zip(groups, amounts, strict=True):
            of_group[group] += amount
        for person, part in divided(of_group, alike, shares, caps).items():
            parts[person][column] = part
    for column in range(instance.strata, instance.counted):
        inside = _strata_within(instance, column)
        for row in parts:
            row[column] = sum((row[stratum] for stratum in inside), Fraction())
    return parts


def rounded(instance: Instance, parts: Parts) -> Ints:
    """The parts as plans state them: counts in thousandths of a unit, the others whole."""
    scales = [1000] * instance.counted + [1] * len(AMOUNTS)
    rows = [[round(part * by) for part, by in zip(row, scales, strict=True)] for row in parts]
    return np.array(rows, dtype=np.int64).reshape(len(parts), len(scales))


def intervals(instance: Instance, parts: Parts, tolerance: int) -> Bounds:
    """What each person may get at a tolerance in thousandths, never beyond room and caps.

    Counts: the whole numbers around the part. Value and weight: that much away from the part, at
    least the multiples around it of what all amounts are multiples of; weight that says nothing
    beyond the counts is held to room alone.
    """
    most = instance.most()
    low, high = np.zeros_like(most), most.copy()
    for row, fair in enumerate(parts):
        for column in range(instance.counted):
            low[row, column], high[row, column] = floor(fair[column]), ceil(fair[column])
    for column in _weighed(instance):
        grain = _grain(instance, column)
        for row, fair in enumerate(parts):
            part = fair[column]
            down, up = _around(part, grain)
            low[row, column] = min(down, ceil(part * (1000 - tolerance) / 1000))
            high[row, column] = min(
                int(most[row, column]), max(up, floor(part * (1000 + tolerance) / 1000))
            )
    return Bounds(low=np.maximum(np.minimum(low, most), 0), high=np.minimum(high, most))


def deviations(instance: Instance, parts: Parts, received: Ints) -> Ints:
    """m × 2: how far value and weight are from the part, in thousandths of it, rounded up; 0
    within the multiples around it, and for weight that says nothing beyond the counts. More than a
    million times the part is not told apart."""
    off = np.zeros((len(parts), len(AMOUNTS)), dtype=np.int64)
    for column in _weighed(instance):
        grain, place = _grain(instance, column), column - instance.counted
        for row, got in enumerate(received[:, column].tolist()):
            off[row, place] = _deviation(got, parts[row][column], grain)
    return off


def _deviation(got: int, part: Fraction, grain: int) -> int:
    down, up = _around(part, grain)
    if down <= got <= up or not part:
        return 0
    return min(ceil(abs(got - part) / part * 1000), FARTHEST)


def _around(part: Fraction, grain: int) -> tuple[int, int]:
    return floor(part / grain) * grain, ceil(part / grain) * grain


def _weighed(instance: Instance) -> list[int]:
    """The columns of value and, where it says something, of weight."""
    value = instance.counted
    return [value, value + 1] if instance.weighs else [value]


def _grain(instance: Instance, column: int) -> int:
    """What every block's amount is a multiple of."""
    return int(np.gcd.reduce(instance.amounts[:, column], initial=0)) or 1


def _by_kin(instance: Instance, columns: list[int]) -> Ints:
    """Kinds × columns: how much there is of each measure, by who may take it."""
    sums = np.zeros((len(instance.allowed), len(columns)), dtype=np.int64)
    if not len(instance.kin):
        return sums
    order = np.argsort(instance.kin, kind="stable")
    kin = instance.kin[order]
    starts = np.flatnonzero(np.r_[True, kin[1:] != kin[:-1]])
    for place, column in enumerate(columns):
        sums[kin[starts], place] = np.add.reduceat(instance.amounts[order, column], starts)
    return sums


def _strata_within(instance: Instance, column: int) -> list[int]:
    """The strata that a heat, or the total, is the sum of."""
    name = instance.measures[column]
    strata = range(instance.strata)
    return [at for at in strata if name == "total" or _heat(instance.measures[at]) == name]


def _heat(stratum: Measure) -> str:
    return stratum.partition("/")[0]
