"""Copies the cells that matter into the staging table, chunk by chunk, each chunk for good.

A crash loses at most the chunk being read: reading the same files again goes on after the last.
Memory holds one chunk's spoiled rows and one block of good ones, however long the file.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from operator import itemgetter
from typing import Any

from django.db import connection, transaction

from legato.books.importing.parts import Part
from legato.connectors.files import Defective, Row
from legato.domain.names import fold

CHUNK = 100_000
BLOCK = 2_000
MADE_OF = {
    "account": ("name",),
    "contact": ("name", "account"),
    "opportunity": ("name", "account", "product", "opened"),
    "lead": ("name", "account"),
    "activity": ("name", "category", "account", "due"),
    "commitment": ("name", "account", "due"),
    "ticket": ("name", "account", "opened"),
    "person": ("name",),
    "product": ("name",),
}
"""What makes a row's key where the file has no id: these cells, folded."""

PLACE = ("importing_id", "file", "kind", "line")
_IDEOGRAPHS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")

Progress = Callable[[int], None]
Shape = Callable[[list[Row]], Iterable[Sequence[Any]]]


def stage(
    parts: Sequence[Part], *, importing: int, progress: Progress, chunk: int | None = None
) -> int:
    """Stages what is not staged yet; how many rows are. Commits each chunk; needs autocommit."""
    _forget_others(importing)
    done = _staged(importing)
    total = sum(done.values())
    for part in parts:
        rows = part.table.rows(skip=done.get(part.number, 0))
        while staged := _stage_chunk(part, islice(rows, chunk or CHUNK), importing):
            total += staged
            progress(total)
    with connection.cursor() as cursor:
        cursor.execute("SELECT books_staged_filled()")
    return total


def forget(*, importing: int) -> None:
    """Empties the staging table of this import."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM books_staged WHERE importing_id = %s", [importing])


def _forget_others(importing: int) -> None:
    """Imports that were never finished begin anew, so that the table does not grow for ever."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM books_staged WHERE importing_id <> %s", [importing])


def _staged(importing: int) -> dict[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT file, count(*) FROM books_staged WHERE importing_id = %s GROUP BY file",
            [importing],
        )
        return dict(cursor.fetchall())


def _stage_chunk(part: Part, rows: Iterator[Row], importing: int) -> int:
    count = 0
    spoiled: list[tuple[int, str]] = []
    columns, shape = _shape(part, importing)
    with transaction.atomic(), connection.cursor() as cursor:
        with cursor.copy(_copy(columns)) as copy:
            while block := list(islice(rows, BLOCK)):
                count += len(block)
                copy.write(_text(shape(_good(block, part, spoiled))))
        if spoiled:
            with cursor.copy(_copy((*PLACE, "problem"))) as copy:
                copy.write(_text((importing, part.number, part.kind, n, why) for n, why in spoiled))
    return count


def _copy(columns: Sequence[str]) -> str:
    return f"COPY books_staged ({', '.join(columns)}) FROM STDIN (FORMAT csv)"


def _text(rows: Iterable[Sequence[Any]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _good(block: list[Row], part: Part, spoiled: list[tuple[int, str]]) -> list[Row]:
    """The rows that can be used; line and reason of the others go to ``spoiled``."""
    width = len(part.table.headers)
    good = [row for row in block if len(row[1]) == width and type(row[1]) is list]
    if part.table.format != "csv":  # a text file's rows have been looked at
        good = [row for row in good if not any("\0" in cell for cell in row[1])]
    if len(good) < len(block):
        kept = {line for line, _ in good}
        spoiled += ((line, _why(cells, width)) for line, cells in block if line not in kept)
    return good


def _why(cells: list[str], width: int) -> str:
    if isinstance(cells, Defective):
        return cells.why
    return "row_width" if len(cells) != width else "nul"


def _shape(part: Part, importing: int) -> tuple[tuple[str, ...], Shape]:
    """The staged columns of a table, and how its rows become them."""
    fields, own, width = part.staged, part.own, len(part.table.headers)
    is_whole = "key" in fields and not part.names
    if not is_whole:
        fields = fields | {"name": width, "key": width + 1}
    pick = _picker(tuple(fields.values()))
    importing_id, file, kind = str(importing), str(part.number), part.kind

    def shape(rows: list[Row]) -> Iterable[Sequence[Any]]:
        if not is_whole:
            rows = [(line, _completed(part, cells)) for line, cells in rows]
        return [(importing_id, file, kind, line, *pick(cells)) for line, cells in rows]

    def shape_with_own(rows: list[Row]) -> Iterable[Sequence[Any]]:
        for (_, cells), shaped in zip(rows, shape(rows), strict=True):
            kept = {header: cells[at] for at, header in own if cells[at]}
            yield *shaped, json.dumps(kept, ensure_ascii=False)

    columns = (*PLACE, *fields)
    return ((*columns, "fields"), shape_with_own) if own else (columns, shape)


def _picker(indexes: tuple[int, ...]) -> Callable[[list[str]], tuple[str, ...]]:
    """Takes these cells of a row; with a single index itemgetter would give no tuple."""
    if len(indexes) == 1:
        return lambda cells: (cells[indexes[0]],)
    return itemgetter(*indexes)


def _completed(part: Part, cells: list[str]) -> list[str]:
    """The cells, with a name made of its parts and a key made of other cells after them."""
    said = {field: cells[at].strip() for field, at in part.mapping.fields.items()}
    said["name"] = name = said.get("name") or full_name(
        said.get("first_name", ""), said.get("last_name", "")
    )
    made = "|".join(fold(said.get(field, "")) for field in MADE_OF[part.kind])
    return [*cells, name, said.get("key") or made.strip("|")]


def full_name(first: str, last: str) -> str:
    """Western order with a space; family name first and no space in Chinese and Japanese."""
    if _IDEOGRAPHS.search(first + last):
        return last + first
    return f"{first} {last}".strip()
