"""Counts every operation on the outside, and ends its own process before a chosen one.

An operation on the outside is whatever somebody else could see of it after the process is gone: a
message to PostgreSQL, a change of a file, a byte sent. What stays inside the process dies with it.
"""

import builtins
import io
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import psycopg

CHANGES_FILES = {
    "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.truncate",
    "os.chmod", "os.chown", "os.utime",
}  # fmt: skip
SENDS = {
    "http.client.send", "smtplib.send", "socket.connect", "socket.sendto", "socket.sendmsg",
    "subprocess.Popen", "os.posix_spawn", "os.exec", "os.system",
}  # fmt: skip
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
# CPython tells nobody of these.
UNTOLD = ("write", "writev", "pwrite", "sendfile", "fsync", "fdatasync")


@dataclass(slots=True, kw_only=True)
class Points:
    """What was done so far, in order. The process is killed before operation ``last``, from 1."""

    last: int = 0
    seen: list[str] = field(default_factory=list)
    is_over: bool = False

    def reach(self, what: str) -> None:
        """One more operation is about to happen."""
        if self.is_over:
            return
        self.seen.append(what)
        if len(self.seen) == self.last:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(self) -> None:
        """From now on, for good: a hook of the interpreter cannot be taken off again."""
        sys.addaudithook(self._told)
        self._watch_statements()
        self._watch_files()

    def _told(self, event: str, facts: tuple[Any, ...]) -> None:
        if event in CHANGES_FILES or event in SENDS:
            self.reach(f"{event} {facts[0]!r}")
        elif event == "open" and _is_writing(facts[1], facts[2]):
            self.reach(f"open {facts[0]!r}")

    def _watch_statements(self) -> None:
        """All that psycopg says to a server goes through `wait`: statements, COPY, COMMIT."""
        reach, wait, wait_async = self.reach, psycopg.Connection.wait, psycopg.AsyncConnection.wait
        connect, connect_async = psycopg.Connection.connect, psycopg.AsyncConnection.connect

        def counted(self: Any, gen: Any, *more: Any, **named: Any) -> Any:
            reach(_said(gen))
            return wait(self, gen, *more, **named)

        async def counted_async(self: Any, gen: Any, *more: Any, **named: Any) -> Any:
            reach(_said(gen))
            return await wait_async(self, gen, *more, **named)

        def connected(*more: Any, **named: Any) -> Any:
            reach("connect")
            return connect(*more, **named)

        async def connected_async(*more: Any, **named: Any) -> Any:
            reach("connect")
            return await connect_async(*more, **named)

        for owner, name, ours in (
            (psycopg.Connection, "wait", counted),
            (psycopg.AsyncConnection, "wait", counted_async),
            (psycopg.Connection, "connect", staticmethod(connected)),
            (psycopg.AsyncConnection, "connect", staticmethod(connected_async)),
            (psycopg, "connect", connected),
        ):
            setattr(owner, name, ours)

    def _watch_files(self) -> None:
        """Each block that reaches a file, and what the interpreter tells of no file."""
        opened = _opened(self.reach)
        for owner in (builtins, io):
            setattr(owner, "open", opened)  # noqa: B010  # the type checker knows better
        for name in UNTOLD:
            setattr(os, name, _counted(getattr(os, name), f"os.{name}", self.reach))


class _Blocks(io.FileIO):
    """A file of which every written block is an operation."""

    reach: Callable[[str], None]

    def write(self, block: Any, /) -> int:
        self.reach(f"write {self.name!r}")
        return super().write(block)

    def truncate(self, size: int | None = None, /) -> int:
        self.reach(f"truncate {self.name!r}")
        return super().truncate(size)


def _opened(reach: Callable[[str], None]) -> Callable[..., Any]:
    """`open`, whose files say when a block is written."""
    usual = io.open

    def opened(
        file: Any,
        mode: str = "r",
        buffering: int = -1,
        encoding: str | None = None,
        errors: str | None = None,
        newline: str | None = None,
        closefd: bool = True,
        opener: Any = None,
    ) -> Any:
        if not set(mode) & set("wax+"):
            return usual(file, mode, buffering, encoding, errors, newline, closefd, opener)
        plain = mode.replace("b", "").replace("t", "")
        raw = _Blocks(file, plain, closefd, opener)
        raw.reach = reach
        if buffering == 0:
            return raw
        buffered = io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)
        if "b" in mode:
            return buffered
        return io.TextIOWrapper(buffered, encoding or "utf-8", errors, newline, buffering == 1)

    return opened


def _counted(
    usual: Callable[..., Any], name: str, reach: Callable[[str], None]
) -> Callable[..., Any]:
    def counted(*facts: Any) -> Any:
        reach(name)
        return usual(*facts)

    return counted


def _is_writing(mode: object, flags: object) -> bool:
    if isinstance(mode, str):
        return bool(set(mode) & set("wax+"))
    return isinstance(flags, int) and bool(flags & WRITING)


def _said(message: Any) -> str:
    """What a message to the server is: the statement, else the name of what sends it."""
    frame = getattr(message, "gi_frame", None)
    code = getattr(message, "gi_code", None)
    said = frame.f_locals.get("query", frame.f_locals.get("statement")) if frame else None
    if said is None:
        return code.co_name if code else "copy block"
    text = said if isinstance(said, str) else str(getattr(said, "_obj", said))
    return " ".join(text.split())[:70]
