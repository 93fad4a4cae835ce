"""How a plan stands in the world as it is now: what has changed since, and who may approve it."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from legato.domain.errors import NotFound
from legato.people.models import Person
from legato.people.queries import policy
from legato.planning.models import Approval, Assignment, Plan, PlanBook, Remark
from legato.planning.snapshots.differing import differences, standings_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What of a plan that nobody has carried out is no longer as it was when it was made."""

    records: int
    """All that the plan decides; ``changed`` of them are not as they were."""
    changed: int
    come: int
    """Records that the plan does not know and would have to decide."""
    away: int
    """Records that would go to somebody who is not there any more, or gets nothing new."""
    is_over: bool
    """A departure that it is for is over."""
    same_rules: bool

    @property
    def is_dead(self) -> bool:
        """Nobody can carry it out, whoever approves it."""
        gone = self.changed or self.come or self.away
        return bool(gone) or self.is_over or not self.same_rules


def standings(*, plans: Collection[int]) -> dict[int, Standing]:
    """How plans stand, by id; two statements, however many."""
    version = policy().version
    names = ("records", "changed", "come", "away", "is_over")
    return {
        plan: Standing(**dict(zip(names, row, strict=True)), same_rules=made_by == version)
        for plan, *row, made_by in standings_of(plans)
    }


OPEN = ("proposed", "sent", "approved", "rejected")
"""States of a plan that nobody has carried out."""


def standing(*, plan_id: int, state: str) -> Standing | None:
    """None of a plan that was carried out: what has changed since, it has changed itself."""
    return standings(plans=[plan_id])[plan_id] if state in OPEN else None


def is_dead(*, plan_id: int, state: str) -> bool:
    """Whether nobody has carried the plan out, and nobody can."""
    found = standing(plan_id=plan_id, state=state)
    return found is not None and found.is_dead


def differing(*, plan_id: int) -> list[dict[str, Any]]:
    """Which records are no longer what the plan was made from: see `differences`."""
    return differences(Plan.objects.defer("problem", "proposal").get(pk=plan_id))


def changed_since(*, plan_id: int) -> int:
    """How many records are no longer what the plan was made from. Raises `NotFound`."""
    plan = Plan.objects.defer("problem", "proposal").filter(pk=plan_id).first()
    if plan is None:
        raise NotFound(what="plan", name=plan_id)
    return len(differences(plan))


def may_be_seen_by_receivers(*, plan_id: int) -> bool:
    """A plan is a draft until somebody sends it for approval, or has approved it; one that was
    rejected is nobody's future."""
    said = set(Remark.objects.filter(plan=plan_id).values_list("kind", flat=True))
    if "rejection" in said:
        return False
    return "request" in said or Approval.objects.filter(plan=plan_id).exists()


def who_may_approve(*, plan_id: int) -> dict[int, str]:
    """The names of those who may approve the plan, by id and in order of name: employed managers
    and directors who neither proposed it, nor leave, nor receive in it."""
    plan = Plan.objects.filter(pk=plan_id)
    holders = PlanBook.objects.filter(plan=plan_id)
    found = (
        Person.objects.filter(is_employed=True, role__in=("manager", "director"))
        .exclude(pk__in=plan.values("proposer_id"))
        .exclude(pk__in=holders.values("book__holder_id"))
        .exclude(pk__in=Assignment.objects.filter(plan=plan_id).values("person_id"))
    )
    return dict(found.order_by("name").values_list("pk", "name"))


def approvers(*, plan_id: int, limit: int = 20) -> list[str]:
    """The first of them, by name."""
    return list(who_may_approve(plan_id=plan_id).values())[:limit]
