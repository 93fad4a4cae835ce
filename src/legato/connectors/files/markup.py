"""The "Excel" that is an HTML table, as Bitrix24 and older CRMs export it; read as a stream.

No network, no entities beyond HTML's own, nothing kept of what was read.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from legato.connectors.files.encodings import detect
from legato.connectors.files.table import (
    FOUND_OUT,
    How,
    Limits,
    Row,
    Table,
    TooLarge,
    Unreadable,
    framed,
)
from legato.connectors.files.writing import unguarded

SNIFFED = 64 * 1024
_CHARSET = re.compile(rb"""charset\s{0,9}=\s{0,9}["']?([\w-]{1,40})""", re.IGNORECASE)


def is_markup(head: bytes) -> bool:
    """Whether a file that begins so is HTML with a table in it."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    return (
        start == b"<"
        and re.search(rb"<(?:html|table|meta|!doctype html)\b", head, re.I) is not None
    )


def html_table(file: Path, limits: Limits, how: How = FOUND_OUT) -> Table:
    """All rows of the file as one table; nested tables are not expected."""
    if file.stat().st_size > limits.spreadsheet:
        raise TooLarge(file=file.name, what="file", limit=limits.spreadsheet)
    encoding = how.encoding or _encoding(file)

    def raw() -> Iterator[Row]:
        return _rows(file, encoding, limits)

    table = framed(
        file=file, raw=raw, limits=limits, format="html", encoding=encoding, header=how.header
    )
    if table is None:
        raise Unreadable(file=file.name, why="no_header")
    return table


def _encoding(file: Path) -> str:
    with file.open("rb") as stream:
        head = stream.read(SNIFFED)
    declared = _CHARSET.search(head)
    if declared and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return declared[1].decode().lower()
    encoding = detect(head, complete=len(head) < SNIFFED) or "utf-8"
    return "utf-16" if encoding.startswith("utf-16") else encoding


def _rows(file: Path, encoding: str, limits: Limits) -> Iterator[Row]:
    """Rows numbered by their place among the table's, since lines of HTML mean nothing."""
    # Given the file's name, the parser would keep it open when nobody reads to the end.
    with file.open("rb") as stream:
        try:
            rows = etree.iterparse(
                stream, html=True, tag="tr", events=("end",), encoding=encoding, no_network=True
            )
            for line, (_, row) in enumerate(rows, start=1):
                cells = [_text(cell) for cell in row.iterchildren("td", "th")]
                if max(map(len, cells), default=0) > limits.cell:
                    raise TooLarge(file=file.name, what="cell", limit=limits.cell, line=line)
                yield line, [unguarded(cell) for cell in cells]
                _forget(row)
        except (etree.XMLSyntaxError, LookupError):
            raise Unreadable(file=file.name, why="damaged") from None


def _text(cell: etree._Element) -> str:
    for line_break in cell.iter("br"):
        line_break.tail = "\n" + (line_break.tail or "")
    return "".join(cell.itertext()).replace("\xa0", " ").strip()


def _forget(row: etree._Element) -> None:
    row.clear()
    while row.getprevious() is not None:
        del row.getparent()[0]
