"""Tables written for people: rejected rows to be mended and read again, and exports.

No cell is ever written so that a spreadsheet would calculate it: an apostrophe goes before it
(OWASP, "CSV Injection"), and reading takes exactly that apostrophe away.
"""

import csv
import filecmp
import io
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from itertools import chain, count, islice
from pathlib import Path
from tempfile import TemporaryFile
from typing import TextIO

import xlsxwriter

from legato.connectors.files.encodings import KEEP_BYTES
from legato.connectors.files.table import MISSING, REASON_MARK, Table
from legato.domain.errors import Refused

SHEET_ROWS = 1_048_575
SHEET_TEXT = 32_767
"""What a sheet of Excel holds, below its header, and in one cell."""
AS_WRITTEN = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": True,
}
UNDATED = datetime(1980, 1, 1)  # what a ZIP file has for no date

_NOT_IN_XML = re.compile("[\0-\b\v\f\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CALCULATES = re.compile("'*[=+\\-@\t\r]")
_EARLIER_ROUND = re.compile(r"\.rejected(?:-\d+)?$")
_PLAIN_NUMBER = re.compile(r"-\d[\d.,]*")
_GUARDED = re.compile("'+[=+\\-@\t\r]")
GUARD = re.compile("'[=+\\-@\t\r]")
"""Found in a text wherever a guarded cell may be (and never slow, whatever the text)."""


def guarded(cell: str) -> str:
    """The cell with an apostrophe before it if a spreadsheet might calculate it; -5 stays -5."""
    if not _CALCULATES.match(cell) or _PLAIN_NUMBER.fullmatch(cell):
        return cell
    return "'" + cell


def unguarded(cell: str) -> str:
    """The inverse of ``guarded``."""
    return cell[1:] if _GUARDED.match(cell) else cell


def write_rejected(
    *,
    table: Table,
    rows: Iterable[tuple[int, list[str], str]],
    target_folder: Path,
    reason_header: str,
) -> Path:
    """Write rows of ``table``, each with its reason last, to a file that reads as the same table.

    ``rows`` are line, cells as they were read, and the reason in the reader's language. Text keeps
    encoding, mark and separator; every spreadsheet kind comes back as .xlsx. The name is that of
    the file (and sheet) with ``.rejected``, with the next free number where that is taken: nothing
    is ever replaced.
    """
    headers = [*table.headers, REASON_MARK + reason_header.removeprefix(REASON_MARK)]
    width = len(table.headers)
    beside = ([*_as_wide(cells, width), why, *cells[width:]] for _, cells, why in rows)
    path = target_folder / _rejected_name(table)
    with _part(path) as part:
        if table.format == "csv":
            coding, between = table.encoding or "utf-8", table.separator or ","
            _write_csv(part, headers, beside, encoding=coding, separator=between)
        else:
            _write_xlsx(part, headers, beside)
        return settle(part, path)


def write_table(*, path: Path, headers: Sequence[str], rows: Iterable[Sequence[object]]) -> Path:
    """Write an export as .xlsx or, for any other suffix, as CSV in UTF-8 with the mark that Excel
    needs. Numbers are written as numbers; None is an empty cell."""
    with _part(path) as part:
        if path.suffix.lower() == ".xlsx":
            _write_xlsx(part, headers, rows)
        else:
            _write_csv(part, headers, rows, encoding="utf-8-sig", separator=",")
        return part.replace(path)


def table_bytes(*, headers: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """An export as CSV, made in memory: who is killed leaves no copy in a temporary folder."""
    text = io.StringIO(newline="")
    _write_rows(text, headers, rows, separator=",")
    return text.getvalue().encode("utf-8-sig", KEEP_BYTES)


def write_whole(path: Path, content: bytes) -> Path:
    """Writes a file, or replaces it, wholly or not at all."""
    with _part(path) as part:
        part.write_bytes(content)
        return part.replace(path)


class NotWritable(Refused):
    """A folder that cannot be made or written. Facts: ``path``, ``why`` (not_a_folder,
    no_permission, takes_no_files)."""

    code = "not_writable"


def ensure_writable(folder: Path) -> None:
    """Tries to write where the folder is, or would be made, and leaves nothing behind: permissions
    alone say little (to root all is allowed, yet /proc takes no files). Raises `NotWritable`."""
    present = next(each for each in (folder, *folder.absolute().parents) if each.exists())
    try:
        with TemporaryFile(dir=present):
            pass
    except NotADirectoryError:
        raise NotWritable(path=str(folder), why="not_a_folder") from None
    except PermissionError:
        raise NotWritable(path=str(folder), why="no_permission") from None
    except OSError:
        raise NotWritable(path=str(folder), why="takes_no_files") from None


def settle(new: Path, wanted: Path) -> Path:
    """Gives a file or folder that was written its name, or with the first number from 2 under which
    nothing else stands: a-2.csv, a-3.csv. What stands there with the same content is it already:
    so what is repeated after a crash leaves one of it."""
    numbered = (wanted.with_name(f"{wanted.stem}-{number}{wanted.suffix}") for number in count(2))
    for place in chain([wanted], numbered):
        if not os.path.lexists(place):
            return new.rename(place)
        if _is_same(new, place):
            break
    shutil.rmtree(new) if new.is_dir() else new.unlink()
    return place


def _is_same(first: Path, second: Path) -> bool:
    if not first.is_dir():
        return second.is_file() and filecmp.cmp(first, second, shallow=False)
    names = [each.name for each in first.iterdir()]
    if not second.is_dir() or sorted(names) != sorted(each.name for each in second.iterdir()):
        return False
    return all(_is_same(first / name, second / name) for name in names)


def _rejected_name(table: Table) -> str:
    if table.format == "csv":
        return f"{_stem(table)}.rejected{table.file.suffix or '.csv'}"
    sheet = "." + re.sub(r"[^\w-]+", "_", table.sheet) if table.sheet else ""
    return f"{_stem(table)}{sheet}.rejected.xlsx"


def _stem(table: Table) -> str:
    """Without an earlier round's ending."""
    return _EARLIER_ROUND.sub("", table.file.stem)


def _as_wide(cells: list[str], width: int) -> list[str]:
    return cells[:width] + [MISSING] * (width - len(cells))


def _write_csv(
    path: Path,
    headers: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    encoding: str,
    separator: str,
) -> None:
    with path.open("w", encoding=encoding, errors=KEEP_BYTES, newline="") as stream:
        _write_rows(stream, headers, rows, separator=separator)


def _write_rows(
    stream: TextIO, headers: Sequence[str], rows: Iterable[Sequence[object]], *, separator: str
) -> None:
    writer = csv.writer(stream, delimiter=separator)
    writer.writerow(headers)
    writer.writerows(_guarded_row(row) for row in rows)


def _write_xlsx(path: Path, headers: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """More rows than a sheet can hold go on in the next one. The same rows are the same bytes."""
    waiting = iter(rows)
    with xlsxwriter.Workbook(path, AS_WRITTEN) as book:
        book.set_properties({"created": UNDATED})
        more = True
        while more:
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, headers)
            line = 0
            for line, row in enumerate(islice(waiting, SHEET_ROWS), start=1):
                sheet.write_row(line, 0, [_kept(cell) for cell in _guarded_row(row)])
            more = line == SHEET_ROWS


@contextmanager
def _part(path: Path) -> Iterator[Path]:
    """A file to write before it takes its name; gone at the end if it did not."""
    part = path.with_name(path.name + ".part")
    try:
        yield part
    finally:
        part.unlink(missing_ok=True)


def _guarded_row(row: Sequence[object]) -> Iterator[object]:
    return (guarded(cell) if isinstance(cell, str) else cell for cell in row)


def _kept(cell: object) -> object:
    """What a sheet can hold: numbers, and not too long a text without control characters."""
    if cell is None or isinstance(cell, int | float | Decimal):
        return cell
    text = _NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", str(cell))
    return text if len(text) <= SHEET_TEXT else text[: SHEET_TEXT - 1] + "…"
