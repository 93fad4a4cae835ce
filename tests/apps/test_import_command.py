"""``legato import``: what it prints for people, what it refuses, and how it is taken back."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests import example
from tests.importing import FILES, write

from legato.books.models import Record
from legato.cli import run
from legato.people.models import Person
from legato.postgres.addresses import Addresses

BROKEN = FILES | {"deals.csv": FILES["deals.csv"] + "O3,Nobody,Alfa,Proposal,12x,\n"}


@pytest.fixture(autouse=True)
def _real_database(
    fresh_database: Addresses, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database of the test's own, and a folder to stand in."""
    monkeypatch.chdir(tmp_path)


def said(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> dict[str, Any]:
    assert run([*words, "--json"]) == code
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer


def test_people_read_what_was_understood(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["import", str(write(tmp_path / "crm", BROKEN)), "--dry-run"]) == 0
    told = capsys.readouterr().out
    assert "nothing was written" in told
    assert "Amount → amount" in told
    assert "not a number" in told
    assert "--undo" not in told
    assert run(["import", "crm"]) == 0
    told = capsys.readouterr().out
    assert "deals.rejected.csv" in told
    assert "legato import --undo 1" in told


def test_rejected_rows_say_why_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answer = said(capsys, "import", str(write(tmp_path / "crm", BROKEN)))
    line = Path(answer["rejected_file"]).read_text().splitlines()[1]
    assert line == "O3,Nobody,Alfa,Proposal,12x,,Amount: not a number"


def test_an_import_is_taken_back_at_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = said(capsys, "import", str(write(tmp_path / "crm", FILES)))
    back = said(capsys, "import", "--undo", str(first["import"]))
    assert (back["closed"], back["restored"], back["conflicts"]) == (4, 0, [])
    again = said(capsys, "import", "--undo", str(first["import"]), code=3)
    assert again["refused"] == "import_already_undone"
    assert said(capsys, "import", "--undo", "99", code=4)["refused"] == "not_found"


def test_files_and_an_undo_are_not_given_together(tmp_path: Path) -> None:
    assert run(["import"]) == 2
    assert run(["import", str(tmp_path), "--undo", "1"]) == 2


def test_a_mapping_file_decides(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    odd = {"x.csv": "Nr,Wer,Was\n1,Olga,Angebot\n2,Kenji,Angebot\n"}
    mapping = '["x.csv"]\nkind = "opportunity"\n["x.csv".columns]\n'
    mapping += '"Nr" = "key"\n"Wer" = "owner"\n"Was" = "stage"\n'
    Path("map.toml").write_text(mapping)
    folder = str(write(tmp_path / "crm", odd))
    assert said(capsys, "import", folder, code=3)["refused"] == "nothing_to_import"
    refused = said(capsys, "import", folder, "--map", "map.toml", code=3)
    assert (refused["refused"], refused["candidates"]) == ("last_resort_needed", "Kenji, Olga")
    done = said(capsys, "import", folder, "--map", "map.toml", "--last-resort", "Olga")
    assert done["stages"] == {"angebot": 2}


def test_a_file_that_fits_nothing_is_refused_with_words_and_an_example(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write(tmp_path / "crm", {"ten.csv": "Nr,Wer,Was\n1,Olga,Angebot\n"})
    told = said(capsys, "import", str(folder), "--dry-run", code=3)["message"]
    assert "ten.csv (its columns fit none of the tables that Legato reads)" in told
    assert '["ten.csv"] and kind = "account"' in told
    assert told.endswith("add --map map.toml.")


def test_a_file_that_does_not_exist_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    refused = said(capsys, "import", "nowhere.csv", code=3)
    assert (refused["refused"], refused["why"]) == ("unreadable_file", "missing")


def test_a_folder_that_takes_no_files_is_refused_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(write(tmp_path / "crm", FILES))
    refused = said(capsys, "import", folder, "--rejected", "/proc/xx", code=3)
    assert refused["refused"] == "not_writable"
    assert refused["message"].startswith("Nothing can be written to /proc/xx (no file can be made")


def test_a_list_that_is_cut_says_how_much_is_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = "".join(f"B{n},Nobody,Alfa,Proposal,12x,\n" for n in range(13))
    folder = write(tmp_path / "crm", FILES | {"deals.csv": FILES["deals.csv"] + rows})
    assert run(["import", str(folder)]) == 0
    assert "… and 3 more" in capsys.readouterr().out


def test_owners_that_only_the_file_has_are_listed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = "".join(f"D{n:02},Olga Petrova,Alfa,Proposal,1,\n" for n in range(23))
    files = FILES | {"deals.csv": FILES["deals.csv"] + rows}
    folder = str(write(tmp_path / "crm", files))
    assert run(["import", folder, "--now", "2026-03-01T09:00:00+00:00"]) == 0
    for record in Record.objects.filter(key__startswith="D"):
        example.give(record=record.pk, to=Person.objects.get(name="Kenji Sato").pk)
    capsys.readouterr()
    assert run(["import", "crm"]) == 0
    told = capsys.readouterr().out
    assert "23 records have another owner in the file" in told
    assert "Owner in Legato" in told
    assert "… and 3 more" in told
