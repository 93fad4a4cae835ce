"""What opening a case tells, and how that is kept for whoever asks again with the same key.

What is kept names nothing: records are kept by number, and called as they are called now.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from legato.books.models import Record
from legato.books.queries import Line

PLACES = ("on_own_accounts", "on_others_accounts", "without_account")


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A record with a day that is near or over."""

    id: int
    kind: str
    name: str
    account_name: str
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    case: int
    entry: int
    person: int
    manager: int
    inventory: dict[str, Line]
    placed: dict[str, dict[str, int]]
    """By kind: records on own accounts, on others' accounts, and without an account."""
    burning: tuple[Due, ...]
    """What is due within the policy's hours, overdue first."""
    covered_by: int | None
    """The manager who covers from the start, where the last day is already over."""


def kept(opened: Opened) -> dict[str, Any]:
    """As JSON has it."""
    return {
        "case": opened.case,
        "entry": opened.entry,
        "person": opened.person,
        "manager": opened.manager,
        "inventory": [
            [kind, {**asdict(line), "value": str(line.value)}]
            for kind, line in opened.inventory.items()
        ],
        "placed": [
            [kind, [line[place] for place in PLACES]] for kind, line in opened.placed.items()
        ],
        "burning": [[each.id, each.due_at.isoformat()] for each in opened.burning],
        "covered_by": opened.covered_by,
    }


def opened_again(values: Mapping[str, Any]) -> Opened:
    """The same from what was kept."""
    due = {record: datetime.fromisoformat(at) for record, at in values["burning"]}
    records = Record.objects.select_related("account").in_bulk(due)
    return Opened(
        case=values["case"],
        entry=values["entry"],
        person=values["person"],
        manager=values["manager"],
        inventory={
            kind: Line(**{**line, "value": Decimal(line["value"])})
            for kind, line in values["inventory"]
        },
        placed={kind: dict(zip(PLACES, line, strict=True)) for kind, line in values["placed"]},
        burning=tuple(_due(records[record], at) for record, at in due.items()),
        covered_by=values["covered_by"],
    )


def _due(record: Record, due_at: datetime) -> Due:
    account = record.account
    return Due(
        id=record.pk,
        kind=record.kind,
        name=record.name,
        account_name=account.name if isinstance(account, Record) else "",
        due_at=due_at,
    )
