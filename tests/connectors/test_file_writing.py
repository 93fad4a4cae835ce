"""What is written is safe to open in a spreadsheet, and reads back as it was."""

from collections.abc import Iterator
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


@pytest.mark.parametrize("name", ["a.tsv", "a.txt"])
def test_rejected_text_keeps_the_ending_of_its_file(tmp_path: Path, name: str) -> None:
    path = reject_all(read(tmp_path / name, "name\towner\nAcme\tOlga\n"), tmp_path)
    assert path.name == f"a.rejected{path.suffix}" == f"a.rejected{Path(name).suffix}"


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


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", "имя,город\nОльга,Тверь\n"),
        ("gb18030", "姓名,城市\n王小明,北京\n"),
        ("cp932", "氏名,都市\n佐藤,東京\n"),
    ],
)
def test_bytes_that_did_not_decode_come_back_as_they_were(
    tmp_path: Path, encoding: str, text: str
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode(encoding) * 20 + b"Iv\xff,\xff\n")
    table = next(tables(path))
    assert table.encoding == encoding
    assert b"Iv\xff,\xff," in reject_all(table, tmp_path).read_bytes()


@pytest.mark.parametrize(
    ("encoding", "header", "row"),
    [
        ("cp932", "氏名,都市", "佐藤,東京"),
        ("gb18030", "姓名,城市", "王小明,北京"),
        ("cp1251", "Имя,Город", "Ольга,Тверь"),
        ("utf-8", "Имя,Город", "Ольга,Тверь"),
    ],
)
@pytest.mark.parametrize("why", ["причина €", "日付が正しくありません", "日期无效", "no such day"])
def test_a_reason_in_any_language_goes_with_any_encoding(
    tmp_path: Path, encoding: str, header: str, row: str, why: str
) -> None:
    table = read(tmp_path / "a.csv", f"{header}\n{row}\n", encoding)
    again = next(tables(reject_all(table, tmp_path, why=why)))
    assert again.encoding == encoding
    assert again.headers == table.headers
    assert [cells for _, cells in again.rows()] == [row.split(",")]


def test_rejects_of_rejects_stand_beside_what_is_being_read(tmp_path: Path) -> None:
    rows = "".join(f"Acme {n},Olga\n" for n in range(5000))
    first = reject_all(read(tmp_path / "a.csv", "name,owner\n" + rows), tmp_path)
    again = reject_all(next(tables(first)), tmp_path, why="still wrong")
    assert again.name == "a.rejected-2.csv"
    assert first.exists()
    assert sum(1 for _ in next(tables(again)).rows()) == 5000
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
def test_the_same_rejected_rows_are_not_written_twice(tmp_path: Path, name: str) -> None:
    path = write_table(path=tmp_path / name, headers=["name", "owner"], rows=[["Acme", "Olga"]])
    (table,) = tables(path)
    written = {reject_all(table, tmp_path / "rejected") for _again in range(2)}
    assert written == set((tmp_path / "rejected").iterdir())
    assert len(written) == 1


def test_a_file_is_complete_or_not_there(tmp_path: Path) -> None:
    def rows() -> Iterator[list[object]]:
        yield ["Acme"]
        raise ValueError("stop")

    for name in ("x.csv", "x.xlsx"):
        with pytest.raises(ValueError, match="stop"):
            write_table(path=tmp_path / name, headers=["name"], rows=rows())
    assert list(tmp_path.iterdir()) == []


def test_a_cell_longer_than_a_sheet_can_hold_is_cut_visibly(tmp_path: Path) -> None:
    rows = [["x" * 40_000, "Olga"]]
    path = write_table(path=tmp_path / "x.xlsx", headers=["name", "owner"], rows=rows)
    [[name, _]] = [cells for _, cells in next(tables(path)).rows()]
    assert len(name) == 32_767
    assert name.endswith("…")


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
