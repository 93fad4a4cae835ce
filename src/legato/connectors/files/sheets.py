"""Spreadsheets (.xlsx, .xls, .ods) by calamine; every cell becomes the text a CSV would hold.

A sheet is held in memory whole: 200,000 rows of 20 columns take about 400 MB. That is accepted;
text formats are the way for more.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
)

from legato.connectors.files.archives import archive_kind, check_unpacking
from legato.connectors.files.probing import is_bearable
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

ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
"""The name under which Office keeps a workbook with a password inside an old-style file."""


def sheet_tables(
    file: Path, limits: Limits, *, is_archive: bool, how: How = FOUND_OUT
) -> Iterator[Table]:
    """The table of each sheet that has one."""
    if file.stat().st_size > limits.spreadsheet:
        raise TooLarge(file=file.name, what="file", limit=limits.spreadsheet)
    kind = archive_kind(file) if is_archive else "xls"
    if is_archive:
        check_unpacking(file, limits)
    if kind != "xlsx" and not is_bearable(file, memory=limits.memory):
        raise Unreadable(file=file.name, why="damaged")
    found = 0
    for sheet in _sheets(file):
        table = framed(
            file=file,
            raw=_reader(sheet, file, limits),
            limits=limits,
            format=kind,
            sheet=sheet.name,
            header=how.header,
        )
        if table is not None:
            found += 1
            yield table
    if not found:
        raise Unreadable(file=file.name, why="no_header")


def _sheets(file: Path) -> Iterator[CalamineSheet]:
    try:
        with file.open("rb") as stream, CalamineWorkbook.from_filelike(stream) as book:
            for sheet in book.sheets_metadata:
                if sheet.typ == SheetTypeEnum.WorkSheet:
                    yield book.get_sheet_by_name(sheet.name)
    except PasswordError:
        raise Unreadable(file=file.name, why="encrypted") from None
    except CalamineError:
        is_encrypted = ENCRYPTED in file.read_bytes()
        raise Unreadable(file=file.name, why="encrypted" if is_encrypted else "damaged") from None


def _reader(sheet: CalamineSheet, file: Path, limits: Limits) -> Callable[[], Iterator[Row]]:
    """Rows numbered as the spreadsheet numbers them."""

    def rows() -> Iterator[Row]:
        for line, values in enumerate(sheet.iter_rows(), start=1):
            cells = [v if type(v) is str else _as_text(v) for v in values]
            if max(map(len, cells), default=0) > limits.cell:
                raise TooLarge(file=file.name, what="cell", limit=limits.cell, line=line)
            yield line, [unguarded(cell) if cell[:1] == "'" else cell for cell in cells]

    return rows


def _as_text(value: Any) -> str:
    """Whole floats as integers, moments as ISO 8601, booleans as true and false."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        is_day = value.time() == time()
        return value.date().isoformat() if is_day else value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return "" if value is None else str(value)
