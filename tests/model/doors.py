"""The product's doors by the model's names and numbers, and what the database holds in them."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import IntegrityError, connection, transaction
from tests import example, importing
from tests.model import values
from tests.model.values import Row

from legato.books import barring
from legato.books.importing import undo as undo_import
from legato.books.models import Import, Record
from legato.departures import operations as departures
from legato.departures.models import Case
from legato.domain.departure import Announcement
from legato.domain.errors import Refused
from legato.people import operations as staff
from legato.people.models import Person
from legato.planning import operations as planning
from legato.planning.models import Assignment, Commit, Undo
from legato.planning.models import Plan as Stored
from legato.planning.operations import Options

HEADS = {
    "account": "Account ID,Account Name,Account Owner",
    "opportunity": "Opportunity ID,Opportunity Name,Opportunity Owner,Account Name,Deal Stage",
    "lead": "Lead ID,Lead Name,Lead Owner,Lead Status",
}


class RefusedByTheDatabase(Refused):
    """What is written past every rule is refused by a constraint, whose name is the code."""

    def __init__(self, constraint: str) -> None:
        self.code = constraint  # type: ignore[misc]
        super().__init__()


class Doors:
    """Cases count from one in a new database, as they do in the model."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.people = dict(Person.objects.values_list("name", "pk"))
        self.records = dict(Record.objects.values_list("key", "pk"))
        self.plans: dict[int, planning.Proposed] = {}
        self.entries: dict[int, int] = {}
        self.imports = list(Import.objects.order_by("pk").values_list("pk", flat=True))

    def said(self, actor: str, now: datetime) -> dict[str, Any]:
        return {"actor": self.people[actor], "now": now, "reason": "For the model"}

    # People and rules

    def hire(self, name: str, person: values.Person, *, key: str | None, **said: Any) -> int:
        manager = self.people[person.manager] if person.manager else None
        more: dict[str, Any] = {"role": person.role, "manager": manager}
        self.people[name] = staff.hire(
            name=name, capacity=Decimal(person.capacity), started_on=person.started, key=key,
            **more, **said,
        )  # fmt: skip
        return self.people[name]

    def leave(self, who: str, now: datetime) -> None:
        example.leave(person=self.people[who], at=now)

    def bar(self, who: str, key: str, *, on: bool, **said: Any) -> None:
        verb = barring.bar if on else barring.unbar
        verb(person=self.people[who], record_id=self.records[key], **said)

    # Departures

    def depart(
        self, who: str, kind: Any, last_day: date | None, *, gone: bool, **said: Any
    ) -> departures.Opened:
        announced = Announcement(kind=kind, last_day=last_day, already_gone=gone)
        return departures.open_case(person_id=self.people[who], announced=announced, **said)

    def plan(
        self, plan: values.Plan, seed: int, origin: int, *, key: str | None, **said: Any
    ) -> Any:
        options = Options(
            seed=seed,
            pins=tuple((f"#{self.records[u]}", self.people[to]) for u, to in plan.pins.items()),
            excluded=frozenset(self.people[name] for name in plan.excluded),
            until=plan.until,
            returns=plan.returns,
            origin=self.plans[origin].plan if origin else None,
        )
        now = said["now"]
        run = departures.begin(cases=plan.cases, options=options, key=key, **said)
        return departures.carry_out(run_id=run, clock=lambda: now)

    def given(self, plan: int) -> dict[str, str | None]:
        """The solver's choice."""
        rows = Assignment.objects.filter(plan=plan).values_list(
            "unit__key", "person__name", "is_orphan"
        )
        return {unit: None if is_orphan else name for unit, name, is_orphan in rows}

    # By hand and by file

    def edit(
        self, key: str, now: datetime, *, to: str | None = None, is_open: bool | None = None
    ) -> None:
        """Past every rule but the database's."""
        columns: dict[str, Any] = {} if is_open is None else {"is_open": is_open}
        columns |= {"outcome": ""} if is_open is not None else {}
        try:
            with transaction.atomic(durable=True):
                entry = example.entry(kind="edited", at=now, actor=self.people["Ada"])
                if to is not None:
                    columns |= {
                        "owner": self.people[to], "owner_since": now, "owner_entry": entry,
                        "owner_is_ours": True, "interim_until": None, "next_owner": None,
                    }  # fmt: skip
                Record.objects.filter(pk=self.records[key]).update(entry=entry, **columns)
        except IntegrityError as error:
            raise RefusedByTheDatabase(error.__cause__.diag.constraint_name) from error  # type: ignore

    def read(self, rows: Mapping[str, Row], *, key: str | None, now: datetime) -> Any:
        folder = importing.write(self.folder, files_of(rows))
        answer = importing.read(folder, now=now, key=key)
        if answer["import"] not in self.imports:
            self.imports.append(answer["import"])
        self.records = dict(Record.objects.values_list("key", "pk"))
        return answer

    def undo_import(self, number: int, now: datetime) -> Any:
        return undo_import(importing=self.imports[number], now=now, actor=None, reason="")

    # What is there

    def state(self) -> dict[str, Any]:
        return {
            "people": self._people(),
            "records": self._records(),
            "past": self._past(),
            "cases": [
                not each for each in Case.objects.order_by("pk").values_list("closed_at", flat=True)
            ],
            "plans": list(
                Stored.objects.order_by("pk").values_list("approval__approver__name", flat=True)
            ),
            "commits": sorted(Commit.objects.values_list("pk", flat=True)),
            "undone": sorted(Undo.objects.values_list("undone_id", flat=True)),
        }

    def _people(self) -> dict[str, tuple[Any, ...]]:
        return {row[0]: row[1:] for row in _rows(PEOPLE)}

    def _records(self) -> dict[str, tuple[Any, ...]]:
        return {row[0]: row[1:] for row in _rows(RECORDS)}

    def _past(self) -> list[tuple[Any, ...]]:
        return _rows(PAST)


PEOPLE = """
SELECT p.name, p.is_employed, e.ends_on, p.capacity::int,
       EXISTS (SELECT FROM people_hold h WHERE h.person_id = p.id AND h.released_at IS NULL)
FROM people_person p LEFT JOIN people_employment e ON e.id = p.employment_id
"""
RECORDS = """
SELECT r.key, p.name, r.owner_since, r.is_open, r.stage, r.outcome, r.owner_is_ours,
       r.interim_until, n.name
FROM books_record r JOIN people_person p ON p.id = r.owner_id
LEFT JOIN people_person n ON n.id = r.next_owner_id
"""
PAST = """
SELECT r.key, p.name, s.since, s.until, g.name, s.interim_until, n.name
FROM books_span s JOIN books_record r ON r.id = s.record_id
JOIN people_person p ON p.id = s.owner_id JOIN people_person g ON g.id = s.given_to_id
LEFT JOIN people_person n ON n.id = s.next_owner_id
ORDER BY r.key COLLATE "C", s.ended_by_id
"""


def files_of(rows: Mapping[str, Row]) -> dict[str, str]:
    """The CRM's exports; accounts are called by their keys."""
    lines = {kind: [head] for kind, head in HEADS.items()}
    for key, row in rows.items():
        account = [str(row.account)] if row.kind == "opportunity" else []
        stage = [] if row.kind == "account" else [row.stage]
        lines[row.kind].append(",".join([key, key, row.owner, *account, *stage]))
    return {f"{kind}.csv": "\n".join(each) + "\n" for kind, each in lines.items()}


def _rows(query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found
