"""Who a departure could be opened for, and what opening it would list."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import connection

from legato.domain.errors import NotFound
from legato.domain.sight import sees_cases
from legato.people.queries import Someone, policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Employee:
    """Somebody who works here and whose departure is not open."""

    id: int
    name: str
    team: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    kind: str
    records: int
    value: Decimal | None
    """Of what is worth something by itself."""
    burning: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """``counted`` is of the one that was ``chosen``, who is None before anybody was; it may be
    somebody whose departure is open already."""

    employees: list[Employee]
    chosen: Employee | None
    counted: list[Counted]
    burning: int
    burning_hours: int


EMPLOYEES = """
SELECT p.id, p.name, coalesce(t.name, ''), EXISTS (
    SELECT FROM departures_case c WHERE c.person_id = p.id AND c.closed_at IS NULL) AS is_leaving
FROM people_person p LEFT JOIN people_team t ON t.id = p.team_id
WHERE p.is_employed AND p.id <> %s
ORDER BY t.name NULLS LAST, p.name, p.id
"""
COUNTED = """
SELECT kind, count(*), sum(value), count(*) FILTER (WHERE due_at <= %s)
FROM books_record WHERE is_open AND owner_id = %s GROUP BY kind
ORDER BY count(*) DESC, kind
"""


def opening(viewer: Someone, *, person: int | None, now: datetime) -> Opening:
    """Raises `NotFound` for whoever sees no departures."""
    if not sees_cases(role=viewer.role, is_employed=viewer.is_employed):
        raise NotFound(what="case", name="new")
    hours = policy().burning_hours
    with connection.cursor() as cursor:
        cursor.execute(EMPLOYEES, [viewer.id])
        here = [
            (Employee(id=id_, name=name, team=team), leaves) for id_, name, team, leaves in cursor
        ]
        cursor.execute(COUNTED, [now + timedelta(hours=hours), person])
        counted = [Counted(**dict(zip(Counted.__slots__, row, strict=True))) for row in cursor]
    chosen = next((each for each, _out in here if each.id == person), None)
    return Opening(
        employees=[each for each, out in here if not out],
        chosen=chosen,
        counted=counted if chosen else [],
        burning=sum(each.burning for each in counted),
        burning_hours=hours,
    )
