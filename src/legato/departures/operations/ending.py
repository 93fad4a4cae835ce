"""Ends a departure: the person stays, or the last day is over."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from legato.books import operations as books
from legato.books.models import Item
from legato.books.snapshots import UNDECIDED
from legato.departures.models import Case
from legato.departures.operations.shared import (
    check_still_employed,
    list_later,
    locked_case,
    locked_person,
)
from legato.domain.departure import ENDS_EMPLOYMENT
from legato.domain.errors import Refused
from legato.ledger.models import Entry
from legato.ledger.operations import answered, record, remember
from legato.people import operations as staff
from legato.people.queries import (
    check_may_manage,
    manager_of,
    policy,
)
from legato.planning.operations import close_book


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn:
    case: int
    entry: int
    returned: int
    """Records that somebody only covered: they are back."""
    elsewhere: int
    """Records of the book that were given to others for good: they stay there."""


@transaction.atomic(durable=True)
def withdraw(
    *, case_id: int, actor: int, now: datetime, reason: str, key: str | None = None
) -> Withdrawn:
    """Closes a case because the person stays: the hold is released, what was only covered returns,
    what was given for good stays where it is, and no plan for the book is carried out any more.

    Raises `NotFound`, `CaseClosed`, `MayNotManage`, `EmploymentOver` for somebody who has gone.
    """
    asked = {"withdraw": case_id, "actor": actor}
    if earlier := answered(key=key, asked=asked):
        return Withdrawn(**earlier)
    case = locked_case(case_id)
    check_may_manage(actor=actor, leaver=case.person_id)
    check_still_employed(locked_person(case.person_id), case=case)
    covered = _prepare_return(case, now=now)
    entry = record(
        chain=f"case:{case_id}", kind="case_withdrawn", actor=actor, at=now, reason=reason,
        receipt_sha256=books.receipt_sha256(at=now) if covered else "",
    )  # fmt: skip
    returned = books.give(entry=entry.pk)
    close(case, entry=entry)
    staff.set_last_day(person=case.person_id, day=None, entry=entry)
    there = Item.objects.filter(book=case.book_id, record__is_open=True)
    elsewhere = there.exclude(record__owner=case.person_id).count()
    answer = Withdrawn(case=case_id, entry=entry.pk, returned=returned, elsewhere=elsewhere)
    remember(key=key, asked=asked, answer=asdict(answer), entry=entry)
    return answer


COVERED = f"""
SELECT r.id, r.owner_id, r.entry_id, %(owner)s::bigint, NULL::timestamptz, NULL::bigint
FROM books_record r WHERE {UNDECIDED} AND r.owner_id <> %(owner)s
"""


def _prepare_return(case: Case, *, now: datetime) -> int:
    book = {"book": case.book_id, "owner": case.person_id}
    return books.prepare(source=COVERED, parameters=book, at=now)


def close(case: Case, *, entry: Entry) -> None:
    """The case is over: its hold is released where it stands, the limits of who leaves are lifted,
    its book is given away no more."""
    close_book(book=case.book_id, entry=entry)
    if case.hold.released_at is None:
        staff.release_hold(hold=case.hold_id, entry=entry)
    staff.lift_limits(person=case.person_id, entry=entry)
    Case.objects.filter(pk=case.pk, closed_at=None).update(closed_at=entry.at, closed_by=entry)


@transaction.atomic(durable=True)
def end_last_day(*, case_id: int, now: datetime) -> int | None:
    """Ends the employment once the last day is over, covering what is left; the records covered.

    None where there is nothing to end yet. Safe to repeat. Raises `people.operations.IsLastResort`.
    """
    case = Case.objects.select_for_update().filter(pk=case_id, closed_at=None).first()
    if case is None or case.kind not in ENDS_EMPLOYMENT or case.last_day is None:
        return None
    leaver = locked_person(case.person_id)
    today = now.astimezone(ZoneInfo(leaver.time_zone)).date()
    if leaver.employment_id != case.employment_id or case.last_day >= today:
        return None
    return end_employment(case, now=now, actor=None)


def end_last_days(*, now: datetime) -> int:
    """`end_last_day` for every open case whose last day may be over; how many ended.

    One that is refused waits, and its case says for what; the others do not wait with it.
    """
    due = Case.objects.filter(closed_at=None, last_day__lte=now.date()).values_list("pk", flat=True)
    return sum(_ended(case_id, now=now) for case_id in due.order_by("pk"))


def _ended(case_id: int, *, now: datetime) -> bool:
    try:
        return end_last_day(case_id=case_id, now=now) is not None
    except Refused:
        return False


# Whoever waits for a record that the person covers still does.
EVERYTHING_LEFT = """
SELECT r.id, r.owner_id, r.entry_id, %(by)s::bigint,
       CASE WHEN n.id IS NOT NULL AND r.interim_until > %(now)s THEN r.interim_until
            ELSE %(until)s::timestamptz END,
       n.id
FROM books_record r
LEFT JOIN people_person n ON n.id = r.next_owner_id AND n.is_employed AND n.id <> %(holder)s
WHERE r.is_open AND r.owner_id = %(holder)s
"""


def end_employment(case: Case, *, now: datetime, actor: int | None) -> int:
    """The manager covers everything still in the person's name, and they are employed no more."""
    manager = _prepare_for_manager(case, now=now)
    entry = record(
        chain=f"case:{case.pk}", kind="employment_ended", actor=actor, at=now,
        reason="last day over", facts={"covered_by": manager},
        receipt_sha256=books.receipt_sha256(at=now),
    )  # fmt: skip
    list_later(book=case.book_id, holder=case.person_id, entry=entry)
    moved = books.give(entry=entry.pk)
    staff.end_employment(person=case.person_id, at=now, entry=entry)
    return moved


def _prepare_for_manager(case: Case, *, now: datetime) -> int:
    """Everything left, for a manager who is locked and so here to stay; the manager.

    Who leaves or is held while they are waited for is the manager no more: the next one is asked.
    """
    until = now + timedelta(days=policy().cover_days)
    leaver = {"holder": case.person_id, "until": until, "now": now}
    chosen = None
    while chosen != (manager := manager_of(person=case.person_id)):
        books.prepare(source=EVERYTHING_LEFT, parameters=leaver | {"by": manager}, at=now)
        chosen = manager
    return manager
