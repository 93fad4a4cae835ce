"""Reads of the books that several apps share."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import cast

from django.db import connection
from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from legato.books.models import KINDS, Bar, Item, Record
from legato.books.snapshots import Held
from legato.domain.problem import HEATS, Heat
from legato.web.asked import number


def names_of(*, records: Iterable[int]) -> dict[int, str]:
    """What the records are called, by id."""
    return dict(Record.objects.filter(pk__in=set(records)).values_list("pk", "name"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of an inventory: records of one kind. ``value`` sums what is known."""

    count: int
    value: Decimal
    hot: int = 0
    warm: int = 0
    cold: int = 0
    unknown_value: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """How many records, and what those are worth of which it is known."""

    count: int = 0
    value: Decimal = Decimal()
    unknown_value: int = 0

    def __add__(self, other: "Cell") -> "Cell":
        return Cell(
            count=self.count + other.count,
            value=self.value + other.value,
            unknown_value=self.unknown_value + other.unknown_value,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class KindLine:
    """A kind of record in a book, by heat."""

    kind: str
    hot: Cell
    warm: Cell
    cold: Cell

    @property
    def total(self) -> Cell:
        return self.hot + self.warm + self.cold


def inventory(*, book: int) -> list[KindLine]:
    """A book as it was listed, counted by kind and heat; kinds in the order of the models."""
    counted = (
        Item.objects.filter(book_id=book)
        .values("kind", "heat")
        .annotate(
            many=Count("record"),
            worth=Coalesce(Sum("value"), Decimal()),
            unknown=Count("record", filter=Q(value__isnull=True)),
        )
        .values_list("kind", "heat", "many", "worth", "unknown")
    )
    cells: dict[str, dict[str, Cell]] = defaultdict(lambda: dict.fromkeys(HEATS, Cell()))
    for kind, heat, count, value, unknown in counted:
        cells[kind][heat] = Cell(count=count, value=value, unknown_value=unknown)
    return [KindLine(kind=kind, **cells[kind]) for kind in KINDS if kind in cells]


def inventory_of(held: Iterable[Held]) -> dict[str, Line]:
    """The listed records counted by kind and heat, kinds in order of name."""
    by_kind: dict[str, list[Held]] = defaultdict(list)
    for each in held:
        by_kind[each.kind].append(each)
    return {kind: _line(records) for kind, records in sorted(by_kind.items())}


def _line(records: list[Held]) -> Line:
    heats = {heat: sum(each.heat == heat for each in records) for heat in HEATS}
    return Line(
        count=len(records),
        value=sum((each.value for each in records if each.value is not None), Decimal()),
        unknown_value=sum(each.value is None for each in records),
        **heats,
    )


# The second way of counting goes over everybody's open records, and takes the others' away.
SECOND_COUNT = """
SELECT r.kind, count(*) - count(*) FILTER (WHERE r.owner_id <> %(owner)s),
       coalesce(sum(r.value), 0) - coalesce(sum(r.value) FILTER (WHERE r.owner_id <> %(owner)s), 0)
FROM books_record r WHERE r.is_open GROUP BY r.kind
"""


def second_count(*, owner: int) -> dict[str, tuple[int, Decimal]]:
    """What one person holds by kind, counted independently of `inventory_of`: count and value.

    The value is of the records themselves: an account has none of its own.
    """
    with connection.cursor() as cursor:
        cursor.execute(SECOND_COUNT, {"owner": owner})
        return {kind: (count, value) for kind, count, value in cursor.fetchall() if count}


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A record of a book as it is now, for people."""

    record: int
    kind: str
    name: str
    account_name: str
    owner_id: int
    owner: str
    heat: Heat
    heat_why: str
    value: Decimal | None
    value_is_estimated: bool
    due_at: datetime | None
    is_open: bool
    interim_until: datetime | None


def due(*, book: int, until: datetime, limit: int) -> tuple[list[Listed], int]:
    """The open records of a book that are due by then, overdue ones too, earliest first; and how
    many there are."""
    found = _items(book).filter(record__is_open=True, record__due_at__lte=until)
    earliest = found.order_by("record__due_at", "record_id")[:limit]
    return [_listed(item) for item in earliest], found.count()


def _items(book: int) -> QuerySet[Item]:
    return Item.objects.filter(book_id=book).select_related("record__account", "record__owner")


def _listed(item: Item) -> Listed:
    record: Record = item.record
    account = record.account
    return Listed(
        record=record.pk,
        kind=item.kind,
        name=record.name,
        account_name=account.name if isinstance(account, Record) else "",
        owner_id=record.owner_id,
        owner=str(getattr(record.owner, "name", "")),
        heat=cast(Heat, item.heat),
        heat_why=item.heat_why,
        value=item.value,
        value_is_estimated=item.value_is_estimated,
        due_at=record.due_at,
        is_open=record.is_open,
        interim_until=record.interim_until,
    )


def record_named(*, reference: str) -> list[tuple[int, str, str]]:
    """The open records of that id (``#12``), key or name: id, kind, name; accounts first."""
    text = reference.strip()
    rows = Record.objects.filter(is_open=True)
    pk = number(text[1:])
    if text.startswith("#") and pk is not None:
        found = rows.filter(pk=pk)
    else:
        found = rows.filter(key=text) or rows.filter(name=text)
    values = list(found.order_by("pk").values_list("pk", "kind", "name")[:50])
    accounts = [row for row in values if row[1] == "account"]
    return accounts or values


def barred_from(*, person: int) -> list[tuple[int, str, str]]:
    """The records that a conflict of interest keeps from the person: id, kind, name."""
    found = Bar.objects.filter(person=person, released_by=None).order_by("record_id")
    return list(found.values_list("record_id", "record__kind", "record__name"))
