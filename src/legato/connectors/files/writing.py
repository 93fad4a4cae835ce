"""Tables written for people: rejected rows to be mended and read again, and exports.

No cell is ever written so that a spreadsheet would calculate it: an apostrophe goes before it
(OWASP, "CSV Injection"), and reading takes exactly that apostrophe away.
"""

import csv
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from itertools import chain, count, islice
from pathlib import Path
from tempfile import TemporaryFile

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
    path = free(target_folder / _rejected_name(table))
    if table.format != "csv":
        return _write_xlsx(path, headers, beside)
    return _write_csv(
        path, headers, beside, encoding=table.encoding or "utf-8", separator=table.separator or ","
    )


def write_table(*, path: Path, headers: Sequence[str], rows: Iterable[Sequence[object]]) -> Path:
    """Write an export as .xlsx or, for any other suffix, as CSV in UTF-8 with the mark that Excel
    needs. Numbers are written as numbers; None is an empty cell."""
    if path.suffix.lower() == ".xlsx":
        return _write_xlsx(path, headers, rows)
    return _write_csv(path, headers, rows, encoding="utf-8-sig", separator=",")


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


def free(path: Path) -> Path:
    """The path, or with the first number from 2 under which nothing stands: a-2.csv, a-3.csv."""
    numbered = (path.with_name(f"{path.stem}-{number}{path.suffix}") for number in count(2))
    return next(each for each in chain([path], numbered) if not os.path.lexists(each))


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
) -> Path:
    with (
        _whole(path) as part,
        part.open("w", encoding=encoding, errors=KEEP_BYTES, newline="") as stream,
    ):
        writer = csv.writer(stream, delimiter=separator)
        writer.writerow(headers)
        writer.writerows(_guarded_row(row) for row in rows)
    return path


def _write_xlsx(path: Path, headers: Sequence[str], rows: Iterable[Sequence[object]]) -> Path:
    """More rows than a sheet can hold go on in the next one."""
    waiting = iter(rows)
    with _whole(path) as part, xlsxwriter.Workbook(part, AS_WRITTEN) as book:
        more = True
        while more:
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, headers)
            line = 0
            for line, row in enumerate(islice(waiting, SHEET_ROWS), start=1):
                sheet.write_row(line, 0, [_kept(cell) for cell in _guarded_row(row)])
            more = line == SHEET_ROWS
    return path


@contextmanager
def _whole(path: Path) -> Iterator[Path]:
    """A file to write that takes its name only when it is complete."""
    part = path.with_name(path.name + ".part")
    try:
        yield part
        part.replace(path)
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
