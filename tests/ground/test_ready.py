"""The schema is this version's before a command runs, and the secret is one and private."""

import stat
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from django.core.management import call_command

from legato.cli import ready
from legato.postgres.addresses import Addresses
from legato.settings import read_secret_key


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.usefixtures("fresh_database")
def test_a_database_of_this_version_is_left_as_it_is() -> None:
    assert ready.applied_migrations() == ready.shipped_migrations()
    ready.ensure_ready()


def test_a_database_of_a_later_version_is_refused(
    fresh_database: Addresses, owner_connection: psycopg.Connection
) -> None:
    owner_connection.execute(
        "INSERT INTO django_migrations (app, name, applied) VALUES ('books', '9999_later', now())"
    )
    with pytest.raises(ready.NewerDatabase) as refused:
        ready.ensure_ready()
    assert refused.value.facts == {"migrations": ["books.9999_later"]}


def test_what_is_missing_is_applied_once_by_two_at_a_time(
    fresh_database: Addresses, owner_connection: psycopg.Connection
) -> None:
    owner_connection.execute("DROP SCHEMA public CASCADE")
    owner_connection.execute("CREATE SCHEMA public")
    command = [sys.executable, "-m", "legato", "db", "migrate"]
    processes = [subprocess.Popen(command, stdout=subprocess.DEVNULL) for _ in range(2)]
    assert [process.wait() for process in processes] == [0, 0]
    assert ready.applied_migrations() == ready.shipped_migrations()


def test_the_secret_is_made_once_and_for_its_owner_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEGATO_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("LEGATO_SECRET_KEY", raising=False)
    secret = read_secret_key()
    assert len(secret) > 50
    assert read_secret_key() == secret
    kept = tmp_path / "home" / "secret-key"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert list(kept.parent.iterdir()) == [kept]


def test_a_secret_given_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEGATO_SECRET_KEY", "given")
    assert read_secret_key() == "given"
