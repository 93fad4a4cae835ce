"""A warm process that gives birth to commands: each runs in a child forked before any connection.

Reads one JSON object a line: ``words`` (what to run), ``last`` (the operation before which to
die, 0 for none), ``env``. Answers with one: ``status`` of the child, ``seen`` (its operations,
empty if it died), ``said`` (its output).
"""

import asyncio
import json
import os
import signal
import sys
import tempfile
import warnings
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any

PATIENCE = 120  # seconds after which a command hangs
WARM = (
    "legato.cli.importing", "legato.cli.people", "legato.cli.departing", "legato.cli.planning",
    "legato.cli.showing", "legato.cli.checking", "legato.cli.serving", "legato.departures.jobs",
    "legato.ledger.jobs", "legato.web.wording", "legato.urls", "tests.torture.points",
)  # fmt: skip


def main() -> None:
    _warm()
    print(json.dumps("ready"), flush=True)
    for line in sys.stdin:
        print(json.dumps(_born(json.loads(line))), flush=True)


def _warm() -> None:
    """Everything a command loads; no connection, so that children share nothing."""
    warnings.simplefilter("error")
    os.environ["DJANGO_SETTINGS_MODULE"] = "legato.settings"
    import django

    django.setup()
    for module in WARM:
        import_module(module)


def _born(asked: dict[str, Any]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="legato-child-") as folder:
        said, seen = Path(folder, "said"), Path(folder, "seen")
        said.touch()
        child = os.fork()
        if child == 0:
            _live(asked, said=said, seen=seen)
        _child, status = os.waitpid(child, 0)
        return {
            "status": os.waitstatus_to_exitcode(status),
            "seen": json.loads(seen.read_text()) if seen.exists() else [],
            "said": said.read_text(),
        }


def _live(asked: dict[str, Any], *, said: Path, seen: Path) -> None:
    """The child. Never returns."""
    from tests.torture.points import Points

    output = os.open(said, os.O_WRONLY | os.O_APPEND)
    for number in (1, 2):
        os.dup2(output, number)
    os.environ.update(asked["env"])
    tempfile.tempdir = None
    _point_to_database()
    signal.alarm(PATIENCE)
    points = Points(last=asked["last"])
    points.watch()
    code = 1
    try:
        code = _run(asked["words"])
        sys.stdout.flush()
        points.is_over = True
        seen.write_text(json.dumps(points.seen))
    except BaseException:
        points.is_over = True
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stderr.flush()
        os._exit(code)


def _point_to_database() -> None:
    import dj_database_url
    from django.db import connections

    for alias, name in {"default": "DATABASE_URL", "owner": "LEGATO_MIGRATE_URL"}.items():
        connections.settings[alias].update(dj_database_url.parse(os.environ[name]))


def _run(words: Sequence[str]) -> int:
    """A command as its entry runs it, or a job."""
    if words[0] == "job":
        JOBS[words[1]](*words[2:])
        return 0
    from legato.cli import main

    try:
        main(words)
    except SystemExit as end:
        return int(end.code or 0)
    raise AssertionError("the entry ends its process")


def _seal() -> None:
    from legato.ledger.operations import seal

    seal()


def _end_last_days(now: str) -> None:
    from legato.departures.operations import end_last_days

    end_last_days(now=datetime.fromisoformat(now))


def _end_interims(now: str) -> None:
    from legato.departures.operations import end_interims

    end_interims(now=datetime.fromisoformat(now))


def _work_off(*first: str) -> None:
    """A worker, until the queue is empty; the named jobs are queued first."""
    _queue(*first)
    asyncio.run(_work())


def _queue(*names: str) -> None:
    from procrastinate.contrib.django import app
    from procrastinate.exceptions import AlreadyEnqueued

    for name in names:
        with suppress(AlreadyEnqueued):  # As its own clock does it.
            app.configure_task(name).defer(timestamp=0)


async def _work() -> None:
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector

    connector = app.connector
    assert isinstance(connector, DjangoConnector)
    with app.replace_connector(connector.get_worker_connector()) as ours:
        async with ours.open_async():
            await ours.run_worker_async(wait=False, install_signal_handlers=False)


JOBS: dict[str, Callable[..., None]] = {
    "seal": _seal,
    "end_last_days": _end_last_days,
    "end_interims": _end_interims,
    "queue": _queue,
    "work_off": _work_off,
}

if __name__ == "__main__":
    main()
