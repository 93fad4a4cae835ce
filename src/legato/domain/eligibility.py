"""Who may take what, and how well it fits: the hard rules as removed arcs, each with its one code.

A rule that removed an arc can never be broken by a solver. The fit is a whole number of points.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from legato.domain.errors import Refused
from legato.domain.problem import Candidate, FitWeights, Problem, Rules, Skill, Unit

Points = tuple[tuple[str, int], ...]


class PinImpossible(Refused):
    """A pin breaks a hard rule: facts ``unit``, ``person``, ``why`` (a removal code, or
    ``pinned_twice``, ``group_pinned_apart``, ``no_capacity``)."""

    code = "pin_impossible"


class UnknownPin(Refused):
    """A pin names a unit or a person that is not part of the plan: facts ``unit``, ``person``."""

    code = "unknown_pin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    code: str
    skill: Skill | None = None

    def __str__(self) -> str:
        skill = self.skill
        return self.code if skill is None else f"{self.code}:{skill.kind}={skill.value}"


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
    """Who may take every one of them, and has room for all together."""

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


def eligibility(problem: Problem) -> Eligible:
    """Every arc of the problem, either with its points or with the code that removed it."""
    arcs: dict[tuple[int, int], Points] = {}
    removed: dict[tuple[int, int], Removal] = {}
    personal = {person.id: _personal(person, problem) for person in problem.candidates}
    for unit in problem.units:
        for person in problem.candidates:
            removal = personal[person.id] or _particular(unit, person, problem.rules)
            if removal is None:
                arcs[unit.id, person.id] = _points(unit, person, problem.rules.fit)
            else:
                removed[unit.id, person.id] = removal
    return Eligible(arcs=arcs, removed=removed, people=_people(problem.units, arcs))


def split_of(problem: Problem, eligible: Eligible) -> Split:
    """The problem in the pieces it is decided in. Refuses a pin that breaks a hard rule."""
    pinned = _pinned(problem, eligible)
    decided = _settled(problem, eligible, pinned)
    room = {person.id: person.free for person in problem.candidates}
    members: dict[tuple[str, int], list[Unit]] = defaultdict(list)
    for unit in problem.units:
        if unit.id in decided:
            room[decided[unit.id]] -= unit.weight
        else:
            members[_block_key(unit)].append(unit)
    blocks = (_block(tuple(units), eligible, pinned, room) for units in members.values())
    return Split(
        blocks=tuple(sorted(blocks, key=lambda block: block.id)),
        pinned=pinned,
        settled=decided,
        room=room,
    )


def _settled(problem: Problem, eligible: Eligible, pinned: Mapping[int, int]) -> dict[int, int]:
    """Unit to its account's owner; what is pinned takes its room first."""
    room = {person.id: person.free for person in problem.candidates}
    for unit in problem.units:
        if unit.id in pinned:
            room[pinned[unit.id]] -= unit.weight
    decided: dict[int, int] = {}
    for unit in problem.units:
        person = unit.preferred
        if person is None or unit.group is not None or unit.id in pinned:
            continue
        if (unit.id, person) in eligible.arcs and unit.weight <= room[person]:
            decided[unit.id] = person
            room[person] -= unit.weight
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
    _refuse_overfull(problem, units, pinned)
    return pinned


def _refuse_overfull(problem: Problem, units: Mapping[int, Unit], pinned: dict[int, int]) -> None:
    room = {person.id: person.free for person in problem.candidates}
    for unit, person in sorted(pinned.items()):
        room[person] -= units[unit].weight
        if room[person] < 0 < units[unit].weight:
            raise PinImpossible(unit=unit, person=person, why="no_capacity")


def _personal(person: Candidate, problem: Problem) -> Removal | None:
    rules = problem.rules
    checks = (
        ("is_leaver", person.is_leaver),
        ("not_employed", not person.is_employed),
        ("end_known", person.ends_on is not None),
        ("held", person.held),
        ("on_leave", person.leave_days > rules.max_leave_days),
        ("excluded", person.id in problem.excluded),
    )
    return next((Removal(code=code) for code, applies in checks if applies), None)


def _particular(unit: Unit, person: Candidate, rules: Rules) -> Removal | None:
    if unit.is_key and person.employed_days < rules.novice_days:
        return Removal(code="novice_key_account")
    if unit.is_key and person.has_open_case:
        return Removal(code="open_case_key_account")
    for skill in sorted(unit.needs & rules.recorded):
        if skill not in person.skills:
            return Removal(code="lacks_skill", skill=skill)
    if unit.weight > person.free:
        return Removal(code="no_capacity")
    return None


def _points(unit: Unit, person: Candidate, weights: FitWeights) -> Points:
    tie = max((strength for owner, strength in unit.ties if owner == person.id), default=0)
    parts = [("tie", weights.tie * tie // 1000), *_skill_points(unit, person, weights)]
    parts.append(("family", weights.family if person.id in unit.family_owners else 0))
    return tuple((part, points) for part, points in parts if points)


def _skill_points(unit: Unit, person: Candidate, weights: FitWeights) -> Iterator[tuple[str, int]]:
    asked = unit.needs | unit.wants
    of_kind = Counter(skill.kind for skill in asked)
    met = Counter(skill.kind for skill in asked & person.skills)
    for kind, most in (
        ("territory", weights.territory),
        ("language", weights.language),
        ("industry", weights.industry),
        ("product", weights.product),
    ):
        if met[kind]:
            yield kind, most * met[kind] // of_kind[kind]


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
    room: Mapping[int, int],
) -> Block:
    common = set.intersection(*(set(eligible.people[unit.id]) for unit in units))
    if units[0].id in pinned:
        common = {pinned[units[0].id]}
    weight = sum(unit.weight for unit in units)
    return Block(
        units=units,
        people=tuple(person for person in sorted(common) if room[person] >= weight),
    )
