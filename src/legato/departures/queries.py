"""What the pages and commands show of departures. The viewer comes first; values are plain."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from legato.books.queries import Line, Listed, inventory_of, listed
from legato.books.snapshots import undecided
from legato.departures.models import Case
from legato.domain.errors import NotFound
from legato.people.queries import Someone, policy

SEES_CASES = ("manager", "director", "operations", "hr", "administrator")


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


def cases(viewer: Someone) -> list[CaseView]:
    """Every case the viewer may see, the open ones first, then the latest."""
    if viewer.role not in SEES_CASES or not viewer.is_employed:
        return []
    rows = _rows().order_by("-closed_at", "-opened_at", "-pk")
    return [_view(row) for row in rows if row.closed_at is None] + [
        _view(row) for row in rows if row.closed_at is not None
    ]


def case(viewer: Someone, case_id: int) -> CaseView:
    """One case. Raises `NotFound` also where the viewer may not see it."""
    row = _rows().filter(pk=case_id).first()
    if row is None or viewer.role not in SEES_CASES or not viewer.is_employed:
        raise NotFound(what="case", name=case_id)
    return _view(row)


def case_for_command(case_id: int) -> CaseView:
    """One case for whoever has the command line, who may do everything. Raises `NotFound`."""
    row = _rows().filter(pk=case_id).first()
    if row is None:
        raise NotFound(what="case", name=case_id)
    return _view(row)


def all_cases() -> list[CaseView]:
    """Every case, for the command line."""
    return [_view(row) for row in _rows().order_by("pk")]


def records(viewer: Someone, case_id: int) -> list[Listed]:
    """The records of the case's book. Raises `NotFound`."""
    return listed(book=case(viewer, case_id).book)


def still_undecided(case: CaseView, *, now: datetime) -> dict[str, Line]:
    """What of the case's book has no new permanent owner yet, by kind."""
    rule = policy().heat
    return inventory_of(undecided(book=case.book, holder=case.person_id, rule=rule, now=now))


def leaver_of_entry(chain: str) -> int | None:
    """Whose departure the entries of a chain are about."""
    kind, _colon, number = chain.partition(":")
    if kind != "case" or not number.isdigit():
        return None
    return Case.objects.values_list("person_id", flat=True).filter(pk=int(number)).first()


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
