"""Accounts that ask for the same skills are one class: who may take it, and what it fits, is asked
of the domain's own rules, one skill at a time.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from legato.domain.policy import Policy
from legato.domain.problem import Candidate, Problem, Skill, Unit
from legato.domain.taking import personal_removal, points_of, removal_of
from legato.planning.snapshots import facts
from legato.planning.snapshots.columns import Ints
from legato.planning.snapshots.problems import skill_of, spelt_as
from legato.planning.snapshots.units import KINDS

Mask = NDArray[np.bool_]
MARKS = ("is_key", "is_demanding", "weight")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Classes:
    """``c`` classes of ``n`` units, and what is so of all of a class for ``m`` persons."""

    kind: Ints
    """n: the class."""
    sample: tuple[Unit, ...]
    """c: a unit that stands for its class."""
    may: Mask
    """c × m: whether the person may take the class."""
    points: dict[str, Ints]
    """By kind of skill, lists of them × m: what asking for such a list fits."""
    asks: dict[str, Ints]
    """By kind of skill, c: the list that the class asks for."""

    def fits(self, kind: int) -> Ints:
        """m: the points of a class, whoever its units are."""
        rows = [self.points[each][self.asks[each][kind]] for each in KINDS]
        fits: Ints = np.sum(rows, axis=0, dtype=np.int64)
        return fits


def classes_of(
    raw: dict[str, Ints],
    *,
    tier: Ints,
    weight: Ints,
    problem: Problem,
    policy: Policy,
    recorded: frozenset[Skill],
) -> Classes:
    """``raw`` are the columns of the units; of ``problem`` the candidates and rules are asked."""
    kind, of_kind = _classes(raw, tier=tier, weight=weight)
    asking = _asking(policy, recorded=recorded)
    return Classes(
        kind=kind,
        sample=_samples(of_kind, asking),
        may=_may(of_kind, asking=asking, problem=problem),
        points=_points(asking, problem=problem),
        asks={each: of_kind[each] for each in KINDS},
    )


def _classes(raw: dict[str, Ints], *, tier: Ints, weight: Ints) -> tuple[Ints, dict[str, Ints]]:
    """The class of every unit, and what makes each class: one column a name."""
    names = (*KINDS, *MARKS)
    said = {**raw, "is_demanding": (tier > 0).astype(np.int64), "weight": weight}
    rows = np.stack([said[name] for name in names], axis=1)
    found, kind = np.unique(rows, axis=0, return_inverse=True)
    return kind.reshape(-1), dict(zip(names, found.T, strict=True))


def _asking(policy: Policy, *, recorded: frozenset[Skill]) -> dict[str, list[Unit]]:
    """By kind of skill, a unit that asks for these skills and nothing else, for every list of them
    in the order of their places."""
    spelt = spelt_as(recorded)
    return {
        kind: [
            _asking_for(frozenset(skill_of(kind, each, spelt=spelt) for each in values), policy)
            for (values,) in facts.rows(f"SELECT DISTINCT {kind} FROM planning_unit ORDER BY 1")
        ]
        for kind in KINDS
    }


def _asking_for(skills: frozenset[Skill], policy: Policy) -> Unit:
    return Unit(
        id=0,
        heat="cold",
        value=0,
        weight=0,
        needs=frozenset(each for each in skills if each.kind in policy.hard_skills),
        wants=frozenset(each for each in skills if each.kind in policy.soft_skills),
    )


def _samples(of_kind: dict[str, Ints], asking: dict[str, list[Unit]]) -> tuple[Unit, ...]:
    """A unit for every class, with all it asks for."""
    samples = []
    for place in range(len(of_kind["weight"])):
        parts = [asking[kind][of_kind[kind][place]] for kind in KINDS]
        samples.append(
            Unit(
                id=0,
                heat="cold",
                value=0,
                weight=int(of_kind["weight"][place]),
                is_key=bool(of_kind["is_key"][place]),
                tier=int(of_kind["is_demanding"][place]),
                needs=frozenset().union(*(part.needs for part in parts)),
                wants=frozenset().union(*(part.wants for part in parts)),
            )
        )
    return tuple(samples)


def _may(of_kind: dict[str, Ints], *, asking: dict[str, list[Unit]], problem: Problem) -> Mask:
    """c × m, by the domain's own rules."""
    persons, rules = problem.candidates, problem.rules
    may = np.array([personal_removal(each, problem) is None for each in persons])[None, :]
    for kind, units in asking.items():
        may = may & _table(units, persons, lambda unit, who: removal_of(unit, who, rules) is None)[
            of_kind[kind]
        ].astype(bool)
    marks = np.stack([of_kind[name] for name in MARKS], axis=1)
    found, place = np.unique(marks, axis=0, return_inverse=True)
    marked = [
        Unit(id=0, heat="cold", value=0, is_key=bool(key), tier=int(demanding), weight=int(weight))
        for key, demanding, weight in found.tolist()
    ]
    table = _table(marked, persons, lambda unit, who: removal_of(unit, who, rules) is None)
    allowed: Mask = may & table[place.reshape(-1)].astype(bool)
    return allowed


def _points(asking: dict[str, list[Unit]], *, problem: Problem) -> dict[str, Ints]:
    """By kind of skill, lists × m: the points, by the domain's own count."""
    rules = problem.rules

    def points(unit: Unit, person: Candidate) -> int:
        return sum(amount for _part, amount in points_of(unit, person, rules))

    return {kind: _table(units, problem.candidates, points) for kind, units in asking.items()}


def _table(
    units: Iterable[Unit], persons: Iterable[Candidate], told: Callable[[Unit, Candidate], int]
) -> Ints:
    """What is told of every unit and person."""
    people = list(persons)
    return np.array(
        [[told(unit, person) for person in people] for unit in units], dtype=np.int64
    ).reshape(-1, len(people))
