"""The company's rules for who may change them: versions, and what a value means by own figures."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from legato.domain.errors import NotFound
from legato.domain.policy import Policy as Rules
from legato.domain.policy import policy_from, policy_values
from legato.domain.sight import sees_cases
from legato.people.models import Policy
from legato.people.queries import Someone, people
from legato.planning.queries import away_longer


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A version of the rules: every value by its dotted name. Version 0 are the defaults, which
    nobody set."""

    version: int
    values: Mapping[str, Any]
    since: datetime | None
    actor: str | None
    reason: str
    entry: int | None


def versions(viewer: Someone) -> list[Version]:
    """All of them, the latest first. Raises `NotFound` for who does not administer."""
    if not sees_cases(role=viewer.role, is_employed=viewer.is_employed):
        raise NotFound(what="policy", name="")
    rows = list(Policy.objects.select_related("entry").order_by("-version"))
    ids = {row.entry.actor_id for row in rows if row.entry.actor_id is not None}
    names = {each.id: each.name for each in people(ids=ids).values()}
    made = [
        Version(
            version=row.version,
            values=flat(policy_values(policy_from(version=row.version, values=row.values))),
            since=row.since,
            actor=names.get(row.entry.actor_id) if row.entry.actor_id is not None else None,
            reason=row.entry.reason,
            entry=row.entry_id,
        )
        for row in rows
    ]
    return [*made, _defaults()]


def _defaults() -> Version:
    values = flat(policy_values(Rules()))
    return Version(version=0, values=values, since=None, actor=None, reason="", entry=None)


def flat(values: Mapping[str, Any]) -> dict[str, Any]:
    """Groups as dotted names, lists for tuples, without the version."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        parts = value.items() if isinstance(value, Mapping) else [("", value)]
        for part, inner in parts:
            dotted = f"{name}.{part}" if part else name
            found[dotted] = list(inner) if isinstance(inner, tuple) else inner
    return {name: value for name, value in found.items() if name != "version"}


def nested(values: Mapping[str, Any]) -> dict[str, Any]:
    """The inverse of `flat`."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        group, dot, part = name.partition(".")
        if dot:
            found.setdefault(group, {})[part] = value
        else:
            found[name] = value
    return found


FIGURES = """
SELECT
    (SELECT count(*) FROM planning_undo u JOIN ledger_entry e ON e.id = u.undone_id
     WHERE u.at > e.at + make_interval(hours => %(undo_hours)s)),
    (SELECT count(*) FROM books_record r WHERE r.is_open
     AND r.due_at <= %(now)s + make_interval(hours => %(burning_hours)s)),
    (SELECT count(*) FROM people_employment m WHERE m.is_open
     AND m.started_on > (%(now)s)::date - %(novice_days)s::int),
    (SELECT count(*) FROM books_record r WHERE r.is_open AND r.interim_until IS NOT NULL
     AND r.owner_since < %(now)s - make_interval(days => %(cover_days)s))
"""
OF_FIGURES = ("undo_hours", "burning_hours", "novice_days", "cover_days")
COUNTED = (*OF_FIGURES, "max_leave_days")


def figures(values: Mapping[str, Any], *, now: datetime) -> dict[str, int]:
    """What these values would mean today, by rule, where the company's data say anything."""
    asked = {name: values[name] for name in OF_FIGURES}
    with connection.cursor() as cursor:
        cursor.execute(FIGURES, {**asked, "now": now})
        found = dict(zip(OF_FIGURES, cursor.fetchone(), strict=True))
    return found | {"max_leave_days": len(away_longer(than=values["max_leave_days"], now=now))}
