"""The import and rows that cannot be used: listed, written back to be mended, and read again."""

import csv
from datetime import date
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from tests.importing import DEALS, FILES, numbers, read, write

from legato.books.importing import NotWritable
from legato.books.models import Import, Record
from legato.postgres.addresses import Addresses

BROKEN = (
    "O3,Olga Petrova,Alfa,Proposal,12x,\n"
    "O4,Olga Petrova,Alfa,Proposal,1,31/02/2026\n"
    "O5,Olga Petrova,Omega,Proposal,1,\n"
    ",Olga Petrova,Alfa,Proposal,1,\n"
    "O6,Olga Petrova\n"
)


@pytest.fixture(autouse=True)
def _real_database(fresh_database: Addresses) -> None:
    """An import commits, so each test has a database of its own."""


def test_each_broken_row_is_listed_with_line_column_and_reason(tmp_path: Path) -> None:
    answer = read(write(tmp_path / "crm", FILES | {"deals.csv": DEALS + BROKEN}))
    assert numbers(answer, "opportunity") == (2, 0, 0, 5)
    listed = [(r["line"], r["column"], r["why"]) for r in answer["rejected"]["listed"]]
    assert listed == [
        (4, "Amount", "not_a_number"),
        (5, "Close Date", "impossible_date"),
        (6, "Account", "account_unknown"),
        (7, "Opportunity ID", "key_missing"),
        (8, None, "row_width"),
    ]


def test_all_that_is_wrong_with_a_row_is_told_at_once(tmp_path: Path) -> None:
    broken = "O3,Nobody Known,Omega,Proposal,12x,31/02/2026\n"
    people = FILES["people.csv"].replace("Team\n", "Team,Time Zone,Capacity\n")
    people = people.replace("Mei Lin,,", "Mei Lin,,,UTC,1").replace("East\n", "East,UTC,1\n")
    people += "Ivo Novak,Mei Lin,East,Mars,-1\n"
    products = "Product,Sales Price\n,x\n"
    files = {"people.csv": people, "products.csv": products, "deals.csv": DEALS + broken}
    answer = read(write(tmp_path / "crm", FILES | files), is_dry_run=True)
    told = answer["rejected"]
    assert (told["count"], told["faults"]) == (3, 7)
    listed = [(r["line"], r["column"], r["value"], r["why"]) for r in told["listed"]]
    assert listed == [
        (4, "Close Date", "31/02/2026", "impossible_date"),
        (4, "Amount", "12x", "not_a_number"),
        (4, "Account", "Omega", "account_unknown"),
        (5, "Time Zone", "Mars", "time_zone_unknown"),
        (5, "Capacity", "-1", "capacity_negative"),
        (2, "Product", "", "no_name"),
        (2, "Sales Price", "x", "not_a_number"),
    ]
    assert told["listed"][0]["name"] == "O3"
    assert told["listed"][3]["name"] == "Ivo Novak"
    assert [(o["said"], o["rows"]) for o in answer["owners"]] == [("Nobody Known", 1)]


def test_the_file_to_be_mended_has_every_reason_and_what_is_kept_no_cells(tmp_path: Path) -> None:
    broken = "O3,Olga Petrova,Alfa,Proposal,12x,31/02/2026\n"
    answer = read(write(tmp_path / "crm", FILES | {"deals.csv": DEALS + broken}))
    (_, row) = csv.reader(Path(answer["rejected_file"]).read_text().splitlines())
    assert row[-1] == "Close Date: impossible_date; Amount: not_a_number"
    assert "value" not in answer["rejected"]["listed"][0]
    assert "12x" not in str(Import.objects.get().report)


def test_a_dry_run_writes_no_file(tmp_path: Path) -> None:
    folder = write(tmp_path / "crm", FILES | {"deals.csv": DEALS + BROKEN})
    answer = read(folder, is_dry_run=True)
    assert (answer["rejected_file"], answer["rejected_files"]) == (None, [])
    assert not (tmp_path / "rejected").exists()


def test_rejected_rows_are_mended_and_imported_again(tmp_path: Path) -> None:
    answer = read(write(tmp_path / "crm", FILES | {"deals.csv": DEALS + BROKEN}))
    path = Path(answer["rejected_file"])
    rows = list(csv.reader(path.read_text().splitlines()))
    assert rows[0][-1] == "Legato: reason"
    assert [row[-1] for row in rows[1:3]] == ["Amount: not_a_number", "Close Date: impossible_date"]
    mended = path.read_text().replace("12x", "12").replace("31/02/2026", "2026-02-27")
    path.write_text(mended.replace("Omega", "Beta"))
    again = read(path, days=1, rejected_to=tmp_path / "later")
    assert numbers(again, "opportunity") == (3, 0, 0, 2)
    assert Record.objects.get(key="O5").account_id == Record.objects.get(key="beta").pk


def test_the_separator_and_encoding_of_a_rejected_file_are_those_of_the_source(
    tmp_path: Path,
) -> None:
    text = "商談 ID;所有者;取引先名;フェーズ;金額\nO5;佐藤;東京商事;受注;高い\n"
    folder = write(tmp_path / "crm", {"deals.csv": text.encode("cp932")})
    answer = read(folder, last_resort="佐藤")
    assert Path(answer["rejected_file"]).read_text("cp932").splitlines()[1].startswith("O5;佐藤;")


def test_a_spreadsheet_comes_back_as_xlsx_and_several_files_in_a_folder(tmp_path: Path) -> None:
    folder = write(tmp_path / "crm", FILES | {"deals.csv": DEALS + "O7,Olga Petrova\n"})
    with xlsxwriter.Workbook(folder / "more.xlsx") as book:
        sheet = book.add_worksheet("Deals")
        sheet.write_row(0, 0, ["Opportunity ID", "Sales Agent", "Deal Stage", "Amount"])
        sheet.write_row(1, 0, ["O8", "Olga Petrova", "Proposal", "12x"])
    answer = read(folder)
    rejected = Path(answer["rejected_file"])
    assert sorted(file.name for file in rejected.iterdir()) == [
        "deals.rejected.csv",
        "more.Deals.rejected.xlsx",
    ]
    cells = [
        c.value for c in openpyxl.load_workbook(rejected / "more.Deals.rejected.xlsx").active[2]
    ]
    assert cells[0] == "O8"
    assert cells[-1] == "Amount: not_a_number"


def test_dates_that_fit_two_orders_are_rejected_unless_somebody_says_which(tmp_path: Path) -> None:
    deals = DEALS.replace("2026-05-01", "05/06/2026").replace("2026-03-01", "07/08/2026")
    folder = write(tmp_path / "crm", FILES | {"deals.csv": deals})
    refused = read(folder, is_dry_run=True)
    assert numbers(refused, "opportunity") == (0, 0, 0, 2)
    answer = read(folder, ask=lambda question: question.choices.index("day_first"))
    assert numbers(answer, "opportunity") == (2, 0, 0, 0)
    closed = Record.objects.get(key="O2").closed_on
    assert closed == date(2026, 8, 7)


def test_a_reference_to_a_rejected_account_is_rejected_too(tmp_path: Path) -> None:
    accounts = "Account,Created Date\nAlfa,never\nBeta,2026-01-01\n"
    answer = read(write(tmp_path / "crm", FILES | {"accounts.csv": accounts}))
    assert numbers(answer, "account") == (1, 0, 0, 1)
    assert numbers(answer, "opportunity") == (1, 0, 0, 1)


def test_an_account_name_that_two_have_rejects_the_row(tmp_path: Path) -> None:
    accounts = "Account ID,Account Name\n1,Alfa\n2,ALFA\n3,Alfa \n4,Beta\n"
    answer = read(write(tmp_path / "crm", FILES | {"accounts.csv": accounts}))
    assert answer["rejected"]["listed"][0]["why"] == "account_ambiguous"
    assert not Record.objects.filter(key="O1").exists()


def test_a_nul_or_a_broken_byte_rejects_its_row_alone(tmp_path: Path) -> None:
    spoiled = (
        "\ufeff" + DEALS + "O8,Olga\0,Alfa,Won,1,2026-01-01\n"
    ).encode() + b"O9,Ol\xffga,Alfa,Won,1,\n"
    files: dict[str, str | bytes] = {**FILES, "deals.csv": spoiled}
    answer = read(write(tmp_path / "crm", files))
    assert numbers(answer, "opportunity") == (2, 0, 0, 2)
    assert [r["why"] for r in answer["rejected"]["listed"]] == ["nul", "undecodable"]


def test_a_rejected_file_never_takes_the_place_of_another(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    read(*(tmp_path / name for name in FILES), rejected_to=tmp_path)
    file = tmp_path / "o.csv"
    file.write_text(DEALS + BROKEN)
    first = Path(read(file, days=1, rejected_to=tmp_path)["rejected_file"])
    first.write_text(first.read_text().replace("12x", "12"))
    mended = first.read_text()
    second = read(file, days=2, rejected_to=tmp_path)
    assert second["rejected_file"] == str(tmp_path / "o.rejected-2.csv")
    assert second["rejected_files"] == [str(tmp_path / "o.rejected-2.csv")]
    third = read(first, days=3, rejected_to=tmp_path)
    assert third["rejected_file"] == str(tmp_path / "o.rejected-3.csv")
    assert first.read_text() == mended


def test_rejected_files_of_one_name_stand_beside_each_other(tmp_path: Path) -> None:
    one = write(tmp_path / "one", FILES | {"deals.csv": DEALS + "O7,Olga Petrova\n"})
    two = write(tmp_path / "two", {"deals.csv": DEALS + "O8,Olga Petrova\n"})
    folder = tmp_path / "rejected"
    (folder / "rejected-1").mkdir(parents=True)
    answer = read(one, two, rejected_to=folder)
    assert answer["rejected_file"] == str(folder / "rejected-1-2")
    assert answer["rejected_files"] == [
        str(folder / "rejected-1-2" / name)
        for name in ("deals.rejected.csv", "deals.rejected-2.csv")
    ]


@pytest.mark.parametrize("folder", ["/proc", "/proc/xx", "crm/deals.csv/below"])
def test_a_folder_that_cannot_be_written_is_refused_before_anything_is_imported(
    tmp_path: Path, folder: str
) -> None:
    crm = write(tmp_path / "crm", FILES)
    with pytest.raises(NotWritable) as refused:
        read(crm, rejected_to=tmp_path / folder)
    assert refused.value.facts["path"] == str(tmp_path / folder)
    assert not Import.objects.exists()
    assert sorted(file.name for file in crm.iterdir()) == sorted(FILES)


def test_only_the_day_that_never_was_is_rejected_from_a_russian_column(tmp_path: Path) -> None:
    deals = "Opportunity ID,Deal Stage,Engage Date\nO1,New,01.11.2026\nO2,New,02.11.2026\n"
    deals += "O3,New,31.02.2026\n"
    answer = read(write(tmp_path / "crm", FILES | {"deals.csv": deals}))
    assert [r["why"] for r in answer["rejected"]["listed"]] == ["impossible_date"]
    assert Record.objects.get(key="O1").opened_on == date(2026, 11, 1)
