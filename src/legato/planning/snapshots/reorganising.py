"""The facts of a reorganisation as arrays: who may take what of a whole company's accounts, and how
well it fits, without an object per account.

What a class of accounts fits is the same for all of it; ties, families and the present owner come
on top, account by account.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from legato.domain.policy import Policy
from legato.domain.problem import Candidate, Problem, Rules
from legato.domain.taking import Removal, personal_removal, removal_of
from legato.planning.snapshots import facts
from legato.planning.snapshots.candidates import Capacity, candidates_of
from legato.planning.snapshots.classes import Classes, Mask, classes_of
from legato.planning.snapshots.columns import Ints, columns
from legato.planning.snapshots.problems import Asked, asked_weights, rules_of
from legato.planning.snapshots.scopes import Scope
from legato.planning.snapshots.units import units_listed


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pairs:
    """Something about a unit and a person: indexes of both, and how much."""

    unit: Ints
    person: Ints
    amount: Ints


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Company:
    """``n`` units in order of id, ``m`` persons in order of id, ``c`` classes of units."""

    units: Ints
    heat: Ints
    """n: 0 hot, 1 warm, 2 cold."""
    value: Ints
    is_known: Mask
    weight: Ints
    tier: Ints
    group: Ints
    """n: the root of its family where several are in the plan, else 0."""
    owner: Ints
    """n: the index of who may keep it, else -1."""
    preferred: Ints
    """n: the index of whose account the record is on, else -1."""
    classes: Classes
    extra: dict[str, Pairs]
    """``tie``, ``family``, ``stay``: points of one unit and one person."""
    barred: Pairs
    persons: tuple[Candidate, ...]
    excluded: frozenset[int]
    rules: Rules
    capacity: Capacity

    @property
    def ids(self) -> Ints:
        return np.array([each.id for each in self.persons], dtype=np.int64)

    def removal(self, unit: int, person: int) -> Removal | None:
        """Why the person may not take the unit, both by index; None where nothing hinders."""
        who = self.persons[person]
        nobody = Problem(units=(), candidates=(who,), rules=self.rules, excluded=self.excluded)
        is_barred = ((self.barred.unit == unit) & (self.barred.person == person)).any()
        sample = self.classes.sample[self.classes.kind[unit]]
        barred = replace(sample, barred=frozenset({who.id}) if is_barred else frozenset())
        return personal_removal(who, nobody) or removal_of(barred, who, self.rules)


def company_of(*, scope: Scope, asked: Asked, policy: Policy, now: datetime) -> Company:
    """The listed scope as arrays: the same rules and points as `problem_of` has it."""
    skills = facts.skills()
    recorded = frozenset().union(*skills.values())
    rules = rules_of(policy, recorded=recorded, tolerance=asked.tolerance)
    raw = units_listed(policy, now=now)
    units = raw["unit"]
    weight = np.where(raw["is_account"] == 1, policy.weight_account, policy.weight_alone)
    persons, capacity = candidates_of(
        scope=scope,
        asked=asked_weights(
            pins=asked.pins,
            weights=_weights_of(asked, units, weight),
            preferred=set(raw["preferred"].tolist()) - {0},
        ),
        skills=skills,
        policy=policy,
        now=now,
        until=asked.until,
    )
    ids = np.array([each.id for each in persons], dtype=np.int64)
    tier = np.searchsorted(np.array(policy.tier_values, dtype=np.int64), raw["value"], "right")
    tier = np.where(raw["is_account"] == 1, tier, 0)
    nobody = Problem(units=(), candidates=tuple(persons), rules=rules, excluded=asked.excluded)
    owner = np.where(raw["is_left"] == 0, _places(ids, raw["owner"]), -1)
    return Company(
        units=units,
        heat=raw["heat"],
        value=raw["value"],
        is_known=raw["is_known"] == 1,
        weight=weight,
        tier=tier,
        group=_groups(units),
        owner=owner,
        preferred=_places(ids, raw["preferred"]),
        classes=classes_of(
            raw, tier=tier, weight=weight, problem=nobody, policy=policy, recorded=recorded
        ),
        excluded=asked.excluded,
        extra=_extra(scope, units=units, ids=ids, owner=owner, rules=rules),
        barred=_pairs(units, ids, columns(facts.BARRED, ("unit", "person"))),
        persons=tuple(persons),
        rules=rules,
        capacity=capacity,
    )


def _weights_of(asked: Asked, units: Ints, weight: Ints) -> dict[int, int]:
    """The weights of pinned units."""
    places = {pin.unit: int(np.searchsorted(units, pin.unit)) for pin in asked.pins}
    return {
        unit: int(weight[place])
        for unit, place in places.items()
        if place < len(units) and units[place] == unit
    }


def _extra(scope: Scope, *, units: Ints, ids: Ints, owner: Ints, rules: Rules) -> dict[str, Pairs]:
    """The points that a unit has with a person of its own."""
    ties = _pairs(
        units,
        ids,
        columns(facts.TIES, ("unit", "person", "amount"), {"holders": sorted(scope.holders)}),
    )
    relatives = _pairs(units, ids, columns(facts.RELATIVES, ("unit", "person")))
    stays = np.flatnonzero(owner >= 0)
    return {
        "tie": Pairs(
            unit=ties.unit, person=ties.person, amount=rules.fit.tie * ties.amount // 1000
        ),
        "family": Pairs(
            unit=relatives.unit,
            person=relatives.person,
            amount=np.full(len(relatives.unit), rules.fit.family, dtype=np.int64),
        ),
        "stay": Pairs(
            unit=stays, person=owner[stays], amount=np.full(len(stays), rules.stay, dtype=np.int64)
        ),
    }


def _groups(units: Ints) -> Ints:
    found = columns(facts.GROUPS, ("unit", "root"))
    groups = np.zeros(len(units), dtype=np.int64)
    groups[np.searchsorted(units, found["unit"])] = found["root"]
    return groups


def _pairs(units: Ints, ids: Ints, found: Mapping[str, Ints]) -> Pairs:
    """The rows about candidates, as indexes."""
    person = _places(ids, found["person"])
    known = person >= 0
    amount = found.get("amount", np.ones_like(found["unit"]))
    return Pairs(
        unit=np.searchsorted(units, found["unit"])[known],
        person=person[known],
        amount=amount[known],
    )


def _places(ids: Ints, wanted: Ints) -> Ints:
    """The index of each wanted id, -1 where it is none of these."""
    if not len(ids):
        return np.full(len(wanted), -1, dtype=np.int64)
    place = np.minimum(np.searchsorted(ids, wanted), len(ids) - 1)
    return np.where(ids[place] == wanted, place, -1)
