"""The facts of a reorganisation as arrays: who may take what of a whole company's accounts, and how
well it fits, without an object per account.

Accounts that ask for the same skills are one class. Whether a person may take a class, and what it
fits, is asked of the domain's own rules, one skill at a time; ties, families and the present owner
come on top, account by account.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from legato.books.snapshots import heated
from legato.domain.policy import Policy
from legato.domain.problem import Candidate, Problem, Rules, Skill, Unit
from legato.domain.taking import Removal, personal_removal, points_of, removal_of
from legato.planning.snapshots import facts
from legato.planning.snapshots.candidates import Capacity, candidates_of
from legato.planning.snapshots.columns import Ints, columns
from legato.planning.snapshots.problems import (
    Asked,
    asked_weights,
    rules_of,
    skill_of,
    spelt_as,
)
from legato.planning.snapshots.scopes import LISTED, Scope

Mask = NDArray[np.bool_]
KINDS = ("language", "territory", "industry", "product")
MARKS = ("is_key", "is_demanding", "weight")

UNITS = """
CREATE TEMPORARY TABLE planning_unit AS
SELECT s.unit_id, s.is_account, o.heat, o.value, s.owner_id, s.holder_id IS NOT NULL AS is_left,
       CASE WHEN NOT s.is_account THEN o.account_owner_id END AS preferred_id,
       ARRAY_REMOVE(ARRAY[o.language], '') AS language,
       ARRAY_REMOVE(ARRAY[coalesce(nullif(o.territory, ''), o.country)], '') AS territory,
       ARRAY_REMOVE(ARRAY[o.industry], '') AS industry,
       coalesce(p.names, '{{}}') AS product
FROM ({heated}) o
JOIN planning_scope s ON s.record_id = o.id AND s.unit_id = o.id
LEFT JOIN (
    SELECT unit_id, array_agg(name ORDER BY name) AS names FROM ({products}) each GROUP BY unit_id
) p ON p.unit_id = s.unit_id
"""

# Every list of skills by its place among all of its kind.
UNIT_COLUMNS = {
    "unit": "unit_id",
    "is_account": "is_account::int::bigint",
    "heat": "heat::bigint",
    "value": "round(greatest(coalesce(value, 0), 0))::bigint",
    "is_known": "(value IS NOT NULL)::int::bigint",
    "is_key": "(is_account AND value > 0 AND coalesce(value >= {key_value}, false))::int::bigint",
    "owner": "owner_id",
    "is_left": "is_left::int::bigint",
    "preferred": "coalesce(preferred_id, 0)",
    **{kind: f"dense_rank() OVER (ORDER BY {kind}) - 1" for kind in KINDS},
}


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

    def fits(self, kind: int) -> Ints:
        """m: the points of a class, whoever its units are."""
        rows = [self.points[each][self.asks[each][kind]] for each in KINDS]
        fits: Ints = np.sum(rows, axis=0, dtype=np.int64)
        return fits

    def removal(self, unit: int, person: int) -> Removal | None:
        """Why the person may not take the unit, both by index; None where nothing hinders."""
        who = self.persons[person]
        nobody = Problem(units=(), candidates=(who,), rules=self.rules, excluded=self.excluded)
        is_barred = ((self.barred.unit == unit) & (self.barred.person == person)).any()
        sample = self.sample[self.kind[unit]]
        barred = replace(sample, barred=frozenset({who.id}) if is_barred else frozenset())
        return personal_removal(who, nobody) or removal_of(barred, who, self.rules)


def company_of(*, scope: Scope, asked: Asked, policy: Policy, now: datetime) -> Company:
    """The listed scope as arrays: the same rules and points as `problem_of` has it."""
    skills = facts.skills()
    recorded = frozenset().union(*skills.values())
    rules = rules_of(policy, recorded=recorded, tolerance=asked.tolerance)
    raw = _units(policy, now=now)
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
    kind, of_kind = _classes(raw, tier=tier, weight=weight)
    nobody = Problem(units=(), candidates=tuple(persons), rules=rules, excluded=asked.excluded)
    asking = _asking(policy, recorded=recorded)
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
        kind=kind,
        sample=_samples(of_kind, asking),
        excluded=asked.excluded,
        may=_may(of_kind, asking=asking, problem=nobody),
        points=_points(asking, problem=nobody),
        asks={each: of_kind[each] for each in KINDS},
        extra=_extra(scope, units=units, ids=ids, owner=owner, rules=rules),
        barred=_pairs(units, ids, columns(facts.BARRED, ("unit", "person"))),
        persons=tuple(persons),
        rules=rules,
        capacity=capacity,
    )


def _units(policy: Policy, *, now: datetime) -> dict[str, Ints]:
    """Reads the units of the scope; their texts stay in the table of units."""
    query, parameters = heated(query=LISTED, rule=policy.heat, now=now)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.planning_unit")
        cursor.execute(UNITS.format(heated=query, products=facts.PRODUCTS), parameters)
    least = facts.key_value(policy, now=now)
    said = (
        each.format(key_value="NULL" if least is None else least) for each in UNIT_COLUMNS.values()
    )
    listed = f"SELECT {', '.join(said)} FROM planning_unit ORDER BY unit_id"
    return columns(listed, tuple(UNIT_COLUMNS))


def _weights_of(asked: Asked, units: Ints, weight: Ints) -> dict[int, int]:
    """The weights of pinned units."""
    places = {pin.unit: int(np.searchsorted(units, pin.unit)) for pin in asked.pins}
    return {
        unit: int(weight[place])
        for unit, place in places.items()
        if place < len(units) and units[place] == unit
    }


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
