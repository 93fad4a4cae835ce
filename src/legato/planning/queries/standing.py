"""How a plan stands in the world as it is now: what has changed since, and who may approve it."""

from typing import Any

from legato.domain.errors import NotFound
from legato.people.models import Person
from legato.planning.models import Approval, Assignment, Plan, PlanBook, Remark
from legato.planning.snapshots.differing import differences


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
