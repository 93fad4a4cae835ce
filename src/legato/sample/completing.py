"""Adds to the imported company what no export carries: roles, skills, absences, holidays, log-ins.

For a rehearsal's database alone: the password is printed wherever the sample is shown.
"""

from collections.abc import Mapping
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.db import transaction

from legato.ledger.operations import record
from legato.people import operations
from legato.people.models import Holiday, Person
from legato.sample.company import Colleague, Company

PASSWORD = "legato"


def complete(company: Company, *, now: datetime) -> dict[str, int]:
    """Everything that the files lack; the ids of the people by name."""
    rows = Person.objects.filter(name__in=[each.name for each in company.colleagues])
    ids: dict[str, int] = dict(rows.values_list("name", "pk"))
    for each in company.colleagues:
        _describe(each, person=ids[each.name], now=now)
    for away in company.absences:
        operations.add_absence(
            person=ids[away.name],
            first_day=away.first_day,
            last_day=away.last_day,
            now=now,
            actor=None,
            reason=away.reason,
        )
    Holiday.objects.bulk_create(
        Holiday(country=each.country, day=each.day, name=each.name) for each in company.holidays
    )
    _let_in(log_ins(company), ids=ids, now=now)
    return ids


def log_ins(company: Company) -> dict[str, str]:
    """The names to log in with and whose they are."""
    cast = company.cast
    who = (cast.manager, cast.director, cast.operations, cast.outsider, cast.leaver)
    return {name.partition(" ")[0].lower(): name for name in who}


def _describe(colleague: Colleague, *, person: int, now: datetime) -> None:
    skills = [
        *(("language", value) for value in colleague.languages),
        *(("territory", value) for value in colleague.territories),
    ]
    operations.change(
        person=person,
        role=colleague.role,
        add_skills=skills,
        now=now,
        actor=None,
        reason="The sample company",
    )


@transaction.atomic(durable=True)
def _let_in(users: Mapping[str, str], *, ids: Mapping[str, int], now: datetime) -> None:
    """One password for all: making its hash is slow on purpose, and done once."""
    entry = record(
        chain="company", kind="log_ins_given", actor=None, at=now, reason="The sample company"
    )
    password = make_password(PASSWORD)
    for username, name in users.items():
        user = User.objects.create(username=username, password=password)
        Person.objects.filter(pk=ids[name]).update(user=user, entry=entry)
