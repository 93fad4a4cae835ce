"""Several people do things at the same instant, each with a connection of their own."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

from django.db import connections

from legato.domain.errors import Refused

PATIENCE = 60  # seconds after which something hangs
Deed = Callable[[], object]
Outcome = object
"""What a deed answered, or the refusal it met."""


def at_once(deeds: Sequence[Deed]) -> list[Outcome]:
    """All deeds begin together; what became of each. Whatever is no refusal is raised."""
    barrier = Barrier(len(deeds))

    def done(deed: Deed) -> Outcome:
        try:
            connections["default"].ensure_connection()
            barrier.wait()
            return deed()
        except Refused as refused:
            return refused
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(deeds)) as people:
        return list(people.map(done, deeds))


def refusals(outcomes: Sequence[Outcome]) -> list[Refused]:
    return [each for each in outcomes if isinstance(each, Refused)]


class HeldOpen:
    """A deed in a thread of its own that stops before its COMMIT, with all its locks."""

    def __init__(self, deed: Deed) -> None:
        self.pid = 0
        self._reached, self._go_on = Event(), Event()
        self._people = ThreadPoolExecutor(1)
        self._done = self._people.submit(self._held, deed)

    def __enter__(self) -> "HeldOpen":
        assert self._reached.wait(PATIENCE), self._done
        return self

    def __exit__(self, *_error: object) -> None:
        self.release()
        self._done.result()
        self._people.shutdown()

    def release(self) -> None:
        self._go_on.set()

    def _held(self, deed: Deed) -> None:
        ours = connections["default"]
        ours.ensure_connection()
        self.pid = ours.connection.info.backend_pid
        with ours.execute_wrapper(self._stop_at_last):
            deed()
        ours.close()

    def _stop_at_last(
        self, execute: Callable[..., object], sql: str, params: object, many: bool, context: object
    ) -> object:
        """The commit's last statement writes the row that says so; only its COMMIT comes after."""
        done = execute(sql, params, many, context)
        if sql.startswith('INSERT INTO "planning_commit"'):
            self._reached.set()
            assert self._go_on.wait(PATIENCE)
        return done
