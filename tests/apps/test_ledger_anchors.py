"""Anchors: a file that is only added to, and what it shows; seals of what is committed late."""

import json
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from tests import example

from legato.cli import run
from legato.ledger import anchors, jobs, operations, queries
from legato.ledger.hashing import entry_sha256
from legato.ledger.models import Seal
from legato.ledger.operations import seal
from legato.postgres.addresses import Addresses

INSERT = (
    "INSERT INTO ledger_entry (chain, kind, at, reason) VALUES (%s, 'example', now(), 'Because')"
    " RETURNING id"
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "there" / "anchors.jsonl"


@pytest.mark.django_db
def test_an_anchor_is_a_line_that_says_where_the_chain_ends(file: Path) -> None:
    example.entry()
    seal()
    made = anchors.append(file, now=example.NOW)
    assert made is not None
    last = Seal.objects.get()
    line = json.loads(file.read_text())
    assert line == {
        "anchor": 1,
        "database": queries.state().database,
        "seal": 1,
        "sha256": last.sha256,
        "entries": 1,
        "at": "2026-03-31T09:00:00+00:00",
    }


@pytest.mark.django_db
def test_what_is_in_the_file_stays_and_the_same_end_is_not_written_twice(file: Path) -> None:
    example.entry()
    seal()
    anchors.append(file, now=example.NOW)
    before = file.read_bytes()
    assert anchors.append(file, now=example.NOW + timedelta(hours=1)) is None
    example.entry()
    seal()
    anchors.append(file, now=example.NOW)
    assert file.read_bytes().startswith(before)
    assert len(file.read_text().splitlines()) == 2


@pytest.mark.django_db
def test_a_line_cut_short_by_a_crash_spoils_no_other(file: Path) -> None:
    example.entry()
    seal()
    anchors.append(file, now=example.NOW)
    with file.open("ab") as opened:
        opened.write(b'{"anchor": 1, "data')
    example.entry()
    seal()
    anchors.append(file, now=example.NOW)
    compared = anchors.compare(file)
    assert (compared.anchors, compared.unreadable, compared.missed) == (2, (2,), None)


@pytest.mark.django_db
def test_anchors_of_another_database_are_counted_apart(file: Path) -> None:
    example.entry()
    seal()
    made = anchors.append(file, now=example.NOW)
    assert made is not None
    other = json.loads(file.read_text()) | {"database": "another", "sha256": "0" * 64}
    with file.open("a") as opened:
        opened.write(json.dumps(other) + "\n")
    compared = anchors.compare(file)
    assert (compared.anchors, compared.of_others, compared.missed) == (1, 1, None)


@pytest.mark.django_db
def test_an_empty_ledger_has_no_anchor(file: Path) -> None:
    with pytest.raises(anchors.NothingToAnchor):
        anchors.append(file, now=example.NOW)
    assert not file.exists()


@pytest.mark.django_db
def test_a_place_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    example.entry()
    seal()
    with pytest.raises(anchors.AnchorsNotWritable):
        anchors.append(tmp_path, now=example.NOW)


@pytest.mark.django_db
def test_the_job_anchors_where_the_setting_says(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEGATO_ANCHORS", str(file))
    assert jobs.anchor(timestamp=0) is None
    example.entry()
    seal()
    assert jobs.anchor(timestamp=0) == 1
    monkeypatch.setenv("LEGATO_ANCHORS", "")
    example.entry()
    seal()
    assert jobs.anchor(timestamp=0) is None
    assert len(file.read_text().splitlines()) == 1


def test_without_a_setting_anchors_are_kept_in_the_home_and_compared(
    fresh_database: Addresses, capsys: pytest.CaptureFixture[str]
) -> None:
    example.entry()
    assert run(["ledger", "anchor", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["added"]
    assert Path(said["file"]) == anchors.default_path()
    assert run(["ledger", "verify", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["anchors"]["last"]["seal"] == said["seal"] == told["last_seal"]


def test_an_entry_committed_after_a_later_one_was_sealed_is_sealed_next(
    fresh_database: Addresses,
) -> None:
    """A lower id may become visible after a higher one has its seal."""
    with psycopg.connect(fresh_database.app) as slow:
        row = slow.execute(INSERT, ["slow"]).fetchone()
        quick = example.entry(chain="quick")
        assert row is not None
        assert row[0] < quick.pk
        assert seal() == 1
        slow.commit()
    assert operations.seal(thorough=False) == 1
    assert list(Seal.objects.order_by("number").values_list("entry_id", flat=True)) == [
        quick.pk,
        row[0],
    ]
    assert queries.verify()[0].count == 0


def test_what_came_too_late_for_the_frequent_job_is_found_by_the_sweep(
    fresh_database: Addresses, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operations, "RECENT", 0)
    with psycopg.connect(fresh_database.app) as slow:
        slow.execute(INSERT, ["slow"])
        example.entry(chain="quick")
        seal()
        slow.commit()
    assert jobs.seal(timestamp=0) == 0
    assert jobs.sweep(timestamp=0) == 1


def test_a_seal_that_dies_half_way_leaves_no_gap(fresh_database: Addresses) -> None:
    for _ in range(3):
        example.entry()
    with psycopg.connect(fresh_database.app) as dying:
        dying.execute("INSERT INTO ledger_seal (entry_id) SELECT id FROM ledger_entry LIMIT 2")
        dying.rollback()
    assert seal() == 3
    assert list(Seal.objects.order_by("number").values_list("number", flat=True)) == [1, 2, 3]
    assert queries.verify()[0].count == 0


FIRST_FORM = """
INSERT INTO ledger_entry (chain, number, kind, at, recorded_at, reason, transaction_id,
                          previous_sha256, form)
SELECT 'old', n, 'example', now(), now(), 'Because', 7, '', 1 FROM generate_series(1, 2) n
"""


def test_what_was_written_in_the_first_form_is_still_sound(
    fresh_database: Addresses, owner_connection: psycopg.Connection
) -> None:
    """A database that is older than the second form keeps its hashes."""
    owner_connection.execute("ALTER TABLE ledger_entry DISABLE TRIGGER USER")
    owner_connection.execute(FIRST_FORM)
    for number in (1, 2):
        owner_connection.execute(
            "UPDATE ledger_entry e SET previous_sha256 = coalesce((SELECT p.sha256 FROM"
            " ledger_entry p WHERE p.chain = 'old' AND p.number = e.number - 1), '')"
            f" WHERE e.number = {number}"
        )
        owner_connection.execute(
            f"UPDATE ledger_entry e SET sha256 = {entry_sha256()} WHERE e.number = {number}"
        )
    owner_connection.execute("ALTER TABLE ledger_entry ENABLE TRIGGER USER")
    third = example.entry(chain="old")
    seal()
    assert (third.number, third.form) == (3, 2)
    assert queries.verify()[0].count == 0


@pytest.mark.parametrize("form", [1, 2])
def test_the_form_is_the_databases_choice(fresh_database: Addresses, form: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_entry (chain, kind, at, reason, form)"
            " VALUES ('a', 'example', now(), 'Because', %s) RETURNING form",
            [form],
        )
        assert cursor.fetchone() == (2,)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_identity SET uuid = gen_random_uuid()",
        "INSERT INTO ledger_identity (id, uuid) VALUES (true, gen_random_uuid())",
        "DELETE FROM ledger_identity",
    ],
)
def test_the_application_cannot_change_which_database_this_is(
    fresh_database: Addresses, app_connection: psycopg.Connection, statement: str
) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        app_connection.execute(statement)
