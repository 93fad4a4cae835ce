"""Writes what was decided, in a few statements under one entry of the ledger."""

from collections.abc import Sequence

from django.db import connection

from legato.ledger.models import Entry
from legato.people.importing.plans import Plan, Someone
from legato.people.models import Company, Employment, Person, Skill, Team


def write(planned: Plan, *, entry: Entry) -> None:
    """Writes a plan under ``entry``. Needs its transaction."""
    Team.objects.bulk_create(
        Team(id=pk, name=name, manager_id=planned.team_managers.get(pk))
        for name, pk in planned.new_teams.items()
    )
    new = [p for p in planned.everyone.values() if p.is_new]
    Person.objects.bulk_create(
        Person(id=p.id, source=p.source, key=p.key, entry=entry, **p.columns) for p in new
    )
    _employ(new, entry=entry)
    changed = [p for p in planned.everyone.values() if p.columns and not p.is_new]
    for someone in changed:
        Person.objects.filter(pk=someone.id).update(entry=entry, **someone.columns)
    Skill.objects.bulk_create(
        (
            Skill(person_id=p.id, kind=kind, value=value)
            for p in planned.everyone.values()
            if p.row
            for kind, value in sorted(p.row.skills)
        ),
        ignore_conflicts=True,
    )


def set_last_resort(*, person: int, entry: Entry) -> None:
    """Names the person of last resort under ``entry``. Needs its transaction."""
    Company.objects.update_or_create(id=1, defaults={"last_resort_id": person, "entry": entry})


def held() -> set[int]:
    """Who is given nothing new."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT person_id FROM people_hold WHERE released_at IS NULL")
        return {pk for (pk,) in cursor.fetchall()}


def _employ(new: Sequence[Someone], *, entry: Entry) -> None:
    employed = [p for p in new if p.is_employed]
    Employment.objects.bulk_create(
        Employment(person_id=p.id, started_on=p.row.started_on if p.row else None, entry=entry)
        for p in employed
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE people_person p SET employment_id = e.id FROM people_employment e"
            " WHERE e.person_id = p.id AND e.ended_at IS NULL AND p.id = ANY (%s)",
            [[p.id for p in employed]],
        )
