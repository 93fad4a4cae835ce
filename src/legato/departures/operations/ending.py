"""Ends a departure: the person stays, or the last day is over."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from legato.books import operations as books
from legato.books.models import Item
from legato.departures.models import Case
from legato.departures.operations.shared import locked_case, locked_person
from legato.ledger.operations import answered, record, remember
from legato.people import operations as staff
from legato.people.models import Employment
from legato.people.queries import (
    check_may_manage,
    manager_of,
    people,
    policy,
)


@transaction.atomic(durable=True)
def withdraw(
    *, case_id: int, actor: int, now: datetime, reason: str, key: str | None = None
) -> int:
    """Closes a case because the person stays: the hold is released, the book stays where it is.

    How many records of the book are with others by now. Raises `NotFound`, `CaseClosed`,
    `MayNotManage`, and `people.operations.NotEmployed` for somebody who has gone.
    """
    asked = {"withdraw": case_id}
    if earlier := answered(key=key, asked=asked):
        return int(earlier["elsewhere"])
    case = locked_case(case_id)
    check_may_manage(actor=actor, leaver=case.person_id)
    leaver = people(ids={case.person_id})[case.person_id]
    if leaver.employment_id != case.employment_id:
        raise staff.NotEmployed(name=leaver.name)
    entry = record(
        chain=f"case:{case_id}", kind="case_withdrawn", actor=actor, at=now, reason=reason
    )
    staff.release_hold(hold=case.hold_id, entry=entry)
    Employment.objects.filter(pk=case.employment_id, ended_at=None).update(ends_on=None)
    Case.objects.filter(pk=case_id, closed_at=None).update(closed_at=now, closed_by=entry)
    still_open = Item.objects.filter(book=case.book_id, record__is_open=True)
    elsewhere = still_open.exclude(record__owner=case.person_id).count()
    remember(key=key, asked=asked, answer={"elsewhere": elsewhere}, entry=entry)
    return elsewhere


@transaction.atomic(durable=True)
def end_last_day(*, case_id: int, now: datetime) -> int | None:
    """Ends the employment once the last day is over, covering what is left; the records covered.

    None where there is nothing to end yet. Safe to repeat.
    """
    case = Case.objects.select_for_update().filter(pk=case_id, closed_at=None).first()
    if case is None or case.kind not in ("resignation", "dismissal") or case.last_day is None:
        return None
    leaver = locked_person(case.person_id)
    today = now.astimezone(ZoneInfo(leaver.time_zone)).date()
    if leaver.employment_id != case.employment_id or case.last_day >= today:
        return None
    manager = manager_of(person=leaver.id)
    return end_employment(case_id, leaver.id, manager=manager, now=now, actor=None)


def end_last_days(*, now: datetime) -> int:
    """`end_last_day` for every open case whose last day may be over; how many ended."""
    due = Case.objects.filter(closed_at=None, last_day__lte=now.date()).values_list("pk", flat=True)
    ended = [end_last_day(case_id=case_id, now=now) for case_id in due.order_by("pk")]
    return sum(covered is not None for covered in ended)


EVERYTHING_LEFT = """
SELECT r.id, r.owner_id, r.entry_id, %(by)s::bigint, %(until)s::timestamptz, NULL::bigint
FROM books_record r WHERE r.is_open AND r.owner_id = %(holder)s
"""


def end_employment(
    case_id: int, leaver: int, *, manager: int, now: datetime, actor: int | None
) -> int:
    """The manager covers everything still in the person's name, and they are employed no more."""
    until = now + timedelta(days=policy().cover_days)
    books.prepare(
        source=EVERYTHING_LEFT, parameters={"by": manager, "holder": leaver, "until": until}
    )
    entry = record(
        chain=f"case:{case_id}", kind="employment_ended", actor=actor, at=now,
        reason="last day over", facts={"covered_by": manager},
        receipt_sha256=books.receipt_sha256(at=now),
    )  # fmt: skip
    moved = books.give(entry=entry.pk)
    staff.end_employment(person=leaver, at=now, entry=entry)
    return moved
