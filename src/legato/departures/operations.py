"""Opens, covers, ends and withdraws departures. Each is one transaction and one ledger entry."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from legato.books import operations as books
from legato.books.models import Book, Item
from legato.books.queries import Line, inventory_of, second_count
from legato.books.snapshots import Held, held_by
from legato.departures.models import Case
from legato.domain.departure import Announcement, check_announcement, is_over
from legato.domain.errors import NotFound, Refused
from legato.ledger.models import Entry
from legato.ledger.operations import answered, record, remember
from legato.people import operations as staff
from legato.people.models import Employment, Person
from legato.people.queries import (
    Someone,
    check_may_manage,
    last_resort,
    manager_of,
    people,
    policy,
)
from legato.planning.operations import Options, Proposed, propose
from legato.planning.queries import latest_plan


class CaseAlreadyOpen(Refused):
    """There is one open case per person. Facts: ``name``, ``case``."""

    code = "case_already_open"


class CaseClosed(Refused):
    """Facts: ``case``."""

    code = "case_closed"


class InventoryDisagrees(Refused):
    """The two ways of counting gave different numbers. Facts: ``kind``, ``first``, ``second``."""

    code = "inventory_disagrees"


class CannotCover(Refused):
    """Facts: ``name``, ``why`` (``is_leaver``, ``not_employed``, ``held``)."""

    code = "cannot_cover"


class CoverEndsPast(Refused):
    """A cover must end later than it begins. Facts: ``until``."""

    code = "cover_ends_past"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    case: int
    person: int
    manager: int
    inventory: dict[str, Line]
    placed: dict[str, dict[str, int]]
    """By kind: records on own accounts, on others' accounts, and without an account."""
    burning: tuple[Held, ...]
    """What is due within the policy's hours, overdue first."""
    covered_by: int | None
    """The manager who covers from the start, where the last day is already over."""


@transaction.atomic(durable=True)
def open_case(
    *,
    person_id: int,
    announced: Announcement,
    actor: int,
    now: datetime,
    reason: str,
) -> Opened:
    """Opens the one case of a person: a hold, the list of the book, the inventory.

    Raises `people.operations.NotEmployed`, `CaseAlreadyOpen`, `NoLastResort`, the refusals of
    `check_announcement`, `InventoryDisagrees`.
    """
    leaver = _lock(person_id)
    check_may_manage(actor=actor, leaver=person_id)
    if leaver.employment_id is None:
        raise staff.NotEmployed(name=leaver.name)
    _refuse_second_case(leaver)
    last_resort()
    today = now.astimezone(ZoneInfo(leaver.time_zone)).date()
    check_announcement(announced=announced, today=today)

    case_id = _next_id("departures_case")
    entry = record(
        chain=f"case:{case_id}", kind="case_opened", actor=actor, at=now, reason=reason,
        facts={"person": leaver.id, **_plain(announced)},
    )  # fmt: skip
    hold = staff.place_hold(person=leaver.id, why="departure", entry=entry)
    held = held_by(owner=leaver.id, rule=policy().heat, now=now)
    book = _take_book(leaver.id, held, entry)
    _check_counts(leaver.id, held)
    Case.objects.create(
        id=case_id, person_id=leaver.id, employment_id=leaver.employment_id, kind=announced.kind,
        notice_on=announced.notice_on, last_day=announced.last_day, return_on=announced.return_on,
        kept_away=announced.kept_away, already_gone=announced.already_gone,
        to_competitor=announced.to_competitor, opened_at=now, opened_by_id=actor, hold=hold,
        book=book, entry=entry,
    )  # fmt: skip
    if announced.ends_employment:
        Employment.objects.filter(pk=leaver.employment_id).update(ends_on=announced.last_day)
    manager = manager_of(person=leaver.id)
    gone = announced.ends_employment and is_over(announced=announced, today=today)
    if gone:
        _end_employment(case_id, leaver.id, manager=manager, now=now, actor=actor)
    return Opened(
        case=case_id,
        person=leaver.id,
        manager=manager,
        inventory=inventory_of(held),
        placed=_placed(leaver.id, held),
        burning=_burning(held, now=now),
        covered_by=manager if gone else None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    cover: int
    records: int
    by: int
    until: datetime


# The book's open records that the holder still has, or an earlier cover holds.
TO_COVER = """
SELECT r.id, r.owner_id, r.entry_id, %(by)s::bigint, %(until)s::timestamptz, NULL::bigint
FROM books_item i JOIN books_record r ON r.id = i.record_id
WHERE i.book_id = %(book)s AND r.is_open AND r.owner_id <> %(by)s
  AND (r.owner_id = %(holder)s OR r.interim_until IS NOT NULL)
"""


@transaction.atomic(durable=True)
def cover(
    *,
    case_id: int,
    by: int,
    until: datetime,
    actor: int,
    now: datetime,
    reason: str,
    key: str | None = None,
) -> Covered:
    """Gives the case's book to an interim owner; one person decides it, and can take it back.

    Raises `NotFound`, `CaseClosed`, `CannotCover`, `CoverEndsPast`, `MayNotManage`.
    """
    asked = {"cover": case_id, "by": by, "until": until}
    if earlier := answered(key=key, asked=asked):
        return Covered(**{**earlier, "until": datetime.fromisoformat(earlier["until"])})
    case = _open_case(case_id)
    check_may_manage(actor=actor, leaver=case.person_id)
    _check_cover(by, case=case)
    if until <= now:
        raise CoverEndsPast(until=until)
    books.prepare(
        source=TO_COVER,
        parameters={"by": by, "until": until, "book": case.book_id, "holder": case.person_id},
    )
    entry = record(
        chain=f"case:{case_id}", kind="cover", actor=actor, at=now, reason=reason,
        facts={"by": by, "until": until.isoformat()}, receipt_sha256=books.receipt_sha256(at=now),
    )  # fmt: skip
    moved = books.give(entry=entry.pk)
    answer = Covered(cover=entry.pk, records=moved, by=by, until=until)
    remember(key=key, asked=asked, entry=entry, answer={**asdict(answer), "until": str(until)})
    return answer


@transaction.atomic(durable=True)
def withdraw(*, case_id: int, actor: int, now: datetime, reason: str) -> int:
    """Closes a case because the person stays: the hold is released, the book stays where it is.

    How many records of the book are with others by now. Raises `NotFound`, `CaseClosed`,
    `MayNotManage`, and `people.operations.NotEmployed` for somebody who has gone.
    """
    case = _open_case(case_id)
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
    elsewhere = Item.objects.filter(book=case.book_id, record__is_open=True)
    return elsewhere.exclude(record__owner=case.person_id).count()


@transaction.atomic(durable=True)
def end_last_day(*, case_id: int, now: datetime) -> int | None:
    """Ends the employment once the last day is over, covering what is left; the records covered.

    None where there is nothing to end yet. Safe to repeat.
    """
    case = Case.objects.select_for_update().filter(pk=case_id, closed_at=None).first()
    if case is None or case.kind not in ("resignation", "dismissal") or case.last_day is None:
        return None
    leaver = _lock(case.person_id)
    today = now.astimezone(ZoneInfo(leaver.time_zone)).date()
    if leaver.employment_id != case.employment_id or case.last_day >= today:
        return None
    manager = manager_of(person=leaver.id)
    return _end_employment(case_id, leaver.id, manager=manager, now=now, actor=None)


EVERYTHING_LEFT = """
SELECT r.id, r.owner_id, r.entry_id, %(by)s::bigint, %(until)s::timestamptz, NULL::bigint
FROM books_record r WHERE r.is_open AND r.owner_id = %(holder)s
"""


def _end_employment(
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


def _lock(person_id: int) -> Someone:
    """Nobody else opens a case, places a hold or ends the employment meanwhile."""
    list(Person.objects.select_for_update().filter(pk=person_id).values_list("pk"))
    return people(ids={person_id})[person_id]


def _refuse_second_case(leaver: Someone) -> None:
    open_already = Case.objects.filter(person_id=leaver.id, closed_at=None).first()
    if open_already is not None:
        raise CaseAlreadyOpen(name=leaver.name, case=open_already.pk)


def _open_case(case_id: int) -> Case:
    case = Case.objects.select_for_update().filter(pk=case_id).first()
    if case is None:
        raise NotFound(what="case", name=case_id)
    if case.closed_at is not None:
        raise CaseClosed(case=case_id)
    return case


def _check_cover(by: int, *, case: Case) -> None:
    someone = people(ids={by})[by]
    held = Person.objects.filter(pk=by, holds__released_at=None, holds__isnull=False).exists()
    why = (
        "is_leaver" if by == case.person_id
        else "not_employed" if not someone.is_employed
        else "held" if held
        else None
    )  # fmt: skip
    if why is not None:
        raise CannotCover(name=someone.name, why=why)


def _take_book(holder: int, held: list[Held], entry: Entry) -> Book:
    book = Book.objects.create(holder_id=holder, taken_at=entry.at, entry=entry)
    columns = "book_id, record_id, kind, heat, heat_why, value, value_is_estimated, entry_id"
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {Item._meta.db_table} ({columns}) FROM STDIN") as rows,
    ):
        for each in held:
            rows.write_row(
                (book.pk, each.id, each.kind, each.heat, each.heat_why, each.value,
                 each.value_is_estimated, entry.pk)
            )  # fmt: skip
    return book


def _check_counts(holder: int, held: list[Held]) -> None:
    second = second_count(owner=holder)
    first: dict[str, tuple[int, Decimal]] = {}
    for kind, line in inventory_of(held).items():
        value = second.get(kind, (0, Decimal()))[1] if kind == "account" else line.value
        first[kind] = (line.count, value)
    for kind in first.keys() | second.keys():
        if first.get(kind) != second.get(kind):
            raise InventoryDisagrees(kind=kind, first=first.get(kind), second=second.get(kind))


def _placed(holder: int, held: list[Held]) -> dict[str, dict[str, int]]:
    placed: dict[str, dict[str, int]] = {}
    for each in held:
        if each.kind == "account":
            continue
        where = (
            "without_account" if each.account is None
            else "on_own_accounts" if each.account_owner == holder
            else "on_others_accounts"
        )  # fmt: skip
        line = placed.setdefault(
            each.kind, {"on_own_accounts": 0, "on_others_accounts": 0, "without_account": 0}
        )
        line[where] += 1
    return placed


def _burning(held: list[Held], *, now: datetime) -> tuple[Held, ...]:
    limit = now.timestamp() + policy().burning_hours * 3600
    due = [each for each in held if each.due_at and each.due_at.timestamp() <= limit]
    return tuple(sorted(due, key=lambda each: (each.due_at, each.id)))


def _next_id(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [table])
        return int(cursor.fetchone()[0])


def _plain(announced: Announcement) -> dict[str, Any]:
    return {
        name: value.isoformat() if hasattr(value, "isoformat") else value
        for name, value in asdict(announced).items()
    }


def plan(*, case_id: int, options: Options, actor: int, now: datetime, reason: str) -> Proposed:
    """Proposes who takes what of the case's book; the plan follows the latest one of the case.

    Raises `NotFound`, `CaseClosed`, `MayNotManage`, and what `planning.operations.propose` does.
    """
    with transaction.atomic():
        case = _open_case(case_id)
        check_may_manage(actor=actor, leaver=case.person_id)
    return propose(
        book_id=case.book_id,
        chain=f"case:{case_id}",
        options=options,
        actor=actor,
        now=now,
        reason=reason,
        parent=latest_plan(book=case.book_id),
    )


def end_last_days(*, now: datetime) -> int:
    """`end_last_day` for every open case whose last day may be over; how many ended."""
    due = Case.objects.filter(closed_at=None, last_day__lte=now.date()).values_list("pk", flat=True)
    ended = [end_last_day(case_id=case_id, now=now) for case_id in due.order_by("pk")]
    return sum(covered is not None for covered in ended)
