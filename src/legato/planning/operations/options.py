"""What is asked for when a plan is made, and how that is kept with the plan."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from legato.books.queries import record_named
from legato.domain.errors import NotFound, Refused
from legato.domain.plan import Pin
from legato.people.queries import reps
from legato.planning.models import Assignment
from legato.planning.snapshots import Asked

Width = Literal["case", "team", "company"]
LATER = ("scope", "team", "returns", "tolerance", "exact", "origin")
"""Options that plans made by earlier versions do not name."""


class RecordUnclear(Refused):
    """A pin names several records. Facts: ``reference``, ``found`` (id, kind, name)."""

    code = "record_unclear"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the planner asks for. Pins are (record, person): a record's id, key or name."""

    seed: int = 1
    pins: tuple[tuple[str, int], ...] = ()
    excluded: frozenset[int] = frozenset()
    weights: Mapping[str, int] = field(default_factory=dict)
    scope: Width = "case"
    """``case``: the books alone. ``team``, ``company``: every rep's accounts there as well."""
    team: str | None = None
    until: datetime | None = None
    """The new owners are interim ones until then."""
    returns: bool = False
    """When the interim is over, the records go back to who leaves them now."""
    tolerance: int | None = None
    """Permitted deviation of value and workload, thousandths of a share."""
    exact: bool = False
    """The split is proven by an exact search."""
    origin: int | None = None
    """The plan whose choices are preferred and whose prices are the first."""
    inherited: frozenset[int] = frozenset()
    """Units whose pins are an earlier plan's: what has become impossible of them is left out and
    told with the plan, not refused."""


def options_from(values: Mapping[str, Any]) -> Options:
    """The options as they were stored with a plan."""
    until = values.get("until")
    return Options(
        seed=values["seed"],
        weights=values["weights"],
        pins=tuple((reference, person) for reference, person in values["pins"]),
        excluded=frozenset(values["excluded"]),
        until=datetime.fromisoformat(until) if until else None,
        **{name: values[name] for name in LATER if name in values},
    )


def again(
    before: Options,
    *,
    weights: Mapping[str, int],
    tolerance: int | None,
    looked_at: Collection[int],
    pins: Mapping[int, int],
    excluded: frozenset[int],
    origin: int | None = None,
) -> Options:
    """What is asked of a plan that somebody makes from another one while looking at it.

    Of the units ``looked_at`` only ``pins`` stay pinned; what was not in sight stays as it was.
    ``origin`` is the plan whose choices are preferred. Raises `NotFound`, `RecordUnclear`.
    """
    unseen = {record_called(record): who for record, who in before.pins}
    kept = {unit: who for unit, who in unseen.items() if unit not in looked_at}
    return replace(
        before,
        weights=weights,
        tolerance=tolerance,
        excluded=excluded,
        pins=tuple((f"#{unit}", who) for unit, who in sorted({**kept, **pins}.items())),
        origin=origin,
    )


def inheriting(options: Options, *, from_plan: Options) -> Options:
    """The options, with the pins among them that are that plan's as inherited ones. Raises
    `NotFound`, `RecordUnclear`."""
    before = {(record_called(record), who) for record, who in from_plan.pins}
    now = {(record_called(record), who) for record, who in options.pins}
    return replace(options, inherited=frozenset(unit for unit, _who in before & now))


def without(options: Options, *, lost: Collection[int]) -> Options:
    """The options without the pins of some units."""
    pins = tuple(each for each in options.pins if not lost or record_called(each[0]) not in lost)
    return replace(options, pins=pins)


def asked_of(options: Options) -> Asked:
    """The options with their records found. Raises `NotFound`, `RecordUnclear`."""
    return Asked(
        pins=tuple(
            Pin(unit=record_called(reference), person=person) for reference, person in options.pins
        ),
        excluded=options.excluded,
        until=options.until,
        tolerance=options.tolerance,
        kept=_choices(options.origin) if options.origin is not None else {},
    )


def reps_of(options: Options) -> frozenset[int]:
    """Whose accounts are split again. Raises `NotFound`."""
    if options.scope == "case":
        return frozenset()
    return reps(team=options.team if options.scope == "team" else None)


def _choices(plan: int) -> dict[int, int]:
    made = Assignment.objects.filter(plan=plan, is_orphan=False)
    return dict(made.values_list("unit_id", "person_id"))


def record_called(reference: str) -> int:
    """The one record of that id (``#12``), key or name. Raises `NotFound`, `RecordUnclear`."""
    found = record_named(reference=reference)
    if not found:
        raise NotFound(what="record", name=reference)
    if len(found) > 1:
        raise RecordUnclear(reference=reference, found=found)
    return found[0][0]
