"""What the columns of a table mean: its kind and a field for each header, proposed or given.

A proposal is made from names alone (headers, file and sheet), so that the same headers always give
the same mapping; what is not understood stays unmapped and is kept as the CRM's own field.
"""

import re
import tomllib
from collections.abc import Mapping as AbstractMapping
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from pathlib import Path
from typing import Literal

from legato.domain.cells import is_blank, tidy
from legato.domain.errors import Refused
from legato.domain.headers import HEADERS, listed
from legato.domain.kinds import KINDS, WhyNot, ranked, why_not
from legato.domain.names import fold

How = Literal["exact", "folded", "given", "content"]
Why = WhyNot | Literal["no_name", "ignored"]

FIELDS: dict[str, tuple[str, ...]] = {kind: tuple(fields) for kind, fields in HEADERS.items()}
"""The fields of each kind."""

LEFT_OUT = "-"
"""Given for a field where a column is not to be read at all."""

SURE = 3.0
"""Lead over the next kind from which a proposal is sure."""

WITH_ADDRESSES = ("person", "contact", "lead")
"""Elsewhere an address may be that of whoever made the record."""

_REQUIRED = re.compile(
    r"[*＊]|[（(\[](?:必填|必須|required|обязательно|必填项)[）)\]]", re.IGNORECASE
)
_PREFIX = {
    "opportunity": "deal|сделка|取引|交易",
    "contact": "person|контактное лицо|контакт|人|联系人",
    "account": "organization|организация|組織|组织",
    "activity": "activity|задача|アクティビティ|活动",
    "lead": "lead|лид|リード|线索",
    "product": "product|товар|製品|产品",
}
"""What Pipedrive puts before the fields of an object, and of those linked to it."""
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


class MapInvalid(Refused):
    """A mapping file says what cannot be. Facts: ``line`` (its content), ``why`` (toml, kind,
    field, header, twice) and ``allowed`` names."""

    code = "map_invalid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """One column; ``field`` is None where it is kept as the CRM's own."""

    index: int
    header: str
    field: str | None
    how: How | None
    is_left_out: bool = False
    """Not even kept as the CRM's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """``confidence`` is "given" where a person named the kind, "likely" where another kind has
    nearly as much for it."""

    kind: str
    columns: tuple[Mapped, ...]
    confidence: Literal["sure", "likely", "given"]

    @property
    def fields(self) -> dict[str, int]:
        """The column of each field that has one."""
        return {column.field: column.index for column in self.columns if column.field}

    @property
    def unmapped(self) -> tuple[str, ...]:
        return tuple(c.header for c in self.columns if not (c.field or c.is_left_out))


@dataclass(frozen=True, slots=True, kw_only=True)
class NotATable:
    """A table, but none of ours."""

    why: Why


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenFile:
    """What a mapping file says of the files that fit ``glob``; a field of "" ignores a column."""

    glob: str
    kind: str | None
    columns: AbstractMapping[str, str]


GivenMap = tuple[GivenFile, ...]


def propose(
    headers: Sequence[str],
    samples: Sequence[Sequence[str]],
    file_name: str,
    *,
    sheet: str | None = None,
    kind: str | None = None,
) -> Mapping | NotATable:
    """The kind (unless given) and the field of each header.

    ``closed`` of an open opportunity is its expected close, as Salesforce and Zoho have it (Close
    Date, Closing Date, 完了予定日); a column of its own for that (Expected Close Date) is ``due``.
    ``outcome`` is a status open/won/lost beside the stage; an activity's ``stage`` may be a yes/no.
    """
    names = [_plain(header) for header in headers]
    found = {fold(name) for name in names}
    (evidence, likeliest), (next_evidence, _), *_ = ranked(found, f"{file_name} {sheet or ''}")
    if kind is None and (why := why_not(found, evidence)):
        return NotATable(why=why)
    best = kind or likeliest
    columns = _by_content(_columns(best, headers, names), best, samples)
    mapping = Mapping(
        kind=best,
        columns=columns,
        confidence="given" if kind else "sure" if evidence - next_evidence >= SURE else "likely",
    )
    if not (kind or mapping.fields.keys() & _identifying(best)):
        return NotATable(why="no_name")
    return mapping


def read_map(path: Path) -> GivenMap:
    """Read a mapping file: TOML, ``["*.csv"]`` with ``kind``, ``["*.csv".columns]`` with
    ``"Header" = "field"``. Raises ``MapInvalid``."""
    try:
        sections = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MapInvalid(line=str(error), why="toml", allowed=()) from None
    return tuple(_section(glob, section) for glob, section in sections.items())


def apply(
    given: GivenMap,
    *,
    headers: Sequence[str],
    samples: Sequence[Sequence[str]],
    file_name: str,
    sheet: str | None = None,
) -> Mapping | NotATable:
    """Propose, then let the first section whose glob fits the file's name decide what it names.

    Raises ``MapInvalid`` for a header the file has not, and for a field given to two columns.
    """
    section = next((one for one in given if fnmatch(file_name, one.glob)), None)
    if section is None:
        return propose(headers, samples, file_name, sheet=sheet)
    if section.kind == "":
        return NotATable(why="ignored")
    proposed = propose(headers, samples, file_name, sheet=sheet, kind=section.kind)
    return proposed if isinstance(proposed, NotATable) else _overridden(proposed, section)


def _identifying(kind: str) -> set[str]:
    """Fields of which a table needs one: people and things need a name, what happens a key."""
    is_thing = kind in ("account", "contact", "product", "person")
    return {"name", "first_name", "last_name"} | (set() if is_thing else {"key"})


def _plain(header: str) -> str:
    """Without the marks of a required column."""
    return _REQUIRED.sub("", tidy(header)).strip()


def _columns(kind: str, headers: Sequence[str], names: Sequence[str]) -> tuple[Mapped, ...]:
    """Each field to the column whose name is listed first for it; the leftmost of equal ones."""
    claims: dict[str, tuple[int, int]] = {}
    for index, name in enumerate(names):
        own = re.sub(rf"^(?:{_PREFIX.get(kind, '')}) - ", "", name, flags=re.IGNORECASE)
        for form in (fold(name), fold(own)):
            if claim := _MEANS[kind].get(form):
                field, rank = claim
                claims[field] = min(claims.get(field, (rank, index)), (rank, index))
                break
    by_index = {index: field for field, (_, index) in claims.items()}
    return tuple(
        Mapped(
            index=index,
            header=header,
            field=by_index.get(index),
            how=_how(kind, header, by_index.get(index)),
        )
        for index, header in enumerate(headers)
    )


def _how(kind: str, header: str, field: str | None) -> How | None:
    if field is None:
        return None
    return "exact" if tidy(header).casefold() in _SPELLED[kind] else "folded"


def _by_content(
    columns: tuple[Mapped, ...], kind: str, samples: Sequence[Sequence[str]]
) -> tuple[Mapped, ...]:
    """A column of addresses without a known name, of people who have none, is theirs if it is the
    only one."""
    if kind not in WITH_ADDRESSES or any(column.field == "email" for column in columns):
        return columns
    holding = [c for c in columns if c.field is None and _holds_addresses(c.index, samples)]
    if len(holding) != 1:
        return columns
    only = holding[0]
    return tuple(replace(c, field="email", how="content") if c is only else c for c in columns)


def _holds_addresses(index: int, samples: Sequence[Sequence[str]]) -> bool:
    cells = [row[index] for row in samples if len(row) > index and not is_blank(row[index])]
    return len(cells) >= 3 and all(len(c) < 320 and _EMAIL.fullmatch(c.strip()) for c in cells)


def _section(glob: str, section: object) -> GivenFile:
    columns = section.get("columns", {}) if isinstance(section, dict) else None
    if not isinstance(section, dict) or not isinstance(columns, dict):
        raise MapInvalid(line=f"{glob} = {section!r}", why="toml", allowed=("kind", "columns"))
    kind = section.get("kind")
    if kind not in (None, "", *KINDS):
        raise MapInvalid(line=f'kind = "{kind}"', why="kind", allowed=KINDS)
    for key in section.keys() - {"kind", "columns"}:
        raise MapInvalid(line=f"{key} = …", why="toml", allowed=("kind", "columns"))
    for header, field in columns.items():
        allowed = FIELDS[kind] if kind else tuple(sorted({f for fs in FIELDS.values() for f in fs}))
        if field != "" and field not in allowed:
            raise MapInvalid(line=f'"{header}" = "{field}"', why="field", allowed=allowed)
    return GivenFile(glob=glob, kind=kind, columns=columns)


def _overridden(mapping: Mapping, section: GivenFile) -> Mapping:
    headers = [column.header for column in mapping.columns]
    given: dict[int, str] = {}
    for header, field in section.columns.items():
        line = f'"{header}" = "{field}"'
        if header not in headers:
            raise MapInvalid(line=line, why="header", allowed=tuple(headers))
        if field not in ("", LEFT_OUT, *FIELDS[mapping.kind]):
            raise MapInvalid(line=line, why="field", allowed=FIELDS[mapping.kind])
        if field not in ("", LEFT_OUT) and field in given.values():
            raise MapInvalid(line=line, why="twice", allowed=())
        given[headers.index(header)] = field
    taken = set(given.values())
    columns = (
        _as_given(c, given[c.index])
        if c.index in given
        else replace(c, field=None, how=None)
        if c.field in taken
        else c
        for c in mapping.columns
    )
    return replace(mapping, columns=tuple(columns))


def _as_given(column: Mapped, field: str) -> Mapped:
    is_left_out = field == LEFT_OUT
    said = None if is_left_out else field or None
    return replace(column, field=said, how="given", is_left_out=is_left_out)


_MEANS: dict[str, dict[str, tuple[str, int]]] = {
    kind: {
        form: (field, rank)
        for field, names in fields.items()
        for rank, name in reversed(list(enumerate(listed(names))))
        if (form := fold(name))
    }
    for kind, fields in HEADERS.items()
}
_SPELLED: dict[str, frozenset[str]] = {
    kind: frozenset(tidy(n).casefold() for names in fields.values() for n in listed(names))
    for kind, fields in HEADERS.items()
}
