"""The page that says why one unit goes where it goes, and what another choice would mean."""

from dataclasses import dataclass
from typing import Any

from legato.books.queries import names_of
from legato.domain.errors import NotFound
from legato.people.queries import Someone, people
from legato.planning.models import Assignment
from legato.planning.queries.explaining import (
    Beside,
    alternative,
    beside,
    explained,
    lacking,
    portion,
)
from legato.planning.queries.pages import seen_plan
from legato.planning.queries.plans import PlanView
from legato.solver.asking import Instead
from legato.solver.infeasible import Shortage
from legato.solver.portions import Part
from legato.solver.ways_out import WayOut


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    plan: PlanView
    unit: int
    name: str
    kind: str
    heat: str
    person_id: int
    person: str
    is_orphan: bool
    reason: dict[str, Any]
    """As it is stored, with all that can be told of it now."""
    parts: tuple[Part, ...]
    """Of a pinned unit: its owner's part of everything."""
    names: dict[int, str]
    """Of everybody who may be asked about, by id."""
    instead: Instead | None
    """What giving it to the person asked about would mean."""
    units: dict[int, str]
    """Names of what would change hands with it, and of what would help."""
    ways_out: tuple[WayOut, ...]
    """Of what fits nobody: what would help."""


def explained_page(viewer: Someone, *, plan_id: int, unit: int, person: int) -> Explained:
    """One decision; ``person`` is who else is asked about, 0 for nobody. Raises `NotFound` also
    where the plan may not be seen."""
    plan = seen_plan(viewer, plan_id=plan_id)
    row = Assignment.objects.filter(plan=plan_id, unit=unit).select_related("unit", "person")
    found = row.first()
    candidates = {each["person"] for each in plan.certificate["persons"]}
    if found is None or (person and person not in candidates):
        raise NotFound(what="record", name=unit)
    reason = explained(plan_id=plan_id, unit=unit)
    told = alternative(plan_id=plan_id, unit=unit, person=person, exact=True) if person else None
    is_pinned = reason["code"] == "pinned"
    known = people(ids=candidates | set(plan.holders))
    ways_out = _ways_out(plan_id, unit) if found.is_orphan else ()
    named = {record for many in told.units for record in many} if told else set()
    named |= {int(fact) for way in ways_out for name, fact in way.facts if name == "unit"}
    return Explained(
        plan=plan,
        unit=unit,
        name=found.unit.name,
        kind=found.unit.kind,
        heat=found.heat,
        person_id=found.person_id,
        person=found.person.name,
        is_orphan=found.is_orphan,
        reason=reason,
        parts=portion(plan_id=plan_id, person=found.person_id) if is_pinned else (),
        names={each.id: each.name for each in known.values()},
        instead=told,
        units=names_of(records=named) if named else {},
        ways_out=ways_out,
    )


def _ways_out(plan_id: int, unit: int) -> tuple[WayOut, ...]:
    """What would help somebody to take the unit, each way once."""
    found = (each for each in lacking(plan_id=plan_id) if unit in each.units)
    return tuple(dict.fromkeys(way for each in found for way in each.ways_out))


@dataclass(frozen=True, slots=True, kw_only=True)
class PartPage:
    """What somebody gets of everything that is shared out, and why that much."""

    plan: PlanView
    person: str
    parts: tuple[Part, ...]
    beside: Beside


def part_page(viewer: Someone, *, plan_id: int, person: int) -> PartPage:
    """Raises `NotFound` also where the plan may not be seen."""
    plan = seen_plan(viewer, plan_id=plan_id)
    if person not in {each["person"] for each in plan.certificate["persons"]}:
        raise NotFound(what="person", name=person)
    return PartPage(
        plan=plan,
        person=people(ids={person})[person].name,
        parts=portion(plan_id=plan_id, person=person),
        beside=beside(plan_id=plan_id, person=person),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Lacking:
    """What nobody could take, what would help, and the names of the units."""

    shortages: tuple[Shortage, ...]
    units: dict[int, str]


def lacking_of(plan: PlanView) -> Lacking | None:
    """None where everything has found somebody."""
    if not plan.certificate["orphans"]:
        return None
    found = lacking(plan_id=plan.id)
    told = {unit for each in found for unit in each.units}
    return Lacking(shortages=found, units=names_of(records=told))
