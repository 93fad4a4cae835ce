"""A file that would take the machine is refused in words, before it can."""

import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from legato.connectors.files import Limits, Unreadable, tables

CONTENT = """<?xml version="1.0"?><office:document-content
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>
 <table:table table:name="Deals">{rows}</table:table></office:spreadsheet></office:body>
 </office:document-content>"""
CELL = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'


def ods(path: Path, rows: list[list[str]]) -> Path:
    cells = (
        f"<table:table-row>{''.join(CELL.format(c) for c in row)}</table:table-row>" for row in rows
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", CONTENT.format(rows="".join(cells)))
    return path


def xlsx(path: Path, *, sheet: str | None = None, text: str = "Acme") -> Path:
    """A workbook; with the XML of its sheet replaced when that is given."""
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["name", "owner"])
        page.write_row(1, 0, [text[:30_000], "Olga"])
    if sheet is not None:
        _replace(path, "xl/worksheets/sheet1.xml", sheet.encode())
    if len(text) > 30_000:
        _replace(path, "xl/sharedStrings.xml", b"<sst><si><t>" + text.encode() + b"</t></si></sst>")
    return path


def _replace(path: Path, name: str, content: bytes) -> None:
    with zipfile.ZipFile(path) as archive:
        members = {info.filename: archive.read(info) for info in archive.infolist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, old in members.items():
            archive.writestr(member, content if member == name else old)


def refused(path: Path, limits: Limits) -> dict[str, object]:
    with pytest.raises(Unreadable) as refusal:
        _ = [list(table.rows()) for table in tables(path, limits=limits)]
    return {"code": refusal.value.code, **refusal.value.facts}


def test_an_old_spreadsheet_is_read() -> None:
    table = next(tables(Path(__file__).with_name("deals.xls")))
    assert (table.format, table.sheet) == ("xls", "Сделки")
    assert list(table.rows()) == [(2, ["Ромашка", "1200", "2017-12-16", "true"])]


def test_an_open_document_is_read(tmp_path: Path) -> None:
    path = ods(tmp_path / "x.ods", [["name", "owner"], ["Acme", "Olga"]])
    table = next(tables(path))
    assert (table.format, table.sheet) == ("ods", "Deals")
    assert list(table.rows()) == [(2, ["Acme", "Olga"])]


def test_a_text_file_beyond_its_limit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("name,owner\n" + "Acme,Olga\n" * 100)
    assert refused(path, Limits(text=1000)) == {
        "code": "too_large",
        "file": "x.csv",
        "what": "file",
        "limit": 1000,
    }


def test_a_huge_cell_is_refused_naming_its_line(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text('name,owner\nAcme,Olga\nBeta,"' + "x\n" * 3000 + '"\n')
    facts = refused(path, Limits(cell=4000))
    assert facts == {"code": "too_large", "file": "x.csv", "what": "cell", "limit": 4000, "line": 3}


def test_a_huge_line_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(b"name,owner\nAcme,Olga\n" + b"x" * 3_000_000)
    facts = refused(path, Limits(line=1_000_000))
    assert facts == {"code": "too_large", "file": "x.csv", "what": "line", "limit": 1_000_000}


@pytest.mark.parametrize("text", ["'" * 10**6, "@" * 10**6 + ".", "1 " * 500_000])
def test_a_giant_cell_that_is_allowed_is_read_at_once(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.csv"
    path.write_text(f"name,owner\n{text},Olga\n")
    assert [cells for _, cells in next(tables(path)).rows()] == [[text, "Olga"]]


@pytest.mark.parametrize("text", ["<row ", "r= ", "r='AA", "<x:row "])
def test_a_sheet_made_to_be_slow_is_refused_at_once(tmp_path: Path, text: str) -> None:
    path = xlsx(tmp_path / "x.xlsx", sheet=f"<worksheet>{text * 200_000}")
    assert refused(path, Limits(ratio=10**6, cell=10**7))["why"] in ("damaged", "no_header")


def test_too_many_columns_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(",".join(f"h{n}" for n in range(30)))
    assert refused(path, Limits(columns=20))["what"] == "columns"


def test_an_archive_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "x.xlsx", text="x" * 2_000_000)
    facts = refused(path, Limits(unpacked=1_000_000))
    assert (facts["code"], facts["why"]) == ("hostile_file", "unpacked_size")


def test_an_archive_packed_beyond_belief_is_refused(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "x.xlsx", text="x" * 3_000_000)
    facts = refused(path, Limits())
    assert (facts["code"], facts["why"], facts["limit"]) == ("hostile_file", "ratio", 200)


def test_an_archive_that_lies_about_its_size_is_not_believed(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "x.xlsx", text="x" * 3_000_000)
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo("xl/sharedStrings.xml")
    real, small = info.file_size.to_bytes(4, "little"), (100).to_bytes(4, "little")
    path.write_bytes(bytes(data).replace(real, small))
    assert refused(path, Limits())["code"] == "hostile_file"


def test_two_far_cells_that_span_a_giant_sheet_are_refused(tmp_path: Path) -> None:
    far = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        '<row r="1"><c r="A1"><v>1</v></c></row>'
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    )
    facts = refused(xlsx(tmp_path / "x.xlsx", sheet=far), Limits())
    assert (facts["code"], facts["why"]) == ("hostile_file", "cells")


def test_a_huge_cell_of_a_spreadsheet_is_refused(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "x.xlsx", text="x" * 3_000_000)
    facts = refused(path, Limits(cell=100_000, ratio=100_000))
    assert (facts["code"], facts["what"]) == ("too_large", "cell")


def test_a_long_cell_of_a_spreadsheet_is_refused_naming_its_line(tmp_path: Path) -> None:
    facts = refused(xlsx(tmp_path / "x.xlsx", text="x" * 20_000), Limits(cell=10_000))
    assert (facts["code"], facts["what"], facts["line"]) == ("too_large", "cell", 2)


def test_a_spreadsheet_beyond_its_limit_is_refused(tmp_path: Path) -> None:
    assert refused(xlsx(tmp_path / "x.xlsx"), Limits(spreadsheet=100))["what"] == "file"


@pytest.mark.parametrize("keep", [30, 300, 2000])
def test_a_spreadsheet_cut_short_is_refused(tmp_path: Path, keep: int) -> None:
    path = xlsx(tmp_path / "x.xlsx")
    path.write_bytes(path.read_bytes()[:keep])
    assert refused(path, Limits())["why"] == "damaged"


def test_an_old_spreadsheet_cut_short_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.xls"
    path.write_bytes(Path(__file__).with_name("deals.xls").read_bytes()[:1500])
    assert refused(path, Limits())["why"] == "damaged"


def test_an_old_spreadsheet_that_asks_for_gigabytes_is_refused(tmp_path: Path) -> None:
    cell = bytes.fromhex("fd00 0a00 0100 0000")  # the record of a text in row 1, column 0
    data = Path(__file__).with_name("deals.xls").read_bytes()
    assert data.count(cell) == 1
    path = tmp_path / "x.xls"
    path.write_bytes(data.replace(cell, bytes.fromhex("fd00 0a00 ffff ffff")))
    assert refused(path, Limits(memory=1024**3))["why"] == "damaged"


def test_a_workbook_with_a_password_is_refused_saying_so(tmp_path: Path) -> None:
    data = Path(__file__).with_name("deals.xls").read_bytes()
    old, new = ("Workbook".encode("utf-16-le"), "EncryptedPackage".encode("utf-16-le"))
    path = tmp_path / "x.xlsx"
    path.write_bytes(data.replace(old + bytes(16), new))
    assert refused(path, Limits())["why"] == "encrypted"


def test_a_spreadsheet_by_another_name_is_read_by_its_content(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "x.xlsx").rename(tmp_path / "x.csv")
    assert [table.format for table in tables(path)] == ["xlsx"]


def test_a_sheet_that_is_a_chart_is_passed_over(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "x.xlsx") as book:
        page = book.add_worksheet("Deals")
        page.write_row(0, 0, ["name", "amount"])
        page.write_row(1, 0, ["Acme", 5])
        chart = book.add_chart({"type": "bar"})
        chart.add_series({"values": "=Deals!$B$2:$B$2"})
        book.add_chartsheet("Chart").set_chart(chart)
    assert [table.sheet for table in tables(tmp_path / "x.xlsx")] == ["Deals"]


def test_an_archive_of_something_else_is_no_table(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.xlsx", "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    assert refused(tmp_path / "x.xlsx", Limits())["why"] == "not_a_table"


def test_a_spreadsheet_without_a_header_is_refused(tmp_path: Path) -> None:
    path = ods(tmp_path / "x.ods", [["1", "2"], ["3", "4"]])
    assert refused(path, Limits())["why"] == "no_header"


def test_entities_of_a_markup_file_are_not_expanded(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    path = tmp_path / "x.xls"
    path.write_text(
        f'<!DOCTYPE html [<!ENTITY e SYSTEM "file://{secret}">]><table><tr><th>ID</th>'
        "<th>Name</th></tr><tr><td>1</td><td>&e;</td></tr></table>"
    )
    assert "secret" not in str([list(table.rows()) for table in tables(path)])
