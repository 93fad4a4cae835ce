"""A world is all that outlives a process: a database and the files of a home.

Worlds are compared, copied and put back in tenths of a second. Two worlds that are equal differ at
most in clocks, in the numbers of transactions, and in the hashes made from those.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from legato.postgres.addresses import Addresses, with_database
from legato.postgres.databases import connection, copy_database, drop_database

NUMBERS = count()
CLOCKS = {
    "auth_user": ("date_joined", "last_login"),
    "books_import": ("started_at",),
    "django_migrations": ("applied",),
    "ledger_entry": ("recorded_at", "transaction_id", "sha256", "previous_sha256"),
    "ledger_rehearsal": ("since",),
    "ledger_seal": ("sealed_at", "sha256", "previous_sha256"),
    "procrastinate_events": ("at", "id"),
    "procrastinate_jobs": ("scheduled_at", "heartbeat"),
    "procrastinate_workers": ("last_heartbeat", "id"),
}
"""What no two runs share, by table."""

Rows = dict[str, tuple[str, ...]]
Files = dict[str, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Every row of every table, and every file, in order."""

    rows: Rows
    files: Files

    def without(self, tables: Sequence[str]) -> Rows:
        return {table: rows for table, rows in self.rows.items() if table not in tables}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of one run: its exit code (-9 when killed), operations and output."""

    status: int
    seen: list[str]
    said: str

    @property
    def facts(self) -> dict[str, Any]:
        """What it answered as JSON."""
        lines = [line for line in self.said.splitlines() if line.startswith("{")]
        found: dict[str, Any] = json.loads(lines[-1]) if lines else {}
        return found


class Nursery:
    """The warm process in which commands are born."""

    def __init__(self, *, env: Mapping[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.torture.nursery"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=dict(env),
            cwd=Path(__file__).parents[2],
        )
        assert self._next() == "ready"

    def run(self, words: Sequence[str], *, env: Mapping[str, str], last: int = 0) -> Answer:
        """Runs a command or job to its end, or until before operation ``last``."""
        assert self.process.stdin is not None
        asked = {"words": list(words), "env": dict(env), "last": last}
        print(json.dumps(asked), file=self.process.stdin, flush=True)
        return Answer(**self._next())

    def close(self) -> None:
        self.process.communicate()

    def _next(self) -> Any:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, "the nursery has ended"
        return json.loads(line)


@dataclass(slots=True, kw_only=True)
class World:
    """One database on the tests' server, and one home, always at the same path."""

    addresses: Addresses
    home: Path
    nursery: Nursery

    @property
    def env(self) -> dict[str, str]:
        return {
            "DATABASE_URL": self.addresses.app,
            "LEGATO_MIGRATE_URL": self.addresses.owner,
            "LEGATO_HOME": str(self.home),
            "TMPDIR": str(self.home / "tmp"),
            "LEGATO_LANG": "en",
        }

    def run(self, words: Sequence[str], *, last: int = 0) -> Answer:
        """Runs a command here and waits until the server has heard of its end."""
        answer = self.nursery.run(words, env=self.env, last=last)
        self._await_nobody()
        return answer

    def state(self) -> State:
        with connection(self.addresses.owner) as owner:
            rows: dict[str, list[str]] = {}
            for table, row in owner.execute(_every_row(owner)):
                rows.setdefault(table, []).append(row)
        found = {table: tuple(sorted(texts)) for table, texts in sorted(rows.items())}
        return State(rows=found, files=dict(_files(self.home)))

    def forget_numbers(self) -> None:
        """Numbers drawn by what was taken back are given out again: a gap is no difference."""
        with connection(self.addresses.owner) as owner:
            for statement in owner.execute(SEQUENCES).fetchall():
                owner.execute(statement[0])

    def copy(self) -> "World":
        """Another database that is equal, with the same home."""
        name = f"legato_torture_{os.getpid()}_{next(NUMBERS)}"
        copy_database(self.addresses.owner, name=name)
        return replace(self, addresses=named(self.addresses, name))

    def put_files(self, files: Files) -> None:
        """Makes the home hold these files and nothing else."""
        shutil.rmtree(self.home, ignore_errors=True)
        (self.home / "tmp").mkdir(parents=True)
        for name, content in files.items():
            path = self.home / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)

    def drop(self) -> None:
        drop_database(self.addresses.owner)

    def _await_nobody(self) -> None:
        """A process that was killed is gone when the server has rolled back what it began."""
        with connection(self.addresses.owner) as owner:
            while owner.execute(OTHERS).fetchone() != (0,):
                pass


OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND usename <> current_user AND pid <> pg_backend_pid()
  AND backend_type = 'client backend'
"""
SEQUENCES = """
SELECT format('SELECT setval(%L, coalesce(max(%I), 1), count(*) > 0) FROM %s',
              pg_get_serial_sequence(c.oid::regclass::text, a.attname), a.attname,
              c.oid::regclass)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
  AND pg_get_serial_sequence(c.oid::regclass::text, a.attname) IS NOT NULL
  AND a.atttypid IN ('int4'::regtype, 'int8'::regtype)
"""


def named(ours: Addresses, name: str) -> Addresses:
    """The addresses of another database of the same server."""
    return replace(ours, app=with_database(ours.app, name), owner=with_database(ours.owner, name))


def _every_row(owner: psycopg.Connection) -> str:
    """A query for all rows of all tables, as text, without what no two runs share."""
    found = owner.execute(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    )
    each = sql.SQL("SELECT {name}, (to_jsonb(t) - {left}::text[])::text FROM {table} t")
    queries = [
        each.format(
            name=sql.Literal(table),
            left=sql.Literal(list(CLOCKS.get(table, ()))),
            table=sql.Identifier(table),
        )
        for (table,) in sorted(found)
    ]
    return sql.SQL(" UNION ALL ").join(queries).as_string(owner)


def _files(home: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(home.rglob("*")):
        if path.is_file():
            yield str(path.relative_to(home)), path.read_bytes()
