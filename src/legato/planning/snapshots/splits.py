"""From the facts of a reorganisation to the split that the solver takes: what goes together is one
block, what is pinned has one taker, what follows an account's owner is settled before.
"""

from dataclasses import dataclass

import numpy as np

from legato.domain.instance import AMOUNTS, Instance
from legato.domain.problem import HEATS, Pin
from legato.planning.snapshots.arcs import Arcs, arcs_of
from legato.planning.snapshots.beforehand import pinned_of, settled_of
from legato.planning.snapshots.classes import Mask
from legato.planning.snapshots.columns import Ints
from legato.planning.snapshots.reorganising import Company

MANY_TAKERS = 24
"""So many takers a group is given where its members' own have nobody in common."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reorganisation:
    """A company's accounts as a split to be solved. Everything here is by index."""

    company: Company
    arcs: Arcs
    instance: Instance
    block: Ints
    """n: the block of each unit in the instance, -1 where it has none."""
    settled: Ints
    """n: who has it before the split, because the record is on an account of theirs; else -1."""
    pinned: Ints
    """n: to whom it is pinned, by itself or with its group; else -1."""


def reorganisation_of(company: Company, *, pins: tuple[Pin, ...]) -> Reorganisation:
    """Raises `UnknownPin` and `PinImpossible`."""
    arcs = arcs_of(company)
    room = np.array([each.free for each in company.persons], dtype=np.int64)
    pinned = pinned_of(company, pins, room)
    settled = settled_of(company, pinned, room)
    np.subtract.at(room, settled[settled >= 0], company.weight[settled >= 0])
    first = np.where(settled < 0, _first_members(company), -1)
    found = _single(company, arcs, pinned, first, room)
    found = _with_special(company, arcs, pinned, first, room, found)
    starts = np.unique(found.first)
    block = np.where(first >= 0, np.searchsorted(starts, first), 0)
    block = np.where((first >= 0) & np.isin(first, starts), block, -1)
    kin, allowed = _kin(company, pinned, first, starts, room)
    measures, amounts = _amounts(company, block, len(starts))
    instance = Instance(
        blocks=company.units[starts],
        measures=measures,
        amounts=amounts,
        start=np.searchsorted(found.first, np.append(starts, len(company.units))),
        taker=found.person.astype(np.int32),
        fit=found.fit.astype(np.int32),
        persons=company.ids,
        room=room,
        kin=kin,
        allowed=allowed,
        caps=_caps(company, measures),
    )
    return Reorganisation(
        company=company, arcs=arcs, instance=instance, block=block, settled=settled, pinned=pinned
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Takers:
    """Arcs of blocks, each by its first unit: in order of that, then of person."""

    first: Ints
    person: Ints
    fit: Ints


def _first_members(company: Company) -> Ints:
    """n: the first unit of what goes together."""
    first = np.arange(len(company.units))
    grouped = np.flatnonzero(company.group)
    roots, place = np.unique(company.group[grouped], return_inverse=True)
    least = np.full(len(roots), len(company.units), dtype=np.int64)
    np.minimum.at(least, place, grouped)
    first[grouped] = least[place]
    return first


def _single(company: Company, arcs: Arcs, pinned: Ints, first: Ints, room: Ints) -> _Takers:
    """The arcs of units that are decided by themselves, where there is room for them."""
    alone = (company.group == 0) & (pinned < 0) & (first >= 0)
    weight = company.weight[arcs.unit]
    kept = alone[arcs.unit] & ((weight == 0) | (weight <= room[arcs.person]))
    return _Takers(first=arcs.unit[kept], person=arcs.person[kept], fit=arcs.fit[kept])


def _with_special(
    company: Company, arcs: Arcs, pinned: Ints, first: Ints, room: Ints, single: _Takers
) -> _Takers:
    """Also the arcs of groups and of what is pinned."""
    firsts, persons, fits = [single.first], [single.person], [single.fit]
    lookup = _Fits(company, arcs)
    for members in _special(company, pinned, first):
        common = _common(company, members, pinned, room)
        asked = np.unique(np.concatenate([lookup.asked(each) for each in members]))
        takers = asked[common[asked]]
        if not len(takers):
            takers = np.flatnonzero(common)[:MANY_TAKERS]
        firsts.append(np.full(len(takers), members[0]))
        persons.append(takers)
        fits.append(np.sum([lookup.fit(each, takers) for each in members], axis=0))
    first_unit, person = np.concatenate(firsts), np.concatenate(persons)
    order = np.lexsort((person, first_unit))
    return _Takers(first=first_unit[order], person=person[order], fit=np.concatenate(fits)[order])


class _Fits:
    """The fit of single units, for blocks of several."""

    def __init__(self, company: Company, arcs: Arcs) -> None:
        self.company, self.arcs, self.points = company, arcs, arcs.fit
        self.ends = np.searchsorted(arcs.unit, np.arange(len(company.units) + 1))

    def asked(self, unit: int) -> Ints:
        return self.arcs.person[self.ends[unit] : self.ends[unit + 1]]

    def fit(self, unit: int, persons: Ints) -> Ints:
        """Who was not asked has nothing with the unit beyond its class."""
        fit: Ints = self.company.classes.fits(int(self.company.classes.kind[unit]))[persons]
        asked = self.asked(unit)
        if len(asked):
            place = np.minimum(np.searchsorted(asked, persons), len(asked) - 1)
            there = asked[place] == persons
            fit[there] = self.points[self.ends[unit] + place[there]]
        return fit


def _special(company: Company, pinned: Ints, first: Ints) -> list[list[int]]:
    """Groups, and units that are pinned by themselves: the members of each."""
    members = np.flatnonzero((first >= 0) & ((company.group > 0) | (pinned >= 0)))
    order = members[np.argsort(first[members], kind="stable")]
    parts = np.split(order, np.flatnonzero(np.diff(first[order])) + 1) if len(order) else []
    return [part.tolist() for part in parts]


def _common(company: Company, members: list[int], pinned: Ints, room: Ints) -> Mask:
    """m: who may take all of them together."""
    weight = company.weight[members].sum()
    common: Mask = company.classes.may[company.classes.kind[members]].all(axis=0) & (
        (weight == 0) | (room >= weight)
    )
    common[company.barred.person[np.isin(company.barred.unit, members)]] = False
    if pinned[members[0]] >= 0:
        common &= np.arange(len(common)) == pinned[members[0]]
    return common


def _kin(
    company: Company, pinned: Ints, first: Ints, starts: Ints, room: Ints
) -> tuple[Ints, tuple[Ints, ...]]:
    """Who may take each block by the rules, the same people named once."""
    kinds: dict[bytes, int] = {}
    weights = np.zeros(len(company.classes.may), dtype=np.int64)
    weights[company.classes.kind] = company.weight
    may = company.classes.may & ((weights[:, None] == 0) | (weights[:, None] <= room[None, :]))
    of_class = np.array([kinds.setdefault(row.tobytes(), len(kinds)) for row in may])
    kin = of_class[company.classes.kind[starts]]
    for members in _special(company, pinned, first):
        place = int(np.searchsorted(starts, members[0]))
        if place < len(starts) and starts[place] == members[0]:
            row = _common(company, members, pinned, room)
            kin[place] = kinds.setdefault(row.tobytes(), len(kinds))
    allowed = tuple(np.flatnonzero(np.frombuffer(row, dtype=np.bool_)) for row in kinds)
    return kin, allowed


def _amounts(company: Company, block: Ints, blocks: int) -> tuple[tuple[str, ...], Ints]:
    """What each block adds to each measure, as `domain.instance.instance_of` names them."""
    placed = np.flatnonzero(block >= 0)
    tiers = np.unique(company.tier[placed]).tolist()
    fine = [(heat, tier) for heat in range(len(HEATS)) for tier in tiers] if any(tiers) else []
    heat, tier = company.heat[placed], company.tier[placed]
    told = [((heat == each) & (tier == level)).astype(np.int64) for each, level in fine]
    told += [(heat == each).astype(np.int64) for each in range(len(HEATS))]
    told += [np.ones(len(placed), dtype=np.int64), company.value[placed], company.weight[placed]]
    amounts = np.zeros((blocks, len(told)), dtype=np.int64)
    for column, each in enumerate(told):
        np.add.at(amounts[:, column], block[placed], each)
    names = (*(f"{HEATS[each]}/{level}" for each, level in fine), *HEATS, "total", *AMOUNTS)
    return names, amounts


def _caps(company: Company, measures: tuple[str, ...]) -> dict[tuple[int, int], int]:
    """What novices may get of each stratum above the ordinary."""
    cap = company.rules.novice_cap
    strata = [
        column for column, name in enumerate(measures) if "/" in name and not name.endswith("/0")
    ]
    novices = [place for place, each in enumerate(company.persons) if each.is_novice(company.rules)]
    return {(who, column): cap for who in novices for column in strata if cap is not None}
