"""What the pages and commands show of departures. The viewer comes first; values are plain."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, F, QuerySet

from legato.books.listing import UNSIFTED, Sifting
from legato.books.queries import (
    KindLine,
    Line,
    Listed,
    due,
    inventory,
    inventory_of,
    listed,
    listed_count,
)
from legato.books.snapshots import undecided
from legato.departures.models import Case
from legato.domain.errors import NotFound
from legato.domain.sight import sees_cases, sees_departure
from legato.ledger.models import Entry
from legato.people.queries import Someone, people, policy
from legato.planning import queries as planning
from legato.planning.queries import (
    PlanView,
    ReceiptRow,
    latest_plans,
    plans,
    receipt,
    receipt_rows,
)
from legato.web.paging import SIZE, Page, offset


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    id: int
    book: int
    person_id: int
    person: str
    kind: str
    notice_on: date | None
    last_day: date | None
    return_on: date | None
    kept_away: bool
    already_gone: bool
    to_competitor: str
    opened_at: datetime
    opened_by: str
    closed_at: datetime | None
    chain: str


def case(viewer: Someone, case_id: int) -> CaseView:
    """One case. Raises `NotFound` also where the viewer may not see it."""
    row = _rows().filter(pk=case_id).first()
    if row is None or not _sees(viewer, leaver=row.person_id):
        raise NotFound(what="case", name=case_id)
    return _view(row)


def case_for_command(case_id: int) -> CaseView:
    """One case for whoever has the command line, who may do everything. Raises `NotFound`."""
    row = _rows().filter(pk=case_id).first()
    if row is None:
        raise NotFound(what="case", name=case_id)
    return _view(row)


def cases_of(*, books: Collection[int]) -> list[int]:
    """The cases whose books these are, in order."""
    return list(Case.objects.filter(book__in=books).order_by("pk").values_list("pk", flat=True))


def all_cases() -> list[CaseView]:
    """Every case, for the command line."""
    return [_view(row) for row in _rows().order_by("pk")]


def still_undecided(case: CaseView, *, now: datetime) -> dict[str, Line]:
    """What of the case's book has no new permanent owner yet, by kind."""
    rule = policy().heat
    held = undecided(book=case.book, holder=case.person_id, rule=rule, now=now)
    return inventory_of(held)


def leaver_of_entry(chain: str) -> int | None:
    """Whose departure the entries of a chain are about; of several the first."""
    kind, _colon, number = chain.partition(":")
    if kind == "case" and number.isdigit():
        return Case.objects.values_list("person_id", flat=True).filter(pk=int(number)).first()
    if kind == "plan" and number.isdigit():
        return next(iter(planning.plan(plan_id=int(number)).holders), None)
    return None


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
    rows = _rows().exclude(person_id=viewer.id).annotate(records=Count("book__items"))
    plans = latest_plans()
    ordered = rows.order_by(F("closed_at").desc(nulls_first=True), "-opened_at", "-pk")
    lines = [
        CaseLine(case=_view(row), records=row.records, plan=plans.get(row.book_id))
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


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage:
    case: CaseView
    inventory: list[KindLine]
    burning: Page[Listed]
    """What is due within ``burning_hours``, overdue first; no more than a page of it."""
    burning_hours: int
    plans: list[PlanView]
    happened: list[Happening]
    """Latest first."""
    records: Page[Listed]


def case_page(
    viewer: Someone, *, case_id: int, page: int, now: datetime, sifting: Sifting = UNSIFTED
) -> CasePage:
    """A case with one page of its records. Raises `NotFound` also where it may not be seen."""
    found = case(viewer, case_id)
    hours = policy().burning_hours
    burning, how_many = due(book=found.book, until=now + timedelta(hours=hours), limit=SIZE)
    total = listed_count(book=found.book, only=sifting.only)
    first = offset(page=page, total=total)
    rows = listed(book=found.book, limit=SIZE, offset=first, only=sifting.only, order=sifting.order)
    made = plans(book=found.book)
    return CasePage(
        case=found,
        inventory=inventory(book=found.book),
        burning=Page(rows=burning, number=1, total=how_many),
        burning_hours=hours,
        plans=made,
        happened=_happened({found.chain} | {each.chain for each in made}),
        records=Page(rows=rows, number=page, total=total),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptPage:
    happening: Happening
    case: CaseView | None
    """None where it is of a plan for several cases, or for none."""
    plan: PlanView | None
    rows: Page[ReceiptRow]


def receipt_page(viewer: Someone, *, entry_id: int, page: int) -> ReceiptPage:
    """One page of what an entry changed. Raises `NotFound` also where it may not be seen."""
    of_case, of_plan = _receipt_subject(viewer, entry_id)
    total = receipt_rows(entry_id=entry_id)
    rows = receipt(entry_id=entry_id, limit=SIZE, offset=offset(page=page, total=total))
    chain = of_case.chain if of_case else of_plan.chain if of_plan else ""
    return ReceiptPage(
        happening=next(each for each in _happened([chain]) if each.entry == entry_id),
        case=of_case,
        plan=of_plan,
        rows=Page(rows=rows, number=page, total=total),
    )


def whole_receipt(viewer: Someone, *, entry_id: int) -> list[ReceiptRow]:
    """Everything an entry changed. Raises `NotFound` also where it may not be seen."""
    _receipt_subject(viewer, entry_id)
    return receipt(entry_id=entry_id)


def _receipt_subject(viewer: Someone, entry_id: int) -> tuple[CaseView | None, PlanView | None]:
    """The case or the plan by which owners changed: who sees that sees the receipt."""
    entry = Entry.objects.filter(pk=entry_id).exclude(receipt_sha256="").first()
    kind, _colon, number = entry.chain.partition(":") if entry else ("", "", "")
    if kind == "case":
        return case(viewer, int(number)), None
    if kind == "plan":
        found = planning.plan(plan_id=int(number))
        if planning.sees_plan(viewer, found):
            return None, found
    raise NotFound(what="receipt", name=entry_id)


def _sees(viewer: Someone, *, leaver: int) -> bool:
    return sees_departure(
        person=viewer.id, role=viewer.role, is_employed=viewer.is_employed, leaver=leaver
    )


def _happened(chains: Collection[str]) -> list[Happening]:
    entries = list(Entry.objects.filter(chain__in=chains).order_by("-pk"))
    names = people(ids={entry.actor_id for entry in entries if entry.actor_id is not None})
    return [
        Happening(
            entry=entry.pk,
            kind=entry.kind,
            at=entry.at,
            actor=names[entry.actor_id].name if entry.actor_id is not None else None,
            reason=entry.reason,
            has_receipt=bool(entry.receipt_sha256),
        )
        for entry in entries
    ]


def _rows() -> QuerySet[Case]:
    return Case.objects.select_related("person", "opened_by")


def _view(row: Case) -> CaseView:
    return CaseView(
        id=row.pk,
        book=row.book_id,
        person_id=row.person_id,
        person=row.person.name,
        kind=row.kind,
        notice_on=row.notice_on,
        last_day=row.last_day,
        return_on=row.return_on,
        kept_away=row.kept_away,
        already_gone=row.already_gone,
        to_competitor=row.to_competitor,
        opened_at=row.opened_at,
        opened_by=row.opened_by.name,
        closed_at=row.closed_at,
        chain=f"case:{row.pk}",
    )
