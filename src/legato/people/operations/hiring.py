"""Hires people, changes what is known of them, and hires them again."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any, TypedDict, Unpack
from zoneinfo import ZoneInfo, available_timezones

from django.db import connection, transaction

from legato.domain.errors import Refused
from legato.domain.policy import SKILLS
from legato.ledger.models import Entry
from legato.ledger.operations import answered, once, remember
from legato.people.models import ROLES, Employment, Hold, Person, Skill, Team
from legato.people.operations.shared import NotEmployed, person_row, record_change
from legato.people.queries import check_may_administer

SOURCE = "legato"
"""The source of people who were added by hand."""
# The ledger is never erased, so it holds of a person's own data only hashes.
PERSONAL = ("name", "email", "title")


class UnknownDetail(Refused):
    """No such role or kind of skill. Facts: ``detail`` (role, skill), ``value``, ``known``."""

    code = "person_detail_unknown"


class UnknownTimeZone(Refused):
    """Facts: ``time_zone``."""

    code = "time_zone_unknown"


class NegativeCapacity(Refused):
    """Facts: ``capacity``."""

    code = "capacity_negative"


class EmailTaken(Refused):
    """Another employed person has the address. Facts: ``email``, ``name``."""

    code = "email_taken"


class AlreadyEmployed(Refused):
    """Facts: ``name``."""

    code = "already_employed"


class StartsBeforeEnd(Refused):
    """The earlier employment was not over. Facts: ``name``, ``started_on``, ``ended_on``."""

    code = "starts_before_end"


class ManagerLoop(Refused):
    """The manager stands below the person already. Facts: ``name``, ``manager``."""

    code = "manager_loop"


class Details(TypedDict, total=False):
    """What may be said of a person; what is absent stays. ``manager`` is an id, ``team`` a name.

    ``manager``, ``team`` and ``capacity`` may be None: nobody, none, not known.
    """

    name: str
    email: str
    title: str
    role: str
    language: str
    country: str
    time_zone: str
    manager: int | None
    team: str | None
    capacity: Decimal | None


Skills = Collection[tuple[str, str]]
"""Pairs of one of `SKILLS` and its value."""


@transaction.atomic(durable=True)
def hire(
    *,
    skills: Skills = (),
    started_on: date | None = None,
    now: datetime,
    actor: int | None,
    reason: str = "",
    key: str | None = None,
    **details: Unpack[Details],
) -> int:
    """Adds an employed person, of whom at least the ``name`` is said; their id.

    Raises `UnknownDetail`, `UnknownTimeZone`, `NegativeCapacity`, `EmailTaken`, `NotEmployed` (the
    manager), `MayNotAdminister` (the actor), `KeyAlreadyUsed`.
    """
    asked = {"hire": details, "actor": actor, "skills": sorted(skills), "started_on": started_on}
    if earlier := answered(key=key, asked=asked):
        return int(earlier["person"])
    check_may_administer(actor=actor)
    pk, columns = _next_id(), _columns(details)
    facts = {"after": _logged(columns), "skills": sorted(skills), "started_on": started_on}
    entry = record_change(
        "person_hired", person=pk, facts=facts, at=now, actor=actor, reason=reason
    )
    person = Person.objects.create(id=pk, source=SOURCE, key=str(pk), entry=entry, **columns)
    _employ(person, started_on=started_on, entry=entry)
    _add_skills(pk, skills)
    remember(key=key, asked=asked, answer={"person": pk}, entry=entry)
    return pk


@transaction.atomic(durable=True)
@once
def change(
    *,
    person: int,
    add_skills: Skills = (),
    drop_skills: Skills = (),
    now: datetime,
    actor: int | None,
    reason: str = "",
    key: str | None = None,
    **details: Unpack[Details],
) -> None:
    """Changes what ``details`` say, adds and drops skills. Raises what `hire` does, `ManagerLoop`.

    A skill the person does not have is dropped without a word.
    """
    check_may_administer(actor=actor)
    before = person_row(person, lock=True)
    columns = _columns(details, person=person)
    facts = {
        "before": _logged({name: getattr(before, name) for name in columns}),
        "after": _logged(columns),
        "skills": sorted(add_skills),
        "skills_dropped": sorted(drop_skills),
    }
    entry = record_change(
        "person_changed", person=person, facts=facts, at=now, actor=actor, reason=reason
    )
    Person.objects.filter(pk=person).update(entry=entry, **columns)
    _add_skills(person, add_skills)
    for kind, value in drop_skills:
        Skill.objects.filter(person_id=person, kind=kind, value=value).delete()


@transaction.atomic(durable=True)
def rehire(
    *,
    person: int,
    started_on: date | None,
    now: datetime,
    actor: int | None,
    reason: str = "",
    key: str | None = None,
) -> int:
    """Employs somebody again who had left; the id of the employment, which is a new one.

    Nothing of the old book comes back by it. A hold that was placed because they left is released.
    Raises `AlreadyEmployed`, `StartsBeforeEnd`, `MayNotAdminister`, `KeyAlreadyUsed`.
    """
    check_may_administer(actor=actor)
    asked = {"rehire": person, "started_on": started_on, "actor": actor}
    if earlier := answered(key=key, asked=asked):
        return int(earlier["employment"])
    found = person_row(person, lock=True)
    if found.is_employed:
        raise AlreadyEmployed(name=found.name)
    _refuse_overlap(found, started_on=started_on)
    facts = {"started_on": started_on}
    entry = record_change(
        "person_rehired", person=person, facts=facts, at=now, actor=actor, reason=reason
    )
    standing = Hold.objects.filter(person=person, why="departure", released_at=None)
    standing.update(released_at=now, released_by=entry)
    employment = _employ(found, started_on=started_on, entry=entry)
    remember(key=key, asked=asked, answer={"employment": employment}, entry=entry)
    return employment


def _refuse_overlap(person: Person, *, started_on: date | None) -> None:
    ended = person.employments.order_by("-ended_at").values_list("ended_at", flat=True).first()
    if ended is not None and started_on is not None:
        last_day = ended.astimezone(ZoneInfo(person.time_zone)).date()
        if started_on < last_day:
            raise StartsBeforeEnd(name=person.name, started_on=started_on, ended_on=last_day)


def _columns(details: Details, *, person: int | None = None) -> dict[str, Any]:
    """The columns that ``details`` set, each checked."""
    columns: dict[str, Any] = dict(details)
    if (role := details.get("role", ROLES[0])) not in ROLES:
        raise UnknownDetail(detail="role", value=role, known=list(ROLES))
    if (time_zone := details.get("time_zone", "UTC")) not in available_timezones():
        raise UnknownTimeZone(time_zone=time_zone)
    if (capacity := details.get("capacity")) is not None and capacity < 0:
        raise NegativeCapacity(capacity=capacity)
    _refuse_taken(details.get("email", ""), person=person)
    if "team" in columns:
        columns["team_id"] = _team(columns.pop("team"))
    if "manager" in columns:
        columns["manager_id"] = columns.pop("manager")
        _refuse_manager(columns["manager_id"], person=person)
    return columns


def _logged(columns: Mapping[str, Any]) -> dict[str, Any]:
    """The columns as the ledger keeps them."""
    return {
        name: sha256(str(value).encode()).hexdigest() if name in PERSONAL else value
        for name, value in columns.items()
    }


def _team(name: str | None) -> int | None:
    return Team.objects.get_or_create(name=name)[0].pk if name else None


def _refuse_taken(email: str, *, person: int | None) -> None:
    if not email:
        return
    others = Person.objects.filter(email__iexact=email, is_employed=True)
    others = others if person is None else others.exclude(pk=person)
    if (other := others.first()) is not None:
        raise EmailTaken(email=email, name=other.name)


def _refuse_manager(manager: int | None, *, person: int | None) -> None:
    """Two who are put below each other at once would both look loop-free: they take turns."""
    if manager is None:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('people managers', 0))")
    found = person_row(manager)
    if not found.is_employed:
        raise NotEmployed(name=found.name)
    above: Person | None = found
    seen: set[int] = set()
    while above is not None and above.pk not in seen:
        if above.pk == person:
            raise ManagerLoop(name=above.name, manager=found.name)
        seen.add(above.pk)
        above = above.manager


def _employ(person: Person, *, started_on: date | None, entry: Entry) -> int:
    employment = Employment.objects.create(person=person, started_on=started_on, entry=entry)
    Person.objects.filter(pk=person.pk).update(employment=employment, entry=entry)
    return int(employment.pk)


def _add_skills(person: int, skills: Skills) -> None:
    for kind, value in skills:
        if kind not in SKILLS:
            raise UnknownDetail(detail="skill", value=kind, known=list(SKILLS))
        Skill.objects.get_or_create(person_id=person, kind=kind, value=value)


def _next_id() -> int:
    """The next id, known before the row, because the ledger's entry comes first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('people_person', 'id'))")
        return int(cursor.fetchone()[0])
