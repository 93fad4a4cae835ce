"""What a plan would be: the facts as they are now, solved and judged. Writes nothing.

The long work stands here, outside any transaction; who writes the plan compares the rows again.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from legato.books.models import Book
from legato.domain.eligibility import impossible_pins
from legato.domain.errors import Refused
from legato.domain.instance import AMOUNTS
from legato.domain.plain import plain
from legato.domain.plan import HEATS, Problem, certificate, violations
from legato.domain.policy import Policy
from legato.people.queries import policy, reps
from legato.planning.operations.decided import Decided, Decision
from legato.planning.operations.options import Options, asked_of, reps_of
from legato.planning.operations.prices import Prices, prices_of_plan, start_from
from legato.planning.operations.reorganising import reorganised
from legato.planning.operations.seen import Seen, Watch
from legato.planning.operations.shared import with_weights
from legato.planning.snapshots import (
    Asked,
    Scope,
    list_scope,
    problem_of,
    rows_sha256,
    units_listed,
)
from legato.solver import Budget, Progress, solve

ARCS_ONE_BY_ONE = 200_000
"""Up to so many pairs of a unit and a candidate a plan is decided and explained one by one."""


class NothingToPlan(Refused):
    """Every record of the book has its new owner already, or is closed. Facts: ``case``."""

    code = "nothing_to_plan"


class InterimEndsPast(Refused):
    """An interim must end later than it begins. Facts: ``until``."""

    code = "interim_ends_past"


def decide(
    *,
    books: Sequence[int],
    holders: Collection[int] = (),
    options: Options,
    now: datetime,
    start: Prices | None = None,
    watch: Watch | None = None,
    one_by_one: int = ARCS_ONE_BY_ONE,
) -> Decided:
    """Decides for the books, for what the ``holders`` hold besides, and in a reorganisation for
    everybody's accounts in its scope.

    Raises `NotFound`, `RecordUnclear`, `NothingToPlan`, `InterimEndsPast`, the refusals of
    pins, `solver.TooLargeToProve`, and what ``watch`` raises.
    """
    if options.until is not None and options.until <= now:
        raise InterimEndsPast(until=options.until)
    asked = asked_of(options)
    given = Book.objects.filter(pk__in=books).values_list("holder_id", flat=True)
    scope = list_scope(
        books=books,
        holders={*holders, *given},
        reps=reps_of(options),
        pinned={pin.unit for pin in asked.pins},
    )
    if not scope.records:
        raise NothingToPlan()
    rules = with_weights(policy(), options.weights)
    if start is None and options.origin is not None:
        start = prices_of_plan(options.origin)
    if units_listed() * len(scope.reps or reps(team=None)) > one_by_one:
        return reorganised(
            scope=scope,
            asked=asked,
            options=options,
            rules=rules,
            now=now,
            start=start,
            watch=watch,
        )
    return _one_by_one(
        scope, asked, options=options, rules=rules, now=now, start=start, watch=watch
    )


def _one_by_one(
    scope: Scope,
    asked: Asked,
    *,
    options: Options,
    rules: Policy,
    now: datetime,
    start: Prices | None,
    watch: Watch | None,
) -> Decided:
    problem, capacity = problem_of(scope=scope, asked=asked, policy=rules, now=now)
    lost = impossible_pins(problem, among=options.inherited) if options.inherited else {}
    problem = replace(problem, pins=tuple(pin for pin in problem.pins if pin not in lost))
    proposal = solve(
        problem=problem,
        budget=Budget(exact=options.exact),
        seed=options.seed,
        start=start_from(start, persons=_persons(problem), measures=_measures(problem)),
        watch=watch and _passed_on(watch),
    )
    units = {unit.id: unit for unit in problem.units}
    return Decided(
        scope=scope,
        rules=rules,
        problem=plain(problem),
        proposal=plain(proposal),
        violations=violations(problem, proposal),
        certificate=certificate(problem, proposal),
        capacity=capacity,
        rows_sha256=rows_sha256(),
        decisions=tuple(
            Decision(
                unit=each.unit,
                person=each.person,
                heat=units[each.unit].heat,
                value=units[each.unit].value,
                value_known=units[each.unit].value_known,
                reason=plain(each.reason),
            )
            for each in proposal.placements
        ),
        lost=tuple((pin.unit, pin.person, why) for pin, why in lost.items()),
    )


def _persons(problem: Problem) -> NDArray[np.int64]:
    return np.array([each.id for each in problem.candidates], dtype=np.int64)


def _measures(problem: Problem) -> tuple[str, ...]:
    """As the solver names them."""
    tiers = sorted({unit.tier for unit in problem.units})
    fine = [f"{heat}/{tier}" for heat in HEATS for tier in tiers] if any(tiers) else []
    return (*fine, *HEATS, "total", *AMOUNTS)


def _passed_on(watch: Watch) -> Callable[[Progress], None]:
    def told(progress: Progress) -> None:
        watch(Seen(phase=progress.phase, step=progress.step, steps=progress.steps, prices=None))

    return told
