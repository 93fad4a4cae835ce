"""A table of a file, whatever the file was: headers, a few samples, and its rows as text.

Every row is handed over with the line a person would count to; what cannot be used says why.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from statistics import median_low
from typing import Literal

from legato.domain.errors import Refused

Format = Literal["csv", "xlsx", "xls", "ods", "html"]
CODECS = ("utf-8", "cp932", "gb18030", "cp1251", "cp1252", "utf-16")
"""The encodings a person may choose among; more are told by themselves."""
Row = tuple[int, list[str]]
Rows = Callable[[], Iterator[Row]]

REASON_MARK = "Legato: "
"""Begins the header of a reason column, in every language, so that reading drops it again."""
MISSING = "#MISSING"
"""Stands in a rejected text file for each cell that the row was short of."""
SAMPLES = 50
HEADER_WITHIN = 50
LABEL = 200
"""Characters of the longest header."""

_NO_LABEL = re.compile(r"[\W\d_]*|\S+@\S+\.\w+|https?://\S*|\d[\d\W]*(?:[tzTZ]|年|月|日|[ap]m)*")


class Unreadable(Refused):
    """A file cannot be read as tables. Facts: ``file``, ``why`` (a code) and what that needs.

    ``why``: empty, no_header, binary, not_a_table, encrypted, damaged, missing, forbidden.
    """

    code = "unreadable_file"


class TooLarge(Unreadable):
    """Facts: ``file``, ``what`` (file, cell, line, columns), ``limit``, ``line`` where known."""

    code = "too_large"


class Hostile(Unreadable):
    """Facts: ``file``, ``why`` (unpacked_size, ratio, cells) and ``limit``."""

    code = "hostile_file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What is read at most, so that no file can take the machine; bytes, unless it says else."""

    text: int = 2 * 1024**3
    spreadsheet: int = 200 * 1024**2
    unpacked: int = 1024**3
    ratio: int = 200
    """Unpacked over packed; a million plain rows are packed about 10 to 20 times."""
    cells: int = 60_000_000
    """Rows times columns of one sheet, which is held in memory as a rectangle."""
    memory: int = 4 * 1024**3
    """Of the process that tries whether an .xls or .ods can be read."""
    cell: int = 1024**2
    """Characters."""
    line: int = 16 * 1024**2
    columns: int = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """What a person says of how a file is to be read; None is to be found out. ``header`` is the
    line of the labels, of the table of every sheet."""

    encoding: str | None = None
    separator: str | None = None
    header: int | None = None


FOUND_OUT = How()


class Defective(list[str]):
    """A row that was read but cannot be used, as far as it could be read; ``why`` is a code.

    undecodable (its bad bytes b stand as U+DC00+b, as the writers need them), nul, unclosed_quote.
    """

    __slots__ = ("why",)
    why: str

    def __init__(self, cells: Sequence[str], *, why: str) -> None:
        super().__init__(cells)
        self.why = why


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One sheet of one file, its header found; rows keep the width they have in the file."""

    file: Path
    sheet: str | None
    format: Format
    encoding: str | None
    """A Python codec; ``utf-8-sig`` and ``utf-16`` have a byte order mark."""
    separator: str | None
    possible: tuple[str, ...] = ()
    """The codecs that fit a text, the likeliest first."""
    headers: tuple[str, ...]
    header_line: int
    size: int
    samples: tuple[tuple[str, ...], ...]
    data: Rows = field(repr=False, compare=False)

    def rows(self, *, skip: int = 0) -> Iterator[Row]:
        """Line number and cells of each row, after passing over ``skip`` of them; blank rows are
        none. A row of another width than ``headers`` comes as it is; see also ``Defective``.
        Raises ``TooLarge`` where a cell is."""
        return islice(self.data(), skip, None)


def header_at(rows: Sequence[Sequence[str]]) -> int | None:
    """Which row holds the labels: the first that has at least two, and is at least half as wide as
    rows here are (a line of title above a table is not)."""
    widths = [width for row in rows if (width := _width(row))]
    usual = median_low(widths) if widths else 0
    for index, row in enumerate(rows):
        cells = [cell for cell in row if cell.strip()]
        labels = sum(_is_label(cell.strip()) for cell in cells)
        if labels >= 2 and labels * 2 >= len(cells) and len(cells) * 2 >= usual:
            return index
    return None


def _is_label(cell: str) -> bool:
    return len(cell) <= LABEL and not _NO_LABEL.fullmatch(cell)


def _width(row: Sequence[str]) -> int:
    """Cells up to the last that holds anything."""
    return next((n for n in range(len(row), 0, -1) if row[n - 1].strip()), 0)


def framed(
    *,
    file: Path,
    raw: Rows,
    limits: Limits,
    format: Format,  # noqa: A002 - the word people use
    sheet: str | None = None,
    encoding: str | None = None,
    separator: str | None = None,
    possible: tuple[str, ...] = (),
    header: int | None = None,
) -> Table | None:
    """Find the header in ``raw`` rows, or take the line that is said to be it; None when there is
    none."""
    first = list(islice(raw(), HEADER_WITHIN))
    at = next((n for n, (line, _) in enumerate(first) if line == header), None)
    if at is None:
        at = header_at([cells for _, cells in first])
    if at is None:
        return None
    line, labels = first[at]
    shape = Shape.of([label.strip() for label in labels], [cells for _, cells in first[at + 1 :]])
    if len(shape.headers) > limits.columns:
        raise TooLarge(file=file.name, what="columns", limit=limits.columns)

    def data() -> Iterator[Row]:
        return shape.fitted(islice(raw(), at + 1, None))

    return Table(
        file=file,
        sheet=sheet,
        format=format,
        encoding=encoding,
        separator=separator,
        possible=possible,
        headers=shape.headers,
        header_line=line,
        size=file.stat().st_size,
        samples=tuple(tuple(cells) for _, cells in islice(data(), SAMPLES)),
        data=data,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """Which columns of a file are the table's: a reason column and empty last ones are not."""

    headers: tuple[str, ...]
    has_reason: bool

    @classmethod
    def of(cls, labels: Sequence[str], rows: Sequence[Sequence[str]]) -> "Shape":
        width = len(labels)
        while width and not labels[width - 1] and not any(any(r[width - 1 : width]) for r in rows):
            width -= 1
        has_reason = width > 1 and labels[width - 1].startswith(REASON_MARK.strip())
        return cls(headers=tuple(labels[: width - has_reason]), has_reason=has_reason)

    def fitted(self, rows: Iterator[Row]) -> Iterator[Row]:
        """The rows that hold anything, without the columns that are not the table's."""
        width = len(self.headers)
        for line, cells in rows:
            if len(cells) != width or self.has_reason:
                self._trim(cells)
            if any(cells):
                yield line, cells

    def _trim(self, cells: list[str]) -> None:
        width = len(self.headers)
        if self.has_reason:
            del cells[width : width + 1]
            if MISSING in cells:
                del cells[cells.index(MISSING) :]
        if len(cells) > width and not any(cells[width:]):
            del cells[width:]
