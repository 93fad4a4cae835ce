"""Departures that touch: opening, planning and carrying out in one line each, and a fingerprint of
everything there is.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.apps import apps
from django.db import connection
from tests import example
from tests.example import NOW, Cast

from legato.books.models import Record
from legato.departures import operations as departures
from legato.departures.queries import Standing, standing
from legato.domain.departure import Announcement
from legato.planning import operations as planning
from legato.planning.operations import Committed, Options, Proposed, Undone

LAST_DAY = date(2026, 4, 30)
AFTER = datetime(2026, 5, 1, 3, tzinfo=NOW.tzinfo)
"""Olga's last day is over, everywhere."""
Said = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """The cast with Juno, a third rep, and Dana, a second director."""

    cast: Cast
    juno: int
    dana: int

    def __getattr__(self, name: str) -> int:
        """Anybody of the cast."""
        found: int = getattr(self.cast, name)
        return found


def company() -> Company:
    cast = example.company()
    room: Said = {"manager": cast.mei, "team": "East", "capacity": Decimal(50)}
    return Company(
        cast=cast,
        juno=example.person(name="Juno Diaz", **room),
        dana=example.person(name="Dana Cruz", role="director"),
    )


def accounts(owner: int, *, how_many: int = 3, kind: str = "opportunity") -> list[Record]:
    """Accounts, each with something on it worth 100."""
    made = [example.record(owner=owner) for _each in range(how_many)]
    for each in made:
        example.record(owner=owner, kind=kind, account=each.pk, value=Decimal(100))
    return made


def depart(us: Company, who: int, *, at: datetime = NOW, **said: Any) -> int:
    """An open case."""
    announced: Said = {"kind": "resignation", "last_day": LAST_DAY}
    opened = departures.open_case(
        person_id=who,
        announced=Announcement(**(announced | said)),
        actor=us.dana,
        now=at,
        reason="They told us",
    )
    return opened.case


def cover(us: Company, case: int, by: int, *, at: datetime = NOW, days: int = 9) -> int:
    """The entry of a cover."""
    given = departures.cover(
        case_id=case, by=by, until=at + timedelta(days=days), actor=us.dana, now=at, reason="Ill"
    )
    return given.cover


def plan(
    us: Company, *cases: int, to: int | None = None, at: datetime = NOW, **more: Any
) -> Proposed:
    """A plan; ``to`` leaves everybody else out."""
    reps = {us.olga, us.kenji, us.ivo, us.juno}
    excluded = frozenset(reps - {to}) if to else frozenset()
    options = Options(**({"excluded": excluded} | more))
    return departures.plan(cases=cases, options=options, actor=us.mei, now=at, reason="A plan")


def approve(us: Company, proposed: Proposed, *, by: int | None = None, at: datetime = NOW) -> None:
    planning.approve(plan_id=proposed.plan, approver=by or us.ada, now=at, reason="Fair")


def carry_out(
    us: Company, proposed: Proposed, *, at: datetime = NOW, by: int | None = None
) -> Committed:
    """Commits what is approved."""
    return planning.commit(
        plan_id=proposed.plan, digest=proposed.digest, actor=by or us.dana, now=at, reason="Go"
    )


def hand_over(us: Company, *cases: int, to: int | None = None, at: datetime = NOW) -> Committed:
    """Planned, approved, carried out."""
    proposed = plan(us, *cases, to=to, at=at)
    approve(us, proposed, at=at)
    return carry_out(us, proposed, at=at)


def undo(entry: int, *, by: int, at: datetime = NOW) -> Undone:
    return planning.undo(entry_id=entry, actor=by, now=at, reason="Not so")


def stands(case: int, *, at: datetime = NOW) -> Standing:
    return standing(case_id=case, now=at)


def told(case: int, *, at: datetime = NOW) -> dict[str, Said]:
    """What the case says: the codes of its matters with their facts."""
    return {each.code: dict(each.facts) for each in stands(case, at=at).matters}


def owners() -> dict[int, int]:
    return dict(Record.objects.order_by("pk").values_list("pk", "owner_id"))


OWNERS = {
    "owner",
    "owner_since",
    "owner_entry",
    "owner_is_ours",
    "interim_until",
    "next_owner",
    "entry",
}
"""The columns of a record that a transfer may change."""


def fingerprint(*, but_owners: bool = False) -> dict[str, str]:
    """SHA-256 of every table's rows; ``but_owners`` leaves out what a transfer may change."""
    found = {}
    for model in apps.get_models():
        if model._meta.app_label in OURS and not (but_owners and model.__name__ in WRITTEN):
            names = [
                each.column
                for each in model._meta.concrete_fields
                if not (but_owners and model is Record and each.name in OWNERS) and each.column
            ]
            found[model.__name__] = _hash(model._meta.db_table, names)
    return found


OURS = ("ledger", "people", "books", "planning", "departures")
WRITTEN = ("Entry", "Span", "Plan", "PlanBook", "Assignment", "Move", "Approval", "Commit", "Undo",
           "Seal", "Answer", "Item", "Message")  # fmt: skip


def _hash(table: str, columns: list[str]) -> str:
    listed = ", ".join(f't."{each}"' for each in columns)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT ROW({listed})::text FROM {table} t ORDER BY 1")
        return sha256("\n".join(row[0] for row in cursor.fetchall()).encode()).hexdigest()
