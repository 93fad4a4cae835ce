"""What files say of people, and what follows from it: the values of this package."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from legato.domain.names import fold

COLUMNS = (
    "name",
    "email",
    "title",
    "role",
    "country",
    "language",
    "time_zone",
    "capacity",
    "team_id",
    "manager_id",
)


def key_without_id(name: str, email: str = "") -> str:
    """The key of somebody without an id: the name, and the address where one is given."""
    return "|".join(filter(None, (fold(name), email.casefold())))


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What a file says of one person; ``said`` lacks the columns that the file lacks.

    ``place`` is file and line, None for somebody who is only named by records. ``said`` may hold
    the columns of a person, besides ``manager``, ``manager_email`` and ``team`` as written.
    """

    place: tuple[int, int] | None
    key: str
    name: str
    said: Mapping[str, Any]
    skills: frozenset[tuple[str, str]] = frozenset()
    is_active: bool = True
    started_on: date | None = None


@dataclass(slots=True, kw_only=True)
class Someone:
    """A person as they will be. ``columns`` holds what is to be written, of `COLUMNS`."""

    id: int
    source: str
    key: str
    name: str
    email: str
    manager_id: int | None
    is_employed: bool
    is_new: bool
    role: str
    team_id: int | None = None
    """As it is before the import."""
    row: Row | None = None
    columns: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Plan:
    """The people after the import, and what has to be written so that it comes true."""

    source: str
    everyone: dict[int, Someone]
    teams: dict[str, int]
    new_teams: dict[str, int] = field(default_factory=dict)
    team_managers: dict[int, int] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    """``new``, ``changed``, ``same``, ``repeats``, ``rejected``."""
    rejected: list[tuple[tuple[int, int], str]] = field(default_factory=list)
    """Place and ``column:code``."""
    joined: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """Column, as written, as known."""
    from_names: list[str] = field(default_factory=list)
    teams_named: set[str] = field(default_factory=set)
    named: set[int] = field(default_factory=set)
    """The managers whom the files name."""
    inactive: list[str] = field(default_factory=list)
    """People whom the file calls inactive although they are employed here."""

    @property
    def writes(self) -> bool:
        return bool(self.counts["new"] or self.counts["changed"] or self.new_teams)

    def tops(self) -> list[Someone]:
        """The managers above whom stands nobody; all managers where they stand in a circle."""
        managers = {p.manager_id for p in self.everyone.values() if p.manager_id}
        employed = [p for p in self.everyone.values() if p.id in managers and p.is_employed]
        return [p for p in employed if p.manager_id is None] or employed

    def reports(self) -> Counter[int]:
        return Counter(p.manager_id for p in self.everyone.values() if p.manager_id)
