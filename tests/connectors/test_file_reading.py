"""Tables of every format: header, rows, line numbers, and what a spreadsheet's values become."""

import os
from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from legato.connectors.files import Defective, Table, Unreadable, sources, tables
from legato.connectors.files.text import CHUNK

DATA = Path(os.environ.get("LEGATO_TEST_DATA", "../shared/data"))

needs_data = pytest.mark.skipif(not DATA.is_dir(), reason=f"no test data at {DATA}")


def read(tmp_path: Path, text: str, name: str = "deals.csv") -> Table:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8", newline="")
    return next(tables(path))


def cells(table: Table) -> list[list[str]]:
    return [row for _, row in table.rows()]


def sheet(tmp_path: Path, rows: Sequence[Sequence[object]], name: str = "deals.xlsx") -> Path:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    book.save(tmp_path / name)
    return tmp_path / name


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found(tmp_path: Path, separator: str) -> None:
    rows = [["name", "amount", "note"], ["Acme", "1", "x"], ["Beta", "2", "y"]]
    table = read(tmp_path, "\n".join(separator.join(row) for row in rows))
    assert table.separator == separator
    assert table.headers == ("name", "amount", "note")
    assert cells(table) == rows[1:]


def test_commas_in_numbers_do_not_hide_semicolons(tmp_path: Path) -> None:
    table = read(tmp_path, 'name;amount;note\nAcme;1,5;"a, b, c"\nBeta, Inc;2,5;d, e\n')
    assert table.separator == ";"
    assert cells(table) == [["Acme", "1,5", "a, b, c"], ["Beta, Inc", "2,5", "d, e"]]


def test_a_first_line_may_name_the_separator(tmp_path: Path) -> None:
    table = read(tmp_path, "sep=;\r\nname;owner\r\nAcme, Ltd;Olga\r\n")
    assert (table.separator, table.header_line) == (";", 2)
    assert list(table.rows()) == [(3, ["Acme, Ltd", "Olga"])]


def test_lines_are_numbered_as_a_person_counts_them(tmp_path: Path) -> None:
    table = read(tmp_path, 'name,note\r\nAcme,"two\r\nlines"\r\n\r\nBeta,one\r\n,\r\nGamma,"x"')
    assert list(table.rows()) == [
        (2, ["Acme", "two\r\nlines"]),
        (5, ["Beta", "one"]),
        (7, ["Gamma", "x"]),
    ]


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
def test_every_line_break_is_one(tmp_path: Path, line_break: str) -> None:
    table = read(tmp_path, line_break.join(["name,owner", "Acme,Olga", "Beta,Mei", ""]))
    assert list(table.rows()) == [(2, ["Acme", "Olga"]), (3, ["Beta", "Mei"])]


def test_line_separators_of_unicode_are_letters_of_a_cell(tmp_path: Path) -> None:
    assert cells(read(tmp_path, "name,note\nAcme,a\u2028b\x0bc\x85d\n")) == [
        ["Acme", "a\u2028b\x0bc\x85d"]
    ]


def test_title_lines_and_blank_lines_above_the_header_are_passed_over(tmp_path: Path) -> None:
    text = "Open deals\nAs of,21.11.2026\n\nname,owner,amount,stage\nAcme,Olga,5,Won\n"
    table = read(tmp_path, text)
    assert table.header_line == 4
    assert table.headers == ("name", "owner", "amount", "stage")
    assert list(table.rows()) == [(5, ["Acme", "Olga", "5", "Won"])]


def test_a_broken_row_does_not_hide_the_header(tmp_path: Path) -> None:
    table = read(tmp_path, "name,owner\nAcme,Olga,x,x,x,x,x,x,x,x,x,x\nBeta,Mei\n")
    assert (table.header_line, table.separator) == (1, ",")


def test_a_title_above_sparse_rows_is_no_header(tmp_path: Path) -> None:
    header = ",".join(f"label{n}x" for n in range(20))
    table = read(tmp_path, f"Report,Olga\n{header}\n" + ("a,b" + "," * 17 + "z\n") * 5)
    assert table.header_line == 2


def test_a_file_without_labels_has_no_table(tmp_path: Path) -> None:
    with pytest.raises(Unreadable) as refused:
        read(tmp_path, "1,2,3\n4,5,6\n")
    assert refused.value.facts["why"] == "no_header"


def test_empty_columns_at_the_end_are_dropped(tmp_path: Path) -> None:
    table = read(tmp_path, "name,owner,,\nAcme,Olga,,\nBeta,Mei\n")
    assert table.headers == ("name", "owner")
    assert cells(table) == [["Acme", "Olga"], ["Beta", "Mei"]]


def test_a_column_without_a_header_that_holds_something_is_kept(tmp_path: Path) -> None:
    assert read(tmp_path, "name,owner,\nAcme,Olga,5\n").headers == ("name", "owner", "")


def test_equal_headers_are_kept_in_their_places(tmp_path: Path) -> None:
    table = read(tmp_path, "Товар,Источник,Товар\nA,B,C\n")
    assert table.headers == ("Товар", "Источник", "Товар")


def test_rows_of_another_width_come_as_they_are(tmp_path: Path) -> None:
    table = read(tmp_path, "a1,b1,c1\nx,y\nx,y,z\nx,y,z,w\n")
    assert [len(row) for row in cells(table)] == [2, 3, 4]


def test_rows_can_be_taken_up_again_where_they_were_left(tmp_path: Path) -> None:
    table = read(tmp_path, "name,owner\n\n" + "".join(f"A{n},O{n}\n" for n in range(5)))
    assert (
        list(table.rows(skip=3))
        == list(table.rows())[3:]
        == [
            (6, ["A3", "O3"]),
            (7, ["A4", "O4"]),
        ]
    )


def test_samples_are_the_first_rows(tmp_path: Path) -> None:
    table = read(tmp_path, "name,owner\n" + "".join(f"A{n},O\n" for n in range(80)))
    assert len(table.samples) == 50
    assert table.samples[0] == ("A0", "O")


def test_a_quote_that_is_never_closed_rejects_what_it_swallowed(tmp_path: Path) -> None:
    table = read(tmp_path, 'name,note\nAcme,ok\nBeta,"oh\nGamma,lost?\nDelta,lost?\n')
    good, bad = table.rows()
    assert good == (2, ["Acme", "ok"])
    assert bad == (3, ["Beta", "oh\nGamma,lost?\nDelta,lost?\n"])
    assert isinstance(bad[1], Defective)
    assert bad[1].why == "unclosed_quote"


def test_an_apostrophe_that_guards_a_formula_is_taken_away(tmp_path: Path) -> None:
    table = read(tmp_path, "name,note\n'=1+1,'+49 30\nO'Brien,'quoted'\n''-x,'\n")
    assert cells(table) == [["=1+1", "+49 30"], ["O'Brien", "'quoted'"], ["'-x", "'"]]


def test_a_guard_is_seen_where_two_pieces_of_a_file_meet(tmp_path: Path) -> None:
    start = "name,note\n" + "Acme,x\n" * 149_794
    padding = "y" * (CHUNK - len(start) - 2)
    text = f"{start}{padding},'=1+1\nBeta,x\n"
    assert text[CHUNK - 1 : CHUNK + 1] == "'="
    assert [row for row in cells(read(tmp_path, text)) if row[1] != "x"] == [[padding, "=1+1"]]


def test_a_text_that_is_named_a_spreadsheet_is_read_as_text(tmp_path: Path) -> None:
    table = read(tmp_path, "name\towner\nAcme\tOlga\n", name="export.xls")
    assert (table.format, table.separator) == ("csv", "\t")


def test_an_html_table_that_is_named_a_spreadsheet_is_read_as_html(tmp_path: Path) -> None:
    text = """<meta http-equiv="Content-type" content="text/html;charset=UTF-8" />
        <style>td { mso-number-format: "\\@" }</style>
        <table border="1"><thead><tr><th>ID</th><th>Название</th><th>Заметка</th></tr></thead>
        <tbody><tr><td>1</td><td>ООО &laquo;Вега&raquo;&nbsp;</td><td>a<br>b<b>c</b></td></tr>
        <tr><td></td><td></td><td></td></tr><tr><td>2</td><td>'=x</td></tr></tbody></table>"""
    table = read(tmp_path, text, name="DEAL_20260822.xls")
    assert (table.format, table.headers) == ("html", ("ID", "Название", "Заметка"))
    assert list(table.rows()) == [(2, ["1", "ООО «Вега»", "a\nbc"]), (4, ["2", "=x"])]


def test_an_html_table_of_another_encoding_is_read_by_what_it_declares(tmp_path: Path) -> None:
    text = '<html><meta charset="windows-1251"><table><tr><td>Имя</td><td>Фамилия</td></tr>'
    path = tmp_path / "x.xls"
    path.write_bytes((text + "<tr><td>Ольга</td><td>Щукина</td></tr></table>").encode("cp1251"))
    assert list(next(tables(path)).rows()) == [(2, ["Ольга", "Щукина"])]


def test_the_values_of_a_spreadsheet_become_the_text_of_a_csv(tmp_path: Path) -> None:
    values = [
        (45631, "45631"),
        (3.0, "3"),
        (1.25, "1.25"),
        (True, "true"),
        (date(2017, 12, 16), "2017-12-16"),
        (datetime(2017, 12, 16, 14, 30), "2017-12-16 14:30:00"),
        (time(14, 30), "14:30:00"),
        ("007", "007"),
        ("'=1+1", "=1+1"),
        (None, ""),
        ("last", "last"),
    ]
    path = sheet(tmp_path, [[f"h{n}" for n in range(len(values))], [v for v, _ in values]])
    table = next(tables(path))
    assert (table.format, table.sheet, table.encoding) == ("xlsx", "Sheet", None)
    assert cells(table) == [[text for _, text in values]]


def test_errors_of_a_spreadsheet_are_empty(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "x.xlsx") as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["name", "amount", "owner"])
        page.write_row(1, 0, ["Acme"])
        page.write_formula(1, 1, "=1/0", None, "#DIV/0!")
        page.write(1, 2, "Olga")
    assert cells(next(tables(tmp_path / "x.xlsx"))) == [["Acme", "", "Olga"]]


def test_lines_of_a_spreadsheet_are_numbered_as_it_numbers_them(tmp_path: Path) -> None:
    path = sheet(
        tmp_path, [[], ["Report"], [], ["name", "owner"], ["Acme", "Olga"], [], ["B", "M"]]
    )
    table = next(tables(path))
    assert table.header_line == 4
    assert list(table.rows()) == [(5, ["Acme", "Olga"]), (7, ["B", "M"])]


def test_every_sheet_with_a_header_is_a_table(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "all.xlsx") as book:
        for name in ("Accounts", "Empty", "Contacts"):
            page = book.add_worksheet(name)
            if name != "Empty":
                page.write_row(0, 0, ["name", "owner"])
                page.write_row(1, 0, [name, "Olga"])
    found = list(tables(tmp_path / "all.xlsx"))
    assert [(t.sheet, cells(t)) for t in found] == [
        ("Accounts", [["Accounts", "Olga"]]),
        ("Contacts", [["Contacts", "Olga"]]),
    ]


def test_a_folder_is_its_files_by_name_without_hidden_and_lock_files(tmp_path: Path) -> None:
    for name in ("b.csv", "a.csv", ".hidden.csv", "~$a.xlsx", ".~lock.a.csv#"):
        (tmp_path / name).write_text("name,owner\nAcme,Olga\n")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "c.csv").write_text("name,owner\nAcme,Olga\n")
    assert [file.name for file in sources(tmp_path)] == ["a.csv", "b.csv"]
    assert [table.file.name for table in tables(tmp_path)] == ["a.csv", "b.csv"]


def test_a_path_that_leads_nowhere_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable) as refused:
        list(tables(tmp_path / "none.csv"))
    assert refused.value.facts == {"file": "none.csv", "why": "missing"}


@pytest.mark.parametrize("name", ["notes.md", "data.json", "page.xml", "tool.py"])
def test_text_of_another_purpose_is_no_table(tmp_path: Path, name: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read(tmp_path, "name, owner, and more\nthis, that, other\n", name=name)
    assert refused.value.facts["why"] == "not_a_table"


@needs_data
def test_the_real_data_set_is_read_whole() -> None:
    counts = {}
    for file in sources(DATA / "maven_crm"):
        if file.suffix == ".csv":
            counts[file.name] = sum(1 for table in tables(file) for _ in table.rows())
    assert counts == {
        "accounts.csv": 85,
        "data_dictionary.csv": 21,
        "products.csv": 7,
        "sales_pipeline.csv": 8800,
        "sales_teams.csv": 35,
        "variant_semicolon_ddmmyyyy_excerpt.csv": 18,
    }
