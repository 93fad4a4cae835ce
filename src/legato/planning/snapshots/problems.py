"""The facts of a plan as the solver and its judges take them: units, candidates and rules.

For what is decided account by account; `snapshots.reorganising` does the same for whole companies.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from legato.domain.names import fold
from legato.domain.policy import LARGEST, Policy
from legato.domain.problem import Pin, Problem, Rules, Skill, Unit
from legato.planning.snapshots import facts
from legato.planning.snapshots.candidates import Capacity, candidates_of
from legato.planning.snapshots.scopes import Listed, Scope, listed_units


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a plan is asked for besides the rules in force."""

    pins: tuple[Pin, ...] = ()
    excluded: frozenset[int] = frozenset()
    until: datetime | None = None
    """The new owners are interim ones until then."""
    tolerance: int | None = None
    """Thousandths of a share, tried before the wider ones of the rules."""
    kept: Mapping[int, int] = field(default_factory=dict)
    """Unit to person: the choices of an earlier plan, preferred as an owner's who may keep it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What is known around the units, each by unit."""

    ties: Mapping[int, tuple[tuple[int, int], ...]]
    groups: Mapping[int, int]
    relatives: Mapping[int, frozenset[int]]
    products: Mapping[int, frozenset[str]]
    barred: Mapping[int, frozenset[int]]
    key_value: Decimal | None
    spelt: Mapping[tuple[str, str], Skill]
    """A skill by kind and folded spelling, as it is recorded."""


def problem_of(
    *, scope: Scope, asked: Asked, policy: Policy, now: datetime
) -> tuple[Problem, Capacity]:
    """The problem of the listed scope, and how capacity was counted."""
    skills = facts.skills()
    recorded = frozenset().union(*skills.values())
    around = _around(scope, recorded=recorded, policy=policy, now=now)
    listed = listed_units(policy=policy, now=now)
    units = [_unit(each, around=around, asked=asked, policy=policy) for each in listed]
    candidates, capacity = candidates_of(
        scope=scope,
        asked=asked_weights(
            pins=asked.pins,
            weights={unit.id: unit.weight for unit in units},
            preferred={unit.preferred for unit in units if unit.preferred is not None},
        ),
        skills=skills,
        policy=policy,
        now=now,
        until=asked.until,
    )
    problem = Problem(
        units=tuple(units),
        candidates=tuple(candidates),
        rules=rules_of(policy, recorded=recorded, tolerance=asked.tolerance),
        pins=asked.pins,
        excluded=asked.excluded,
    )
    return problem, capacity


def rules_of(policy: Policy, *, recorded: frozenset[Skill], tolerance: int | None) -> Rules:
    """The policy as the solver takes it."""
    ladder = Rules().tolerances
    if tolerance is not None:
        ladder = (tolerance, *(each for each in ladder if each > tolerance))
    return Rules(
        max_leave_days=policy.max_leave_days,
        novice_days=policy.novice_days,
        novice_cap=None if policy.novice_cap == LARGEST else policy.novice_cap,
        stay=policy.stay,
        tolerances=ladder,
        fit=policy.fit,
        recorded=recorded,
    )


def asked_weights(
    *, pins: Iterable[Pin], weights: Mapping[int, int], preferred: Iterable[int]
) -> dict[int, int]:
    """Who is asked for besides the reps, and the weight of what is pinned to them."""
    asked = dict.fromkeys(preferred, 0)
    for pin in pins:
        asked[pin.person] = asked.get(pin.person, 0) + weights.get(pin.unit, 0)
    return asked


def spelt_as(recorded: Iterable[Skill]) -> dict[tuple[str, str], Skill]:
    return {(skill.kind, fold(skill.value)): skill for skill in recorded}


def skill_of(kind: str, value: str, *, spelt: Mapping[tuple[str, str], Skill]) -> Skill:
    """The skill in the spelling that somebody has recorded, if anybody has."""
    return spelt.get((kind, fold(value)), Skill(kind=kind, value=value))


def tier_of(value: Decimal, *, policy: Policy) -> int:
    return sum(value >= least for least in policy.tier_values)


def _around(scope: Scope, *, recorded: frozenset[Skill], policy: Policy, now: datetime) -> Around:
    ties = _many(facts.rows(facts.TIES, {"holders": sorted(scope.holders)}))
    return Around(
        ties={unit: tuple(each) for unit, each in ties.items()},
        groups=dict(facts.rows(facts.GROUPS)),
        relatives=_sets(facts.rows(facts.RELATIVES)),
        products=_sets(facts.rows(facts.PRODUCTS)),
        barred=_sets(facts.rows(facts.BARRED)),
        key_value=facts.key_value(policy, now=now),
        spelt=spelt_as(recorded),
    )


def _many(found: Iterable[tuple[Any, ...]]) -> dict[int, list[Any]]:
    """By the first column: the second, or the rest of several."""
    many: dict[int, list[Any]] = defaultdict(list)
    for first, *rest in found:
        many[first].append(tuple(rest) if len(rest) > 1 else rest[0])
    return many


def _sets(found: Iterable[tuple[Any, ...]]) -> dict[int, frozenset[Any]]:
    return {unit: frozenset(each) for unit, each in _many(found).items()}


def _unit(listed: Listed, *, around: Around, asked: Asked, policy: Policy) -> Unit:
    held = listed.held
    is_account = held.kind == "account"
    value = max(held.value or Decimal(), Decimal())
    said = [
        ("language", held.language),
        ("territory", held.territory or held.country),
        ("industry", held.industry),
        *(("product", product) for product in around.products.get(held.id, ())),
    ]
    known = frozenset(skill_of(*each, spelt=around.spelt) for each in said if each[1])
    key_value = around.key_value
    return Unit(
        id=held.id,
        heat=held.heat,
        value=int(value.to_integral_value(ROUND_HALF_UP)),
        value_known=held.value is not None,
        weight=policy.weight_account if is_account else policy.weight_alone,
        group=around.groups.get(held.id),
        tier=tier_of(value, policy=policy) if is_account else 0,
        is_key=is_account and key_value is not None and value >= key_value and value > 0,
        needs=frozenset(skill for skill in known if skill.kind in policy.hard_skills),
        wants=frozenset(skill for skill in known if skill.kind in policy.soft_skills),
        ties=around.ties.get(held.id, ()),
        preferred=None if is_account else held.account_owner,
        family_owners=around.relatives.get(held.id, frozenset()),
        barred=around.barred.get(held.id, frozenset()),
        owner=held.owner if listed.holder is None else asked.kept.get(held.id),
    )
