"""Adds to the imported company what no export carries: roles, skills, absences, holidays, log-ins.

For a rehearsal's database alone: the password is printed wherever the sample is shown.
"""

from datetime import datetime

from legato.people import operations
from legato.people.models import Person
from legato.sample.company import Colleague, Company

PASSWORD = "legato"
REASON = "The sample company"


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
    for off in company.holidays:
        operations.add_holiday(
            country=off.country, day=off.day, name=off.name, now=now, actor=None, reason=REASON
        )
    for user_name, name in log_ins(company).items():
        operations.give_log_in(
            person=ids[name],
            user_name=user_name,
            password=PASSWORD,
            now=now,
            actor=None,
            reason=REASON,
        )
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
        reason=REASON,
    )
