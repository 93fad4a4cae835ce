"""Processes that change the same company without rest, whatever happens to the server.

Each change has a key. One whose outcome is unknown is repeated with its key until the answer is
known; then it is written down, one JSON object a line: ``key``, ``answer`` or ``refused``.
"""

import json
import os
import sys
import time
import traceback
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

NEW_DEALS = "Opportunity ID,Sales Agent,Deal Stage,Amount\n"


def main(folder: Path, writers: int, seed: int) -> None:
    """Forks the writers, warm, and waits for them; the exit code says whether all did well."""
    import django

    django.setup()
    from tests.torture import deeds  # noqa: F401  # loads what a writer needs

    children = [_forked(folder, number, seed) for number in range(writers)]
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    sys.exit(max(abs(code) for code in codes))


def _forked(folder: Path, number: int, seed: int) -> int:
    child = os.fork()
    if child == 0:
        code = 1
        try:
            Writer(folder, number, seed).work()
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(code)
    return child


class Writer:
    """One person at one leaver's book; two writers share each book."""

    def __init__(self, folder: Path, number: int, seed: int) -> None:
        self.folder, self.number = folder, number
        self.chance = Random(f"{seed}-{number}")
        self.case = number // 2 + 1
        self.done = 0
        self.undoable: list[int] = []

    def work(self) -> None:
        from legato.domain.plain import plain

        with Path(self.folder, f"writer-{self.number}").open("a") as told:
            while not Path(self.folder, "stop").exists():
                self.done += 1
                key = f"w{self.number}-{self.done}"
                answer = self._settled(key, self._chosen(key))
                print(json.dumps({"key": key, **plain(answer)}), file=told, flush=True)

    def _settled(self, key: str, deed: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """The outcome, however often it has to be asked for."""
        from django.db import Error, connection

        from legato.books.importing.running import ImportRunning
        from legato.domain.errors import Refused

        while True:
            try:
                return {"answer": deed()}
            except ImportRunning:
                time.sleep(0.01)
            except Refused as refused:
                return {"refused": refused.code}
            except Error as error:
                if not _is_lost(error):
                    raise
                connection.close()
                time.sleep(0.05)

    def _chosen(self, key: str) -> Callable[[], dict[str, Any]]:
        deeds = [self._cover, self._cover, self._commit, self._import]
        if self.undoable:
            deeds += [self._undo, self._undo]
        return self.chance.choice(deeds)(key)

    def _said(self, key: str) -> dict[str, Any]:
        from tests.torture.deeds import NOW

        return {"now": NOW, "reason": key, "key": key}

    def _cover(self, key: str) -> Callable[[], dict[str, Any]]:
        from tests.torture.deeds import NOW

        from legato.departures import operations

        by, days = self.chance.choice((2, 4, 6)), self.chance.randint(1, 30)

        def deed() -> dict[str, Any]:
            covered = operations.cover(
                case_id=self.case, by=by, until=NOW + timedelta(days=days), actor=2,
                **self._said(key),
            )  # fmt: skip
            self.undoable.append(covered.cover)
            return {"entry": covered.cover, "records": covered.records}

        return deed

    def _undo(self, key: str) -> Callable[[], dict[str, Any]]:
        from legato.planning import operations

        entry = self.undoable.pop()

        def deed() -> dict[str, Any]:
            undone = operations.undo(entry_id=entry, actor=2, **self._said(key))
            return {"entry": undone.undo, "records": undone.restored}

        return deed

    def _commit(self, key: str) -> Callable[[], dict[str, Any]]:
        """A plan, its approval and its commit, each with a key of its own."""
        from tests.torture.deeds import NOW

        from legato.departures import operations as departures
        from legato.planning import operations

        def deed() -> dict[str, Any]:
            run = departures.begin(
                cases=[self.case], options=operations.Options(), actor=2, now=NOW,
                reason=f"{key}-plan", key=f"{key}-plan",
            )  # fmt: skip
            made = departures.carry_out(run_id=run, clock=lambda: NOW)
            assert made is not None
            operations.approve(
                plan_id=made.plan, approver=1, now=NOW, reason=f"{key}-yes", key=f"{key}-yes"
            )
            done = operations.commit(
                plan_id=made.plan, digest=made.digest, actor=2, **self._said(key)
            )
            self.undoable.append(done.commit)
            return {"entry": done.commit, "records": done.moved}

        return deed

    def _import(self, key: str) -> Callable[[], dict[str, Any]]:
        from tests.importing import read

        folder = self.folder / key
        folder.mkdir()
        file = folder / "deals.csv"
        file.write_text(NEW_DEALS + f"{key},Ivo Novak,Proposal,1\n{key}-bad,Ivo Novak,Proposal,x\n")

        def deed() -> dict[str, Any]:
            said = read(file, source=key, key=key, reason=key, actor=None)
            return {"entry": said["entry"], "records": said["counts"]["opportunity"]["new"]}

        return deed


def _is_lost(error: Exception) -> bool:
    """The server went away: nobody knows what became of the change."""
    import psycopg

    cause = error.__cause__ or error
    if isinstance(cause, psycopg.errors.DeadlockDetected | psycopg.errors.SerializationFailure):
        return False
    return isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
