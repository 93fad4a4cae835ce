"""Departures as plain values: who leaves, when, how, and what of the book is still to be given."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from legato.books.queries import Line, inventory_of
from legato.books.snapshots import undecided
from legato.departures.models import Case
from legato.domain.errors import NotFound
from legato.domain.sight import sees_departure
from legato.people.queries import Someone, policy
from legato.planning import queries as planning


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
    return case_view(case_row(viewer, case_id))


def case_row(viewer: Someone, case_id: int) -> Case:
    """The same for other queries, with what they need of it."""
    rows = case_rows().select_related("employment", "closed_by")
    row = rows.filter(pk=case_id).first()
    if row is None or not _sees(viewer, leaver=row.person_id):
        raise NotFound(what="case", name=case_id)
    return row


def case_for_command(case_id: int) -> CaseView:
    """One case for whoever has the command line, who may do everything. Raises `NotFound`."""
    row = case_rows().filter(pk=case_id).first()
    if row is None:
        raise NotFound(what="case", name=case_id)
    return case_view(row)


def cases_of(*, books: Collection[int]) -> list[int]:
    """The cases whose books these are, in order."""
    return list(Case.objects.filter(book__in=books).order_by("pk").values_list("pk", flat=True))


def all_cases() -> list[CaseView]:
    """Every case, for the command line."""
    return [case_view(row) for row in case_rows().order_by("pk")]


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


def _sees(viewer: Someone, *, leaver: int) -> bool:
    return sees_departure(
        person=viewer.id, role=viewer.role, is_employed=viewer.is_employed, leaver=leaver
    )


def case_rows() -> QuerySet[Case]:
    return Case.objects.select_related("person", "opened_by")


def case_view(row: Case) -> CaseView:
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
