"""Who may take what, and how well it fits: the hard rules as removed arcs, each with its one code.

A rule that removed an arc can never be broken by a solver. The fit is a whole number of points.
"""

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace

from legato.domain.errors import Refused
from legato.domain.problem import Measure, Pin, Problem, Unit
from legato.domain.taking import Points, Removal, personal_removal, points_of, removal_of

__all__ = [
    "Block",
    "Eligible",
    "PinImpossible",
    "Removal",
    "Split",
    "UnknownPin",
    "decided_before",
    "eligibility",
    "impossible_pins",
    "pairs_decided_before",
    "split_of",
]


class PinImpossible(Refused):
    """A pin breaks a hard rule: facts ``unit``, ``person``, ``why`` (a removal code, or
    ``pinned_twice``, ``group_pinned_apart``, ``no_capacity``, ``tier_cap``)."""

    code = "pin_impossible"


class UnknownPin(Refused):
    """A pin names a unit or a person that is not part of the plan: facts ``unit``, ``person``."""

    code = "unknown_pin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Eligible:
    arcs: Mapping[tuple[int, int], Points]
    """(unit, person) to the parts of the fit that gave points."""
    removed: Mapping[tuple[int, int], Removal]
    people: Mapping[int, tuple[int, ...]]
    """Unit to the persons who may take it, in order of id."""

    def fit(self, unit: int, person: int) -> int:
        return sum(points for _, points in self.arcs[unit, person])


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """What is decided in one piece: one unit, or the units of one parent group."""

    units: tuple[Unit, ...]
    people: tuple[int, ...]
    """Who may take every one of them, and has room for all together, under the cap for novices
    too."""

    @property
    def id(self) -> int:
        return self.units[0].id

    @property
    def weight(self) -> int:
        return sum(unit.weight for unit in self.units)

    @property
    def value(self) -> int:
        return sum(unit.value for unit in self.units)


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    blocks: tuple[Block, ...]
    """In order of the first unit's id; a pinned one may go to that person alone."""
    pinned: Mapping[int, int]
    """Unit to person, for pinned units and the groups they pull along."""
    settled: Mapping[int, int]
    """Unit to person, for what is decided before the split: it follows its account's owner."""
    room: Mapping[int, int]
    """Thousandths of an account each person can take in the split."""
    caps: Mapping[tuple[int, Measure], int]
    """For novices, how many units of a stratum above tier 0 each can take in the split."""


def eligibility(problem: Problem, *, pairs: Container[tuple[int, int]] | None = None) -> Eligible:
    """Every arc of the problem, either with its points or with the code that removed it; of the
    (unit, person) ``pairs`` alone where they are named."""
    arcs: dict[tuple[int, int], Points] = {}
    removed: dict[tuple[int, int], Removal] = {}
    personal = {person.id: personal_removal(person, problem) for person in problem.candidates}
    for unit in problem.units:
        for person in problem.candidates:
            if pairs is not None and (unit.id, person.id) not in pairs:
                continue
            removal = personal[person.id] or removal_of(unit, person, problem.rules)
            if removal is None:
                arcs[unit.id, person.id] = points_of(unit, person, problem.rules)
            else:
                removed[unit.id, person.id] = removal
    return Eligible(arcs=arcs, removed=removed, people=_people(problem.units, arcs))


def split_of(problem: Problem, eligible: Eligible) -> Split:
    """The problem in the pieces it is decided in. Refuses a pin that breaks a hard rule."""
    pinned, decided = decided_before(problem, eligible)
    left = _Left(problem)
    members: dict[tuple[str, int], list[Unit]] = defaultdict(list)
    for unit in problem.units:
        if unit.id in decided:
            left.give(unit, decided[unit.id])
        else:
            members[_block_key(unit)].append(unit)
    blocks = (_block(tuple(units), eligible, pinned, left) for units in members.values())
    return Split(
        blocks=tuple(sorted(blocks, key=lambda block: block.id)),
        pinned=pinned,
        settled=decided,
        room=left.room,
        caps=left.caps,
    )


def decided_before(
    problem: Problem, eligible: Eligible
) -> tuple[Mapping[int, int], Mapping[int, int]]:
    """What is pinned and what is settled before the split, as in `Split`."""
    pinned = _pinned(problem, eligible)
    return pinned, _settled(problem, eligible, pinned)


def pairs_decided_before(problem: Problem) -> set[tuple[int, int]]:
    """The pairs of unit and person that `decided_before` looks at, and perhaps more."""
    persons = {pin.person for pin in problem.pins}
    asked = {(unit.id, person) for unit in problem.units for person in persons}
    owners = {(unit.id, unit.preferred) for unit in problem.units if unit.preferred is not None}
    return asked | owners


def impossible_pins(problem: Problem, *, among: Container[int]) -> dict[Pin, str]:
    """The pins of units ``among`` that a hard rule is against, each with why, as in `PinImpossible`
    and `UnknownPin`; one after the other in their order, after all pins of other units."""
    eligible = eligibility(problem, pairs=pairs_decided_before(problem))
    if _why_not(problem, eligible) is None:
        return {}
    kept = tuple(pin for pin in problem.pins if pin.unit not in among)
    lost: dict[Pin, str] = {}
    for pin in (each for each in problem.pins if each.unit in among):
        why = _why_not(replace(problem, pins=(*kept, pin)), eligible)
        if why is None:
            kept = (*kept, pin)
        else:
            lost[pin] = why
    return lost


def _why_not(problem: Problem, eligible: Eligible) -> str | None:
    """What is against the pins of a problem, None where nothing is."""
    try:
        _pinned(problem, eligible)
    except PinImpossible as refused:
        return str(refused.facts["why"])
    except UnknownPin as refused:
        known = any(unit.id == refused.facts["unit"] for unit in problem.units)
        return "not_employed" if known else "not_in_plan"
    return None


class _Left:
    """What everybody can still take while units are given away."""

    def __init__(self, problem: Problem) -> None:
        cap = problem.rules.novice_cap
        novices = [person.id for person in problem.candidates if person.is_novice(problem.rules)]
        strata = sorted({unit.stratum for unit in problem.units if unit.tier > 0})
        self.room = {person.id: person.free for person in problem.candidates}
        self.caps = {
            (person, stratum): cap for person in novices for stratum in strata if cap is not None
        }

    def give(self, unit: Unit, person: int) -> None:
        self.room[person] -= unit.weight
        if (person, unit.stratum) in self.caps:
            self.caps[person, unit.stratum] -= 1

    def able(self, units: tuple[Unit, ...], persons: Iterable[int]) -> tuple[int, ...]:
        """Those of the persons who can take all of the units."""
        weight = sum(unit.weight for unit in units)
        counts = Counter(unit.stratum for unit in units)
        return tuple(each for each in persons if self._hindrance(weight, counts, each) is None)

    def hindrance(self, unit: Unit, person: int) -> str | None:
        return self._hindrance(unit.weight, {unit.stratum: 1}, person)

    def _hindrance(self, weight: int, counts: Mapping[Measure, int], person: int) -> str | None:
        """``no_capacity`` or ``tier_cap``; what weighs nothing always has room."""
        if weight and weight > self.room[person]:
            return "no_capacity"
        if not self.caps:
            return None
        over = any(count > self.caps.get((person, of), count) for of, count in counts.items())
        return "tier_cap" if over else None


def _settled(problem: Problem, eligible: Eligible, pinned: Mapping[int, int]) -> dict[int, int]:
    """Unit to its account's owner; what is pinned takes its room first."""
    left = _Left(problem)
    for unit in problem.units:
        if unit.id in pinned:
            left.give(unit, pinned[unit.id])
    decided: dict[int, int] = {}
    for unit in problem.units:
        person = unit.preferred
        if person is None or unit.group is not None or unit.id in pinned:
            continue
        if (unit.id, person) in eligible.arcs and left.hindrance(unit, person) is None:
            decided[unit.id] = person
            left.give(unit, person)
    return decided


def _pinned(problem: Problem, eligible: Eligible) -> dict[int, int]:
    """Unit to person for every pinned unit and the group it pulls along."""
    units = {unit.id: unit for unit in problem.units}
    persons = {person.id for person in problem.candidates}
    family: dict[int | None, list[Unit]] = defaultdict(list)
    for unit in problem.units:
        family[unit.group].append(unit)
    pinned: dict[int, int] = {}
    for pin in problem.pins:
        if pin.unit not in units or pin.person not in persons:
            raise UnknownPin(unit=pin.unit, person=pin.person)
        unit = units[pin.unit]
        for member in [unit] if unit.group is None else family[unit.group]:
            if pinned.setdefault(member.id, pin.person) != pin.person:
                why = "pinned_twice" if unit.group is None else "group_pinned_apart"
                raise PinImpossible(unit=pin.unit, person=pin.person, why=why)
            if (member.id, pin.person) in eligible.removed:
                why = str(eligible.removed[member.id, pin.person])
                raise PinImpossible(unit=member.id, person=pin.person, why=why)
    _refuse_overfull(problem, pinned)
    return pinned


def _refuse_overfull(problem: Problem, pinned: Mapping[int, int]) -> None:
    left = _Left(problem)
    for unit in problem.units:
        if unit.id in pinned:
            person = pinned[unit.id]
            why = left.hindrance(unit, person)
            if why is not None:
                raise PinImpossible(unit=unit.id, person=person, why=why)
            left.give(unit, person)


def _people(
    units: Iterable[Unit], arcs: Mapping[tuple[int, int], Points]
) -> dict[int, tuple[int, ...]]:
    found: dict[int, list[int]] = {unit.id: [] for unit in units}
    for unit, person in arcs:
        found[unit].append(person)
    return {unit: tuple(sorted(persons)) for unit, persons in found.items()}


def _block_key(unit: Unit) -> tuple[str, int]:
    return ("unit", unit.id) if unit.group is None else ("group", unit.group)


def _block(
    units: tuple[Unit, ...],
    eligible: Eligible,
    pinned: Mapping[int, int],
    left: _Left,
) -> Block:
    common = set.intersection(*(set(eligible.people[unit.id]) for unit in units))
    if units[0].id in pinned:
        common = {pinned[units[0].id]}
    return Block(
        units=units,
        people=left.able(units, sorted(common)),
    )
