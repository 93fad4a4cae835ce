"""Backs a database up into one file and restores it, so that a failure on the way loses nothing.

PostgreSQL's own archive format, complete or absent: both ways end with a rename.
"""

import os
import subprocess
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psycopg
from psycopg import sql

from legato.domain.errors import Refused
from legato.postgres.addresses import Addresses, database_of, with_database, without_password
from legato.postgres.databases import CREATION_LOCK, connection, drop_database, ensure_database
from legato.postgres.programs import Programs, programs_for

MAGIC = b"PGDMP"
# Filled by migrations or by the machinery alone: rows in them are nobody's work.
MACHINERY = (
    "auth_permission",
    "departures_told",
    "django_content_type",
    "django_migrations",
    "ledger_identity",
    "ledger_rehearsal",
    "procrastinate_periodic_defers",
    "procrastinate_workers",
)


class NotABackup(Refused):
    """The file is no backup of Legato's, or not a whole one. Facts: ``file``."""

    code = "not_a_backup"


class DatabaseNotEmpty(Refused):
    """A restore would replace what somebody entered. Facts: ``database``, ``tables``."""

    code = "database_not_empty"


class BackupFailed(Refused):
    """PostgreSQL's program ended with an error. Facts: ``file``, ``why``."""

    code = "backup_failed"


class RestoreFailed(Refused):
    """The database is as it was. Facts: ``file``, ``why``."""

    code = "restore_failed"


def back_up(addresses: Addresses, *, file: Path) -> int:
    """Writes a backup readable by its owner alone; returns its size in bytes.

    A file of that name is replaced, but only by a complete one. Raises `BackupFailed`.
    """
    programs = _programs(addresses)
    half = file.with_name(f".{file.name}.{os.getpid()}")
    # To standard output pg_dump writes its table of contents twice, and a cut goes unnoticed.
    command = [programs["pg_dump"], "--format=custom", f"--file={half}", _target(addresses.owner)]
    try:
        half.touch(mode=0o600, exist_ok=False)
        ran = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env=_environment(addresses.owner),
            check=False,
        )
        if ran.returncode != 0:
            raise BackupFailed(file=str(file), why=_words(ran.stderr))
        half.replace(file)
    except OSError as error:
        raise BackupFailed(file=str(file), why=error.strerror) from error
    finally:
        half.unlink(missing_ok=True)
    return file.stat().st_size


def restore(addresses: Addresses, *, file: Path, replace: bool) -> None:
    """Makes the database what it was at the backup.

    The backup goes into a database of its own, which takes the name at the very end.
    Raises `NotABackup`, `DatabaseNotEmpty` (unless ``replace``), `RestoreFailed`.
    """
    ensure_database(addresses)
    programs = _programs(addresses)
    _check(file, programs=programs)
    name = database_of(addresses.owner)
    if not replace and (tables := tables_in_use(addresses)):
        raise DatabaseNotEmpty(database=name, tables=tables)
    half, old = f"{name}_restoring", f"{name}_replaced"
    with connection(with_database(addresses.owner, "postgres")) as maintenance:
        maintenance.execute("SELECT pg_advisory_lock(%s)", [CREATION_LOCK])
        for leftover in (half, old):
            drop_database(with_database(addresses.owner, leftover))
        maintenance.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(half)))
        try:
            _fill(with_database(addresses.owner, half), file=file, programs=programs)
        except RestoreFailed:
            drop_database(with_database(addresses.owner, half))
            raise
        _swap(maintenance, name=name, new=half, old=old)
        drop_database(with_database(addresses.owner, old))


def _programs(addresses: Addresses) -> Programs:
    with connection(addresses.owner) as owner:
        return programs_for(owner.info.server_version // 10_000)


def tables_in_use(addresses: Addresses) -> list[str]:
    """The tables that hold what somebody entered."""
    with connection(addresses.owner) as owner:
        rows = owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        names = sorted({name for (name,) in rows}.difference(MACHINERY))
        return [name for name in names if _has_rows(owner, name)]


def _has_rows(owner: psycopg.Connection, table: str) -> bool:
    asked = sql.SQL("SELECT EXISTS (SELECT FROM {})").format(sql.Identifier("public", table))
    return owner.execute(asked).fetchone() == (True,)


def _check(file: Path, *, programs: Programs) -> None:
    """A backup says so in its first bytes, and lists the table every database of Legato's has."""
    try:
        with file.open("rb") as archive:
            magic = archive.read(len(MAGIC))
    except OSError as error:
        raise NotABackup(file=str(file)) from error
    if magic != MAGIC:
        raise NotABackup(file=str(file))
    listed = subprocess.run(
        [programs["pg_restore"], "--list", file], capture_output=True, check=False
    )
    if listed.returncode != 0 or b"TABLE DATA public django_migrations" not in listed.stdout:
        raise NotABackup(file=str(file))


def _fill(url: str, *, file: Path, programs: Programs) -> None:
    options = ["--exit-on-error", "--single-transaction", "--no-owner"]
    ran = subprocess.run(
        [programs["pg_restore"], *options, _target(url), file],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env=_environment(url),
        check=False,
    )
    if ran.returncode != 0:
        raise RestoreFailed(file=str(file), why=_words(ran.stderr))


def _swap(maintenance: psycopg.Connection, *, name: str, new: str, old: str) -> None:
    """Gives the new database the name, in one transaction. Nobody may be connected to either."""
    ours, theirs, gone = (sql.Identifier(each) for each in (name, new, old))
    maintenance.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(ours))
    try:
        maintenance.execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = %s",
            [name],
        )
        with maintenance.transaction():
            maintenance.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(ours, gone))
            maintenance.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(theirs, ours))
    except psycopg.Error as error:
        maintenance.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(ours))
        raise RestoreFailed(file=name, why=str(error).strip()) from error


def _target(url: str) -> str:
    return f"--dbname={without_password(url)}"


def _environment(url: str) -> dict[str, str]:
    # Arguments can be read by every user of the machine, so the password is none.
    password = urlsplit(url).password
    return {**os.environ, "LC_ALL": "C"} | ({"PGPASSWORD": unquote(password)} if password else {})


def _words(output: bytes) -> str:
    return output.decode(errors="replace").strip()
