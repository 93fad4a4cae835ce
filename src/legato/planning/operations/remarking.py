"""What is said about a plan before it is carried out: sent for approval, asked, objected, refused.

Each is kept with the plan for good. Only a second person's no changes what can be done with it.
"""

from datetime import datetime

from django.db import transaction

from legato.domain.errors import NotFound, Refused
from legato.ledger.models import Entry
from legato.ledger.operations import once, record
from legato.people.queries import check_may_plan
from legato.planning.models import Assignment, Commit, Plan, Remark
from legato.planning.operations.approving import (
    check_undecided,
)
from legato.planning.operations.committing import AlreadyCommitted
from legato.planning.operations.informing import tell_of
from legato.planning.operations.shared import books_of, holders_of, lock_books, locked_plan
from legato.planning.queries.standing import may_be_seen_by_receivers


class WordsNeeded(Refused):
    """A no, a question and an objection say why. No facts."""

    code = "words_needed"


@transaction.atomic(durable=True)
@once
def send(*, plan_id: int, actor: int, now: datetime, reason: str, key: str | None = None) -> int:
    """Sends a plan for approval, with a note for who approves; the entry.

    From now on those who receive in it see their own part. Raises `NotFound`, `MayNotManage`,
    `AlreadyApproved`, `AlreadyRejected`, `NobodyMayApprove`, `DepartureOver`.
    """
    plan = _locked(plan_id)
    check_may_plan(actor=actor, leavers=holders_of(plan_id))
    check_undecided(plan, approver=None)
    return _said(plan, "request", actor=actor, at=now, text=reason)


@transaction.atomic(durable=True)
@once
def reject(*, plan_id: int, actor: int, now: datetime, reason: str, key: str | None = None) -> int:
    """A second person's no, with the reason; nobody approves the plan any more. The entry.

    Raises `NotFound`, `WordsNeeded`, `AlreadyApproved`, `AlreadyRejected`, `MayNotApprove`,
    `NobodyMayApprove`, `DepartureOver`.
    """
    plan = _locked(plan_id)
    check_undecided(plan, approver=actor)
    return _said(plan, "rejection", actor=actor, at=now, text=_words(reason))


@transaction.atomic(durable=True)
@once
def ask(*, plan_id: int, actor: int, now: datetime, text: str, key: str | None = None) -> int:
    """A question about a plan by whoever manages departures. The entry.

    Raises `NotFound`, `MayNotManage`, `WordsNeeded`, `AlreadyCommitted`, `DepartureOver`.
    """
    return _talked(plan_id, "question", actor=actor, now=now, text=text)


@transaction.atomic(durable=True)
@once
def reply(*, plan_id: int, actor: int, now: datetime, text: str, key: str | None = None) -> int:
    """An answer to what was asked or objected. Raises as `ask`."""
    return _talked(plan_id, "answer", actor=actor, now=now, text=text)


@transaction.atomic(durable=True)
@once
def object_to(*, plan_id: int, actor: int, now: datetime, text: str, key: str | None = None) -> int:
    """An objection of somebody who receives in the plan and may see it. The entry.

    Raises `NotFound` for everybody else, `WordsNeeded`, `AlreadyCommitted`, `DepartureOver`.
    """
    plan = _locked(plan_id)
    receives = Assignment.objects.filter(plan=plan, person=actor, is_orphan=False).exists()
    if not receives or not may_be_seen_by_receivers(plan_id=plan_id):
        raise NotFound(what="plan", name=plan_id)
    _refuse_committed(plan)
    return _said(plan, "objection", actor=actor, at=now, text=_words(text))


def _talked(plan_id: int, kind: str, *, actor: int, now: datetime, text: str) -> int:
    plan = _locked(plan_id)
    check_may_plan(actor=actor, leavers=holders_of(plan_id))
    _refuse_committed(plan)
    return _said(plan, kind, actor=actor, at=now, text=_words(text))


def _locked(plan_id: int) -> Plan:
    plan = locked_plan(plan_id)
    lock_books(books_of(plan_id))
    return plan


def _refuse_committed(plan: Plan) -> None:
    done = Commit.objects.filter(plan=plan).first()
    if done is not None:
        raise AlreadyCommitted(plan=plan.pk, commit=done.pk)


def _words(text: str) -> str:
    if not text.strip():
        raise WordsNeeded()
    return text.strip()


KINDS = {
    "request": "plan_sent",
    "rejection": "plan_rejected",
    "question": "plan_question",
    "answer": "plan_answer",
    "objection": "plan_objection",
}
"""How the ledger calls each."""


def _said(plan: Plan, kind: str, *, actor: int, at: datetime, text: str) -> int:
    entry: Entry = record(
        chain=plan.entry.chain, kind=KINDS[kind], actor=actor, at=at, reason=text,
        facts={"plan": plan.pk, "digest": plan.digest},
    )  # fmt: skip
    Remark.objects.create(plan=plan, entry=entry, kind=kind, person_id=actor, text=text, at=at)
    tell_of(plan, KINDS[kind], actor=actor, entry=entry.pk, at=at)
    return entry.pk
