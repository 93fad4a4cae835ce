"""Lays the sample company down as the files it would export: one folder, four ways of writing.

Each branch writes its own language, encoding, separator and order of day and month.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from html import escape
from pathlib import Path

from legato.connectors.files import write_table
from legato.sample.branch import words
from legato.sample.company import Company, Product, Record
from legato.sample.exports import COUNTRIES, EXPORTS, FIELDS, STAFF, STAFF_HEADERS, Export


def write(company: Company, folder: Path) -> tuple[Path, ...]:
    """Writes every export into the folder, which must exist; the files, the staff list first."""
    staff = folder / STAFF
    _write_csv(staff, words(STAFF_HEADERS), _staff(company), encoding="utf-8-sig", separator=",")
    written = [staff]
    names = {record.key: record.name for record in company.of_kind("account")}
    for language, export in EXPORTS.items():
        for kind, file in export.files.items():
            rows = [
                [_cell(row, field, export, names) for field in FIELDS[kind].split()]
                for row in _rows(company, kind)
                if row.language == language
            ]
            written.append(folder / file)
            _write(folder / file, words(export.headers[kind]), rows, export)
    return tuple(written)


def _rows(company: Company, kind: str) -> Sequence[Record | Product]:
    return company.products if kind == "product" else company.of_kind(kind)


def _staff(company: Company) -> Iterator[Sequence[str]]:
    for each in company.colleagues:
        yield (
            each.key,
            each.name,
            each.email,
            each.manager,
            each.team,
            each.title,
            each.country,
            each.time_zone,
            (*each.languages, "en")[0],
            each.started.isoformat(),
            str(each.capacity or ""),
        )


def _cell(row: Record | Product, field: str, export: Export, names: dict[str, str]) -> str:
    """One cell as the branch writes it."""
    if field == "account_name":
        return names.get(row.account, "") if isinstance(row, Record) else ""
    if field == "country":
        return COUNTRIES[row.language]
    value = getattr(row, field)
    if isinstance(value, datetime):
        offset = value.strftime("%z")
        return f"{value.strftime(export.day)} {value:%H:%M} {offset[:3]}:{offset[3:]}"
    if isinstance(value, date):
        return value.strftime(export.day)
    if isinstance(value, int):
        return f"{value}{export.decimal}00" if export.decimal else str(value)
    return value or ""


def _write(
    path: Path, headers: Sequence[str], rows: Sequence[Sequence[str]], export: Export
) -> None:
    if path.suffix == ".xlsx":
        write_table(path=path, headers=headers, rows=rows)
    elif path.suffix == ".xls":
        path.write_text(_html(headers, rows), encoding="utf-8")
    else:
        _write_csv(path, headers, rows, encoding=export.encoding, separator=export.separator)


def _write_csv(
    path: Path,
    headers: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    encoding: str,
    separator: str,
) -> None:
    with path.open("w", encoding=encoding, newline="") as stream:
        writer = csv.writer(stream, delimiter=separator)
        writer.writerow(headers)
        writer.writerows(rows)


def _html(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """The "Excel" that is an HTML table, as several CRMs export it."""
    lines = [_html_row("th", headers), *(_html_row("td", row) for row in rows)]
    head = '<html><head><meta charset="utf-8"></head><body><table>'
    return "\n".join([head, *lines, "</table></body></html>"])


def _html_row(tag: str, cells: Sequence[str]) -> str:
    return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells) + "</tr>"
