"""PostgreSQL is stopped hard under load: no acknowledged change is lost, none is done twice."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

import psycopg
import pytest
from django.db import connections
from pytest_django import DjangoDbBlocker
from tests import example
from tests.torture.extent import times
from tests.torture.steps import pointed_to
from tests.torture.worlds import Nursery, World

from legato.cli import ready
from legato.departures import operations as departures
from legato.departures.models import Case
from legato.domain.departure import Announcement
from legato.ledger.operations import seal
from legato.ledger.queries import checked, state
from legato.postgres.addresses import addresses
from legato.postgres.databases import connection, ensure_database
from legato.postgres.home import home_at
from legato.postgres.programs import find_programs
from legato.postgres.server import remove, start
from legato.web.checks import check_all

CRASHES = times(20, 2)
WRITERS = times(8, 4)
SEED = 20_260_331
OURS = "SELECT reason, id FROM ledger_entry WHERE reason ~ '^w[0-9]+-[0-9]+$'"


@pytest.fixture
def durable(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """A company with four who leave, on a server of its own that keeps what it promises."""
    tmp_path.chmod(0o711)
    ours = addresses(env={"LEGATO_HOME": str(tmp_path / "home")})
    programs = find_programs()
    start(home_at(tmp_path / "home"), programs=programs)
    ensure_database(ours)
    world = World(addresses=ours, home=tmp_path / "home", nursery=Nursery.__new__(Nursery))
    with django_db_blocker.unblock(), pointed_to(world):
        ready.migrate(ours, rehearsal=True)
        _found()
        yield world
    remove(home_at(tmp_path / "home"), programs=programs)


def _found() -> None:
    """Ada 1, Mei 2, Kenji 4 and Ivo 6 stay; each of four others leaves a book of six accounts."""
    cast = example.company()
    assert (cast.ada, cast.mei, cast.kenji, cast.ivo) == (1, 2, 4, 6)
    others = [example.person(name=f"Leaver {n}", manager=cast.mei, team="East") for n in range(3)]
    for colleague in (cast.kenji, cast.ivo):
        example.records(how_many=3, owner=colleague)
    for number, leaver in enumerate([cast.olga, *others], start=1):
        example.records(how_many=6, owner=leaver)
        opened = departures.open_case(
            person_id=leaver, announced=Announcement(kind="resignation", last_day=None),
            actor=cast.mei, now=example.NOW, reason="Leaves",
        )  # fmt: skip
        assert opened.case == number


@contextmanager
def writing(world: World, folder: Path) -> Iterator[None]:
    """Writers at work meanwhile; at the end each settles its last change."""
    env = {**os.environ, **world.env, "DJANGO_SETTINGS_MODULE": "legato.settings"}
    env |= {"OPENBLAS_NUM_THREADS": "1", "TMPDIR": str(folder)}
    command = [sys.executable, "-m", "tests.torture.writers", str(folder), str(WRITERS), str(SEED)]
    writers = subprocess.Popen(command, env=env, cwd=Path(__file__).parents[2])
    try:
        yield
    finally:
        (folder / "stop").touch()
        assert writers.wait(timeout=120) == 0


def crash(world: World, chance: Random) -> str:
    """The whole server is killed, told to stop at once, or loses one process of its own."""
    how = chance.choice(("kill", "immediate", "backend"))
    (data,) = home_at(world.home).clusters()
    postmaster = int((data / "postmaster.pid").read_text().split("\n", 1)[0])
    if how == "backend":
        with connection(world.addresses.owner) as owner:
            query = "SELECT pid FROM pg_stat_activity WHERE usename = 'legato_app' ORDER BY pid"
            pids = [pid for (pid,) in owner.execute(query)]
        os.kill(chance.choice(pids), signal.SIGKILL)
    else:
        os.kill(postmaster, signal.SIGKILL if how == "kill" else signal.SIGQUIT)
        while _lives(postmaster):
            time.sleep(0.01)
    start(home_at(world.home), programs=find_programs())
    return how


def _lives(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def told(folder: Path) -> dict[str, dict[str, Any]]:
    """What each writer was answered, by key."""
    lines = [line for file in folder.glob("writer-*") for line in file.read_text().splitlines()]
    return {each["key"]: each for each in map(json.loads, lines)}


def test_no_acknowledged_change_is_lost_or_done_twice_however_the_server_dies(
    durable: World, tmp_path: Path
) -> None:
    folder, chance = tmp_path / "writers", Random(SEED)
    folder.mkdir()
    with writing(durable, folder):
        while len(told(folder)) < WRITERS:
            time.sleep(0.05)
        for _crash in range(CRASHES):
            time.sleep(chance.uniform(0.2, 1.2))
            crash(durable, chance)
    answers = told(folder)
    done = {key: each["answer"] for key, each in answers.items() if "answer" in each}
    with connection(durable.addresses.owner) as owner:
        entries = Counter(owner.execute(OURS).fetchall())
        kept = dict(owner.execute("SELECT key, entry_id FROM ledger_answer WHERE key ~ '^w'"))
        assert owner.execute("SELECT count(*) FROM books_staged").fetchone() == (0,)
        _look_at_records(owner, done)
    assert entries == Counter({(key, each["entry"]): 1 for key, each in done.items()})
    assert {key: kept[key] for key in done} == {key: each["entry"] for key, each in done.items()}
    assert len(done) > 5 * WRITERS
    connections.close_all()  # Of the first server.
    assert Case.objects.filter(closed_at=None).count() == 4
    seal()
    assert state().unsealed == 0
    assert [each for each in [*check_all(), checked()] if each.count] == []


def _look_at_records(owner: psycopg.Connection, done: dict[str, dict[str, Any]]) -> None:
    """Each change moved or created as many records as its answer says."""
    moved: dict[int, int] = dict(
        owner.execute("SELECT ended_by_id, count(*) FROM books_span GROUP BY 1").fetchall()
    )
    made: dict[str, int] = dict(
        owner.execute("SELECT source, count(*) FROM books_record GROUP BY 1").fetchall()
    )
    for key, each in done.items():
        found = made[key] if key in made else moved.get(each["entry"], 0)
        assert found == each["records"], key
