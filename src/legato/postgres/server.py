"""Runs the embedded server: started on demand, one per home, whatever happened before.

It lives when it answers a connection, never because a file says so.
"""

import fcntl
import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg

from legato.domain.errors import Refused
from legato.postgres.home import Home, account_of, can_enter, create
from legato.postgres.programs import Programs, copy_programs

OWNER = "legato_owner"
SETTINGS = (
    "listen_addresses=",
    "max_connections=100",
    "timezone=UTC",
    "log_timezone=UTC",
    "log_checkpoints=off",  # the log has no end, so it holds only what someone should read
)
# Only for databases that are thrown away: a power cut may lose everything. What was committed is
# still written before it is acknowledged, so a killed server loses nothing here either.
FAST_SETTINGS = ("fsync=off", "full_page_writes=off")
PATIENCE = 30.0  # seconds; after a kill -9 orphaned backends hold the shared memory for a while


NOBODYS_PROCESS = 2**31 - 1  # above every kernel's largest process number


class ServerFailed(Refused):
    """The embedded server does not start or stop. Facts: ``log`` (a path), ``last`` (its end)."""

    code = "postgres_failed"


class OtherMajor(Refused):
    """The data was written by another major version. Facts: ``found``, ``programs``, ``path``."""

    code = "postgres_other_major"


def url_at(home: Home, *, role: str, database: str) -> str:
    """The address of a database of the embedded server, running or not."""
    return f"postgresql://{role}@/{database}?host={quote(str(home.sockets), safe='/')}"


def is_running(home: Home) -> bool:
    """Whether a connection is answered."""
    try:
        psycopg.connect(url_at(home, role=OWNER, database="postgres"), connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def start(home: Home, *, programs: Programs, fast: bool = False) -> None:
    """Makes the server answer: creates its data, waits out a crash, joins one already there.

    Safe to call at any time from any number of processes. ``fast`` gives up durability.
    Raises `ServerFailed`, `OtherMajor`, `OutOfReach`.
    """
    if is_running(home):
        return
    create(home)
    with _lock(home):
        ours = _reachable(programs, home)
        _initialise(home, programs=ours)
        given_up = time.monotonic() + PATIENCE
        while not is_running(home):
            if time.monotonic() > given_up:
                raise ServerFailed(log=str(_log(home)), last=_last_line(_log(home)))
            _disown(home.data(ours.major), home)
            _launch(home, programs=ours, settings=SETTINGS + FAST_SETTINGS * fast)
            time.sleep(0.05)


def stop(home: Home, *, programs: Programs) -> None:
    """Stops the server if it runs, disconnecting everybody; nothing of it but the data is left."""
    if not home.files.exists():
        return
    with _lock(home):
        for data in home.clusters():
            _disown(data, home)
            if (data / "postmaster.pid").exists():
                _control(home, _reachable(programs, home), "stop", data, "-m", "fast")
        if is_running(home):
            raise ServerFailed(log=str(_log(home)), last=_last_line(_log(home)))
        shutil.rmtree(home.sockets, ignore_errors=True)


def remove(home: Home, *, programs: Programs) -> None:
    """Stops the server and deletes its data for good."""
    stop(home, programs=programs)
    shutil.rmtree(home.files, ignore_errors=True)


@contextmanager
def _lock(home: Home) -> Iterator[None]:
    """One process at a time; the kernel lets go when its holder dies."""
    flags = os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC
    handle = os.open(home.files / "lock", flags, 0o600)
    try:
        owner = home.files.stat()
        os.fchown(handle, owner.st_uid, owner.st_gid)
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _reachable(programs: Programs, home: Home) -> Programs:
    """The programs themselves, or a copy where the server's account cannot enter their folder."""
    if not account_of(home) or can_enter(programs.bin):
        return programs
    return copy_programs(programs, target=home.files)


def _initialise(home: Home, *, programs: Programs) -> None:
    """Creates the data directory, whole or not at all. Refuses data of another major version."""
    data = home.data(programs.major)
    if data.exists():
        return
    if others := home.clusters():
        found = (others[-1] / "PG_VERSION").read_text().strip()
        raise OtherMajor(found=found, programs=programs.version, path=str(others[-1]))
    half = home.files / "half"
    shutil.rmtree(half, ignore_errors=True)
    options = ["-U", OWNER, "--auth=trust", "--encoding=UTF8", "--data-checksums"]
    ran = _run(
        home,
        [programs["initdb"], "-D", str(half), *options, *_locale(programs), "--no-instructions"],
    )
    if ran.returncode != 0:
        raise ServerFailed(log=programs["initdb"], last=ran.stderr.strip())
    data.parent.mkdir(exist_ok=True)
    data.parent.chmod(0o711)  # Its own parent is closed to all but the account.
    half.rename(data)


def _locale(programs: Programs) -> list[str]:
    """Characters are UTF-8 in every language, sorted by code point, alike on every machine."""
    if programs.major < 17:
        return ["--locale=C.UTF-8"]
    characters = "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"
    builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    return [*builtin, f"--lc-ctype={characters}"]


def _launch(home: Home, *, programs: Programs, settings: tuple[str, ...]) -> None:
    ours = (f"unix_socket_directories={home.sockets}", "unix_socket_permissions=0700", *settings)
    options = " ".join(f"-c {shlex.quote(setting)}" for setting in ours)
    data = home.data(programs.major)
    _control(home, programs, "start", data, "-l", str(_log(home)), "-o", options)


def _control(home: Home, programs: Programs, verb: str, data: Path, *options: str) -> None:
    # Its answer is not asked: whether a connection is answered decides.
    _run(home, [programs["pg_ctl"], verb, "-D", str(data), "-w", "-t", "300", *options], quiet=True)


def _run(
    home: Home, command: list[str], *, quiet: bool = False
) -> subprocess.CompletedProcess[str]:
    """Runs a program as the server's account, in a session of its own.

    ``quiet``: a server left behind would hold the pipes open for ever.
    """
    pipe = subprocess.DEVNULL if quiet else subprocess.PIPE
    return subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=pipe,
        stderr=pipe,
        text=True,
        cwd="/",
        env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
        start_new_session=True,
        check=False,
        **account_of(home),
    )


def _disown(data: Path, home: Home) -> None:
    """Frees lock files whose process number now belongs to something else.

    PostgreSQL only sees that such a process lives, and would refuse for ever; in a container that
    starts again the same number is likely. The rest of the file stays: by the shared memory named
    in it PostgreSQL knows whether orphans of the dead server still write.
    """
    pid_file = data / "postmaster.pid"
    try:
        number, rest = pid_file.read_text().split("\n", 1)
    except (FileNotFoundError, ValueError):
        return
    running = _command_line(int(number))
    if running and os.fsencode(data) not in running:
        pid_file.write_text(f"{NOBODYS_PROCESS}\n{rest}")
        (home.sockets / ".s.PGSQL.5432.lock").unlink(missing_ok=True)


def _command_line(process: int) -> bytes:
    """What a process was started with; empty when there is none."""
    if Path("/proc/self/cmdline").exists():
        try:
            return Path(f"/proc/{process}/cmdline").read_bytes()
        except OSError:
            return b""
    shown = ["ps", "-p", str(process), "-o", "command="]
    return subprocess.run(shown, capture_output=True, check=False).stdout


def _log(home: Home) -> Path:
    return home.files / "server.log"


def _last_line(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    return lines[-1] if lines else ""
