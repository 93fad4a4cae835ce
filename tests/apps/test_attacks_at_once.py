"""Two at once: one gives a record to somebody while another ends that person's employment.

Whoever comes second waits for the first, and is then refused: no order lets an open record be
owned by somebody who has left.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import psycopg
import pytest
from psycopg import IsolationLevel
from tests import example

from legato.postgres.addresses import Addresses
from legato.postgres.databases import connection

LEVELS = list(IsolationLevel)[1:]
ABOVE = [IsolationLevel.REPEATABLE_READ, IsolationLevel.SERIALIZABLE]
LEAVE = "UPDATE people_person SET employment_id = NULL WHERE id = {kenji}"
ENTRY = (
    "INSERT INTO ledger_entry (chain, kind, actor_id, at, reason)"
    " VALUES ('race', 'race', {mei}, '2026-03-31 10:00+00', 'Race')"
)
THIS = "currval('ledger_entry_id_seq')"
OWNED = f"owner_since = '2026-03-31 10:00+00', owner_entry_id = {THIS}, entry_id = {THIS}"
# The ways to make Kenji the owner of an open record.
GIFTS = {
    "given": f"UPDATE books_record SET owner_id = {{kenji}}, {OWNED} WHERE id = {{record}}",
    "created": "INSERT INTO books_record (kind, source, key, name, owner_id, owner_since,"
    " owner_entry_id, entry_id, is_open, owner_is_ours) VALUES ('lead', 'race', 'race', 'Race',"
    f" {{kenji}}, '2026-03-31 10:00+00', {THIS}, {THIS}, true, false)",
    "reopened": f"UPDATE books_record SET is_open = true, entry_id = {THIS} WHERE id = {{closed}}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Race:
    """Two connections, and what the statements name."""

    first: psycopg.Connection
    second: psycopg.Connection
    names: dict[str, int]

    def give(self, runner: psycopg.Connection, gift: str) -> None:
        runner.execute(ENTRY.format(**self.names))
        runner.execute(GIFTS[gift].format(**self.names))

    def name_last_resort(self, runner: psycopg.Connection) -> None:
        runner.execute("UPDATE people_company SET last_resort_id = {kenji}".format(**self.names))

    def leave(self, runner: psycopg.Connection) -> None:
        runner.execute(LEAVE.format(**self.names))

    def run(
        self,
        first: Callable[[psycopg.Connection], None],
        second: Callable[[psycopg.Connection], None],
    ) -> None:
        """The first commits once the second waits for it; then the second may go on, or not."""
        first(self.first)
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(self._finish, second)
            self._await_blocked(waiting)
            self.first.commit()
            waiting.result()

    def _finish(self, second: Callable[[psycopg.Connection], None]) -> None:
        second(self.second)
        self.second.commit()

    def _await_blocked(self, waiting: "Future[None]") -> None:
        pid = self.second.info.backend_pid
        blocked = "SELECT cardinality(pg_blocking_pids(%s)) > 0"
        while not waiting.done():
            if self.first.execute(blocked, [pid]).fetchone() == (True,):
                return


@pytest.fixture
def race(fresh_database: Addresses) -> Iterator[Race]:
    cast = example.company()
    names = {
        "mei": cast.mei,
        "kenji": cast.kenji,
        "record": example.record(owner=cast.olga).pk,
        "closed": example.record(owner=cast.kenji, is_open=False).pk,
    }
    with (
        connection(fresh_database.app, autocommit=False) as first,
        connection(fresh_database.app, autocommit=False) as second,
    ):
        yield Race(first=first, second=second, names=names)
        first.rollback()
        second.rollback()


@pytest.mark.parametrize("level", LEVELS, ids=lambda level: level.name)
@pytest.mark.parametrize("gift", GIFTS)
def test_who_is_just_given_a_record_cannot_leave(
    race: Race, gift: str, level: IsolationLevel
) -> None:
    race.first.isolation_level = level
    with pytest.raises(psycopg.IntegrityError, match="books_nobody_leaves_with_open_records"):
        race.run(lambda runner: race.give(runner, gift), race.leave)


@pytest.mark.parametrize("gift", GIFTS)
def test_who_is_just_leaving_cannot_be_given_a_record(race: Race, gift: str) -> None:
    with pytest.raises(psycopg.IntegrityError, match="books_open_record_has_an_employed_owner"):
        race.run(race.leave, lambda runner: race.give(runner, gift))


@pytest.mark.parametrize("level", ABOVE, ids=lambda level: level.name)
@pytest.mark.parametrize("gift", GIFTS)
def test_a_transaction_with_an_older_view_cannot_give_to_who_is_leaving(
    race: Race, gift: str, level: IsolationLevel
) -> None:
    race.second.isolation_level = level
    race.second.execute("SELECT count(*) FROM people_person")
    with pytest.raises(psycopg.errors.SerializationFailure):
        race.run(race.leave, lambda runner: race.give(runner, gift))


@pytest.mark.parametrize("level", ABOVE, ids=lambda level: level.name)
@pytest.mark.parametrize("gift", GIFTS)
def test_a_transaction_with_an_older_view_ends_no_employment(
    race: Race, gift: str, level: IsolationLevel
) -> None:
    race.second.isolation_level = level
    race.second.execute("SELECT count(*) FROM books_record")
    with pytest.raises(psycopg.IntegrityError, match="READ COMMITTED alone"):
        race.run(lambda runner: race.give(runner, gift), race.leave)


def test_who_is_just_named_the_last_resort_cannot_leave(race: Race) -> None:
    with pytest.raises(psycopg.IntegrityError, match="people_last_resort_is_employed"):
        race.run(race.name_last_resort, race.leave)
