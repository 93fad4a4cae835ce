"""The server and its worker start together, answer, and leave nothing behind."""

import http.client
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager

import psycopg
import pytest

from legato.postgres.addresses import Addresses


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
        return port


@contextmanager
def serving(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """``legato serve``, from the moment it says its address."""
    command = [sys.executable, "-m", "legato", "serve", *arguments]
    env = {**os.environ, "LEGATO_LANG": "en"}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=env) as process:
        try:
            assert process.stderr is not None
            assert process.stderr.readline().startswith("Legato is at http://127.0.0.1:")
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_answers_until_it_is_told_to_stop(fresh_database: Addresses, number: int) -> None:
    port = free_port()
    with serving("--port", str(port), "--no-worker") as process:
        with closing(http.client.HTTPConnection("127.0.0.1", port)) as browser:
            browser.request("GET", "/")
            assert browser.getresponse().status in range(200, 600)
        process.send_signal(number)
        assert process.wait() == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_nothing_of_it_outlives_it(fresh_database: Addresses, number: int) -> None:
    with serving("--port", str(free_port())) as process:
        process.send_signal(number)
        # All it started holds its standard output open.
        process.communicate(timeout=60)


def test_a_port_in_use_is_refused(fresh_database: Addresses) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-m", "legato", "serve", "--port", port]
        assert subprocess.run(command, capture_output=True, check=False).returncode == 3


def test_a_worker_ends_with_its_standard_input(
    fresh_database: Addresses, app_connection: psycopg.Connection
) -> None:
    command = [sys.executable, "-m", "legato", "work", "--while-stdin"]
    worker = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE)
    worker.communicate()
    assert worker.returncode == 0
    assert app_connection.execute("SELECT count(*) FROM procrastinate_workers").fetchone() == (0,)
