"""``legato serve`` and ``legato work``: the pages and the background jobs, until told to stop.

The worker that ``serve`` starts lives as long as its standard input is open, so it ends, after
its present job, however ``serve`` itself ends.
"""

import asyncio
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from threading import Thread

import click
from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.mp import MPServer
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from legato.cli.frame import Frame, command
from legato.cli.language import ours as _
from legato.domain.errors import Refused

THREADS = 4
LAST_WORDS = 30  # seconds a job has to finish when the worker is to stop


class PortTaken(Refused):
    """Something else listens there. Facts: ``host``, ``port``."""

    code = "port_taken"


@command("serve", about=_("Serve the pages and do background work."))
@click.option("--host", default="127.0.0.1", show_default=True, help=_("Address to listen on."))
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=8000,
    show_default=True,
    help=_("Port to listen on."),
)
@click.option("--no-worker", is_flag=True, help=_("Leave background work to another process."))
def serve(frame: Frame, *, host: str, port: int, no_worker: bool) -> None:
    check_free(host, port)
    Thread(target=_announce, args=(frame, host, port), daemon=True).start()
    with nullcontext() if no_worker else _worker():
        _server(host, port).serve()


@command("work", about=_("Do background work only."))
@click.option("--while-stdin", is_flag=True, hidden=True)
def work(frame: Frame, *, while_stdin: bool) -> None:
    frame.say(_("Waiting for background work. Stop it with Ctrl-C."))
    asyncio.run(_work(while_stdin=while_stdin))


def _server(host: str, port: int) -> MPServer:
    # A forked process would share connections, and keep the worker's standard input open.
    multiprocessing.set_start_method("spawn", force=True)
    return MPServer(
        "legato.cli.serving:application",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        blocking_threads=THREADS,
        log_level=LogLevels.warning,
    )


def application() -> WSGIHandler:
    """What a process of the server serves, for as long as the server itself lives."""
    Thread(target=_end_with_parent, daemon=True).start()
    return get_wsgi_application()


def _end_with_parent() -> None:
    # Killed outright, the server cannot tell its processes, and they would hold the port.
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGKILL)


def _announce(frame: Frame, host: str, port: int) -> None:
    """Says the address when it answers, so that nobody meets a closed door."""
    while True:
        try:
            socket.create_connection((host, port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            break
    frame.say(_("Legato is at %(url)s. Stop it with Ctrl-C.") % {"url": f"http://{host}:{port}/"})


def check_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            raise PortTaken(host=host, port=port) from error


@contextmanager
def _worker() -> Iterator[None]:
    """A worker beside us; its own session spares it the terminal's Ctrl-C, so it stops once."""
    command_line = [sys.executable, "-m", "legato", "work", "--while-stdin"]
    worker = subprocess.Popen(
        command_line, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        yield
    finally:
        worker.communicate()


async def _work(*, while_stdin: bool) -> None:
    """Does jobs until SIGINT, SIGTERM or, if asked, the end of standard input."""
    loop = asyncio.get_running_loop()
    connector = app.connector
    assert isinstance(connector, DjangoConnector)
    with app.replace_connector(connector.get_worker_connector()) as ours:
        async with ours.open_async():
            working = asyncio.create_task(
                ours.run_worker_async(
                    install_signal_handlers=False, shutdown_graceful_timeout=LAST_WORDS
                )
            )
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.add_signal_handler(number, working.cancel)
            if while_stdin:
                loop.add_reader(sys.stdin.fileno(), working.cancel)
            await asyncio.wait([working])
