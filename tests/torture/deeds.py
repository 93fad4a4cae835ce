"""What people do at once in the races: operations on Olga's departure, as the pages do them."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

from tests import example

from legato.books import barring
from legato.books.models import Record
from legato.departures import operations as departures
from legato.domain.departure import Announcement
from legato.people import operations as staff
from legato.people.models import Person
from legato.planning import operations as planning
from legato.planning.models import Assignment, Commit, Move, Plan
from legato.planning.operations import Options

NOW = datetime(2026, 3, 31, 9, tzinfo=UTC)
Deed = Callable[[], object]


def person(name: str) -> int:
    return int(Person.objects.get(name=name).pk)


def _said(actor: str) -> dict[str, Any]:
    return {"actor": person(actor), "now": NOW, "reason": "Race"}


def approve(_number: int) -> Deed:
    return partial(
        planning.approve, plan_id=1, approver=person("Ada Okafor"), now=NOW, reason="Race"
    )


def commit(_number: int) -> Deed:
    digest = Plan.objects.get(pk=1).digest
    return partial(planning.commit, plan_id=1, digest=digest, **_said("Mei Lin"))


def commit_with_key(_number: int) -> Deed:
    digest = Plan.objects.get(pk=1).digest
    return partial(planning.commit, plan_id=1, digest=digest, key="same", **_said("Mei Lin"))


def undo(_number: int) -> Deed:
    entry = Commit.objects.get().pk
    return partial(planning.undo, entry_id=entry, **_said("Mei Lin"))


def undo_with_key(_number: int) -> Deed:
    entry = Commit.objects.get().pk
    return partial(planning.undo, entry_id=entry, key="same", **_said("Mei Lin"))


def cover(number: int) -> Deed:
    by = person(("Mei Lin", "Kenji Sato", "Ivo Novak")[number % 3])
    until = NOW + timedelta(days=20)
    return partial(departures.cover, case_id=1, by=by, until=until, **_said("Mei Lin"))


def withdraw(_number: int) -> Deed:
    return partial(departures.withdraw, case_id=1, **_said("Mei Lin"))


def depart(_number: int) -> Deed:
    return partial(
        departures.open_case, person_id=person("Olga Petrova"),
        announced=_leaves(date(2026, 4, 30)), **_said("Mei Lin"),
    )  # fmt: skip


def receiver_departs(_number: int) -> Deed:
    """Kenji, who receives, is gone already: everything of his is covered at once."""
    return partial(
        departures.open_case, person_id=person("Kenji Sato"), announced=_leaves(date(2026, 3, 30)),
        **_said("Mei Lin"),
    )  # fmt: skip


def _leaves(day: date) -> Announcement:
    gone = day < NOW.date()
    return Announcement(kind="resignation", last_day=day, already_gone=gone)


def end_last_day(_number: int) -> Deed:
    return partial(departures.end_last_day, case_id=1, now=NOW + timedelta(days=32))


def plan(_number: int) -> Deed:
    return partial(departures.plan, cases=[1], options=Options(), **_said("Mei Lin"))


def edit(_number: int) -> Deed:
    """A colleague's hand edit of one record of the book."""
    record = Record.objects.get(key="a2").pk
    return partial(example.give, record=record, to=person("Ivo Novak"))


def go_on_leave(_number: int) -> Deed:
    return partial(
        staff.add_absence, person=person("Kenji Sato"), first_day=date(2026, 4, 1),
        last_day=date(2026, 5, 30), **_said("Ada Okafor"),
    )  # fmt: skip


def change_rules(_number: int) -> Deed:
    return partial(staff.set_policy, values={"undo_hours": 48}, **_said("Ada Okafor"))


def bar_a_receiver(_number: int) -> Deed:
    """A conflict of interest of somebody who receives in the first plan, with an account that does
    not move: what is on it may."""
    receiver = Assignment.objects.filter(plan=1, is_orphan=False).values_list("person", flat=True)
    elsewhere = Record.objects.filter(kind="account").exclude(
        pk__in=Move.objects.filter(plan=1).values("record")
    )
    barred: dict[str, Any] = {"person": receiver[0], "record_id": elsewhere[0].pk}
    return partial(barring.bar, **barred, **_said("Mei Lin"))


def two_commits() -> list[Deed]:
    """Olga leaves, and Kenji as well: a commit of each book, made and approved."""
    said = _said("Mei Lin")
    opened = departures.open_case(
        person_id=person("Kenji Sato"), announced=_leaves(date(2026, 4, 30)), **said
    )
    return [_approved_commit(case) for case in (1, opened.case)]


def _approved_commit(case: int) -> Deed:
    said = _said("Mei Lin")
    made = departures.plan(cases=[case], options=Options(), **said)
    planning.approve(plan_id=made.plan, approver=person("Ada Okafor"), now=NOW, reason="Race")
    return partial(planning.commit, plan_id=made.plan, digest=made.digest, **said)


def commit_company(_number: int) -> Deed:
    """A plan for the whole company, approved: everybody's records and everybody as receivers."""
    made = Plan.objects.filter(scope="company").first() or _company_plan()
    return partial(planning.commit, plan_id=made.pk, digest=made.digest, **_said("Mei Lin"))


def _company_plan() -> Plan:
    options = Options(scope="company")
    made = departures.plan(cases=[], options=options, **_said("Mei Lin"))
    planning.approve(plan_id=made.plan, approver=person("Ada Okafor"), now=NOW, reason="Race")
    return Plan.objects.get(pk=made.plan)
