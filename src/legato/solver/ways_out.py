"""What would let somebody take what nobody can: one change at a time, each tried on the whole plan
before it is told.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from legato.domain.eligibility import eligibility, split_of
from legato.domain.problem import Candidate, Problem, Unit
from legato.domain.proposal import Fact
from legato.domain.taking import personal_removal
from legato.solver.packing import fits


@dataclass(frozen=True, slots=True, kw_only=True)
class WayOut:
    """One change after which everything placed so far and the shortage's units find a place.

    Codes and facts: ``raise_capacity`` (``person``, ``by`` thousandths of an account),
    ``raise_tier_cap`` (``to``), ``soften_skill`` (``kind``, ``value``, ``units``: how many),
    ``allow_person`` (``person``, ``why``: ``excluded``, ``departing``, ``held``, ``on_leave``,
    ``end_known``), ``allow_key`` (``person``, ``units``), ``split_group`` (``group``, ``units``),
    ``unpin`` (``unit``, ``person``).
    """

    code: str
    facts: tuple[Fact, ...]
    size: int
    """How much it changes, in thousandths of an account."""


def ways_out(
    *,
    problem: Problem,
    placed: frozenset[int],
    orphans: frozenset[int],
    people: Collection[int],
    missing: int,
) -> tuple[WayOut, ...]:
    """Changes with which the orphans find a place beside all that is placed, the smallest first.

    ``people`` may take some of the orphans or what competes with them, ``missing`` thousandths of
    an account is what their room lacks.
    """
    units = [unit for unit in problem.units if unit.id in orphans]
    wanted = placed | orphans
    tries = [
        *_capacities(problem, units, people, missing),
        *_tier_caps(problem, units),
        *_skills(problem, units),
        *_keys(problem, units),
        *_groups(problem, units),
        *_pins(problem, orphans, people),
        *_persons(problem, units),
    ]
    tries.sort(key=lambda row: row[0].size)
    found: dict[tuple[str, tuple[Fact, ...]], WayOut] = {}
    for way, changed in tries:
        key = way.code, way.facts[:-1]  # The last fact says how much.
        if key not in found and _helps(changed, wanted):
            found[key] = way
    return tuple(found.values())


Try = tuple[WayOut, Problem]


def _helps(changed: Problem, wanted: frozenset[int]) -> bool:
    eligible = eligibility(changed)
    split = split_of(changed, eligible)
    blocks = [each for each in split.blocks if any(unit.id in wanted for unit in each.units)]
    return fits(blocks=blocks, room=split.room, caps=split.caps) is True


def _capacities(
    problem: Problem, units: list[Unit], people: Collection[int], missing: int
) -> Iterator[Try]:
    """More room for one person: what is missing, or what one or all of the orphans weigh."""
    weights = {unit.weight for unit in units}
    amounts = {missing, *weights, sum(unit.weight for unit in units)} - {0}
    for person in problem.candidates:
        heaviest = max(weights) - person.free
        lacking = max(0, person.load - person.capacity)
        asked = {amount + lacking for amount in amounts}
        if person.id not in people:
            asked = {heaviest + lacking} if heaviest > 0 else set()
        for more in sorted(asked):
            raised = replace(person, capacity=person.capacity + more)
            yield (
                _way("raise_capacity", ("person", person.id), ("by", more), size=more),
                _with(problem, raised),
            )


def _tier_caps(problem: Problem, units: list[Unit]) -> Iterator[Try]:
    cap = problem.rules.novice_cap
    if cap is None or not any(unit.tier for unit in units):
        return
    for more in range(1, len(units) + 1):
        rules = replace(problem.rules, novice_cap=cap + more)
        yield (
            _way("raise_tier_cap", ("to", cap + more), size=more * 1000),
            replace(problem, rules=rules),
        )


def _skills(problem: Problem, units: list[Unit]) -> Iterator[Try]:
    for skill in sorted(
        frozenset().union(*(unit.needs for unit in units)) & problem.rules.recorded
    ):
        softened = [
            replace(unit, needs=unit.needs - {skill}, wants=unit.wants | {skill})
            for unit in units
            if skill in unit.needs
        ]
        facts = ("kind", skill.kind), ("value", skill.value), ("units", len(softened))
        yield _way("soften_skill", *facts, size=1000 * len(softened)), _among(problem, softened)


def _keys(problem: Problem, units: list[Unit]) -> Iterator[Try]:
    """Key accounts for somebody new, or with an open case."""
    keys = [replace(unit, is_key=False) for unit in units if unit.is_key]
    if keys:
        yield _way("allow_key", ("units", len(keys)), size=1000 * len(keys)), _among(problem, keys)


def _groups(problem: Problem, units: list[Unit]) -> Iterator[Try]:
    for group in sorted({unit.group for unit in units if unit.group is not None}):
        members = [unit for unit in problem.units if unit.group == group]
        facts = ("group", group), ("units", len(members))
        yield (
            _way("split_group", *facts, size=1000 * len(members)),
            _among(problem, [replace(unit, group=None) for unit in members]),
        )


def _pins(problem: Problem, orphans: frozenset[int], people: Collection[int]) -> Iterator[Try]:
    for pin in problem.pins:
        if pin.person in people or pin.unit in orphans:
            others = tuple(each for each in problem.pins if each != pin)
            yield (
                _way("unpin", ("unit", pin.unit), ("person", pin.person), size=1000),
                replace(problem, pins=others),
            )


def _persons(problem: Problem, units: list[Unit]) -> Iterator[Try]:
    """Somebody whom only a rule about them keeps away, for as much as is to be placed."""
    size = 1000 * len(units) + 1
    for person in problem.candidates:
        why = personal_removal(person, problem)
        if why is None or why.code in ("is_leaver", "not_employed"):
            continue
        facts = ("person", person.id), ("why", why.code)
        freed = replace(person, held=False, ends_on=None, leave_days=0)
        allowed = replace(_with(problem, freed), excluded=problem.excluded - {person.id})
        yield _way("allow_person", *facts, size=size), allowed


def _way(code: str, *facts: Fact, size: int) -> WayOut:
    return WayOut(code=code, facts=facts, size=size)


def _with(problem: Problem, person: Candidate) -> Problem:
    others = (each for each in problem.candidates if each.id != person.id)
    return replace(problem, candidates=(*others, person))


def _among(problem: Problem, units: Iterable[Unit]) -> Problem:
    changed = {unit.id: unit for unit in units}
    return replace(problem, units=tuple(changed.get(each.id, each) for each in problem.units))
