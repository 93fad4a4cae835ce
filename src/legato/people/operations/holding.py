"""Notes who is away, and who is given nothing new."""

from datetime import date, datetime

from django.db import transaction

from legato.domain.errors import Refused
from legato.ledger.models import Entry
from legato.ledger.operations import answered, remember
from legato.people.models import Absence, Hold
from legato.people.operations.shared import person_row, record_change
from legato.people.queries import check_may_administer


class AbsenceBackwards(Refused):
    """The last day comes before the first. Facts: ``first_day``, ``last_day``."""

    code = "absence_backwards"


class AlreadyHeld(Refused):
    """A hold of that kind stands. Facts: ``name``, ``why``."""

    code = "already_held"


class NotHeld(Refused):
    """The hold was released before. Facts: ``hold``."""

    code = "hold_already_released"


@transaction.atomic(durable=True)
def add_absence(
    *,
    person: int,
    first_day: date,
    last_day: date,
    now: datetime,
    actor: int | None,
    reason: str = "",
    key: str | None = None,
) -> int:
    """Notes days away, first and last included; the absence's id. Saying it twice is once.

    Raises `NotFound`, `AbsenceBackwards`, `MayNotAdminister`, `KeyAlreadyUsed`.
    """
    check_may_administer(actor=actor)
    asked = {"absence": person, "first": first_day, "last": last_day, "actor": actor}
    if earlier := answered(key=key, asked=asked):
        return int(earlier["absence"])
    person_row(person, lock=True)
    if last_day < first_day:
        raise AbsenceBackwards(first_day=first_day, last_day=last_day)
    days = {"person_id": person, "first_day": first_day, "last_day": last_day}
    noted = Absence.objects.select_related("entry").filter(**days).first()
    if noted is None:
        facts = {"first_day": first_day, "last_day": last_day}
        entry = record_change(
            "person_absent", person=person, facts=facts, at=now, actor=actor, reason=reason
        )
        noted = Absence.objects.create(**days, reason=reason, entry=entry)
    remember(key=key, asked=asked, answer={"absence": noted.pk}, entry=noted.entry)
    return int(noted.pk)


def place_hold(*, person: int, why: str, entry: Entry) -> Hold:
    """Nothing new is given to the person from ``entry.at`` on. Raises `AlreadyHeld`."""
    held = person_row(person, lock=True)
    if Hold.objects.filter(person=person, why=why, released_at=None).exists():
        raise AlreadyHeld(name=held.name, why=why)
    return Hold.objects.create(person=held, why=why, placed_at=entry.at, placed_by=entry)


def release_hold(*, hold: int, entry: Entry) -> None:
    """Ends a hold at ``entry.at``. Raises `NotHeld`."""
    standing = Hold.objects.filter(pk=hold, released_at=None)
    if not standing.update(released_at=entry.at, released_by=entry):
        raise NotHeld(hold=hold)
