"""The page of a plan: the one look at it from which people decide."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Q

from legato.domain.errors import NotFound
from legato.domain.sight import sees_cases
from legato.people.queries import Someone, people, policy
from legato.planning.models import Assignment, Move, PlanBook
from legato.planning.queries.assignments import (
    ALL,
    AssignmentView,
    Only,
    assignment_count,
    assignments,
)
from legato.planning.queries.plans import PlanView, latest_plan, plan
from legato.planning.queries.shares import Share, shares
from legato.web.paging import SIZE, Page, offset


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The certificate in units that people use."""

    fit: float | None
    """Per cent of what any split within the plan's shares could reach, rounded down; None where
    nothing fits."""
    worst_count: float
    """Units that somebody is away from an equal share of hot, warm, cold or all."""
    worst_value: float
    """The same of value, in per cent of the share."""
    orphans: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPage:
    plan: PlanView
    latest: int
    """The latest plan for the same books."""
    undo_until: datetime | None
    leavers: list[str]
    """Nobody leaves in a reorganisation without departures."""
    figures: Figures
    shares: list[Share]
    units: int
    moved: int
    """Records that would change hands."""
    names: dict[int, str]
    """Of everybody the reasons may speak of."""
    assignments: Page[AssignmentView]


def plan_page(viewer: Someone, *, plan_id: int, page: int, only: Only = ALL) -> PlanPage:
    """A plan with one page of its decisions. Raises `NotFound` also where it may not be seen."""
    found = seen_plan(viewer, plan_id=plan_id)
    candidates = {row["person"] for row in found.certificate["persons"]}
    names = _names(candidates | set(found.holders))
    units = Assignment.objects.filter(plan_id=plan_id).count()
    listed = assignment_count(plan_id=plan_id, only=only) if only != ALL else units
    before = offset(page=page, total=listed)
    shown = assignments(plan_id=plan_id, limit=SIZE, offset=before, only=only)
    return PlanPage(
        plan=found,
        latest=latest_plan(books=found.books) or plan_id,
        undo_until=found.committed_at and found.committed_at + policy().undo_window,
        figures=figures_of(found.certificate),
        leavers=[names[each] for each in found.holders],
        shares=shares(plan_id=plan_id),
        units=units,
        moved=moving(plan_id),
        names=names,
        assignments=Page(rows=shown, number=page, total=listed),
    )


def seen_plan(viewer: Someone, *, plan_id: int) -> PlanView:
    """A plan. Raises `NotFound` also where it may not be seen."""
    found = plan(plan_id=plan_id)
    if not sees_plan(viewer, found):
        raise NotFound(what="plan", name=plan_id)
    return found


def sees_plan(viewer: Someone, plan: PlanView) -> bool:
    """Who sees departures sees every plan in which they do not leave themselves."""
    sees = sees_cases(role=viewer.role, is_employed=viewer.is_employed)
    return sees and viewer.id not in plan.holders


def of_own_book(viewer: Someone, *, plans: Collection[int]) -> set[int]:
    """Those of the plans that `sees_plan` keeps from who sees departures: they leave in them."""
    own = PlanBook.objects.filter(plan__in=plans, book__holder=viewer.id)
    return set(own.values_list("plan_id", flat=True))


def figures_of(certificate: dict[str, Any]) -> Figures:
    return Figures(
        fit=(100_000 - certificate["gap"]) // 10 / 100 if certificate["fit_bound"] else None,
        worst_count=certificate["worst_count"] / 1000,
        worst_value=certificate["worst_value"] / 10,
        orphans=certificate["orphans"],
    )


def _names(ids: set[int]) -> dict[int, str]:
    return {each.id: each.name for each in people(ids=ids).values()}


def moving(plan_id: int) -> int:
    stays = Q(new_owner_id=F("expected_owner_id"), is_covered=False)
    return Move.objects.filter(plan_id=plan_id).exclude(stays).count()
