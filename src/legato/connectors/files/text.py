"""CSV and its relatives: the encoding, the separator, and the rows, read in flat memory.

The file is looked through once before its rows are read: what is clean is then read as fast as the
csv module can, what is not is looked at row by row.
"""

import codecs
import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from legato.connectors.files.encodings import KEEP_BYTES, possible
from legato.connectors.files.table import (
    FOUND_OUT,
    HEADER_WITHIN,
    Defective,
    How,
    Limits,
    Row,
    Table,
    TooLarge,
    Unreadable,
    framed,
    header_at,
)
from legato.connectors.files.writing import GUARD, unguarded

SEPARATORS = ",;\t|"
SAMPLE = 256 * 1024
CHUNK = 1024 * 1024
END = "\0end of file"
"""Read after the last line: where it is part of a cell, a quote was never closed."""

_UNDECODED = re.compile("[\udc00-\udcff]")
_NAMED_SEPARATOR = re.compile(r'\ufeff?"?sep=(.)"?[\r\n]*')


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text file looked through; ``is_clean`` promises that no row needs to be looked at."""

    file: Path
    encoding: str
    possible: tuple[str, ...]
    """The codecs that fit, the likeliest first."""
    is_clean: bool

    def lines(self) -> Iterator[str]:
        with self.file.open(
            encoding=self.encoding, errors=KEEP_BYTES, newline="", buffering=CHUNK
        ) as stream:
            yield from stream

    def rows(self, separator: str, limits: Limits) -> Iterator[Row]:
        rows = self._parsed(separator, limits)
        return rows if self.is_clean else map(_looked_at, rows)

    def _parsed(self, separator: str, limits: Limits) -> Iterator[Row]:
        csv.field_size_limit(limits.cell)
        reader = csv.reader(chain(self.lines(), (END,)), delimiter=separator)
        line, held = 1, None
        try:
            for cells in reader:
                if held:
                    yield held
                held, line = (line, cells), reader.line_num + 1
        except csv.Error:
            raise TooLarge(file=self.file.name, what="cell", limit=limits.cell, line=line) from None
        if held and held[1] != [END]:
            line, cells = held
            cells[-1] = cells[-1].removesuffix(END)
            yield line, Defective(cells, why="unclosed_quote")


def text_table(file: Path, limits: Limits, how: How = FOUND_OUT) -> Table:
    """The one table of a text file."""
    text = look_through(file, limits, encoding=how.encoding)
    separator, starts = _separator(text, limits, said=how.separator)

    def raw() -> Iterator[Row]:
        return islice(text.rows(separator, limits), starts, None)

    table = framed(
        file=file,
        raw=raw,
        limits=limits,
        format="csv",
        encoding=text.encoding,
        separator=separator,
        possible=text.possible,
        header=how.header,
    )
    if table is None:
        raise Unreadable(file=file.name, why="no_header")
    return table


def look_through(file: Path, limits: Limits, *, encoding: str | None = None) -> Text:
    """Decide the encoding, unless it is said, and whether the whole file keeps to it."""
    if file.stat().st_size > limits.text:
        raise TooLarge(file=file.name, what="file", limit=limits.text)
    fitting = _fitting(file)
    encoding = encoding or fitting[0]
    decoder = codecs.getincrementaldecoder(encoding)()
    is_clean, run = True, 0
    with file.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            run = _unbroken(chunk, run)
            if run > limits.line:
                raise TooLarge(file=file.name, what="line", limit=limits.line)
            is_clean = is_clean and _is_clean(chunk, decoder)
    is_clean = is_clean and _is_clean(b"", decoder, final=True)
    return Text(file=file, encoding=encoding, possible=fitting, is_clean=is_clean)


def _unbroken(chunk: bytes, run: int) -> int:
    """Bytes since the last line break."""
    last = max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))
    return run + len(chunk) if last < 0 else len(chunk) - last - 1


def _is_clean(chunk: bytes, decoder: codecs.IncrementalDecoder, *, final: bool = False) -> bool:
    try:
        text = decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    may_be_guarded = "'" in text and (text.endswith("'") or GUARD.search(text) is not None)
    return "\0" not in text and not may_be_guarded


def _fitting(file: Path) -> tuple[str, ...]:
    """From the first quarter megabyte that has anything but ASCII in it."""
    with file.open("rb") as stream:
        sample = stream.read(SAMPLE)
        if not sample.strip(b" \t\r\n\0\xef\xbb\xbf\xff\xfe"):
            raise Unreadable(file=file.name, why="empty")
        while sample.isascii() and b"\0" not in sample and (more := stream.read(SAMPLE)):
            sample = more
        fitting = possible(sample, complete=not stream.read(1))
    if not fitting or not _is_text(sample.decode(fitting[0], errors="ignore")):
        raise Unreadable(file=file.name, why="binary")
    return fitting


def _is_text(text: str) -> bool:
    """Control characters are what tells a picture or a program from writing."""
    controls = sum(c < " " and c not in "\t\r\n\f\0" for c in text)
    return controls <= 4 + len(text) // 100


def _separator(text: Text, limits: Limits, *, said: str | None = None) -> tuple[str, int]:
    """The separator, and how many rows before the table's say so ("sep=;", as Excel writes)."""
    if named := _NAMED_SEPARATOR.fullmatch(next(text.lines(), "")):
        return said or named[1], 1
    if said:
        return said, 0
    return max(SEPARATORS, key=lambda separator: _fit(text, separator, limits)), 0


def _fit(text: Text, separator: str, limits: Limits) -> float:
    """How many labels a separator gives, and how many of the rows are as wide as they."""
    try:
        rows = [cells for _, cells in islice(text.rows(separator, limits), HEADER_WITHIN)]
    except TooLarge:
        return 0
    at = header_at(rows)
    if at is None:
        return 0
    filled = [row for row in rows if any(row)]
    alike = sum(len(row) == len(rows[at]) for row in filled)
    return len(rows[at]) * (alike / len(filled)) ** 2


def _looked_at(row: Row) -> Row:
    """Say what is wrong with a row; drop the apostrophe that keeps it from being calculated."""
    line, cells = row
    if isinstance(cells, Defective):
        return row
    whole = "".join(cells)
    if not whole.isascii() and _UNDECODED.search(whole):
        return line, Defective(cells, why="undecodable")
    if "\0" in whole:
        return line, Defective(cells, why="nul")
    return (line, [unguarded(cell) for cell in cells]) if "'" in whole else row
