"""Joins written names to known things, and keeps what was joined by folding, to be listed."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from legato.books.importing import lookups
from legato.books.importing.asking import Answers, Question
from legato.books.importing.parts import Part
from legato.domain.names import fold, join

Known = Sequence[tuple[str, int]]
"""Names with the ids they belong to; one name may belong to several."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """What each written name means. ``spelled`` has the known spelling where it was folded."""

    ids: dict[str, int]
    spelled: dict[str, str]
    ambiguous: frozenset[str]

    def problem(self, name: str, what: str) -> str | None:
        """The code of why a name was not joined."""
        if not name or name in self.ids:
            return None
        return f"{what}_ambiguous" if name in self.ambiguous else f"{what}_unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """A value of a part's columns that was joined to another spelling."""

    part: Part
    field: str
    fields: tuple[str, ...]
    raw: str
    value: str
    to: str


def resolve(
    part: Part,
    field: str,
    values: Iterable[str],
    known: Known,
    keys: Mapping[int, str],
    ask: Answers,
) -> Resolved:
    """Joins distinct names of a column; the ambiguous ones are asked, if somebody can be, told
    apart by their ``keys``."""
    found = join(values, known)
    ids = found.exact | {name: pk for name, (_, pk) in found.folded.items()}
    open_ = set(found.ambiguous)
    alike = _alike(known) if found.ambiguous and ask.person else {}
    for name in found.ambiguous if alike else ():
        candidates = sorted(alike[fold(name)])
        answer = ask(_question(part, field, name, candidates, keys))
        if answer is not None:
            ids[name] = candidates[answer][1]
            open_.remove(name)
    return Resolved(
        ids=ids,
        spelled={name: spelling for name, (spelling, _) in found.folded.items()},
        ambiguous=frozenset(open_),
    )


def listed(folded: Sequence[Folded], *, importing: int) -> list[dict[str, Any]]:
    """What was joined by folding, with the number of rows, the most first."""
    rows: Counter[tuple[str, str, str]] = Counter()
    groups = {(each.part.number, each.fields): each.part for each in folded}
    for (number, fields), part in groups.items():
        ours = {e.raw: e for e in folded if (e.part.number, e.fields) == (number, fields)}
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {lookups.written(fields)}, count(*) FROM books_staged s"
                " WHERE s.importing_id = %s AND s.file = %s AND s.problem IS NULL"
                f" AND {lookups.written(fields)} = ANY (%s) GROUP BY 1",
                [importing, number, list(ours)],
            )
            for raw, count in cursor.fetchall():
                each = ours[raw]
                rows[part.header(each.field), each.value, each.to] += count
    return [
        {"column": column, "from": value, "to": to, "rows": count}
        for (column, value, to), count in rows.most_common()
    ]


def _alike(known: Known) -> dict[str, set[tuple[str, int]]]:
    """All that are known by what they fold to."""
    found: dict[str, set[tuple[str, int]]] = {}
    for name, pk in known:
        found.setdefault(fold(name), set()).add((name, pk))
    return found


def _question(
    part: Part, field: str, name: str, candidates: Known, keys: Mapping[int, str]
) -> Question:
    return Question(
        what=field,
        file=part.file,
        column=part.header(field),
        value=name,
        choices=tuple(f"{spelling} ({keys.get(pk, pk)})" for spelling, pk in candidates),
    )
