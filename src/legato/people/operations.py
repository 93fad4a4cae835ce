"""Writes what is known of people: hiring, changes, absences, holds, leaving, the company's rules.

Each operation is one transaction with one ledger entry, unless it takes its caller's ``entry``:
then it needs the caller's transaction.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any, TypedDict, Unpack
from zoneinfo import available_timezones

import psycopg
from django.db import IntegrityError, connection, transaction

from legato.domain.errors import NotFound, Refused
from legato.domain.policy import Policy as Rules
from legato.domain.policy import policy_from, policy_values
from legato.ledger.models import Entry
from legato.ledger.operations import answered, record, remember
from legato.people.models import (
    ROLES,
    Absence,
    Company,
    Employment,
    Hold,
    Person,
    Policy,
    Skill,
    Team,
)

SOURCE = "legato"
"""The source of people who were added by hand."""
SKILLS = ("territory", "language", "industry", "product")
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


class NotEmployed(Refused):
    """The person has left. Facts: ``name``."""

    code = "not_employed"


class AlreadyEmployed(Refused):
    """Facts: ``name``."""

    code = "already_employed"


class ManagerLoop(Refused):
    """The manager stands below the person already. Facts: ``name``, ``manager``."""

    code = "manager_loop"


class AbsenceBackwards(Refused):
    """The last day comes before the first. Facts: ``first_day``, ``last_day``."""

    code = "absence_backwards"


class AlreadyHeld(Refused):
    """A hold of that kind stands. Facts: ``name``, ``why``."""

    code = "already_held"


class NotHeld(Refused):
    """The hold was released before. Facts: ``hold``."""

    code = "hold_already_released"


class StillOwnsRecords(Refused):
    """Nobody leaves while they own open records. Facts: ``name``, ``records``."""

    code = "still_owns_records"


class IsLastResort(Refused):
    """The person of last resort leaves only after another is named. Facts: ``name``."""

    code = "is_last_resort"


class WrongPolicyValue(Refused):
    """A rule was given a value of another type. Facts: ``name``, ``value``, ``expected``."""

    code = "policy_value_wrong"


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


Skills = Iterable[tuple[str, str]]
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
    manager), `KeyAlreadyUsed`.
    """
    asked = {"hire": details, "skills": sorted(skills), "started_on": started_on}
    if earlier := answered(key=key, asked=asked):
        return int(earlier["person"])
    pk, columns = _next_person(), _columns(details)
    facts = {"after": _logged(columns), "skills": sorted(skills), "started_on": started_on}
    entry = _record("person_hired", person=pk, facts=facts, at=now, actor=actor, reason=reason)
    person = Person.objects.create(id=pk, source=SOURCE, key=str(pk), entry=entry, **columns)
    _employ(person, started_on=started_on, entry=entry)
    _add_skills(pk, skills)
    remember(key=key, asked=asked, answer={"person": pk}, entry=entry)
    return pk


@transaction.atomic(durable=True)
def change(
    *,
    person: int,
    add_skills: Skills = (),
    now: datetime,
    actor: int | None,
    reason: str = "",
    **details: Unpack[Details],
) -> None:
    """Changes what ``details`` say and adds skills. Raises what `hire` does, and `ManagerLoop`."""
    before = _person(person, lock=True)
    columns = _columns(details, person=person)
    facts = {
        "before": _logged({name: getattr(before, name) for name in columns}),
        "after": _logged(columns),
        "skills": sorted(add_skills),
    }
    entry = _record(
        "person_changed", person=person, facts=facts, at=now, actor=actor, reason=reason
    )
    Person.objects.filter(pk=person).update(entry=entry, **columns)
    _add_skills(person, add_skills)


@transaction.atomic(durable=True)
def rehire(
    *, person: int, started_on: date | None, now: datetime, actor: int | None, reason: str = ""
) -> int:
    """Employs somebody again who had left; the id of the employment. Raises `AlreadyEmployed`."""
    found = _person(person)
    if found.is_employed:
        raise AlreadyEmployed(name=found.name)
    facts = {"started_on": started_on}
    entry = _record(
        "person_rehired", person=person, facts=facts, at=now, actor=actor, reason=reason
    )
    return _employ(found, started_on=started_on, entry=entry)


@transaction.atomic(durable=True)
def add_absence(
    *,
    person: int,
    first_day: date,
    last_day: date,
    now: datetime,
    actor: int | None,
    reason: str = "",
) -> int:
    """Notes days away, first and last included; the absence's id. Saying it twice is once.

    Raises `NotFound`, `AbsenceBackwards`.
    """
    _person(person, lock=True)
    if last_day < first_day:
        raise AbsenceBackwards(first_day=first_day, last_day=last_day)
    days = {"person_id": person, "first_day": first_day, "last_day": last_day}
    known = Absence.objects.filter(**days).values_list("pk", flat=True).first()
    if known is not None:
        return int(known)
    facts = {"first_day": first_day, "last_day": last_day}
    entry = _record("person_absent", person=person, facts=facts, at=now, actor=actor, reason=reason)
    return int(Absence.objects.create(**days, reason=reason, entry=entry).pk)


@transaction.atomic(durable=True)
def name_last_resort(*, person: int, now: datetime, actor: int | None, reason: str = "") -> None:
    """Names the person to whom everything falls that has nobody else. Raises `NotEmployed`."""
    found = _person(person, lock=True)
    if not found.is_employed:
        raise NotEmployed(name=found.name)
    entry = record(
        chain="company",
        kind="last_resort_named",
        actor=actor,
        at=now,
        reason=reason,
        facts={"person": person},
    )
    Company.objects.update_or_create(id=1, defaults={"last_resort": found, "entry": entry})


@transaction.atomic(durable=True)
def set_policy(
    *, values: Mapping[str, Any], now: datetime, actor: int | None, reason: str = ""
) -> int:
    """Adds a version of the policy with these values over those in force; its number.

    Groups such as ``heat`` are mappings. Raises `UnknownPolicyValue`, `WrongPolicyValue`.
    """
    _refuse_wrong_types(values, defaults=policy_values(Rules()))
    entry = record(
        chain="company", kind="policy_set", actor=actor, at=now, reason=reason, facts=values
    )
    last = Policy.objects.order_by("-version").first()
    version = last.version + 1 if last else 1
    merged = _merged(last.values if last else {}, values)
    policy_from(version=version, values=merged)
    Policy.objects.create(version=version, values=merged, since=now, entry=entry)
    return version


def place_hold(*, person: int, why: str, entry: Entry) -> Hold:
    """Nothing new is given to the person from ``entry.at`` on. Raises `AlreadyHeld`."""
    held = _person(person, lock=True)
    if Hold.objects.filter(person=person, why=why, released_at=None).exists():
        raise AlreadyHeld(name=held.name, why=why)
    return Hold.objects.create(person=held, why=why, placed_at=entry.at, placed_by=entry)


def release_hold(*, hold: int, entry: Entry) -> None:
    """Ends a hold at ``entry.at``. Raises `NotHeld`."""
    standing = Hold.objects.filter(pk=hold, released_at=None)
    if not standing.update(released_at=entry.at, released_by=entry):
        raise NotHeld(hold=hold)


def set_last_day(*, person: int, day: date | None, entry: Entry) -> None:
    """The last day of the person's employment, None while it is unknown. Raises `NotEmployed`."""
    found = _person(person, lock=True)
    if found.employment_id is None:
        raise NotEmployed(name=found.name)
    Employment.objects.filter(pk=found.employment_id).update(ends_on=day, entry=entry)


def end_employment(*, person: int, at: datetime, entry: Entry) -> None:
    """The person has left. Needs READ COMMITTED, PostgreSQL's default.

    Raises `NotEmployed`, and, because PostgreSQL says so, `StillOwnsRecords`, `IsLastResort`.
    """
    found = _person(person)
    if found.employment_id is None:
        raise NotEmployed(name=found.name)
    try:
        with transaction.atomic():
            Person.objects.filter(pk=person).update(employment=None, entry=entry)
    except IntegrityError as error:
        raise _refusal_to_leave(error, name=found.name) from error
    Employment.objects.filter(pk=found.employment_id).update(ended_at=at, entry=entry)


def _refusal_to_leave(error: IntegrityError, *, name: str) -> Exception:
    """What PostgreSQL's refusal means, by its constraint; else the error itself, a bug."""
    assert isinstance(error.__cause__, psycopg.Error)
    diagnosis = error.__cause__.diag
    match diagnosis.constraint_name:
        case "books_nobody_leaves_with_open_records":
            return StillOwnsRecords(name=name, records=int(diagnosis.message_detail or 0))
        case "people_last_resort_is_employed":
            return IsLastResort(name=name)
        case _:
            return error


def _record(
    kind: str,
    *,
    person: int,
    facts: Mapping[str, Any],
    at: datetime,
    actor: int | None,
    reason: str,
) -> Entry:
    plain = json.loads(json.dumps(facts, default=str))
    return record(
        chain=f"person:{person}", kind=kind, actor=actor, at=at, reason=reason, facts=plain
    )


def _logged(columns: Mapping[str, Any]) -> dict[str, Any]:
    """The columns as the ledger keeps them."""
    return {
        name: sha256(str(value).encode()).hexdigest() if name in PERSONAL else value
        for name, value in columns.items()
    }


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
    found = _person(manager)
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


def _person(pk: int, *, lock: bool = False) -> Person:
    """Raises `NotFound` (facts ``what``, ``name``)."""
    everyone = Person.objects.select_for_update() if lock else Person.objects
    found = everyone.filter(pk=pk).first()
    if found is None:
        raise NotFound(what="person", name=f"#{pk}")
    return found


def _next_person() -> int:
    """The next id, known before the row, because the ledger's entry comes first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('people_person', 'id'))")
        return int(cursor.fetchone()[0])


def _merged(present: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """The present values with the given over them; of a group only the parts that are given."""
    merged = dict(present)
    for name, value in values.items():
        if isinstance(value, Mapping):
            value = {**merged.get(name, {}), **value}
        merged[name] = value
    return merged


def _refuse_wrong_types(
    values: Mapping[str, Any], *, defaults: Mapping[str, Any], within: str = ""
) -> None:
    """A name that has no default is left to `policy_from` to refuse."""
    for name, value in values.items():
        default = defaults.get(name, value)
        expected = list if isinstance(default, tuple) else type(default)
        if isinstance(value, Mapping) and isinstance(default, Mapping):
            _refuse_wrong_types(value, defaults=default, within=f"{name}.")
        elif type(value) is not expected:
            raise WrongPolicyValue(name=within + name, value=value, expected=expected.__name__)
