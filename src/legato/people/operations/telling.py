"""Tells people what happened: each once for each entry, in Legato and, where they want, by mail.

A mail is queued with its message, is being sent, and then sent, failed or uncertain. Only whoever
queued it sends it, by compare-and-swap; what was being sent when the sender died is uncertain.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from procrastinate.contrib.django import app

from legato.domain.errors import NotFound, Refused
from legato.domain.sight import sees_cases
from legato.ledger.operations import once
from legato.people.mailing import Outcome, is_on
from legato.people.models import Message, Muting, Person
from legato.people.operations.shared import person_row, record_change
from legato.people.queries import people

TRIES = 8
"""After so many in vain a mail has failed: two hours after the first."""
SETTLED = ("failed", "uncertain")


class NothingToSend(Refused):
    """The mail was sent, waits to be, or was never to be. Facts: ``state``."""

    code = "nothing_to_send"


class MailIsOff(Refused):
    """No server for mail is named. No facts."""

    code = "mail_is_off"


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What one person is to be told: ``kind`` says which sentence, ``facts`` what stands in it."""

    person: int
    kind: str
    facts: Mapping[str, Any]


def tell(*, person: int, kind: str, entry: int, facts: Mapping[str, Any], at: datetime) -> None:
    """Tells one person of an entry; again it does nothing. Needs the caller's transaction."""
    tell_all([News(person=person, kind=kind, facts=facts)], entry=entry, at=at)


def tell_all(news: Collection[News], *, entry: int, at: datetime) -> None:
    """Tells several people of one entry; who was told is told no more. Needs a transaction."""
    reached = _reached_by_mail({each.person for each in news})
    told = set(Message.objects.filter(entry=entry).values_list("person_id", flat=True))
    made = Message.objects.bulk_create(
        Message(
            person_id=each.person, entry_id=entry, kind=each.kind, facts=dict(each.facts), at=at,
            mail="queued" if each.person in reached else "off",
        )
        for each in news if each.person not in told
    )  # fmt: skip
    for message in made:
        if message.mail == "queued":
            _queue(message.pk)


def _reached_by_mail(wanted: Collection[int]) -> set[int]:
    if not is_on():
        return set()
    found = Person.objects.filter(pk__in=wanted).exclude(email="")
    return set(found.values_list("pk", flat=True)) & _want_mail(wanted)


def _want_mail(asked: Collection[int]) -> set[int]:
    """Who of them is employed and has not said that they want no mail."""
    muted = Muting.objects.filter(until=None).values("person")
    found = Person.objects.filter(pk__in=asked, is_employed=True).exclude(pk__in=muted)
    return set(found.values_list("pk", flat=True))


def _queue(message: int) -> None:
    """Who writes the mail stands above: the job is known by its name alone."""
    app.configure_task("departures.mail", lock=f"mail {message}").defer(message=message)


@transaction.atomic(durable=True)
def begin_mail(*, message: int, now: datetime) -> bool:
    """Whether the caller is to send it now. What somebody was sending before is uncertain; what
    is for who has left since, or wants no mail any more, is sent to nobody."""
    row = Message.objects.filter(pk=message)
    person = row.values_list("person_id", flat=True).get()
    if person not in _want_mail({person}):
        row.filter(mail="queued").update(mail="off", mail_at=now)
    if row.filter(mail="queued").update(mail="sending", mail_at=now):
        return True
    row.filter(mail="sending").update(mail="uncertain", mail_at=now)
    return False


@transaction.atomic(durable=True)
def settle_mail(*, message: int, outcome: Outcome, now: datetime) -> str:
    """Keeps what became of a mail; its state. What can be tried again is queued, up to `TRIES`."""
    row = Message.objects.select_for_update().get(pk=message, mail="sending")
    row.tries += 1
    again = "queued" if row.tries < TRIES else "failed"
    row.mail = again if outcome.state == "later" else outcome.state
    row.mail_said, row.mail_at = outcome.said, now
    row.save(update_fields=["tries", "mail", "mail_said", "mail_at"])
    return row.mail


@transaction.atomic(durable=True)
@once
def send_again(
    *, message: int, actor: int, now: datetime, reason: str = "", key: str | None = None
) -> int:
    """Queues a mail that failed or is uncertain once more, because a person says so; the entry.

    Its person may, and who administers; who has left since gets none, and the mail is settled.
    Raises `NotFound`, `NothingToSend`, `MailIsOff`.
    """
    row = Message.objects.select_for_update().filter(pk=message).first()
    if row is None or not _may_send(row, actor):
        raise NotFound(what="message", name=message)
    if row.mail not in SETTLED:
        raise NothingToSend(state=row.mail)
    if not is_on():
        raise MailIsOff()
    entry = record_change(
        "mail_sent_again", person=row.person_id, facts={"message": message, "was": row.mail},
        at=now, actor=actor, reason=reason,
    )  # fmt: skip
    state = "queued" if row.person.is_employed else "off"
    Message.objects.filter(pk=message).update(mail=state, tries=0)
    if state == "queued":
        _queue(message)
    return entry.pk


def _may_send(row: Message, actor: int) -> bool:
    someone = people(ids={actor})[actor]
    return row.person_id == actor or sees_cases(role=someone.role, is_employed=someone.is_employed)


@transaction.atomic(durable=True)
def set_mail(*, wanted: bool, actor: int, now: datetime, reason: str = "") -> int | None:
    """Whether the actor is told by mail as well; the entry, None where it is so already."""
    person_row(actor, lock=True)
    standing = Muting.objects.filter(person=actor, until=None)
    if wanted != standing.exists():
        return None
    kind = "mail_wanted" if wanted else "mail_muted"
    entry = record_change(kind, person=actor, facts={}, at=now, actor=actor, reason=reason)
    if wanted:
        standing.update(until=now)
    else:
        Muting.objects.create(person_id=actor, since=now, entry=entry)
    return entry.pk


@transaction.atomic(durable=True)
def mark_read(*, message: int, reader: int, now: datetime) -> int:
    """The reader has seen the message; how many were new."""
    return Message.objects.filter(person=reader, read_at=None, pk=message).update(read_at=now)


@transaction.atomic(durable=True)
def mark_all_read(*, newest: int, reader: int, now: datetime) -> int:
    """The reader has seen all of theirs up to that one; how many were new."""
    return Message.objects.filter(person=reader, read_at=None, pk__lte=newest).update(read_at=now)
