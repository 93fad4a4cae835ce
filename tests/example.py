"""The cast and the rows of the tests, written as the database demands: each with its entry.

Olga leaves, Mei manages, Kenji succeeds, Sam runs sales operations, Ivo must see nothing; Ada is
the director and the person of last resort. It is NOW; people came at HIRED, and records were given
to their owners at GIVEN.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from itertools import count
from typing import Any

from django.db import connection, transaction

from legato.books.models import Book, Item, Record
from legato.ledger import operations as ledger
from legato.ledger.models import Entry
from legato.people import operations as people

NOW = datetime(2026, 3, 31, 9, tzinfo=UTC)
HIRED = datetime(2024, 1, 15, 9, tzinfo=UTC)
GIVEN = datetime(2025, 6, 2, 9, tzinfo=UTC)
NUMBERS = count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """The ids of the people."""

    ada: int
    mei: int
    olga: int
    kenji: int
    sam: int
    ivo: int


def entry(
    *,
    kind: str = "example",
    chain: str = "example",
    actor: int | None = None,
    at: datetime = NOW,
    reason: str = "For the example",
    receipt_sha256: str = "",
) -> Entry:
    """An entry of the ledger. Rows that name it must be written in the same transaction."""
    return ledger.record(
        chain=chain, kind=kind, actor=actor, at=at, reason=reason, receipt_sha256=receipt_sha256
    )


def person(*, name: str, role: str = "rep", manager: int | None = None, **details: Any) -> int:
    """An employed person, hired at HIRED and by default known since then; their id."""
    settings: dict[str, Any] = {
        "email": f"{name.split()[0].lower()}.{next(NUMBERS)}@example.com",
        "started_on": HIRED.date(),
        "now": HIRED,
        "actor": None,
        "reason": "For the example",
    }
    return people.hire(name=name, role=role, manager=manager, **(settings | details))


def company() -> Cast:
    """The cast, Ada being the person of last resort."""
    ada = person(name="Ada Okafor", role="director", country="GB", language="en")
    mei = person(
        name="Mei Lin", role="manager", manager=ada, team="East", country="CN", language="zh"
    )
    east: dict[str, Any] = {"manager": mei, "team": "East", "capacity": Decimal(50)}
    cast = Cast(
        ada=ada,
        mei=mei,
        olga=person(name="Olga Petrova", country="RU", language="ru", **east),
        kenji=person(name="Kenji Sato", country="JP", language="ja", **east),
        sam=person(name="Sam Carter", role="operations", manager=ada, country="GB", language="en"),
        ivo=person(name="Ivo Novak", manager=ada, team="West", country="CZ", capacity=Decimal(50)),
    )
    people.name_last_resort(person=ada, now=HIRED, actor=None, reason="For the example")
    return cast


def record(
    *,
    owner: int,
    kind: str = "account",
    account: int | None = None,
    at: datetime = GIVEN,
    is_open: bool = True,
    **columns: Any,
) -> Record:
    """A record given to its owner at that time; further columns as the model names them."""
    number = next(NUMBERS)
    with transaction.atomic():
        given = entry(kind="record_created", actor=owner, at=at)
        return Record.objects.create(
            kind=kind,
            source=columns.pop("source", "example"),
            key=columns.pop("key", str(number)),
            name=columns.pop("name", f"{kind.title()} {number}"),
            account_id=account,
            owner_id=owner,
            owner_since=at,
            owner_entry=given,
            entry=given,
            is_open=is_open,
            **columns,
        )


def records(*, how_many: int, owner: int, kind: str = "account", at: datetime = GIVEN) -> Entry:
    """Many open records in one statement; the entry that gave them."""
    with transaction.atomic(), connection.cursor() as cursor:
        given = entry(kind="records_created", actor=owner, at=at)
        cursor.execute(
            "INSERT INTO books_record (kind, source, key, name, owner_id, owner_since,"
            " owner_entry_id, entry_id, is_open, owner_is_ours)"
            " SELECT %(kind)s, 'many', concat_ws('-', %(entry)s::text, n), 'Record ' || n,"
            " %(owner)s, %(at)s, %(entry)s, %(entry)s, true, false"
            " FROM generate_series(1, %(how_many)s) n",
            {"kind": kind, "entry": given.pk, "owner": owner, "at": at, "how_many": how_many},
        )
    return given


def give(*, record: int, to: int, at: datetime = NOW) -> Entry:
    """Gives one record to somebody, past every rule but the database's; the entry."""
    with transaction.atomic():
        given = entry(kind="record_given", actor=to, at=at)
        Record.objects.filter(pk=record).update(
            owner_id=to,
            owner_since=at,
            owner_entry=given,
            entry=given,
            owner_is_ours=True,
            interim_until=None,
            next_owner=None,
        )
    return given


def book(*, holder: int, at: datetime = NOW, heat: str = "warm") -> Book:
    """The book of a person as it is now: all their open records, of one heat."""
    with transaction.atomic():
        taken = entry(kind="book_taken", at=at)
        made = Book.objects.create(holder_id=holder, taken_at=at, entry=taken)
        Item.objects.bulk_create(
            Item(book=made, record=each, kind=each.kind, heat=heat, heat_why="example",
                 value=each.value, entry=taken)
            for each in Record.objects.filter(owner=holder, is_open=True)
        )  # fmt: skip
    return made


def leave(*, person: int, at: datetime = NOW) -> Entry:
    """Ends an employment; refused while the person owns open records."""
    with transaction.atomic():
        left = entry(kind="person_left", chain=f"person:{person}", at=at)
        people.end_employment(person=person, at=at, entry=left)
    return left
