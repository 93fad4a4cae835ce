"""The pages of departures: the list, one case, and the receipts of what was done in it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, QuerySet

from legato.books.queries import KindLine, Listed, due, inventory
from legato.departures.queries.burndown import Burndown, burndown
from legato.departures.queries.cases import CaseView, case, case_row, case_rows, case_view
from legato.departures.queries.standing import Standing, standing_of
from legato.domain.errors import NotFound
from legato.domain.sight import sees_cases
from legato.ledger.models import Entry
from legato.people.queries import Someone, people, policy
from legato.planning import queries as planning
from legato.planning.operations.undoing import UNDOABLE
from legato.planning.queries import (
    PlanView,
    ReceiptRow,
    latest_plans,
    receipt,
    receipt_rows,
)
from legato.web.paging import SIZE, Page, offset


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLine:
    """A line of the list of cases; ``plan`` is the latest one."""

    case: CaseView
    records: int
    plan: PlanView | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    sees_cases: bool
    """Whether the viewer's role sees departures at all."""
    lines: list[CaseLine]


def overview(viewer: Someone) -> Overview:
    """Every case the viewer may see, the open ones first, then the latest."""
    if not sees_cases(role=viewer.role, is_employed=viewer.is_employed):
        return Overview(sees_cases=False, lines=[])
    rows = case_rows().exclude(person_id=viewer.id).annotate(records=Count("book__items"))
    plans = latest_plans()
    ordered = rows.order_by(F("closed_at").desc(nulls_first=True), "-opened_at", "-pk")
    lines = [
        CaseLine(case=case_view(row), records=row.records, plan=plans.get(row.book_id))
        for row in ordered
    ]
    return Overview(sees_cases=True, lines=lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """An entry of the case's ledger. ``actor`` is None where the clock did it."""

    entry: int
    kind: str
    at: datetime
    actor: str | None
    reason: str
    has_receipt: bool
    can_be_undone: bool = False
    """By whoever may, now: it moved records, was not taken back, and is not too long ago."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage:
    case: CaseView
    standing: Standing
    inventory: list[KindLine]
    burning: Page[Listed]
    """What is due within ``burning_hours``, overdue first; no more than a page of it."""
    burning_hours: int
    plans: list[PlanView]
    happened: list[Happening]
    """Latest first."""
    burndown: Burndown

    @property
    def is_unprotected(self) -> bool:
        """Something open of the book is still with who leaves."""
        return any(fate.kept.count for fate in self.standing.conservation.fates)


def case_page(viewer: Someone, *, case_id: int, now: datetime) -> CasePage:
    """A case at length. Raises `NotFound` also where it may not be seen."""
    row = case_row(viewer, case_id)
    found, rules = case_view(row), policy()
    hours = rules.burning_hours
    burning, how_many = due(book=found.book, until=now + timedelta(hours=hours), limit=SIZE)
    stands = standing_of(row, viewer=viewer.id, now=now)
    chains = {found.chain} | {each.chain for each in stands.plans}
    return CasePage(
        case=found,
        standing=stands,
        inventory=inventory(book=found.book),
        burning=Page(rows=burning, number=1, total=how_many),
        burning_hours=hours,
        plans=stands.plans,
        happened=_happened(
            Entry.objects.filter(chain__in=chains), undoable_from=now - rules.undo_window
        ),
        burndown=burndown(book=found.book, holder=found.person_id, taken_at=found.opened_at),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptPage:
    happening: Happening
    case: CaseView | None
    """None where it is of a plan for several cases, or for none."""
    plan: PlanView | None
    """None where it is of a case alone, or was done by hand."""
    rows: Page[ReceiptRow]


def receipt_page(viewer: Someone, *, entry_id: int, page: int) -> ReceiptPage:
    """One page of what an entry changed. Raises `NotFound` also where it may not be seen."""
    about = _receipt_subject(viewer, entry_id)
    before = offset(page=page, total=about.total)
    rows = receipt(entry_id=entry_id, hidden_from=about.hidden_from, limit=SIZE, offset=before)
    return ReceiptPage(
        happening=_happened(Entry.objects.filter(pk=entry_id))[0],
        case=about.case,
        plan=about.plan,
        rows=Page(rows=rows, number=page, total=about.total),
    )


def whole_receipt(viewer: Someone, *, entry_id: int) -> list[ReceiptRow]:
    """Everything an entry changed. Raises `NotFound` also where it may not be seen."""
    about = _receipt_subject(viewer, entry_id)
    return receipt(entry_id=entry_id, hidden_from=about.hidden_from)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Subject:
    """By what owners changed, from whom the records of their own book are kept back, and how many
    records are left."""

    total: int
    case: CaseView | None = None
    plan: PlanView | None = None
    hidden_from: int | None = None


def _receipt_subject(viewer: Someone, entry_id: int) -> _Subject:
    """The case or the plan by which owners changed: who sees that sees the receipt.

    What was given by hand, and interims that ended, are of neither, and seen by whoever sees
    departures; of the latter without the records of their own.
    """
    entry = Entry.objects.filter(pk=entry_id).exclude(receipt_sha256="").first()
    chain = entry.chain if entry else ""
    kind, _colon, number = chain.partition(":")
    if kind == "case":
        found = case(viewer, int(number))
        return _Subject(total=receipt_rows(entry_id=entry_id), case=found)
    if kind == "plan":
        plan = planning.plan(plan_id=int(number))
        if planning.sees_plan(viewer, plan):
            return _Subject(total=receipt_rows(entry_id=entry_id), plan=plan)
    sees = sees_cases(role=viewer.role, is_employed=viewer.is_employed)
    if kind == "person" and sees:
        return _Subject(total=receipt_rows(entry_id=entry_id))
    if chain == "company" and sees:
        total = receipt_rows(entry_id=entry_id, hidden_from=viewer.id)
        if total:
            return _Subject(total=total, hidden_from=viewer.id)
    raise NotFound(what="receipt", name=entry_id)


def _happened(of: QuerySet[Entry], *, undoable_from: datetime | None = None) -> list[Happening]:
    entries = list(of.order_by("-pk"))
    undone = {entry.facts.get("undone") for entry in entries if entry.kind == "undo"}
    names = people(ids={entry.actor_id for entry in entries if entry.actor_id is not None})
    return [
        Happening(
            entry=entry.pk,
            kind=entry.kind,
            at=entry.at,
            actor=names[entry.actor_id].name if entry.actor_id is not None else None,
            reason=entry.reason,
            has_receipt=bool(entry.receipt_sha256),
            can_be_undone=undoable_from is not None
            and entry.kind in UNDOABLE
            and entry.pk not in undone
            and entry.at >= undoable_from,
        )
        for entry in entries
    ]
