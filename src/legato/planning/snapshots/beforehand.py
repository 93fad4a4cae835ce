"""What of a reorganisation is placed before its split: pins, and records on an account that the
plan does not decide.
"""

import numpy as np

from legato.domain.eligibility import PinImpossible, UnknownPin
from legato.domain.problem import Pin
from legato.planning.snapshots.columns import Ints
from legato.planning.snapshots.reorganising import Company


def pinned_of(company: Company, pins: tuple[Pin, ...], room: Ints) -> Ints:
    """Every pin with the group it pulls along."""
    pinned = np.full(len(company.units), -1, dtype=np.int64)
    left = room.copy()
    ids = company.ids
    for pin in pins:
        unit = int(np.searchsorted(company.units, pin.unit))
        person = int(np.searchsorted(ids, pin.person))
        if company.units[unit : unit + 1] != [pin.unit] or ids[person : person + 1] != [pin.person]:
            raise UnknownPin(unit=pin.unit, person=pin.person)
        root = company.group[unit]
        members = np.flatnonzero(company.group == root) if root else np.array([unit])
        for member in members.tolist():
            if pinned[member] == person:
                continue
            why = _why_not_pinned(company, member, person, pinned, left, in_group=bool(root))
            if why is not None:
                told = int(company.units[member])
                raise PinImpossible(unit=told, person=pin.person, why=why)
            pinned[member] = person
            left[person] -= company.weight[member]
    return pinned


def _why_not_pinned(
    company: Company, unit: int, person: int, pinned: Ints, left: Ints, *, in_group: bool
) -> str | None:
    if pinned[unit] >= 0:
        return "group_pinned_apart" if in_group else "pinned_twice"
    removal = company.removal(unit, person)
    if removal is not None:
        return str(removal)
    return "no_capacity" if 0 < company.weight[unit] > left[person] else None


def settled_of(company: Company, pinned: Ints, room: Ints) -> Ints:
    """Records on an account that the plan does not decide go to its owner, as far as room goes."""
    settled = np.full(len(company.units), -1, dtype=np.int64)
    left = room.copy()
    np.subtract.at(left, pinned[pinned >= 0], company.weight[pinned >= 0])
    lone = np.flatnonzero((company.preferred >= 0) & (pinned < 0) & (company.group == 0))
    for unit in lone.tolist():
        person = int(company.preferred[unit])
        fits = company.weight[unit] == 0 or company.weight[unit] <= left[person]
        if fits and company.removal(unit, person) is None:
            settled[unit] = person
            left[person] -= company.weight[unit]
    return settled
