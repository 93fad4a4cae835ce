"""What a plan would be: the facts as they are now, solved and judged. Writes nothing.

The long work stands here, outside any transaction; who writes the plan compares the rows again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from legato.books.models import Book
from legato.books.queries import record_named
from legato.domain.errors import NotFound, Refused
from legato.domain.plan import Certificate, Pin, Problem, Proposal, Violation
from legato.domain.plan import certificate as certificate_of
from legato.domain.plan import violations as violations_of
from legato.domain.policy import Policy
from legato.people.queries import policy, reps
from legato.planning import stored
from legato.planning.models import Assignment
from legato.planning.operations.shared import with_weights
from legato.planning.snapshots import (
    Asked,
    Capacity,
    Scope,
    list_scope,
    problem_of,
    rows_sha256,
    units_listed,
)
from legato.solver import Budget, solve

EXACT_UNITS = 500
"""The most units whose split is proven by an exact search."""
Width = Literal["case", "team", "company"]
Watch = Callable[[Any], None]


class RecordUnclear(Refused):
    """A pin names several records. Facts: ``reference``, ``found`` (id, kind, name)."""

    code = "record_unclear"


class NothingToPlan(Refused):
    """Every record of the book has its new owner already, or is closed. Facts: ``case``."""

    code = "nothing_to_plan"


class TooLargeForExact(Refused):
    """An exact proof is for small splits. Facts: ``units``, ``limit``."""

    code = "too_large_for_exact"


class InterimEndsPast(Refused):
    """An interim must end later than it begins. Facts: ``until``."""

    code = "interim_ends_past"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the planner asks for. Pins are (record, person): a record's id, key or name."""

    seed: int = 1
    pins: tuple[tuple[str, int], ...] = ()
    excluded: frozenset[int] = frozenset()
    weights: Mapping[str, int] = field(default_factory=dict)
    scope: Width = "case"
    team: str | None = None
    """The team that a plan of that scope splits again."""
    until: datetime | None = None
    """The new owners are interim ones until then."""
    returns: bool = False
    """When the interim is over, the records go back to who leaves them now."""
    tolerance: int | None = None
    """Permitted deviation of value and workload, thousandths of a share."""
    exact: bool = False
    origin: int | None = None
    """The plan whose choices are preferred and whose prices are the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A plan that nobody has written down."""

    scope: Scope
    rules: Policy
    problem: Problem
    proposal: Proposal
    violations: tuple[Violation, ...]
    certificate: Certificate
    capacity: Capacity
    rows_sha256: str


def decide(
    *, books: Sequence[int], options: Options, now: datetime, watch: Watch | None = None,
    holders: frozenset[int] = frozenset(),
) -> Decided:  # fmt: skip
    """Decides for the books, and for what the ``holders`` hold besides; a reorganisation for
    everybody's accounts in its scope.

    Raises `NotFound`, `RecordUnclear`, `TooLargeForExact`, `InterimEndsPast`, the refusals of pins,
    and what ``watch`` raises.
    """
    if options.until is not None and options.until <= now:
        raise InterimEndsPast(until=options.until)
    rules = with_weights(policy(), options.weights)
    asked = asked_of(options)
    leaving = holders | frozenset(
        Book.objects.filter(pk__in=books).values_list("holder_id", flat=True)
    )
    scope = list_scope(
        books=books,
        holders=leaving,
        reps=reps_of(options),
        pinned={pin.unit for pin in asked.pins},
    )
    if options.exact and units_listed() > EXACT_UNITS:
        raise TooLargeForExact(units=units_listed(), limit=EXACT_UNITS)
    problem, capacity = problem_of(scope=scope, asked=asked, policy=rules, now=now)
    proposal = solve(problem=problem, budget=Budget(), seed=options.seed)
    return Decided(
        scope=scope,
        rules=rules,
        problem=problem,
        proposal=proposal,
        violations=violations_of(problem, proposal),
        certificate=certificate_of(problem, proposal),
        capacity=capacity,
        rows_sha256=rows_sha256(),
    )


def asked_of(options: Options) -> Asked:
    """The options with records found. Raises `NotFound`, `RecordUnclear`."""
    return Asked(
        pins=tuple(_pin(reference, person) for reference, person in options.pins),
        excluded=options.excluded,
        until=options.until,
        tolerance=options.tolerance,
        kept=_choices(options.origin) if options.origin is not None else {},
    )


def reps_of(options: Options) -> frozenset[int]:
    """Whose accounts are split again."""
    if options.scope == "case":
        return frozenset()
    return reps(team=options.team if options.scope == "team" else None)


def _choices(plan: int) -> dict[int, int]:
    made = Assignment.objects.filter(plan=plan, is_orphan=False)
    return dict(made.values_list("unit_id", "person_id"))


def _pin(reference: str, person: int) -> Pin:
    found = record_named(reference=reference)
    if not found:
        raise NotFound(what="record", name=reference)
    if len(found) > 1:
        raise RecordUnclear(reference=reference, found=found)
    return Pin(unit=found[0][0], person=person)


def options_from(values: Mapping[str, Any]) -> Options:
    """The options of a plan as they were stored with it."""
    until = values.get("until")
    known = {name: values[name] for name in ("seed", "weights") if name in values}
    later = ("scope", "team", "returns", "tolerance", "exact", "origin")
    return Options(
        **known,
        **{name: values[name] for name in later if name in values},
        pins=tuple((reference, person) for reference, person in values["pins"]),
        excluded=frozenset(values["excluded"]),
        until=datetime.fromisoformat(until) if until else None,
    )


def options_stored(options: Options, capacity: Capacity) -> dict[str, Any]:
    return {**stored.plain(options), "capacity": stored.plain(capacity)}
