"""What the files of a draft hold, read as its maker says: seen once, kept as plain values, so that
no page has to read a file.
"""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from legato.books.importing.cells import DATES
from legato.books.importing.parts import mapping_of
from legato.connectors import files
from legato.connectors.files import Defective, How, Table
from legato.domain.columns import GivenFile, GivenMap, NotATable
from legato.domain.values import date_order, is_blank

Said = Mapping[str, Any]
"""What was answered: ``files`` by name, ``parts`` and ``dates`` by `part_key` and column."""
PREVIEW = 5
SAMPLES = 3
LONGEST = 120
DISTINCT = 50_000
"""Values of a column of dates that are looked at."""


def survey(folder: Path, said: Said) -> dict[str, Any]:
    """Every file of the folder with its tables, or why it cannot be read."""
    return {"files": [_file(path, said) for path in sorted(folder.iterdir())]}


def part_key(file: str, sheet: str | None) -> str:
    return f"{file}|{sheet or ''}"


def fingerprint(headers: list[str] | tuple[str, ...]) -> str:
    """Files with the same headers are of one shape."""
    return sha256("\x1f".join(headers).encode("utf-8", "surrogatepass")).hexdigest()


def how_of(file: str, said: Said) -> How:
    """How a person says that file is to be read."""
    return How(**said.get("files", {}).get(file, {}))


def given_of(key: str, said: Said) -> GivenMap:
    """What a person says of a table's kind and columns."""
    part = said.get("parts", {}).get(key)
    if part is None:
        return ()
    return (GivenFile(glob="*", kind=part["kind"], columns=part["columns"]),)


def _file(path: Path, said: Said) -> dict[str, Any]:
    how = how_of(path.name, said)
    seen: dict[str, Any] = {"name": path.name, "size": path.stat().st_size, "unread": None}
    try:
        tables = list(files.tables(path, how=how))
        parts = [_part(table, said) for table in tables]
        others = _others(path, tables, how)
    except files.Unreadable as refused:
        why = str(refused.facts.get("why", refused.code))
        return seen | {"unread": why, "parts": [], "others": []}
    return seen | {"parts": parts, "others": others}


def _others(path: Path, tables: list[Table], how: How) -> list[dict[str, str]]:
    """How the first words read in each other encoding that fits."""
    now = tables[0].encoding if tables else None
    fitting = [codec for codec in tables[0].possible if codec != now] if tables else []
    found = []
    for codec in fitting:
        other = How(encoding=codec, separator=how.separator, header=how.header)
        try:
            words = next(iter(files.tables(path, how=other)))
        except files.Unreadable:
            continue
        text = " ".join([*words.headers[:4], *(words.samples[0][:4] if words.samples else ())])
        found.append({"codec": codec, "text": _clean(text)[:60]})
    return found


def _part(table: Table, said: Said) -> dict[str, Any]:
    key = part_key(table.file.name, table.sheet)
    mapping = mapping_of(table, _fitting(given_of(key, said), table))
    seen: dict[str, Any] = {
        "key": key,
        "sheet": table.sheet,
        "format": table.format,
        "encoding": table.encoding,
        "separator": table.separator,
        "header_line": table.header_line,
        "headers": [_clean(header) for header in table.headers],
        "shape": fingerprint(table.headers),
        "rows_shown": [[_clean(cell) for cell in row] for row in table.samples[:PREVIEW]],
        "skipped": None,
        "columns": [],
        "dates": [],
    }
    if isinstance(mapping, NotATable):
        return seen | _counted(table, {}) | {"skipped": mapping.why, "kind": ""}
    fields = mapping.fields
    dates = {fields[field]: set[str]() for field in (*DATES, "started") if field in fields}
    return seen | {
        "kind": mapping.kind,
        "sure": mapping.confidence,
        "columns": [
            {
                "header": _clean(column.header),
                "field": "-" if column.is_left_out else column.field or "",
                "how": column.how,
                "samples": _samples(table, column.index),
            }
            for column in mapping.columns
        ],
        **_counted(table, dates),
        "dates": [_date(table.headers[at], values) for at, values in dates.items()],
    }


def _fitting(given: GivenMap, table: Table) -> GivenMap:
    """Without what is said of columns that the table, read in another way, no longer has."""
    return tuple(
        GivenFile(
            glob=each.glob,
            kind=each.kind,
            columns={h: f for h, f in each.columns.items() if h in table.headers},
        )
        for each in given
    )


def _counted(table: Table, dates: Mapping[int, set[str]]) -> dict[str, int]:
    """How many rows there are, and how many hold bytes that are no text; fills the dates."""
    rows = spoiled = 0
    for _, cells in table.rows():
        rows += 1
        if isinstance(cells, Defective):
            spoiled += cells.why == "undecodable"
            continue
        for at, values in dates.items():
            if at < len(cells) and len(values) < DISTINCT:
                values.add(cells[at])
    return {"rows": rows, "spoiled": spoiled}


def _date(header: str, values: set[str]) -> dict[str, Any]:
    order = date_order(value for value in sorted(values) if not is_blank(value))
    return {
        "column": _clean(header),
        "decision": order.decision,
        "fits": list(order.fits),
        "example": _clean(order.example or ""),
    }


def _samples(table: Table, index: int) -> list[str]:
    return list(dict.fromkeys(_values(table, index)))[:SAMPLES]


def _values(table: Table, index: int) -> Iterator[str]:
    for row in table.samples:
        if index < len(row) and not is_blank(row[index]):
            yield _clean(row[index])


def _clean(text: str) -> str:
    """As it can be shown and stored: what is no text stands as the sign for that."""
    kept = "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in text)
    return kept.replace("\0", "\ufffd")[:LONGEST]
