"""What the pages and commands show of plans and receipts. Values are plain."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from legato.domain.errors import NotFound
from legato.ledger.models import Entry
from legato.planning.models import Approval, Commit, Plan, Undo


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanView:
    """A plan with its state; ``certificate`` and ``options`` as they are stored."""

    id: int
    book: int
    chain: str
    digest: str
    seed: int
    parent: int | None
    holder_id: int
    proposer_id: int
    proposer: str
    made_at: datetime
    options: dict[str, Any]
    certificate: dict[str, Any]
    approver: str | None
    approved_at: datetime | None
    commit: int | None
    committed_at: datetime | None
    moved: int | None
    undo: int | None


def plan(*, plan_id: int) -> PlanView:
    """One plan. Raises `NotFound`."""
    row = Plan.objects.select_related("book", "entry", "proposer").filter(pk=plan_id).first()
    if row is None:
        raise NotFound(what="plan", name=plan_id)
    return _view(row)


def plans(*, book: int) -> list[PlanView]:
    """The plans made for a book, latest first."""
    rows = Plan.objects.select_related("book", "entry", "proposer").filter(book_id=book)
    return [_view(row) for row in rows.order_by("-pk")]


def latest_plan(*, book: int) -> int | None:
    """The plan a new one follows."""
    return Plan.objects.filter(book_id=book).order_by("-pk").values_list("pk", flat=True).first()


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentView:
    unit: int
    kind: str
    name: str
    heat: str
    value: int
    person_id: int
    person: str
    is_orphan: bool
    reason: dict[str, Any]
    goes_along: int
    """Records that move with the unit."""


ASSIGNMENTS = """
SELECT a.unit_id, r.kind, r.name, a.person_id, p.name, a.is_orphan, a.reason,
       (SELECT count(*) FROM planning_move m
        WHERE m.plan_id = a.plan_id AND m.unit_id = a.unit_id AND m.record_id <> a.unit_id)
FROM planning_assignment a
JOIN books_record r ON r.id = a.unit_id
JOIN people_person p ON p.id = a.person_id
WHERE a.plan_id = %s ORDER BY a.unit_id
"""


def assignments(*, plan_id: int) -> list[AssignmentView]:
    """Every decision of a plan, hottest and most valuable first."""
    units = {unit["id"]: unit for unit in Plan.objects.get(pk=plan_id).problem["units"]}
    with connection.cursor() as cursor:
        cursor.execute(ASSIGNMENTS, [plan_id])
        rows = cursor.fetchall()
    found = [
        AssignmentView(
            unit=row[0], kind=row[1], name=row[2], heat=units[row[0]]["heat"],
            value=units[row[0]]["value"], person_id=row[3], person=row[4], is_orphan=row[5],
            reason=_json(row[6]), goes_along=row[7],
        )
        for row in rows
    ]  # fmt: skip
    order = ("hot", "warm", "cold")
    return sorted(found, key=lambda each: (order.index(each.heat), -each.value, each.unit))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptRow:
    """One record before and after a change of owners."""

    record: int
    kind: str
    key: str
    name: str
    account: str
    owner_before: str
    owner_before_id: int
    since_before: datetime
    owner_after: str
    owner_after_id: int
    since_after: datetime


RECEIPT = """
SELECT r.id, r.kind, r.key, r.name, coalesce(a.name, ''), b.name, b.id, s.since, g.name, g.id,
       s.until
FROM books_span s
JOIN books_record r ON r.id = s.record_id
LEFT JOIN books_record a ON a.id = r.account_id
JOIN people_person b ON b.id = s.owner_id
JOIN people_person g ON g.id = s.given_to_id
WHERE s.ended_by_id = %s ORDER BY r.id
"""


def receipt(*, entry_id: int) -> list[ReceiptRow]:
    """What an entry changed, row by row, in order of the record's id. Raises `NotFound`."""
    if not Entry.objects.filter(pk=entry_id).exists():
        raise NotFound(what="receipt", name=entry_id)
    names = ReceiptRow.__slots__
    with connection.cursor() as cursor:
        cursor.execute(RECEIPT, [entry_id])
        return [ReceiptRow(**dict(zip(names, row, strict=True))) for row in cursor.fetchall()]


def chain_of(*, entry_id: int) -> str:
    """What the entry is about. Raises `NotFound`."""
    found = Entry.objects.filter(pk=entry_id).values_list("chain", flat=True).first()
    if found is None:
        raise NotFound(what="commit", name=entry_id)
    return found


def _view(row: Plan) -> PlanView:
    approval = Approval.objects.select_related("approver").filter(plan=row).first()
    commit = Commit.objects.filter(plan=row).first()
    undo = Undo.objects.filter(undone_id=commit.pk).first() if commit else None
    return PlanView(
        id=row.pk,
        book=row.book_id,
        chain=row.entry.chain,
        digest=row.digest,
        seed=row.seed,
        parent=row.parent_id,
        holder_id=row.book.holder_id,
        proposer_id=row.proposer_id,
        proposer=row.proposer.name,
        made_at=row.made_at,
        options=row.options,
        certificate=row.certificate,
        approver=approval.approver.name if approval else None,
        approved_at=approval.at if approval else None,
        commit=commit.pk if commit else None,
        committed_at=commit.at if commit else None,
        moved=commit.moved if commit else None,
        undo=undo.pk if undo else None,
    )


def _json(value: Any) -> dict[str, Any]:
    return dict(json.loads(value) if isinstance(value, str) else value)
