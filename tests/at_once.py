"""Two at once, in a known order: the second waits for a lock of the first, who then ends."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

import psycopg
from django.db import connections

T = TypeVar("T")
BLOCKED = (
    "SELECT EXISTS (SELECT FROM pg_stat_activity"
    " WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid)))"
)


def meanwhile(
    url: str, command: Callable[[], T], *, first: str, then: str = "SELECT", **names: Any
) -> T:
    """The first statement is made; the command begins, and waits for it; then the second one is
    made, and both are committed. What the command answers, or raises."""
    with psycopg.connect(url) as other, ThreadPoolExecutor(1) as pool:
        other.execute(first, names)
        begun = pool.submit(_by_its_own_connection, command)
        _await_blocked(other, begun)
        other.execute(then, names)
        other.commit()
        return begun.result()


def _by_its_own_connection(command: Callable[[], T]) -> T:
    try:
        return command()
    finally:
        connections.close_all()


def _await_blocked(other: psycopg.Connection, begun: "Future[Any]") -> None:
    while not begun.done():
        other.execute("SELECT pg_stat_clear_snapshot()")  # Else a transaction sees one moment only.
        if other.execute(BLOCKED).fetchone() == (True,):
            return


def in_turn(url: str, *commands: Callable[[], Any], first: str) -> list["Future[Any]"]:
    """The statement is made; the commands begin one after the other, each once that before waits;
    then it is committed. What they answer, or raise."""
    with psycopg.connect(url) as other, ThreadPoolExecutor(len(commands)) as pool:
        other.execute(first)
        begun: list[Future[Any]] = []
        for command in commands:
            begun.append(pool.submit(_by_its_own_connection, command))
            _await_waiting(other, begun)
        other.commit()
    return begun


WAITING = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND cardinality(pg_blocking_pids(pid)) > 0"
)


def _await_waiting(other: psycopg.Connection, begun: "list[Future[Any]]") -> None:
    while not any(each.done() for each in begun):
        other.execute("SELECT pg_stat_clear_snapshot()")
        if other.execute(WAITING).fetchone() == (len(begun),):
            return
