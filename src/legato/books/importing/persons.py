"""The rows of people files as people; where there are none, the owners that records name."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from zoneinfo import available_timezones

from django.db import connection

from legato.books.importing import cells, lookups
from legato.books.importing.asking import Answers
from legato.books.importing.cells import Decided
from legato.books.importing.owners import Choice, owner_fields, owner_said
from legato.books.importing.parts import Part
from legato.domain.names import fold
from legato.domain.values import Decision, Problem, is_blank, parse_boolean, tidy
from legato.people.importing import Row, key_without_id

TEXTS = ("email", "title", "country", "time_zone", "team", "manager", "manager_email")
SKILLS = ("territory", "language", "industry", "product")
_SEVERAL = re.compile(r"\s*[;,、，/|]\s*")

Place = tuple[int, int]


def rows_of(
    parts: Sequence[Part], *, importing: int, ask: Answers, decided: list[Decided]
) -> tuple[list[Row], list[tuple[Place, str]]]:
    """The people of the files, and the rows that are none: place, and ``field:code`` of each cell
    that is wrong."""
    rows: list[Row] = []
    rejected: list[tuple[Place, str]] = []
    for part in (part for part in parts if part.kind == "person"):
        styles = _styles(part, importing=importing, ask=ask, decided=decided)
        for line, problem, said in staged(part, importing=importing):
            row = problem or _row((part.number, line), said, styles)
            if isinstance(row, Row):
                rows.append(row)
            else:
                rejected.append(((part.number, line), row))
    return rows, rejected


def from_owners(parts: Sequence[Part], *, importing: int) -> list[Row]:
    """Everybody whom the records name as an owner, once."""
    found: dict[str, Row] = {}
    for part in (part for part in parts if owner_fields(part)):
        fields = owner_fields(part)
        for raw in lookups.distinct(fields, importing=importing, file=part.number):
            said = owner_said(fields, raw)
            name = said.name or said.email or said.key
            if name:
                details = {"email": said.email} if said.email else {}
                row = Row(place=None, key=said.key or fold(name), name=name, said=details)
                found.setdefault(row.key, row)
    return sorted(found.values(), key=lambda row: row.name)


def newcomers(choices: Mapping[str, Choice]) -> list[Row]:
    """Those who are to become persons because somebody chose so, under the name as written."""
    return [
        Row(place=None, key=fold(said), name=said, said={"email": said} if "@" in said else {})
        for said, who in choices.items()
        if who == "new"
    ]


def staged(part: Part, *, importing: int) -> Iterable[tuple[int, str | None, dict[str, str]]]:
    """Line, problem and cells of each row of a small table."""
    fields = sorted({*part.staged, *part.made})
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT line, problem, {', '.join(fields)} FROM books_staged"
            " WHERE importing_id = %s AND file = %s ORDER BY line",
            [importing, part.number],
        )
        for line, problem, *values in cursor.fetchall():
            yield line, problem, {f: v or "" for f, v in zip(fields, values, strict=True)}


def _styles(part: Part, *, importing: int, ask: Answers, decided: list[Decided]) -> dict[str, Any]:
    styles: dict[str, Any] = {}
    if "started" in part.staged:
        values = lookups.distinct(["started"], importing=importing, file=part.number)
        styles["started"] = cells.dates_order(part, "started", values, ask=ask, decided=decided)
    if "capacity" in part.staged:
        values = lookups.distinct(["capacity"], importing=importing, file=part.number)
        styles["capacity"] = cells.numbers_style(part, "capacity", values, decided)
    return styles


def _row(place: Place, cells_: dict[str, str], styles: dict[str, Any]) -> Row | str:
    said: dict[str, Any] = {
        field: "" if is_blank(cells_[field]) else tidy(cells_[field])
        for field in TEXTS
        if field in cells_
    }
    name = tidy(cells_.get("name", "")) or said.get("email", "")
    if "time_zone" in said:
        said["time_zone"] = said["time_zone"] or "UTC"
    skills = {kind: _listed(cells_[kind]) for kind in SKILLS if kind in cells_}
    if "language" in skills:
        said["language"] = next(iter(skills["language"]), "")
    if "capacity" in cells_:
        said["capacity"] = cells.number_of(cells_["capacity"], styles["capacity"])
    started = _started(cells_.get("started", ""), styles.get("started", "iso"))
    if faults := " ".join(_faults(name, said, started)):
        return faults
    active = cells_.get("active", "")
    return Row(
        place=place,
        key=_key(cells_["key"], name, said.get("email", "")),
        name=name,
        said=said,
        skills=frozenset((kind, value) for kind, values in skills.items() for value in values),
        is_active=_is_active(active),
        started_on=started,
    )


def _faults(name: str, said: Mapping[str, Any], started: Any) -> Iterator[str]:
    """``field:code`` of every cell that cannot be used."""
    capacity = said.get("capacity")
    if not name:
        yield "name:no_name"
    if said.get("time_zone", "UTC") not in available_timezones():
        yield "time_zone:time_zone_unknown"
    if isinstance(capacity, Problem):
        yield f"capacity:{capacity.code}"
    elif capacity is not None and capacity < 0:
        yield "capacity:capacity_negative"
    if isinstance(started, Problem):
        yield f"started:{started.code}"


def _key(written: str, name: str, email: str) -> str:
    """The id; who has none is known by the name, and by the address where one is given."""
    return key_without_id(name, email) if written in ("", fold(name)) else written


def _started(raw: str, order: Decision) -> Any:
    return cells.day_of(raw, order)


def _is_active(raw: str) -> bool:
    """Yes unless the cell says no, in a word or as a status."""
    inactive = ("inactive", "deactivated", "disabled", "deleted", "suspended", "terminated")
    words = (
        *inactive,
        "無効",
        "退職",
        "停用",
        "离职",
        "禁用",
        "уволен",
        "неактивен",
        "заблокирован",
    )
    return parse_boolean(raw) is not False and tidy(raw).casefold() not in words


def _listed(raw: str) -> list[str]:
    return [] if is_blank(raw) else [value for value in _SEVERAL.split(tidy(raw)) if value]
