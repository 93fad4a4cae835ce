"""Opens a departure: a hold, the list of the book, the inventory counted twice."""

from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from legato.books import operations as books
from legato.books.queries import inventory_of, second_count
from legato.books.snapshots import Held, held_by
from legato.departures.models import Case
from legato.departures.operations.ending import end_employment
from legato.departures.operations.opened import PLACES, Due, Opened, kept, opened_again
from legato.departures.operations.shared import locked_person, started_on_of
from legato.domain.departure import Announcement, check_announcement, is_over
from legato.domain.errors import Refused
from legato.domain.plain import plain
from legato.ledger.operations import answered, record, remember
from legato.people import operations as staff
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


@transaction.atomic(durable=True)
def open_case(
    *,
    person_id: int,
    announced: Announcement,
    actor: int,
    now: datetime,
    reason: str,
    limits: tuple[str, ...] = (),
    key: str | None = None,
) -> Opened:
    """Opens the one case of a person: a hold, the list of the book, the inventory; ``limits`` are
    what they may not do from now on.

    Raises `people.operations.NotEmployed`, `CaseAlreadyOpen`, `NoLastResort`, the refusals of
    `check_announcement`, `InventoryDisagrees`.
    """
    asked = {"depart": person_id, "actor": actor, **plain(announced)}
    asked |= {"limits": sorted(limits)} if limits else {}
    if earlier := answered(key=key, asked=asked):
        return opened_again(earlier)
    leaver = locked_person(person_id)
    check_may_manage(actor=actor, leaver=person_id)
    if leaver.employment_id is None:
        raise staff.NotEmployed(name=leaver.name)
    _refuse_second_case(leaver)
    last_resort()
    today = now.astimezone(ZoneInfo(leaver.time_zone)).date()
    check_announcement(
        announced=announced, today=today, started_on=started_on_of(leaver.employment_id)
    )

    case_id = _next_id("departures_case")
    entry = record(
        chain=f"case:{case_id}", kind="case_opened", actor=actor, at=now, reason=reason,
        facts={"person": leaver.id, **plain(announced)},
    )  # fmt: skip
    hold = staff.place_hold(person=leaver.id, why="departure", entry=entry)
    staff.place_limits(person=leaver.id, what=limits, entry=entry)
    held = held_by(owner=leaver.id, rule=policy().heat, now=now)
    book = books.take_book(holder=leaver.id, held=held, entry=entry)
    _check_counts(leaver.id, held)
    case = Case.objects.create(
        id=case_id, person_id=leaver.id, employment_id=leaver.employment_id, kind=announced.kind,
        notice_on=announced.notice_on, last_day=announced.last_day, return_on=announced.return_on,
        kept_away=announced.kept_away, already_gone=announced.already_gone,
        to_competitor=announced.to_competitor, opened_at=now, opened_by_id=actor, hold=hold,
        book=book, entry=entry,
    )  # fmt: skip
    if announced.ends_employment:
        staff.set_last_day(person=leaver.id, day=announced.last_day, entry=entry)
    gone = announced.ends_employment and is_over(announced=announced, today=today)
    if gone:
        end_employment(case, now=now, actor=actor)
    manager = manager_of(person=leaver.id)
    answer = Opened(
        case=case_id,
        entry=entry.pk,
        person=leaver.id,
        manager=manager,
        inventory=inventory_of(held),
        placed=_placed(leaver.id, held),
        burning=_burning(held, now=now),
        covered_by=manager if gone else None,
    )
    remember(key=key, asked=asked, answer=kept(answer), entry=entry)
    return answer


def _refuse_second_case(leaver: Someone) -> None:
    open_already = Case.objects.filter(person_id=leaver.id, closed_at=None).first()
    if open_already is not None:
        raise CaseAlreadyOpen(name=leaver.name, case=open_already.pk)


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
        placed.setdefault(each.kind, dict.fromkeys(PLACES, 0))[where] += 1
    return placed


def _burning(held: list[Held], *, now: datetime) -> tuple[Due, ...]:
    limit = now + timedelta(hours=policy().burning_hours)
    due = [
        Due(
            id=each.id,
            kind=each.kind,
            name=each.name,
            account_name=each.account_name,
            due_at=each.due_at,
        )
        for each in held
        if each.due_at is not None and each.due_at <= limit
    ]
    return tuple(sorted(due, key=lambda each: (each.due_at, each.id)))


def _next_id(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [table])
        return int(cursor.fetchone()[0])
