"""What an assignment breaks or claims wrongly, from a handful of blocks to a million.

Recomputed from the instance alone; knows no solver.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from legato.domain.fairness import deviations, fair_parts, intervals, rounded
from legato.domain.instance import Bounds, Instance, Ints, Mask
from legato.domain.problem import Measure
from legato.domain.proposal import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """Codes: ``not_placed``, ``placed_twice``, ``unknown_unit``, ``unknown_person``,
    ``not_eligible`` (fact ``why``), ``over_capacity`` (``room``, ``gained``), ``tier_cap`` (``of``,
    ``cap``, ``got``), ``group_split`` (``group``), ``pin_broken`` (``pinned``),
    ``owner_passed_over`` (``owner``: the account's owner could have had it), ``needless_orphan``
    (``taker``: who has room), ``reason_untrue``, ``share_untrue`` (``of``, and ``why``: ``target``,
    ``outside`` what the person got, ``narrow`` beside what the tolerance permits, ``unknown``,
    ``twice``), ``tolerance_untrue`` (``said``, ``worst``), ``proven_untrue`` (``said``, ``fit``:
    better than what is said to be the best)."""

    code: str
    unit: int | None = None
    person: int | None = None
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Held:
    """What a plan says it was held to: m × k cells, of which the ``stated`` ones are claims."""

    targets: Ints
    """Thousandths of a unit for counts, currency units, thousandths of an account."""
    bounds: Bounds
    prices: Ints
    """Billionths of a point."""
    stated: Mask
    tolerance: int


def capped(*, person: int, of: Measure, cap: int, got: int) -> Violation:
    facts = (("of", of), ("cap", cap), ("got", got))
    return Violation(code="tier_cap", person=person, facts=facts)


def violations_of(*, instance: Instance, owner: Ints) -> tuple[Violation, ...]:
    """The hard rules that an assignment breaks; ``owner`` (n) are indexes of persons, -1 for
    nobody. A unit is the first one of its block."""
    known = (owner >= -1) & (owner < len(instance.persons))
    owner = np.where(known, owner, -1)
    found = [
        *_unknown(instance, known),
        *_without_arc(instance, owner),
        *_beyond_limits(instance, owner),
        *_needless(instance, owner, known),
    ]
    return tuple(found)


def claims_untrue(*, instance: Instance, owner: Ints, held: Held, least: int) -> list[Violation]:
    """The shares and the tolerance that a plan states and that are not so. An interval may be
    wider than what the ``least`` tolerance permits, and never narrower: that would flatter the
    bound."""
    parts, received = fair_parts(instance), instance.received(owner)
    permitted = intervals(instance, parts, least)
    wrong = {
        "target": held.targets != rounded(instance, parts),
        "outside": (received < held.bounds.low) | (received > held.bounds.high),
        "narrow": (held.bounds.low > permitted.low) | (held.bounds.high < permitted.high),
    }
    found = [
        Violation(
            code="share_untrue",
            person=int(instance.persons[row]),
            facts=(("of", instance.measures[column]), ("why", why)),
        )
        for why, cells in wrong.items()
        for row, column in np.argwhere(cells & held.stated).tolist()
    ]
    worst = int(deviations(instance, parts, received).max(initial=0))
    if worst > held.tolerance:
        facts = (("said", held.tolerance), ("worst", worst))
        found.append(Violation(code="tolerance_untrue", facts=facts))
    return found


def _unknown(instance: Instance, known: Mask) -> Iterator[Violation]:
    for block in np.flatnonzero(~known):
        yield Violation(code="unknown_person", unit=int(instance.blocks[block]))


def _without_arc(instance: Instance, owner: Ints) -> Iterator[Violation]:
    for block in np.flatnonzero((owner >= 0) & (instance.chosen(owner) < 0)):
        person = int(instance.persons[owner[block]])
        facts = (("why", "no_arc"),)
        unit = int(instance.blocks[block])
        yield Violation(code="not_eligible", unit=unit, person=person, facts=facts)


def _beyond_limits(instance: Instance, owner: Ints) -> Iterator[Violation]:
    received = instance.received(owner)
    for row in np.flatnonzero(received[:, -1] > instance.room):
        facts = (("room", int(instance.room[row])), ("gained", int(received[row, -1])))
        yield Violation(code="over_capacity", person=int(instance.persons[row]), facts=facts)
    for cell, cap in sorted(instance.caps.items()):
        got = int(received[cell])
        if got > cap:
            person, of = int(instance.persons[cell[0]]), instance.measures[cell[1]]
            yield capped(person=person, of=of, cap=cap, got=got)


def _needless(instance: Instance, owner: Ints, known: Mask) -> Iterator[Violation]:
    """Blocks left to nobody although one of their takers has room and is under the caps."""
    left = instance.most() - instance.received(owner)
    hard = sorted({len(instance.measures) - 1} | {column for _, column in instance.caps})
    for block in np.flatnonzero((owner < 0) & known):
        takers = instance.taker[instance.start[block] : instance.start[block + 1]]
        able = (instance.amounts[block, hard] <= left[takers][:, hard]).all(axis=1)
        if able.any():
            facts = (("taker", int(instance.persons[takers[able][0]])),)
            unit = int(instance.blocks[block])
            yield Violation(code="needless_orphan", unit=unit, facts=facts)
