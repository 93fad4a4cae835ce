"""What is written is safe to open in a spreadsheet, and reads back as it was."""

from pathlib import Path

import openpyxl
import pytest

from legato.connectors.files import (
    REASON_MARK,
    Table,
    guarded,
    tables,
    unguarded,
    write_rejected,
    write_table,
)

DANGEROUS = ["=1+1", "+49 30 1234", "-2+3", "@SUM(A1)", "\tx", "\rx", "'=1", "''@x", "-"]
HARMLESS = ["", "Acme", "-5", "-1,234.50", "O'Brien", "'quoted'", "a=b", "1-2", "'", "#MISSING?"]


@pytest.mark.parametrize("cell", DANGEROUS)
def test_what_a_spreadsheet_might_calculate_gets_an_apostrophe(cell: str) -> None:
    assert guarded(cell) == "'" + cell


@pytest.mark.parametrize("cell", HARMLESS)
def test_what_is_harmless_stays_as_it_is(cell: str) -> None:
    assert guarded(cell) == cell


@pytest.mark.parametrize("cell", DANGEROUS + HARMLESS)
def test_reading_takes_away_what_writing_put_there(cell: str) -> None:
    assert unguarded(guarded(cell)) == cell


def read(path: Path, text: str, encoding: str = "utf-8") -> Table:
    path.write_text(text, encoding=encoding, newline="")
    return next(tables(path))


def reject_all(table: Table, folder: Path, why: str = "не та дата; 31/02") -> Path:
    rows = ((line, cells, why) for line, cells in table.rows())
    folder.mkdir(exist_ok=True)
    return write_rejected(table=table, rows=rows, target_folder=folder, reason_header="Причина")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1251"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_rejected_text_reads_back_as_the_same_table(
    tmp_path: Path, encoding: str, separator: str
) -> None:
    rows = [["Имя", "Сумма", "Заметка"], ["Ольга", "1,5", 'с "кавычкой"'], ["Мэй", "2", "=да\nнет"]]
    quoted = ([f'"{c.replace(chr(34), chr(34) * 2)}"' for c in row] for row in rows)
    text = "\r\n".join(separator.join(row) for row in quoted)
    table = read(tmp_path / "сделки.csv", text, encoding)
    path = reject_all(table, tmp_path)
    assert path.name == "сделки.rejected.csv"
    again = next(tables(path))
    assert (again.encoding, again.separator) == (encoding, separator)
    assert again.headers == table.headers
    assert [cells for _, cells in again.rows()] == rows[1:]


def test_the_reason_is_the_last_column_for_people(tmp_path: Path) -> None:
    path = reject_all(read(tmp_path / "a.csv", "name,owner\nAcme,Olga\n"), tmp_path)
    assert path.read_text(encoding="utf-8").splitlines() == [
        f"name,owner,{REASON_MARK}Причина",
        "Acme,Olga,не та дата; 31/02",
    ]


def test_a_second_round_replaces_the_reason_and_keeps_the_name(tmp_path: Path) -> None:
    first = reject_all(read(tmp_path / "a.csv", "name,owner\nAcme,Olga\n"), tmp_path)
    second = reject_all(next(tables(first)), tmp_path / "second", why="again")
    assert second.name == first.name
    assert second.read_text(encoding="utf-8").splitlines()[1] == "Acme,Olga,again"


def test_rows_of_another_width_stay_of_another_width(tmp_path: Path) -> None:
    table = read(tmp_path / "a.csv", "name,owner,stage\nAcme\nBeta,Mei,Won,extra,more\nC,D,E\n")
    again = next(tables(reject_all(table, tmp_path)))
    assert [cells for _, cells in again.rows()] == [cells for _, cells in table.rows()]


def test_a_short_row_that_was_mended_is_whole(tmp_path: Path) -> None:
    path = reject_all(read(tmp_path / "a.csv", "name,owner,stage\nAcme\nC,D,E\n"), tmp_path)
    mended = path.read_text(encoding="utf-8").replace("Acme,#MISSING,#MISSING", "Acme,Olga,")
    assert [c for _, c in read(path, mended).rows()] == [["Acme", "Olga", ""], ["C", "D", "E"]]


def test_bytes_that_did_not_decode_come_back_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("имя,город\nОльга,Тверь\n".encode() * 20 + b"Iv\xe9n,\xff\n")
    rejected = reject_all(next(tables(path)), tmp_path)
    assert b"Iv\xe9n,\xff," in rejected.read_bytes()


def test_rejects_of_a_spreadsheet_are_a_spreadsheet_that_reads_the_same(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.title = "Сделки 1/2".replace("/", "-")
    for row in (["Имя", "Сумма"], ["Ольга", 45631], ["=да", None], ["a\nb", 1.5]):
        book.active.append([f"'{v}" if isinstance(v, str) and v[0] == "=" else v for v in row])
    book.save(tmp_path / "b.xlsx")
    table = next(tables(tmp_path / "b.xlsx"))
    path = reject_all(table, tmp_path)
    assert path.name == "b.Сделки_1-2.rejected.xlsx"
    again = next(tables(path))
    assert again.headers == ("Имя", "Сумма")
    assert [cells for _, cells in again.rows()] == [
        ["Ольга", "45631"],
        ["=да", ""],
        ["a\nb", "1.5"],
    ]


def test_rejects_of_an_html_table_are_a_spreadsheet(tmp_path: Path) -> None:
    text = "<table><tr><th>ID</th><th>Name</th></tr><tr><td>1</td><td>Acme</td></tr></table>"
    path = reject_all(read(tmp_path / "DEAL.xls", text), tmp_path)
    assert path.name == "DEAL.rejected.xlsx"
    assert [cells for _, cells in next(tables(path)).rows()] == [["1", "Acme"]]


@pytest.mark.parametrize("name", ["receipt.csv", "receipt.xlsx"])
def test_an_export_reads_back_with_nothing_to_calculate(tmp_path: Path, name: str) -> None:
    rows = [["=HYPERLINK(1)", 5, None], ["客户", -1.5, "@x"], ["Ольга", 0, "-5"]]
    path = write_table(path=tmp_path / name, headers=["name", "amount", "note"], rows=rows)
    table = next(tables(path))
    assert [cells for _, cells in table.rows()] == [
        ["=HYPERLINK(1)", "5", ""],
        ["客户", "-1.5", "@x"],
        ["Ольга", "0", "-5"],
    ]


def test_no_cell_of_a_written_spreadsheet_is_a_formula_or_a_link(tmp_path: Path) -> None:
    rows = [[cell, "https://example.com", "1e5"] for cell in DANGEROUS]
    path = write_table(path=tmp_path / "x.xlsx", headers=["a", "b", "c"], rows=rows)
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    for row in sheet.iter_rows():
        assert {cell.data_type for cell in row} == {"s"}
        assert not any(cell.hyperlink for cell in row)


def test_an_export_as_csv_has_the_mark_that_excel_needs(tmp_path: Path) -> None:
    path = write_table(path=tmp_path / "x.csv", headers=["客户"], rows=[])
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
