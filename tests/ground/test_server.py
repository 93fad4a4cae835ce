"""The embedded server: one per home, whatever happened before, nothing opened or left behind."""

import os
import shutil
import signal
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from legato.postgres.addresses import addresses
from legato.postgres.databases import connection, ensure_database
from legato.postgres.home import Home, OutOfReach, account_of, create, home_at
from legato.postgres.programs import NoPrograms, Programs, find_programs, programs_in
from legato.postgres.server import (
    OWNER,
    OtherMajor,
    is_running,
    remove,
    start,
    stop,
    url_at,
)

DEBIANS = Path("/usr/lib/postgresql/15/bin")


@pytest.fixture(scope="module", params=["wheel", "debian 15"][: 1 + DEBIANS.exists()])
def programs(request: pytest.FixtureRequest) -> Programs:
    return find_programs(env={}) if request.param == "wheel" else programs_in(DEBIANS)


@pytest.fixture(scope="module")
def home(programs: Programs) -> Iterator[Home]:
    """A home with data in it, below a directory closed to everybody else."""
    with tempfile.TemporaryDirectory(prefix="legato-ground-") as folder:
        home = home_at(Path(folder, "home"))
        start(home, programs=programs, fast=True)
        yield home
        remove(home, programs=programs)


@pytest.fixture
def new_home(tmp_path: Path) -> Iterator[Home]:
    home = home_at(tmp_path / "new")
    yield home
    remove(home, programs=find_programs())


def process_of(home: Home) -> int:
    return int((home.clusters()[0] / "postmaster.pid").read_text().split()[0])


def test_a_started_server_answers_until_it_is_stopped(home: Home, programs: Programs) -> None:
    start(home, programs=programs, fast=True)
    assert is_running(home)
    stop(home, programs=programs)
    assert not is_running(home)
    assert not home.sockets.exists()


def test_stopping_twice_is_stopping_once(home: Home, programs: Programs) -> None:
    stop(home, programs=programs)
    stop(home, programs=programs)
    assert not is_running(home)


def test_starting_at_once_makes_one_server(new_home: Home) -> None:
    programs = find_programs()
    with ThreadPoolExecutor(4) as pool:
        started = [pool.submit(start, new_home, programs=programs, fast=True) for _ in range(4)]
    assert [each.result() for each in started] == [None] * 4
    assert is_running(new_home)


def test_a_running_server_is_joined(home: Home, programs: Programs) -> None:
    start(home, programs=programs, fast=True)
    first = process_of(home)
    start(home, programs=programs, fast=True)
    assert process_of(home) == first


def test_a_killed_server_comes_back_with_all_it_acknowledged(
    home: Home, programs: Programs
) -> None:
    start(home, programs=programs, fast=True)
    with connection(url_at(home, role=OWNER, database="postgres")) as opened:
        opened.execute("CREATE TABLE IF NOT EXISTS kept (n int)")
        opened.execute("INSERT INTO kept VALUES (1)")
        os.kill(process_of(home), signal.SIGKILL)
    start(home, programs=programs, fast=True)
    with connection(url_at(home, role=OWNER, database="postgres")) as opened:
        assert opened.execute("SELECT n FROM kept").fetchone() == (1,)


def test_a_lock_naming_a_living_stranger_is_survived_and_the_stranger_too(
    home: Home, programs: Programs
) -> None:
    start(home, programs=programs, fast=True)
    pid_file = home.clusters()[0] / "postmaster.pid"
    left_behind = pid_file.read_text()
    stop(home, programs=programs)
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE, **account_of(home)) as stranger:
        stale = left_behind.replace(left_behind.split()[0], str(stranger.pid), 1)
        pid_file.write_text(stale)
        stop(home, programs=programs)
        pid_file.write_text(stale)
        create(home)
        start(home, programs=programs, fast=True)
        assert is_running(home)
        assert stranger.poll() is None
        stranger.kill()


def test_nobody_else_can_read_the_data_or_reach_the_socket(home: Home, programs: Programs) -> None:
    start(home, programs=programs, fast=True)
    for place in (home.sockets, home.clusters()[0]):
        assert stat.S_IMODE(place.stat().st_mode) == 0o700


def test_no_port_is_opened(home: Home, programs: Programs) -> None:
    start(home, programs=programs, fast=True)
    with connection(url_at(home, role=OWNER, database="postgres")) as opened:
        assert opened.execute("SHOW listen_addresses").fetchone() == ("",)


def test_letters_of_every_language_are_letters(home: Home, programs: Programs) -> None:
    start(home, programs=programs, fast=True)
    ours = addresses(env={"LEGATO_HOME": str(home.path)})
    ensure_database(ours)
    with connection(ours.app) as opened:
        row = opened.execute("SELECT upper('петров é'), 'é' ~ '\\w', '東' ~ '\\w'").fetchone()
    assert row == ("ПЕТРОВ É", True, True)


def test_no_directory_above_is_opened(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    before = [place.stat().st_mode for place in (closed, *closed.parents)]
    home = home_at(closed / "home")
    try:
        start(home, programs=find_programs(), fast=True)
        assert is_running(home)
        assert [place.stat().st_mode for place in (closed, *closed.parents)] == before
    finally:
        remove(home, programs=find_programs())
    assert not home.files.exists()


@pytest.mark.parametrize("name", ["x" * 120, "with space, comma 'quote", "東京の家"])
def test_any_path_will_do_for_a_home(tmp_path: Path, name: str) -> None:
    home = home_at(tmp_path / name)
    try:
        start(home, programs=find_programs(), fast=True)
        assert is_running(home)
        assert len(os.fsencode(home.sockets / ".s.PGSQL.5432")) <= 90
    finally:
        remove(home, programs=find_programs())
    assert not home.sockets.exists()


def test_a_server_whose_socket_was_swept_away_can_be_stopped(new_home: Home) -> None:
    start(new_home, programs=find_programs(), fast=True)
    shutil.rmtree(new_home.sockets)
    stop(new_home, programs=find_programs())
    start(new_home, programs=find_programs(), fast=True)
    assert is_running(new_home)


def test_data_half_created_is_created_again(new_home: Home) -> None:
    create(new_home)
    (new_home.files / "half").mkdir()
    (new_home.files / "half" / "PG_VERSION").write_text("18\n")
    start(new_home, programs=find_programs(), fast=True)
    assert is_running(new_home)


def test_data_of_another_major_version_is_not_passed_over(new_home: Home) -> None:
    create(new_home)
    other = new_home.data(12)
    other.mkdir(parents=True)
    (other / "PG_VERSION").write_text("12\n")
    with pytest.raises(OtherMajor) as refused:
        start(new_home, programs=find_programs())
    assert refused.value.facts["found"] == "12"


def test_programs_that_are_none_are_refused(tmp_path: Path) -> None:
    with pytest.raises(NoPrograms):
        find_programs(env={"LEGATO_PG_BIN": str(tmp_path)})


def test_a_socket_directory_of_somebody_else_is_not_used(tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    theirs.symlink_to(tmp_path)
    with pytest.raises(OutOfReach):
        create(Home(path=tmp_path, files=tmp_path / "files", sockets=theirs))
