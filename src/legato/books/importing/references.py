"""Which account, parent account and product each written name or id means."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from legato.books.importing import lookups
from legato.books.importing.asking import Answers
from legato.books.importing.joins import Folded, Resolved, resolve
from legato.books.importing.parts import Part
from legato.domain.names import fold
from legato.domain.values import is_blank, tidy

FIELDS = {
    "account": ("account_key", "account"),
    "parent": ("parent_key", "parent"),
    "product": ("product_key", "product"),
}
"""What may be referred to, with the columns for its id and its name."""
LENIENT = ("parent", "product")
"""Where an unknown name is no reason to reject a row: the cell is kept as the CRM's own."""


@dataclass(slots=True, kw_only=True)
class Things:
    """The accounts, or the products, that can be referred to."""

    by_key: dict[str, int] = field(default_factory=dict)
    """By the id of this source."""
    names: dict[int, list[str]] = field(default_factory=dict)
    """The present name first."""
    prices: dict[int, Any] = field(default_factory=dict)

    def known(self) -> list[tuple[str, int]]:
        return [(name, pk) for pk, names in self.names.items() for name in names]

    def add(self, pk: int, *, key: str, name: str) -> None:
        self.by_key[key] = pk
        self.names[pk] = [name, *(n for n in self.names.get(pk, ()) if n != name)]


def reference_fields(part: Part, what: str) -> tuple[str, ...]:
    """The columns of a part that refer to such a thing."""
    return tuple(name for name in FIELDS[what] if name in part.staged)


def refer(
    parts: Iterable[Part],
    what: str,
    things: Things,
    *,
    importing: int,
    folded: list[Folded],
    ask: Answers,
) -> None:
    """Fills the table of references from what the parts say of ``what``."""
    known = things.known()
    keys = {pk: key for key, pk in things.by_key.items()}
    for part in parts:
        if not (fields := reference_fields(part, what)):
            continue
        raws = lookups.distinct(fields, importing=importing, file=part.number)
        said = {raw: _said(fields, what, raw) for raw in raws}
        names = filter(None, (name for key, name in said.values() if key not in things.by_key))
        found = resolve(part, what, names, known, keys, ask)
        lookups.fill("import_references", _rows(part, what, things, said, found))
        folded += (
            Folded(
                part=part, field=what, fields=fields, raw=raw, value=name, to=found.spelled[name]
            )
            for raw, (key, name) in said.items()
            if key not in things.by_key and name in found.spelled
        )


def named_things(parts: Iterable[Part], what: str, *, importing: int) -> dict[str, str]:
    """Key and first spelling of everything that is only referred to, where no table lists it."""
    found: dict[str, str] = {}
    for part in parts:
        if fields := reference_fields(part, what):
            for raw in sorted(lookups.distinct(fields, importing=importing, file=part.number)):
                key, name = _said(fields, what, raw)
                if key or fold(name):
                    found.setdefault(key or fold(name), name or key)
    return found


def _rows(
    part: Part, what: str, things: Things, said: dict[str, tuple[str, str]], found: Resolved
) -> Iterator[Sequence[Any]]:
    header = part.header(what)
    for raw, (key, name) in said.items():
        if not (key or name):
            continue
        pk = things.by_key.get(key) or found.ids.get(name)
        why = None if pk else found.problem(name, what) or f"{what}_unknown"
        is_lenient = what in LENIENT and why == f"{what}_unknown"
        column = what if name else f"{what}_key"
        yield (
            part.number,
            what,
            raw,
            pk,
            things.names[pk][0] if pk else None,
            things.prices.get(pk) if pk else None,
            f"{column}:{why}" if why and not is_lenient else None,
            header if is_lenient else None,
        )


def _said(fields: Sequence[str], what: str, raw: str) -> tuple[str, str]:
    """The id and the name; '' where there is none."""
    said = dict(zip(fields, raw.split(lookups.MIXED), strict=True))
    key, name = (said.get(column, "") for column in FIELDS[what])
    return "" if is_blank(key) else key.strip(), "" if is_blank(name) else tidy(name)


def unknown(*, files: dict[int, str]) -> list[dict[str, Any]]:
    """The cells that name nothing known and were kept as they are."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT kept, raw, array_agg(DISTINCT file) FROM import_references"
            " WHERE kept IS NOT NULL GROUP BY kept, raw ORDER BY kept, raw LIMIT 50"
        )
        return [
            {
                "column": kept,
                "value": raw.strip(lookups.MIXED),
                "files": [files[n] for n in numbers],
            }
            for kept, raw, numbers in cursor.fetchall()
        ]
