"""The databases of the tests: one server for the session, one migrated template, cheap copies.

Tests connect as the application's role, never as the owner of the tables. `DATABASE_URL` and
`LEGATO_MIGRATE_URL` choose another server than the embedded one.
"""

import os
import runpy
import shutil
import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path

import dj_database_url
import psycopg
import pytest
from django.db import connections
from pytest_django import DjangoDbBlocker

from legato.cli import ready
from legato.postgres.addresses import Addresses, addresses, with_database
from legato.postgres.databases import connection, copy_database, drop_database, ensure_database
from legato.postgres.home import home_at
from legato.postgres.programs import find_programs
from legato.postgres.server import remove
from legato.web.checks import check_all

CATALOGUES = Path(__file__).parents[1] / "src/legato/locale/compile.py"
NUMBERS = count()
PLENTY = 4 * 2**30  # bytes
LONGEST = ("torture", "model", "browser", "house")
"""Folders of files that take minutes: they come first, so that none is left for the end alone."""
CHANGED = "SELECT EXISTS (SELECT FROM books_span) OR EXISTS (SELECT FROM planning_plan)"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    places = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.nodeid.split("/")[1], len(places)))


@pytest.fixture(scope="session")
def server_addresses() -> Iterator[Addresses]:
    """The two roles' addresses on the session's server."""
    if "DATABASE_URL" in os.environ:
        yield addresses()
        return
    with tempfile.TemporaryDirectory(prefix="legato-test-", dir=_quick_place()) as folder:
        Path(folder).chmod(0o711)  # As root the server runs as an account that must pass here.
        ours = addresses(env={"LEGATO_HOME": str(Path(folder, "home"))})
        ready.start_server(ours, fast=True)
        yield ours
        remove(home_at(Path(folder, "home")), programs=find_programs())


@pytest.fixture(scope="session")
def template(
    server_addresses: Addresses, django_db_blocker: DjangoDbBlocker
) -> Iterator[Addresses]:
    """A migrated, empty rehearsal database that nobody is connected to."""
    ours = _named(server_addresses, f"legato_test_{os.getpid()}")
    ensure_database(ours)
    with django_db_blocker.unblock():
        point_to(ours)
        ready.migrate(ours, rehearsal=True)
        connections.close_all()
    yield ours
    drop_database(ours.owner)


@pytest.fixture(scope="session")
def django_db_setup(template: Addresses, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The database of all tests marked ``django_db``: each runs in a transaction taken back."""
    with django_db_blocker.unblock():
        shared = copy(template)
        point_to(shared)
        yield
        connections.close_all()
        drop_database(shared.owner)


@pytest.fixture
def fresh_database(template: Addresses, django_db_blocker: DjangoDbBlocker) -> Iterator[Addresses]:
    """A database of the test's own, for real commits, several connections and subprocesses.

    The environment names it, so a command started by the test finds it.
    """
    with _own_database(template, django_db_blocker) as ours:
        yield ours


@pytest.fixture(scope="module")
def module_database(template: Addresses, django_db_blocker: DjangoDbBlocker) -> Iterator[Addresses]:
    """The like for a whole module, whose tests then see what those before them did."""
    with _own_database(template, django_db_blocker) as ours:
        yield ours


@contextmanager
def _own_database(template: Addresses, blocker: DjangoDbBlocker) -> Iterator[Addresses]:
    before = {alias: dict(connections.settings[alias]) for alias in connections.settings}
    with (
        blocker.unblock(),
        pytest.MonkeyPatch.context() as patch,
        tempfile.TemporaryDirectory(prefix="legato-home-") as home,
    ):
        ours = copy(template)
        patch.setenv("DATABASE_URL", ours.app)
        patch.setenv("LEGATO_MIGRATE_URL", ours.owner)
        patch.setenv("LEGATO_HOME", home)
        point_to(ours)
        yield ours
        connections.close_all()
        for alias, settings in before.items():
            connections.settings[alias].update(settings)
        drop_database(ours.owner)


@pytest.fixture
def database(request: pytest.FixtureRequest) -> Addresses:
    """The present test's database: its own when it asked for one, else the shared one."""
    if "fresh_database" in request.fixturenames:
        return request.getfixturevalue("fresh_database")  # type: ignore[no-any-return]
    request.getfixturevalue("django_db_setup")
    name = connections.settings["default"]["NAME"]
    return _named(request.getfixturevalue("template"), name)


@pytest.fixture
def app_connection(database: Addresses) -> Iterator[psycopg.Connection]:
    """A raw connection as the application's role, committing each statement."""
    with connection(database.app) as opened:
        yield opened


@pytest.fixture
def owner_connection(database: Addresses) -> Iterator[psycopg.Connection]:
    """A raw connection as the tables' owner, committing each statement."""
    with connection(database.owner) as opened:
        yield opened


@pytest.fixture(autouse=True)
def invariants_hold(request: pytest.FixtureRequest) -> Iterator[None]:
    """After each test in which an owner changed or a plan was made, every invariant still holds.

    ``breaks_invariants`` marks tests that leave their database broken, or gone, on purpose.
    """
    own = "fresh_database" in request.fixturenames
    marked = request.node.get_closest_marker("django_db") is not None
    if not own and not marked and "db" not in request.fixturenames:
        yield
        return
    request.getfixturevalue("fresh_database" if own else "db")
    yield
    if request.node.get_closest_marker("breaks_invariants") is None:
        broken = _broken(request.getfixturevalue("django_db_blocker"))
        assert not broken, broken


def _broken(blocker: DjangoDbBlocker) -> list[object]:
    """The rows that break an invariant, where there is anything to check."""
    ours = connections["default"]
    with blocker.unblock():
        if ours.needs_rollback:  # Refused within the test's own transaction: nothing came of it.
            return []
        with ours.cursor() as cursor:
            cursor.execute(CHANGED)
            changed = cursor.fetchone() == (True,)
        return [row for each in check_all() for row in each.rows] if changed else []


def _quick_place() -> Path | None:
    """Memory where there is plenty: a database is copied there in a tenth of the time."""
    memory = Path("/dev/shm")
    there = memory.is_dir() and os.access(memory, os.W_OK)
    return memory if there and shutil.disk_usage(memory).free > PLENTY else None


def _named(ours: Addresses, name: str) -> Addresses:
    return replace(ours, app=with_database(ours.app, name), owner=with_database(ours.owner, name))


def copy(template: Addresses) -> Addresses:
    name = f"legato_test_{os.getpid()}_{next(NUMBERS)}"
    copy_database(template.owner, name=name)
    return _named(template, name)


def point_to(ours: Addresses) -> None:
    """Makes Django's two aliases speak to this database from now on, in every thread."""
    connections.close_all()
    for alias, url in {"default": ours.app, "owner": ours.owner}.items():
        connections.settings[alias].update(dj_database_url.parse(url))


def pytest_configure() -> None:
    """The languages as they are written now."""
    runpy.run_path(str(CATALOGUES))["compile_catalogues"]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turns a skip into a failure where nothing may be left untested (``LEGATO_NO_SKIP=1``)."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("LEGATO_NO_SKIP"):
        report.outcome = "failed"
    return report
