"""A second person's yes."""

from datetime import datetime

from django.db import connection, transaction

from legato.domain.errors import Refused
from legato.ledger.models import Entry
from legato.ledger.operations import answered, record, remember
from legato.people.queries import people
from legato.planning.models import Approval, Assignment, Plan, Remark
from legato.planning.operations.informing import tell_of
from legato.planning.operations.shared import (
    NAMED_AT_MOST,
    books_of,
    holders_of,
    lock_books,
    locked_plan,
    name_of,
)
from legato.planning.queries import approvers


class MayNotApprove(Refused):
    """Facts: ``name``, ``why`` (``is_proposer``, ``is_leaver``, ``receives``, ``not_manager``,
    ``not_employed``), ``others``: the names of those who may."""

    code = "may_not_approve"


class NobodyMayApprove(Refused):
    """No employed manager or director is outside the plan. Facts: ``plan``."""

    code = "nobody_may_approve"


class AlreadyApproved(Refused):
    """Facts: ``plan``, ``by``."""

    code = "already_approved"


class AlreadyRejected(Refused):
    """Facts: ``plan``, ``by``."""

    code = "already_rejected"


class PlanHasConflicts(Refused):
    """Somebody gets what a conflict of interest, noted since, keeps from them. Facts: ``plan``,
    ``conflicts`` (``record``, ``name``, ``person``: the name), ``count``."""

    code = "plan_has_conflicts"


# A conflict about an account is about everything on it.
CONFLICTS = """
SELECT r.id, r.name, p.name
FROM planning_assignment a
JOIN books_record r ON r.id = a.unit_id
JOIN books_bar b ON b.person_id = a.person_id AND b.released_by_id IS NULL
    AND b.record_id IN (r.id, r.account_id)
JOIN people_person p ON p.id = a.person_id
WHERE a.plan_id = %s AND NOT a.is_orphan
ORDER BY r.id
"""


@transaction.atomic(durable=True)
def approve(
    *, plan_id: int, approver: int, now: datetime, reason: str, key: str | None = None
) -> Entry:
    """Approves a plan as a second person. The entry of the approval.

    Raises `NotFound`, `AlreadyApproved`, `AlreadyRejected`, `MayNotApprove`, `NobodyMayApprove`,
    `PlanHasConflicts`, `DepartureOver`.
    """
    asked = {"approve": plan_id, "approver": approver}
    if earlier := answered(key=key, asked=asked):
        return Entry.objects.get(pk=earlier["entry"])
    plan = locked_plan(plan_id)
    check_undecided(plan, approver=approver)
    _refuse_conflicts(plan_id)
    entry = record(
        chain=plan.entry.chain, kind="approval", actor=approver, at=now, reason=reason,
        facts={"plan": plan_id, "digest": plan.digest},
    )  # fmt: skip
    Approval.objects.create(plan=plan, approver_id=approver, at=now, entry=entry)
    tell_of(plan, "approval", actor=approver, entry=entry.pk, at=now)
    remember(key=key, asked=asked, answer={"entry": entry.pk}, entry=entry)
    return entry


def check_undecided(plan: Plan, *, approver: int | None) -> None:
    """Whether that person, or anybody at all, may still say yes or no to a plan.

    Raises `AlreadyApproved`, `AlreadyRejected`, `DepartureOver`, `MayNotApprove`,
    `NobodyMayApprove`.
    """
    approved = Approval.objects.select_related("approver").filter(plan=plan).first()
    if approved is not None:
        raise AlreadyApproved(plan=plan.pk, by=approved.approver.name)
    no = Remark.objects.select_related("person").filter(plan=plan, kind="rejection").first()
    if no is not None:
        raise AlreadyRejected(plan=plan.pk, by=no.person.name)
    lock_books(books_of(plan.pk))
    why = _why_not_approve(plan, approver) if approver is not None else None
    if approver is not None and why is None:
        return
    others = approvers(plan_id=plan.pk, limit=NAMED_AT_MOST)
    if not others:
        raise NobodyMayApprove(plan=plan.pk)
    if approver is not None:
        raise MayNotApprove(name=name_of(approver), why=why, others=others)


def _refuse_conflicts(plan_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(CONFLICTS, [plan_id])
        names = ("record", "name", "person")
        found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    if found:
        shown = found[:NAMED_AT_MOST]
        raise PlanHasConflicts(plan=plan_id, conflicts=shown, count=len(found))


def _why_not_approve(plan: Plan, person_id: int) -> str | None:
    someone = people(ids={person_id})[person_id]
    receives = Assignment.objects.filter(plan=plan, person_id=person_id).exists()
    checks = {
        "not_employed": not someone.is_employed,
        "is_leaver": person_id in holders_of(plan.pk),
        "is_proposer": person_id == plan.proposer_id,
        "receives": receives,
        "not_manager": someone.role not in ("manager", "director"),
    }
    return next((why for why, applies in checks.items() if applies), None)
