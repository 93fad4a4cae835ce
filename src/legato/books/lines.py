"""The list of a book, or of what some people hold: which records, how many, in which order.

First the ids of a page are taken, from as few tables as the question needs; only those are joined
with everything a row shows. So the first page of a book of 40,000 costs what one of 400 does.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

from django.core.cache import caches
from django.db import connection

from legato.books.snapshots import chosen, heated
from legato.books.weighing import POINTS, TOLD, exposures
from legato.domain.exposure import Exposure
from legato.domain.policy import HeatRule

Found = TypeVar("Found")
RECORD, ACCOUNT, CUSTOMER, HEAT = "record", "account", "customer", "heat"
"""What a part of a question looks at besides the list itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Whose records: the list of a case's book, or what these people have open; of them none but
    those ``chosen``, if any are named.

    ``destination`` is where the leaver of the book goes, see `domain.exposure.Standing`.
    """

    rule: HeatRule
    book: int | None = None
    owners: tuple[int, ...] = ()
    chosen: tuple[int, ...] | None = None
    destination: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A piece of SQL over `i` (the list), `r`, `a` (its account) and `t` (of its customer)."""

    sql: str
    needs: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Which records of a scope, in which order, by what they are put together; at what time."""

    now: datetime
    only: tuple[Part, ...] = ()
    order: Part
    group: Part | None = None
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A record as its row shows it. ``zone`` is the owner's, ``is_day_off`` whether it is due on a
    weekend or holiday there. ``promise_at`` is the customer's next promise, ``touched_at``
    the customer's last touch; ``exposure`` is None for a closed record."""

    record: int
    kind: str
    name: str
    account: str
    owner_id: int
    owner: str
    heat: str
    heat_why: str
    value: Decimal | None
    value_is_estimated: bool
    due_at: datetime | None
    is_open: bool
    interim_until: datetime | None
    phone: str
    zone: str
    is_day_off: bool
    touched_at: datetime | None = None
    promise_at: datetime | None = None
    exposure: Exposure | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Records that are alike in what the list is grouped by."""

    key: Any
    count: int


def count(scope: Scope, question: Question) -> int:
    """How many records."""
    sql, values = _select("count(*)", scope, question, question.only)
    return int(_rows(sql, values)[0][0])


def groups(scope: Scope, question: Question) -> list[Group]:
    """The groups of the list in their order, each with its number of records."""
    if question.group is None:
        return []
    parts = (*question.only, question.group)
    sql, values = _select(f"{question.group.sql} AS key, count(*)", scope, question, parts)
    return [
        Group(key=key, count=many) for key, many in _rows(f"{sql} GROUP BY 1 ORDER BY 1", values)
    ]


def ids(
    scope: Scope, question: Question, *, limit: int | None = None, offset: int = 0
) -> list[int]:
    """The records in their order."""
    return [row for (row,) in _ordered("i.record_id", scope, question, limit, offset)]


def ids_and_count(scope: Scope, question: Question, *, limit: int) -> tuple[list[int], int]:
    """The first records in their order, and how many there are, in one statement: where finding
    them costs more than putting them in order."""
    found = _ordered("i.record_id, count(*) OVER ()", scope, question, limit, 0)
    return [row for row, _count in found], found[0][1] if found else 0


def _ordered(
    what: str, scope: Scope, question: Question, limit: int | None, offset: int
) -> list[tuple[Any, ...]]:
    order = (question.group, question.order) if question.group else (question.order,)
    sql, values = _select(what, scope, question, (*question.only, *order))
    sql = f"{sql} ORDER BY {', '.join(part.sql for part in order)}, i.record_id"
    sql = f"{sql} LIMIT %(limit)s OFFSET %(offset)s"
    return _rows(sql, {**values, "limit": limit, "offset": offset})


def unsifted(*, now: datetime) -> Question:
    """All of a scope, in order of id."""
    return Question(now=now, order=Part(sql="i.record_id"))


# What `lines` has of a record; of a case's book with what its list said when it was taken.
SHOWN = """
SELECT r.id, r.kind, r.name, coalesce(a.name, ''), r.owner_id, p.name, i.heat, i.heat_why, i.value,
       coalesce(i.value_is_estimated, r.value_is_estimated), r.due_at, r.is_open, r.interim_until,
       coalesce(nullif(r.phone, ''), a.phone, ''), p.time_zone,
       r.due_at IS NOT NULL AND (
           extract(isodow FROM r.due_at AT TIME ZONE p.time_zone) > 5
           OR EXISTS (SELECT FROM people_holiday h WHERE h.country = p.country
                      AND h.day = (r.due_at AT TIME ZONE p.time_zone)::date))
FROM unnest(%(records)s::bigint[]) WITH ORDINALITY AS n (record_id, place)
JOIN books_record r ON r.id = n.record_id
JOIN people_person p ON p.id = r.owner_id
LEFT JOIN books_record a ON a.id = r.account_id
LEFT JOIN books_item i ON i.record_id = r.id AND i.book_id = %(book)s
ORDER BY n.place
"""
NAMES = (
    "record", "kind", "name", "account", "owner_id", "owner", "heat", "heat_why", "value",
    "value_is_estimated", "due_at", "is_open", "interim_until", "phone", "zone",
    "is_day_off",
)  # fmt: skip


def lines(scope: Scope, records: Sequence[int], *, now: datetime) -> list[Line]:
    """These records as their rows show them, in the order given. Two statements, or three.

    Of a list that nothing has kept, only those that are still open.
    """
    shown = [
        dict(zip(NAMES, row, strict=True))
        for row in _rows(SHOWN, {"records": list(records), "book": scope.book})
    ]
    if scope.book is None:
        shown = _heated(shown, scope=scope, now=now)
    rows = [(row["record"], row["heat"], row["value"]) for row in shown if row["is_open"]]
    weighed = exposures(rows, destination=scope.destination, now=now)
    for row in shown:
        standing, exposure = weighed.get(row["record"], (None, None))
        row["exposure"] = exposure
        row["touched_at"] = standing.touched_at if standing else None
        row["promise_at"] = standing.promise_at if standing else None
    return [Line(**row) for row in shown]


def _heated(
    shown: Sequence[dict[str, Any]], *, scope: Scope, now: datetime
) -> list[dict[str, Any]]:
    """With heat and value as they are now, where no list has kept them; without a record that was
    closed since its id was found."""
    named = ",".join(str(row["record"]) for row in shown) or "0"
    query = f"SELECT unnest(ARRAY[{named}]::bigint[])"
    held = {each.id: each for each in chosen(query=query, rule=scope.rule, now=now)}
    return [
        {**row, "heat": found.heat, "heat_why": found.heat_why, "value": found.value}
        for row in shown
        if (found := held.get(row["record"]))
    ]


NEXT = "coalesce(r.due_at, t.open_due_at)"
"""The date of the record, else the next one of anything open with its customer."""
DAYS = f"floor(extract(epoch FROM {NEXT} - %(now)s) / 86400)::int"
SPOTS = (
    f"{DAYS} AS days, {POINTS} AS chance, i.heat, count(*), coalesce(sum(i.value), 0), min(r.name)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Open records whose next date is on one day, with one chance of loss and one heat; or one.

    ``days`` from now, negative where overdue, None without a date. ``name`` is one of theirs.
    """

    days: int | None
    chance: int
    heat: str
    count: int
    value: Decimal
    name: str


def spots(scope: Scope, question: Question, *, one_by_one: bool) -> list[Spot]:
    """Where the open records of the list lie in time and chance.

    Not one by one they are counted once an hour, or when anything has changed: see `kept`.
    """
    if one_by_one:
        return _spots(scope, question, "1, 2, 3, r.id")
    values = {name: whole_hour(value) for name, value in question.values.items()}
    hour = replace(question, now=whole_hour(question.now), values=values)
    asked = (scope, [part.sql for part in hour.only], sorted(values.items()), hour.now)
    return kept("spots", asked, lambda: _spots(scope, hour, "1, 2, 3"))


def whole_hour(value: Any) -> Any:
    """The beginning of an instant's hour; anything else as it is."""
    if isinstance(value, datetime):
        return value.replace(minute=0, second=0, microsecond=0)
    return value


def _spots(scope: Scope, question: Question, alike: str) -> list[Spot]:
    opened = Part(sql="r.is_open", needs=frozenset({RECORD, ACCOUNT, CUSTOMER, HEAT}))
    sql, values = _select(SPOTS, scope, question, (*question.only, opened))
    rows = _rows(f"{sql} GROUP BY {alike} ORDER BY {alike}", values)
    return [Spot(**dict(zip(Spot.__slots__, row, strict=True))) for row in rows]


SMALL = 5_000
"""Records of a book whose owners are read from them; a larger one may be with anybody."""
# Of a large book everybody who owns anything: each once, in steps along the index.
OWNERS = """
WITH RECURSIVE anybody (id) AS (
    (SELECT owner_id FROM books_record WHERE is_open ORDER BY owner_id LIMIT 1)
    UNION ALL
    SELECT (SELECT r.owner_id FROM books_record r WHERE r.is_open AND r.owner_id > o.id
            ORDER BY r.owner_id LIMIT 1)
    FROM anybody o WHERE o.id IS NOT NULL
), few AS (
    SELECT i.record_id FROM books_item i WHERE i.book_id = %(book)s LIMIT %(small)s + 1
)
SELECT o.id FROM anybody o
WHERE o.id IS NOT NULL AND (SELECT count(*) FROM few) > %(small)s
UNION
SELECT r.owner_id FROM few f JOIN books_record r ON r.id = f.record_id
WHERE (SELECT count(*) FROM few) <= %(small)s
"""


def owners(scope: Scope) -> list[int]:
    """Who has records of the scope, or might have."""
    if scope.book is None:
        return list(scope.owners)
    return [pk for (pk,) in _rows(OWNERS, {"book": scope.book, "small": SMALL})]


# An entry may be committed after one with a higher id, so the last ones are counted as well.
STATE = """
SELECT last.id, (SELECT count(*) FROM ledger_entry e WHERE e.id > last.id - 10000)
FROM (SELECT coalesce(max(id), 0) AS id FROM ledger_entry) last
"""


def kept(name: str, asked: object, count: Callable[[], Found]) -> Found:
    """What is counted over a whole book, kept by this process until anything changes anywhere.

    No record changes without an entry in the ledger, so what was counted at one state of the ledger
    is right as long as that state lasts.
    """
    state = _rows(STATE, {})[0]
    text = repr((connection.settings_dict["NAME"], name, asked, state))
    key = f"books:{hashlib.sha256(text.encode()).hexdigest()}"
    found: Found | None = caches["counted"].get(key)
    if found is None:
        found = count()
        caches["counted"].set(key, found, timeout=3600)
    return found


LIST = "(SELECT r.id AS record_id, r.kind, r.value FROM books_record r WHERE {whose}) i"
WEIGHED = """(
    SELECT h.id AS record_id, h.kind, h.value,
           CASE h.heat WHEN 0 THEN 'hot' WHEN 1 THEN 'warm' ELSE 'cold' END AS heat
    FROM ({heated}) h
) i"""
CUSTOMERS = "SELECT coalesce(s.account_id, s.id) FROM books_record s WHERE s.id IN ({records})"


def _select(
    what: str, scope: Scope, question: Question, parts: Sequence[Part]
) -> tuple[str, dict[str, Any]]:
    """A statement over the list, joined with no more than its parts look at."""
    needs = frozenset[str]().union(*(part.needs for part in parts))
    values: dict[str, Any] = {
        "now": question.now, "book": scope.book, "owners": list(scope.owners),
        "chosen": list(scope.chosen or ()), "destination": scope.destination, **question.values,
    }  # fmt: skip
    only = [part.sql for part in question.only]
    only += [part.sql for part in parts if part.sql == "r.is_open"]
    if scope.book is not None:
        listed = _of_scope(scope, "{n}.book_id = %(book)s", "{n}.record_id")
        source = "books_item i"
        records = f"SELECT n.record_id FROM books_item n WHERE {listed.format(n='n')}"
        only.append(listed.format(n="i"))
    else:
        whose = _of_scope(scope, "r.is_open AND r.owner_id = ANY (%(owners)s)", "r.id")
        source = LIST.format(whose=whose)
        records = f"SELECT r.id FROM books_record r WHERE {whose}"
        if HEAT in needs:
            query, more = heated(query=records, rule=scope.rule, now=question.now)
            source, values = WEIGHED.format(heated=query), {**more, **values}
    joined = [source]
    if needs & {RECORD, ACCOUNT, CUSTOMER}:
        joined.append("JOIN books_record r ON r.id = i.record_id")
    if needs & {ACCOUNT, CUSTOMER}:
        joined.append("LEFT JOIN books_record a ON a.id = r.account_id")
    if CUSTOMER in needs:
        told = TOLD.format(customers=CUSTOMERS.format(records=records))
        joined.append(f"LEFT JOIN ({told}) t ON t.id = coalesce(r.account_id, r.id)")
    where = f" WHERE {' AND '.join(only)}" if only else ""
    return f"SELECT {what} FROM {' '.join(joined)}{where}", values


def _of_scope(scope: Scope, whose: str, record: str) -> str:
    return whose if scope.chosen is None else f"{whose} AND {record} = ANY (%(chosen)s)"


def _rows(sql: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
