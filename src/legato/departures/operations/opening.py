"""Opens a departure: a hold, the list of the book, the inventory counted twice."""

from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from legato.books.models import Book, Item
from legato.books.queries import Line, inventory_of, second_count
from legato.books.snapshots import Held, held_by
from legato.departures.models import Case
from legato.departures.operations.ending import end_employment
from legato.departures.operations.shared import locked_person
from legato.domain.departure import Announcement, check_announcement, is_over
from legato.domain.errors import Refused
from legato.ledger.models import Entry
from legato.ledger.operations import record
from legato.people import operations as staff
from legato.people.models import Employment
from legato.people.queries import (
    Someone,
    check_may_manage,
    last_resort,
    manager_of,
    policy,
)


class CaseAlreadyOpen(Refused):
    """There is one open case per person. Facts: ``name``, ``case``."""

    code = "case_already_open"


class InventoryDisagrees(Refused):
    """The two ways of counting gave different numbers. Facts: ``kind``, ``first``, ``second``."""

    code = "inventory_disagrees"


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
    leaver = locked_person(person_id)
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
        end_employment(case_id, leaver.id, manager=manager, now=now, actor=actor)
    return Opened(
        case=case_id,
        person=leaver.id,
        manager=manager,
        inventory=inventory_of(held),
        placed=_placed(leaver.id, held),
        burning=_burning(held, now=now),
        covered_by=manager if gone else None,
    )


def _refuse_second_case(leaver: Someone) -> None:
    open_already = Case.objects.filter(person_id=leaver.id, closed_at=None).first()
    if open_already is not None:
        raise CaseAlreadyOpen(name=leaver.name, case=open_already.pk)


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
