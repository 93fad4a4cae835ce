"""What people have been told: their messages, and of each change the rows that concern them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Count, Max, QuerySet

from legato.domain.errors import NotFound
from legato.domain.sight import sees_cases
from legato.people.mailing import is_on
from legato.people.models import Message, Muting
from legato.people.queries import Someone, people
from legato.web.paging import SIZE, Page, offset

SHOWN_IN_MAIL = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A message. ``actor`` is who did what it tells of, None where the clock did it."""

    id: int
    entry: int
    kind: str
    facts: Mapping[str, Any]
    interim_until: datetime | None
    at: datetime
    happened_at: datetime
    actor: str | None
    is_new: bool
    mail: str
    mail_at: datetime | None
    mail_said: str
    person: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A record that came to the reader, went from them (or neither: the manager's list)."""

    record: int
    kind: str
    name: str
    account: str
    before: str
    after: str
    came: bool
    went: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox:
    messages: Page[Told]
    newest: int
    """The latest message there was, also where it is on another page."""
    new: int
    by_mail: bool
    """Whether the reader is told by mail as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message with its person and the first of its rows, for whoever writes the mail."""

    to: Someone
    message: Told
    rows: list[Moved]
    total: int


def inbox(viewer: Someone, *, page: int) -> Inbox:
    """The viewer's own messages, the latest first."""
    own = Message.objects.filter(person=viewer.id)
    counted = own.aggregate(total=Count("pk"), newest=Max("pk"))
    total = counted["total"]
    rows = own.order_by("-pk")[offset(page=page, total=total) :][:SIZE]
    return Inbox(
        messages=Page(rows=_told(rows), number=page, total=total),
        newest=counted["newest"] or 0,
        new=viewer.unread,
        by_mail=mailed(viewer),
    )


def mailed(viewer: Someone) -> bool:
    """Whether somebody is told by mail as well as in Legato."""
    muted = Muting.objects.filter(person=viewer.id, until=None).exists()
    return is_on() and bool(viewer.email) and not muted


def is_muted(viewer: Someone) -> bool:
    return Muting.objects.filter(person=viewer.id, until=None).exists()


def message(viewer: Someone, *, message_id: int, page: int) -> tuple[Told, Page[Moved]]:
    """One of the viewer's messages with some of its rows. Raises `NotFound` for others'."""
    found = own_message(viewer, message_id=message_id)
    total = _count(found)
    rows = _moved(found, limit=SIZE, before=offset(page=page, total=total))
    return found, Page(rows=rows, number=page, total=total)


def whole_message(viewer: Someone, *, message_id: int) -> list[Moved]:
    """All rows of one of the viewer's messages. Raises `NotFound` for others'."""
    return _moved(own_message(viewer, message_id=message_id), limit=None, before=0)


def own_message(viewer: Someone, *, message_id: int) -> Told:
    found = _told(Message.objects.filter(pk=message_id, person=viewer.id))
    if not found:
        raise NotFound(what="message", name=message_id)
    told = found[0]
    if sees_cases(role=viewer.role, is_employed=viewer.is_employed):
        return told
    return replace(told, facts={**told.facts, "manages": False})


def letter(*, message_id: int) -> Letter:
    """What is to be mailed. Raises `NotFound`."""
    found = _told(Message.objects.filter(pk=message_id))
    if not found:
        raise NotFound(what="message", name=message_id)
    told = found[0]
    return Letter(
        to=people(ids={told.person})[told.person],
        message=told,
        rows=_moved(told, limit=SHOWN_IN_MAIL, before=0),
        total=_count(told),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Mails:
    """The mails of everybody: how many in each state, and those that need a person."""

    is_on: bool
    counts: Mapping[str, int]
    last_at: datetime | None
    open: Page[tuple[Told, Someone]]


def mails(viewer: Someone, *, page: int) -> Mails:
    """Raises `NotFound` where the viewer does not administer."""
    if not sees_cases(role=viewer.role, is_employed=viewer.is_employed):
        raise NotFound(what="mails", name="")
    counted = Message.objects.values_list("mail").annotate(n=Count("pk"), last=Max("mail_at"))
    by_state = {state: (n, last) for state, n, last in counted}
    stuck = Message.objects.filter(mail__in=("failed", "uncertain")).order_by("-pk")
    total = sum(by_state.get(each, (0,))[0] for each in ("failed", "uncertain"))
    told = _told(stuck[offset(page=page, total=total) :][:SIZE])
    names = people(ids={each.person for each in told})
    return Mails(
        is_on=is_on(),
        counts={state: n for state, (n, _last) in by_state.items()},
        last_at=max((last for _n, last in by_state.values() if last), default=None),
        open=Page(rows=[(each, names[each.person]) for each in told], number=page, total=total),
    )


def mail_of(viewer: Someone, *, message_id: int) -> Told:
    """A message whose mail the viewer may send again: their own, or anybody's who administers."""
    found = _told(Message.objects.filter(pk=message_id))
    sees = sees_cases(role=viewer.role, is_employed=viewer.is_employed)
    if not found or not (sees or found[0].person == viewer.id):
        raise NotFound(what="message", name=message_id)
    return found[0]


def _told(rows: QuerySet[Message]) -> list[Told]:
    listed = list(rows.select_related("entry"))
    actors = {row.entry.actor_id for row in listed if row.entry.actor_id is not None}
    names = people(ids=actors) if actors else {}
    return [
        Told(
            id=row.pk,
            entry=row.entry_id,
            kind=row.kind,
            facts=row.facts,
            interim_until=_instant(row.facts.get("interim")),
            at=row.at,
            happened_at=row.entry.at,
            actor=names[row.entry.actor_id].name if row.entry.actor_id is not None else None,
            is_new=row.read_at is None,
            mail=row.mail,
            mail_at=row.mail_at,
            mail_said=row.mail_said,
            person=row.person_id,
        )
        for row in listed
    ]


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


# Whoever manages a departure sees all of it; everybody else what came to them or went from them.
OF_ENTRY = """
FROM books_span s WHERE s.ended_by_id = %(entry)s
  AND (%(all)s OR s.given_to_id = %(person)s OR s.owner_id = %(person)s)
"""
ROWS = f"""
WITH concerned AS MATERIALIZED (
    SELECT s.record_id, s.owner_id, s.given_to_id,
           CASE WHEN s.given_to_id = %(person)s THEN 0 WHEN s.owner_id = %(person)s THEN 1
                ELSE 2 END AS side
    {OF_ENTRY}
)
SELECT r.id, r.kind, r.name, coalesce(a.name, ''), b.name, g.name, c.side = 0, c.side = 1
FROM concerned c
JOIN books_record r ON r.id = c.record_id
LEFT JOIN books_record a ON a.id = r.account_id
JOIN people_person b ON b.id = c.owner_id
JOIN people_person g ON g.id = c.given_to_id
ORDER BY c.side, coalesce(a.name, r.name), r.kind <> 'account', r.id
LIMIT %(limit)s OFFSET %(before)s
"""


def _moved(told: Told, *, limit: int | None, before: int) -> list[Moved]:
    names = Moved.__slots__
    with connection.cursor() as cursor:
        cursor.execute(ROWS, {**_asked(told), "limit": limit, "before": before})
        return [Moved(**dict(zip(names, row, strict=True))) for row in cursor.fetchall()]


def _count(told: Told) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) {OF_ENTRY}", _asked(told))
        return int(cursor.fetchone()[0])


def _asked(told: Told) -> dict[str, Any]:
    return {
        "entry": told.entry,
        "person": told.person,
        "all": bool(told.facts.get("manages")),
    }
