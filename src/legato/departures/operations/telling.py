"""One message per person and change of owners: what came, what went (HO19).

Reads the chain over all, in which every committed entry has its place, so that no operation that
changes owners knows of this, and none is passed by. Who is leaving is told by people, not by this.
"""

from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from legato.departures.models import Case, Digest, Told
from legato.domain.sight import sees_departure
from legato.ledger.models import Entry
from legato.people.operations import News, tell_all
from legato.people.queries import NoLastResort, managers_of, people
from legato.planning.models import Plan

KINDS = ("commit", "cover", "given", "undo", "employment_ended", "interim_ended")
"""Entries that give records to others by a person's or the clock's decision."""
AT_ONCE = 10_000
"""Places of the chain looked at in one transaction."""

NEW = """
SELECT e.id FROM ledger_seal s JOIN ledger_entry e ON e.id = s.entry_id
WHERE s.number > %(after)s AND s.number <= %(until)s
  AND e.kind = ANY (%(kinds)s) AND e.receipt_sha256 <> ''
  AND NOT EXISTS (SELECT FROM departures_digest d WHERE d.entry_id = e.id)
ORDER BY s.number
"""
WENT = """
SELECT owner_id, given_to_id, count(*) FROM books_span WHERE ended_by_id = %s
GROUP BY owner_id, given_to_id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """An entry with how many records each person gave and was given, and who leaves by it."""

    entry: Entry
    moved: int
    gave: Counter[int]
    got: Counter[int]
    leavers: frozenset[int]
    interim: str | None
    """Until when the new owners are interim ones, as ISO text; None is for good."""


def digest_new(*, now: datetime) -> int:
    """Tells of every entry sealed since it was last asked; how many messages. Safe to repeat."""
    messages, goes_on = 0, True
    while goes_on:
        told, goes_on = _digest_some(now=now)
        messages += told
    return messages


@transaction.atomic(durable=True)
def _digest_some(*, now: datetime) -> tuple[int, bool]:
    """How many messages, and whether more is waiting."""
    row = Told.objects.select_for_update().get()
    last = _last_seal()
    until = min(last, row.seal + AT_ONCE)
    asked = {"after": row.seal, "until": until, "kinds": list(KINDS)}
    entries = Entry.objects.in_bulk([pk for (pk,) in _rows(NEW, asked)])
    messages = sum(_digest(entry, now=now) for entry in entries.values())
    Told.objects.filter(pk=row.pk).update(seal=until)
    return messages, until < last


def _last_seal() -> int:
    return int(_rows("SELECT coalesce(max(number), 0) FROM ledger_seal", None)[0][0])


def _digest(entry: Entry, *, now: datetime) -> int:
    change = _change(entry)
    Digest.objects.create(entry=entry, moved=change.moved, givers=change.gave, receivers=change.got)
    news = list(_news(change))
    tell_all(news, entry=entry.pk, at=now)
    return len(news)


def _change(entry: Entry) -> Change:
    gave: Counter[int] = Counter()
    got: Counter[int] = Counter()
    for owner, given_to, count in _rows(WENT, [entry.pk]):
        gave[owner] += count
        got[given_to] += count
    plan = _plan(entry)
    return Change(
        entry=entry,
        moved=gave.total(),
        gave=gave,
        got=got,
        leavers=_leavers(entry, plan),
        interim=_interim(entry, plan),
    )


def _plan(entry: Entry) -> Plan | None:
    number = entry.facts.get("plan") if entry.kind == "commit" else None
    return Plan.objects.filter(pk=number).first() if number else None


def _leavers(entry: Entry, plan: Plan | None) -> frozenset[int]:
    about, _colon, number = entry.chain.partition(":")
    if about == "plan":
        plan = Plan.objects.get(pk=int(number))
    if plan is not None:
        return frozenset(plan.books.values_list("book__holder_id", flat=True))
    found = Case.objects.filter(pk=int(number)) if about == "case" else Case.objects.none()
    return frozenset(found.values_list("person_id", flat=True))


def _interim(entry: Entry, plan: Plan | None) -> str | None:
    if plan is not None and plan.interim_until:
        return plan.interim_until.isoformat()
    return entry.facts.get("until") if entry.kind == "cover" else None


def _news(change: Change) -> Iterable[News]:
    """To whom records came, from whom they went, and who manages those who leave."""
    managers = _managers(change)
    concerned = set(change.gave) | set(change.got) | managers
    leaving = set(
        Case.objects.filter(person__in=concerned, closed_at=None).values_list("person", flat=True)
    )
    for someone in sorted(people(ids=concerned).values(), key=lambda each: each.id):
        if someone.is_employed and someone.id not in leaving | change.leavers:
            yield News(
                person=someone.id,
                kind=change.entry.kind,
                facts=_facts(change, someone.id, manages=someone.id in managers),
            )


def _facts(change: Change, person: int, *, manages: bool) -> dict[str, Any]:
    return {
        "came": change.got[person],
        "went": change.gave[person],
        "moved": change.moved,
        "manages": manages,
        "interim": change.interim,
    }


def _managers(change: Change) -> set[int]:
    """Of who leaves, else of who gave; only those who may see all of it."""
    of = set(change.leavers) or set(change.gave)
    above: set[int] = set()
    with suppress(NoLastResort):
        above = set(managers_of(people=of).values()) if of else set()
    return {each.id for each in people(ids=above).values() if _sees_all(each, change)}


def _sees_all(someone: Any, change: Change) -> bool:
    return all(
        sees_departure(
            person=someone.id, role=someone.role, is_employed=someone.is_employed, leaver=leaver
        )
        for leaver in change.leavers or {0}
    )


def _rows(query: str, asked: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, asked)
        return list(cursor.fetchall())
