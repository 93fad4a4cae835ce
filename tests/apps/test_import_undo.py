"""Taking an import back: what it created is closed, what it changed is as before."""

from pathlib import Path

import pytest
from tests import example
from tests.example import NOW
from tests.importing import DEALS, FILES, Answer, owners, read, write

from legato.books.importing import undo
from legato.books.importing.applying import EarlierThanRecords
from legato.books.importing.undoing import ImportAlreadyUndone, ImportChangedNothing
from legato.books.models import Record
from legato.domain.errors import NotFound
from legato.ledger.models import Entry
from legato.people.models import Person
from legato.postgres.addresses import Addresses


@pytest.fixture(autouse=True)
def _real_database(fresh_database: Addresses) -> None:
    """An import commits, so each test has a database of its own."""


def take_back(answer: Answer, *, days: int = 5) -> Answer:
    return undo(
        importing=answer["import"],
        now=NOW.replace(day=NOW.day - 1) if days < 0 else NOW.replace(month=4, day=1 + days),
        actor=None,
        reason="",
    )


def test_what_it_created_is_closed_and_comes_back_with_the_next_import(tmp_path: Path) -> None:
    folder = write(tmp_path / "crm", FILES)
    first = read(folder)
    taken = take_back(first)
    assert taken == {
        "undo": first["import"],
        "closed": 4,
        "restored": 0,
        "conflicts": [],
        "entry": Entry.objects.get(kind="import_undone").pk,
    }
    assert not Record.objects.filter(is_open=True).exists()
    assert set(Record.objects.values_list("stage", "outcome")) == {("", "")}
    again = read(folder, days=10)
    assert again["counts"]["opportunity"]["changed"] == 2
    assert Record.objects.get(key="O1").is_open
    assert Record.objects.get(key="O2").outcome == "won"


def test_what_it_changed_is_as_before_owner_included(tmp_path: Path) -> None:
    folder = write(tmp_path / "crm", FILES)
    read(folder)
    skip = ("entry_id", "owner_entry_id", "owner_since")
    before = [
        {k: v for k, v in row.items() if k not in skip}
        for row in Record.objects.order_by("id").values()
    ]
    changed = DEALS.replace("O1,Olga Petrova", "O1,Kenji Sato").replace("1200.50", "7")
    second = read(write(folder, {"deals.csv": changed}), days=1)
    assert owners()["O1"] == "Kenji Sato"
    assert take_back(second)["restored"] == 1
    after = [
        {k: v for k, v in row.items() if k not in skip}
        for row in Record.objects.order_by("id").values()
    ]
    assert after == before


def test_what_somebody_touched_since_stays_and_is_listed(tmp_path: Path) -> None:
    first = read(write(tmp_path / "crm", FILES))
    record = Record.objects.get(key="O1")
    kenji = Person.objects.get(name="Kenji Sato").pk
    given = example.give(record=record.pk, to=kenji, at=NOW.replace(month=4, day=2))
    answer = take_back(first)
    assert (answer["closed"], len(answer["conflicts"])) == (3, 1)
    conflict = answer["conflicts"][0]
    assert (conflict["record"], conflict["why"]) == (record.pk, "touched_since")
    assert (conflict["at"], conflict["by"]) == (given.at, kenji)
    assert Record.objects.get(key="O1").is_open


def test_an_import_is_taken_back_once(tmp_path: Path) -> None:
    folder = write(tmp_path / "crm", FILES)
    first = read(folder)
    idle = read(folder, days=1)
    with pytest.raises(ImportChangedNothing):
        take_back(idle)
    take_back(first)
    with pytest.raises(ImportAlreadyUndone):
        take_back(first)
    with pytest.raises(NotFound):
        undo(importing=99, now=NOW, actor=None, reason="")


def test_nothing_is_taken_back_before_it_was(tmp_path: Path) -> None:
    first = read(write(tmp_path / "crm", FILES))
    with pytest.raises(EarlierThanRecords):
        take_back(first, days=-1)


def test_an_owner_is_not_changed_before_the_last_change(tmp_path: Path) -> None:
    folder = write(tmp_path / "crm", FILES)
    read(folder, days=3)
    write(folder, {"deals.csv": DEALS.replace("O1,Olga Petrova", "O1,Kenji Sato")})
    with pytest.raises(EarlierThanRecords):
        read(folder)
    assert owners()["O1"] == "Olga Petrova"
