"""What is known of people: who they are, whom a record falls back to, which rules are in force."""

from collections.abc import Collection
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal

from django.db import connection, models

from legato.domain.errors import NotFound, Refused
from legato.domain.names import fold
from legato.domain.policy import Policy as Rules
from legato.domain.policy import policy_from
from legato.domain.sight import sees_cases, sees_departure
from legato.people.models import Absence, Company, Limit, Person, Policy, Skill, Team
from legato.web.asked import number


class PersonAmbiguous(Refused):
    """Several people answer to the name. Facts: ``name``, ``candidates`` (id, name, email)."""

    code = "person_ambiguous"


class NoLastResort(Refused):
    """Nobody is named to whom a record falls when there is no manager. No facts."""

    code = "no_last_resort"


@dataclass(frozen=True, slots=True, kw_only=True)
class Someone:
    """A person as other apps need them."""

    id: int
    name: str
    email: str
    role: str
    language: str
    country: str
    time_zone: str
    manager_id: int | None
    is_employed: bool
    employment_id: int | None
    ends_on: date | None
    unread: int = 0
    """Messages not read yet; counted for who looks at a page."""


def person(*, name: str) -> Someone:
    """The one person of that id (``#12``), e-mail or name; spelling is folded only if needed.

    Raises `NotFound` (facts ``what``, ``name``), `PersonAmbiguous`.
    """
    text = name.strip()
    everyone = Person.objects.select_related("employment")
    pk = number(text[1:])
    if text.startswith("#") and pk is not None:
        found = list(everyone.filter(pk=pk))
    else:
        found = list(everyone.filter(email__iexact=text)) if "@" in text else []
        found = found or list(everyone.filter(name=text))
        found = found or [each for each in everyone if text and fold(each.name) == fold(text)]
    if not found:
        raise NotFound(what="person", name=name)
    if len(found) > 1:
        raise PersonAmbiguous(
            name=name, candidates=[(each.pk, each.name, each.email) for each in found]
        )
    return _someone(found[0])


def people(*, ids: set[int]) -> dict[int, Someone]:
    """Several people at once, by id."""
    return {
        each.pk: _someone(each)
        for each in Person.objects.select_related("employment").filter(pk__in=ids)
    }


def person_of_user(*, user_id: int | None) -> Someone:
    """Who reads the pages with that account. Raises `NotFound` where nobody employed does."""
    found = Person.objects.select_related("employment").filter(user=user_id, is_employed=True)
    new = models.Count("messages", filter=models.Q(messages__read_at=None))
    row = found.annotate(unread=new).first()
    if row is None:
        raise NotFound(what="person", name=user_id)
    return replace(_someone(row), unread=row.unread)


class MayNotManage(Refused):
    """Departures are managed by managers, directors, sales operations and HR. Facts: ``name``."""

    code = "may_not_manage"


def check_may_manage(*, actor: int, leaver: int) -> None:
    """Refuses whoever may not even see the departure; nobody manages their own."""
    someone = people(ids={actor})[actor]
    seen = sees_departure(
        person=actor, role=someone.role, is_employed=someone.is_employed, leaver=leaver
    )
    if not seen:
        raise MayNotManage(name=someone.name)


def check_may_plan(*, actor: int, leavers: Collection[int]) -> None:
    """`check_may_manage` for everybody who leaves; a plan in which nobody does takes the same
    right. Raises `MayNotManage`."""
    for leaver in leavers:
        check_may_manage(actor=actor, leaver=leaver)
    someone = people(ids={actor})[actor]
    if not sees_cases(role=someone.role, is_employed=someone.is_employed):
        raise MayNotManage(name=someone.name)


def reps(*, team: str | None) -> frozenset[int]:
    """The employed reps, of one team or of the company. Raises `NotFound`."""
    found = Person.objects.filter(is_employed=True, role="rep")
    if team is not None:
        found = found.filter(team=team_named(name=team))
    return frozenset(found.values_list("pk", flat=True))


def team_named(*, name: str) -> int:
    """The team of that name; spelling is folded. Raises `NotFound`."""
    known = {fold(team.name): team.pk for team in Team.objects.all()}
    if fold(name) not in known:
        raise NotFound(what="team", name=name)
    return known[fold(name)]


def outside(*, teams: Collection[str]) -> frozenset[int]:
    """Whoever is employed and in none of these teams; nobody where no team is named.

    Raises `NotFound` for a team that does not exist.
    """
    if not teams:
        return frozenset()
    inside = [team_named(name=name) for name in teams]
    others = Person.objects.filter(is_employed=True).exclude(team__in=inside)
    return frozenset(others.values_list("pk", flat=True))


class MayNotAdminister(Refused):
    """People and rules are kept by whoever sees departures. Facts: ``name``."""

    code = "may_not_administer"


def check_may_administer(*, actor: int | None) -> None:
    """Refuses whoever may not change people and rules; None is the installation, which may."""
    if actor is None:
        return
    someone = people(ids={actor})[actor]
    if not sees_cases(role=someone.role, is_employed=someone.is_employed):
        raise MayNotAdminister(name=someone.name)


def last_resort() -> int:
    """The person who ends every chain. Raises `NoLastResort`."""
    found = Company.objects.values_list("last_resort_id", flat=True).first()
    if found is None:
        raise NoLastResort()
    return int(found)


# The nearest employed manager above a person who is not held; chains that loop end. Who looks may
# be held for a departure they do not know of: for them it is as if they were not.
FALLBACK = """
WITH RECURSIVE above (person_id, manager_id, height) AS (
    SELECT p.id, p.manager_id, 1 FROM people_person p WHERE p.id = ANY (%(people)s)
    UNION ALL
    SELECT a.person_id, m.manager_id, a.height + 1
    FROM above a JOIN people_person m ON m.id = a.manager_id
    WHERE a.height < 50
)
SELECT DISTINCT ON (a.person_id) a.person_id, m.id
FROM above a JOIN people_person m ON m.id = a.manager_id
WHERE m.is_employed AND m.id <> a.person_id
  AND (m.id = %(seen_by)s OR NOT EXISTS (
      SELECT FROM people_hold h WHERE h.person_id = m.id AND h.released_at IS NULL))
ORDER BY a.person_id, a.height
"""


def managers_of(*, people: set[int], seen_by: int | None = None) -> dict[int, int]:
    """To whom the records of each of these people fall: the manager, else the last resort.

    What is shown to somebody is ``seen_by`` them, and tells nothing of a departure of their own.
    Raises `NoLastResort` where somebody has no manager and nobody ends the chain.
    """
    with connection.cursor() as cursor:
        cursor.execute(FALLBACK, {"people": sorted(people), "seen_by": seen_by})
        found = dict(cursor.fetchall())
    without = people - found.keys()
    return found | (dict.fromkeys(without, last_resort()) if without else {})


def manager_of(*, person: int) -> int:
    """See `managers_of`."""
    return managers_of(people={person})[person]


# Everybody employed below somebody, at whatever depth; chains that loop end.
BELOW = """
WITH RECURSIVE below (id) AS (
    SELECT p.id FROM people_person p WHERE p.manager_id = %(person)s
    UNION
    SELECT p.id FROM below b JOIN people_person p ON p.manager_id = b.id
)
SELECT b.id FROM below b JOIN people_person p ON p.id = b.id
WHERE p.is_employed AND p.id <> %(person)s
"""


def team_below(*, person: int) -> set[int]:
    """Those who are employed and report to the person, or to somebody who does."""
    with connection.cursor() as cursor:
        cursor.execute(BELOW, {"person": person})
        return {pk for (pk,) in cursor.fetchall()}


def policy() -> Rules:
    """The rules in force; the defaults, version 0, where nobody has set any."""
    stored = Policy.objects.order_by("-version").first()
    if stored is None:
        return Rules()
    return policy_from(version=stored.version, values=stored.values)


# The open records are counted here although books stand above people: the list is about people.
ROSTER = """
SELECT p.id, p.name, p.email, p.role, m.name, t.name, p.is_employed,
       EXISTS (SELECT FROM people_hold h WHERE h.person_id = p.id AND h.released_at IS NULL),
       p.capacity,
       (SELECT count(*) FROM books_record r WHERE r.owner_id = p.id AND r.is_open)
FROM people_person p
LEFT JOIN people_person m ON m.id = p.manager_id
LEFT JOIN people_team t ON t.id = p.team_id
ORDER BY p.name, p.id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A line of the roster. ``capacity`` is in weighted accounts, None where nobody said."""

    id: int
    name: str
    email: str
    role: str
    manager: str | None
    team: str | None
    is_employed: bool
    is_held: bool
    capacity: Decimal | None
    open_records: int


def roster() -> list[Listed]:
    """Everybody who is or was here, by name."""
    names = [each.name for each in fields(Listed)]
    with connection.cursor() as cursor:
        cursor.execute(ROSTER)
        return [Listed(**dict(zip(names, row, strict=True))) for row in cursor.fetchall()]


def limits_of(*, entry: int) -> list[str]:
    """What an entry limited that is limited still, or lifted: what its undo turns back."""
    turned = Limit.objects.filter(placed_by=entry, lifted_at=None) | Limit.objects.filter(
        lifted_by=entry
    )
    return sorted(set(turned.values_list("what", flat=True)))


def limits_on(*, people: Collection[int]) -> dict[int, frozenset[str]]:
    """What these people may not do for now, by person."""
    standing = Limit.objects.filter(person__in=people, lifted_at=None)
    found: dict[int, set[str]] = {}
    for person, what in standing.values_list("person_id", "what"):
        found.setdefault(person, set()).add(what)
    return {person: frozenset(what) for person, what in found.items()}


def is_kept_out(*, person: int) -> bool:
    """Whether the person's log-in is switched off for now: no account of theirs opens anything."""
    return "log_in" in limits_on(people=[person]).get(person, ())


def team_of(*, person: int) -> str | None:
    """The name of the team."""
    return Person.objects.values_list("team__name", flat=True).get(pk=person)


def skills_of(*, person: int) -> list[tuple[str, str]]:
    """Pairs of kind and value, in order."""
    found = Skill.objects.filter(person=person).order_by("kind", "value")
    return list(found.values_list("kind", "value"))


def absences_of(*, person: int) -> list[tuple[date, date]]:
    """First and last days away, in order."""
    found = Absence.objects.filter(person=person).order_by("first_day", "last_day")
    return list(found.values_list("first_day", "last_day"))


def _someone(row: Person) -> Someone:
    return Someone(
        id=row.pk,
        name=row.name,
        email=row.email,
        role=row.role,
        language=row.language,
        country=row.country,
        time_zone=row.time_zone,
        manager_id=row.manager_id,
        is_employed=row.is_employed,
        employment_id=row.employment_id,
        ends_on=row.employment.ends_on if row.employment else None,
    )
