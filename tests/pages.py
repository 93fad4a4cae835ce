"""A departure with everything the pages show, and readers who are logged in."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client
from tests import example
from tests.example import GIVEN, NOW, Cast

from legato.departures import operations as departures
from legato.domain.departure import Announcement
from legato.people.models import Person
from legato.planning import operations as planning
from legato.planning.operations import Options

LATER = datetime(2099, 1, 1, 9, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Olga's departure: covered, planned, approved, carried out; the numbers of its pages."""

    cast: Cast
    case: int
    cover: int
    plan: int
    digest: str
    commit: int


def site(*, accounts: int = 3) -> Site:
    """Olga holds accounts with a deal each, a promise overdue, a ticket due in a far future."""
    cast = example.company()
    _records(cast.olga, accounts=accounts)
    case = open_case(cast)
    given = cover(case, cast)
    proposed = propose(case, cast)
    planning.approve(plan_id=proposed.plan, approver=cast.ada, now=NOW, reason="Fair")
    done = planning.commit(
        plan_id=proposed.plan, digest=proposed.digest, actor=cast.mei, now=NOW, reason="Go"
    )
    return Site(
        cast=cast, case=case, cover=given, plan=proposed.plan, digest=proposed.digest,
        commit=done.commit,
    )  # fmt: skip


def open_case(cast: Cast, *, leaver: int | None = None) -> int:
    """The departure of Olga, or of somebody else."""
    opened = departures.open_case(
        person_id=leaver or cast.olga,
        announced=Announcement(kind="resignation", last_day=date(2026, 4, 30)),
        actor=cast.mei,
        now=NOW,
        reason="A new life",
    )
    return opened.case


def cover(case: int, cast: Cast) -> int:
    """Mei covers for nine days; the entry."""
    end = NOW + timedelta(days=9)
    given = departures.cover(
        case_id=case, by=cast.mei, until=end, actor=cast.mei, now=NOW, reason="She is ill"
    )
    return given.cover


def propose(case: int, cast: Cast) -> planning.Proposed:
    return departures.plan(
        cases=[case], options=Options(), actor=cast.mei, now=NOW, reason="A first plan"
    )


def reader(person: int) -> Client:
    """Somebody's browser, logged in."""
    client = Client()
    client.force_login(account(person))
    return client


def account(person: int) -> User:
    """The person's log-in, made at the first call."""
    found = User.objects.filter(person__pk=person).first()
    return found or _new_account(person)


def _new_account(person: int) -> User:
    user = User.objects.create_user(f"person-{person}")
    with transaction.atomic():
        linked = example.entry(kind="log_in_given", chain=f"person:{person}")
        Person.objects.filter(pk=person).update(user=user, entry=linked)
    return user


def _records(olga: int, *, accounts: int) -> None:
    for number in range(accounts):
        held = example.record(owner=olga, name=f"Customer {number}")
        example.record(
            owner=olga, kind="opportunity", account=held.pk, value=Decimal(1500 + number),
            value_is_estimated=number == 0,
        )  # fmt: skip
    example.record(owner=olga, kind="commitment", name="A promise", due_at=GIVEN)
    example.record(owner=olga, kind="ticket", name="A far ticket", due_at=LATER)
