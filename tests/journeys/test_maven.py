"""A real data set that nobody here wrote, imported at the command line: figures that are known."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Count, Sum

from legato import cli
from legato.books.models import Record
from legato.people.models import Person
from legato.postgres.addresses import Addresses

DATA = Path(os.environ.get("LEGATO_TEST_DATA", "../shared/data"), "maven_crm")

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"no data at {DATA}")


@pytest.fixture(autouse=True)
def _real_database(fresh_database: Addresses, tmp_path: Path, monkeypatch: Any) -> None:
    """A database of the test's own, and a folder for what may be rejected."""
    monkeypatch.setenv("LEGATO_AS", "")


def imported(capsys: pytest.CaptureFixture[str], *options: str) -> dict[str, Any]:
    code = cli.run(["import", str(DATA.resolve()), "--json", *options])
    said = capsys.readouterr()
    assert code == 0, said.out + said.err
    answer: dict[str, Any] = json.loads(said.out)
    return answer


def test_every_row_is_taken_and_counted(capsys: pytest.CaptureFixture[str]) -> None:
    answer = imported(capsys)
    new = {kind: numbers["new"] for kind, numbers in answer["counts"].items() if numbers["new"]}
    assert new == {"person": 41, "team": 6, "product": 7, "account": 85, "opportunity": 8800}
    assert not any(numbers["rejected"] for numbers in answer["counts"].values())
    assert answer["rejected_file"] is None
    assert answer["stages"] == {"won": 4238, "lost": 2473, "engaging": 1589, "prospecting": 500}
    assert answer["repeats"] == {"opportunity": 18}
    assert answer["without_account"] == {"opportunity": 1425}
    assert answer["joined"] == [
        {"column": "product", "from": "GTXPro", "to": "GTX Pro", "rows": 1480}
    ]
    skipped = {each["file"]: each["why"] for each in answer["skipped_files"]}
    assert skipped["data_dictionary.csv"] == "describes_columns"
    assert answer["drift"] == 0
    assert answer["orphans"] == {"count": 0, "listed": []}


def test_what_was_read_is_what_the_files_say(capsys: pytest.CaptureFixture[str]) -> None:
    answer = imported(capsys)
    won = Record.objects.filter(kind="opportunity", outcome="won").aggregate(Sum("value"))
    assert won["value__sum"] == 10_005_534
    roles = dict(Person.objects.values_list("role").annotate(Count("id")))
    assert roles == {"rep": 35, "manager": 6}
    assert Record.objects.filter(kind="account", parent__isnull=False).count() == 15
    assert answer["derived_owners"]["count"] == 85
    owners = Record.objects.filter(kind="account").values_list("owner_id", flat=True)
    assert not Person.objects.filter(pk__in=owners).exclude(role="rep").exists()
    assert answer["last_resort"]["how"] == "largest_team"
    darcel = Person.objects.get(name="Darcel Schlecht").pk
    mine = Record.objects.filter(kind="opportunity", owner_id=darcel, is_open=True)
    assert mine.count() == 194
    assert mine.filter(account=None).count() == 134


def test_a_second_import_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    imported(capsys)
    before = list(Record.objects.order_by("id").values_list("id", "entry_id", "owner_id"))
    again = imported(capsys)
    for numbers in again["counts"].values():
        assert (numbers["new"], numbers["changed"], numbers["rejected"]) == (0, 0, 0)
    assert again["counts"]["opportunity"]["same"] == 8818
    assert again["counts"]["team"]["same"] == 6
    assert again["entry"] is None
    assert list(Record.objects.order_by("id").values_list("id", "entry_id", "owner_id")) == before


def test_a_dry_run_says_the_same_and_leaves_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    told = imported(capsys, "--dry-run")
    assert not Record.objects.exists()
    done = imported(capsys)
    kept = {"dry_run", "entry"}
    assert {k: v for k, v in told.items() if k not in kept} == {
        k: v for k, v in done.items() if k not in kept
    }
