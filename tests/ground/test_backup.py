"""A backup holds everything; a restore gives it back or changes nothing."""

import stat
from pathlib import Path

import psycopg
import pytest
from psycopg import errors

from legato.postgres.addresses import Addresses
from legato.postgres.backup import (
    DatabaseNotEmpty,
    NotABackup,
    RestoreFailed,
    back_up,
    restore,
)
from legato.postgres.databases import connection


def enter(database: Addresses, word: str) -> None:
    with connection(database.owner) as owner:
        owner.execute("CREATE TABLE IF NOT EXISTS entered (word text)")
        owner.execute("INSERT INTO entered VALUES (%s)", [word])


def entered(database: Addresses) -> list[str]:
    with connection(database.app) as app:
        return [word for (word,) in app.execute("SELECT word FROM entered ORDER BY word")]


@pytest.fixture
def backup(fresh_database: Addresses, tmp_path: Path) -> Path:
    """A backup of a database in which one word was entered; a second was entered since."""
    enter(fresh_database, "before")
    back_up(fresh_database, file=tmp_path / "legato.backup")
    enter(fresh_database, "since")
    return tmp_path / "legato.backup"


def test_a_restore_gives_back_what_was_there(fresh_database: Addresses, backup: Path) -> None:
    restore(fresh_database, file=backup, replace=True)
    assert entered(fresh_database) == ["before"]


def test_a_database_that_holds_work_is_not_replaced_unasked(
    fresh_database: Addresses, backup: Path
) -> None:
    with pytest.raises(DatabaseNotEmpty) as refused:
        restore(fresh_database, file=backup, replace=False)
    assert refused.value.facts["tables"] == ["entered"]
    assert entered(fresh_database) == ["before", "since"]


def test_a_restore_disconnects_those_who_still_use_the_old_one(
    fresh_database: Addresses, backup: Path, app_connection: psycopg.Connection
) -> None:
    restore(fresh_database, file=backup, replace=True)
    with pytest.raises(psycopg.OperationalError):
        app_connection.execute("SELECT 1")


def test_rights_are_restored_too(fresh_database: Addresses, backup: Path) -> None:
    restore(fresh_database, file=backup, replace=True)
    with connection(fresh_database.owner) as owner:
        owner.execute("CREATE TABLE later (n int)")
    with connection(fresh_database.app) as app:
        app.execute("INSERT INTO later VALUES (1)")
        for attack in ("DELETE FROM later", "DELETE FROM entered", "TRUNCATE entered"):
            with pytest.raises(errors.InsufficientPrivilege):
                app.execute(attack)


@pytest.mark.parametrize("missing", [1, 2_000, 100_000])
def test_a_backup_cut_short_loses_nothing(
    fresh_database: Addresses, backup: Path, missing: int
) -> None:
    backup.write_bytes(backup.read_bytes()[:-missing])
    with pytest.raises((RestoreFailed, NotABackup)):
        restore(fresh_database, file=backup, replace=True)
    assert entered(fresh_database) == ["before", "since"]


def test_a_restore_that_fails_half_way_loses_nothing(
    fresh_database: Addresses, tmp_path: Path
) -> None:
    enter(fresh_database, "before")
    with connection(fresh_database.owner) as owner:
        owner.execute("CREATE ROLE legato_gone")
        owner.execute("GRANT SELECT ON entered TO legato_gone")
        back_up(fresh_database, file=tmp_path / "legato.backup")
        owner.execute("DROP OWNED BY legato_gone")
        owner.execute("DROP ROLE legato_gone")
    with pytest.raises(RestoreFailed) as refused:
        restore(fresh_database, file=tmp_path / "legato.backup", replace=True)
    assert "legato_gone" in str(refused.value.facts["why"])
    assert entered(fresh_database) == ["before"]


@pytest.mark.parametrize("content", [b"", b"PGDMP", b"PGDMP" + b"\0" * 900, b"id,name\n1,Olga\n"])
def test_a_file_that_is_no_backup_is_refused(
    fresh_database: Addresses, tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "file"
    file.write_bytes(content)
    with pytest.raises(NotABackup):
        restore(fresh_database, file=file, replace=True)


def test_a_file_that_is_not_there_is_refused(fresh_database: Addresses, tmp_path: Path) -> None:
    with pytest.raises(NotABackup):
        restore(fresh_database, file=tmp_path / "none", replace=True)


def test_a_backup_can_be_read_by_its_owner_alone(backup: Path) -> None:
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert list(backup.parent.iterdir()) == [backup]
