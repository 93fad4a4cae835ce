"""The commit and the undo of whole books against a floor: a bare UPDATE … FROM of the owner plus
one row of history each, on tables with the same columns, keys and indexes.

``python -m benchmarks.commits``: 5,000, 100,000 and all of 1,000,000 records of all kinds, in turn
in one run on one server with a real server's durability; then what a reader notices meanwhile, and
two commits at once. The commit is what planning does: lock and compare, hash the receipt and
what must not change, write the entry, give; the check of a plan's rules is in
``benchmarks.checks``.
"""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial

import psycopg
from benchmarks.filling import (
    MANAGER,
    RECORDS,
    fill,
    hire,
    list_given,
    next_person,
)
from benchmarks.measuring import best_of_rounds, peak_megabytes, seconds, throw_away_database
from benchmarks.plans import open_case, take_back
from benchmarks.reading import reader
from benchmarks.shapes import SHAPES, giving

FLOOR = SHAPES[0]
ROUNDS_OF = {5_000: 4, 100_000: 4, RECORDS: 2}
TWO_AT_ONCE = 100_000
QUIET = 10.0  # seconds of reading with nobody writing
TO_GIVE = """
SELECT r.id, r.owner_id, r.entry_id, g.new_owner_id, NULL::timestamptz, NULL::bigint
FROM given g JOIN books_record r ON r.id = g.record_id
WHERE %(half)s::bigint IS NULL OR mod(r.id / 10, 2) = %(half)s
"""
WAITING = """
SELECT count(*) FROM pg_stat_activity
WHERE usename = 'legato_app' AND cardinality(pg_blocking_pids(pid)) > 0
"""


def commit(*, half: int | None = None) -> tuple[int, int]:
    """One commit through the operations of books, as the application: its entry, how many moved.

    Of two halves each moves every second of the records that are listed.
    """
    from django.db import transaction
    from django.utils import timezone

    from legato.books import operations as books
    from legato.ledger.operations import record

    with transaction.atomic(durable=True):
        now = timezone.now()
        prepared = books.prepare(source=TO_GIVE, parameters={"half": half}, at=now)
        entry = record(
            chain=f"benchmark:{half}", kind="cover", actor=MANAGER, at=now, reason="Measured",
            facts={"rest": books.rest_sha256()}, receipt_sha256=books.receipt_sha256(at=now),
        )  # fmt: skip
        moved = books.give(entry=entry.pk)
        assert moved == prepared
    return entry.pk, moved


class Ours:
    """Commits and takes back, in turn."""

    def __init__(self, expected: int) -> None:
        self.expected = expected
        self.last = 0

    def commit(self) -> None:
        self.last, moved = commit()
        assert moved == self.expected

    def undo(self) -> None:
        assert take_back(self.last) == self.expected


def measure(owner: psycopg.Connection, size: int) -> None:
    """A line of the table: the quickest of several rounds, and each against the floor."""
    list_given(owner, step=RECORDS // size)
    ours = Ours(size)

    def settle() -> None:
        next_person(owner)
        owner.execute("VACUUM books_record, plain")

    took = best_of_rounds(
        {"floor": giving(owner, FLOOR), "commit": ours.commit, "undo": ours.undo},
        before=settle,
        rounds=ROUNDS_OF[size],
    )
    floor = took["floor"]
    line = f"{size:9,} {floor:8.2f}"
    for name in ("commit", "undo"):
        line += f" {took[name]:9.2f} {took[name] / floor:6.2f} {size / took[name]:10,.0f}"
    print(line, flush=True)


def notice(owner: psycopg.Connection, *, book: int, size: int) -> None:
    """What a reader notices of a commit and its undo."""
    list_given(owner, step=RECORDS // size)
    ours = Ours(size)
    with reader(book=book) as reads:
        ours.commit()
        ours.undo()
    print(f"{f'commit and undo of {size:,}':>32}: {reads}", flush=True)


def notice_nothing(*, book: int) -> None:
    with reader(book=book) as reads:
        time.sleep(QUIET)
    print(f"{'nobody writes':>32}: {reads}", flush=True)


def together(owner: psycopg.Connection) -> None:
    """Two commits of different books, one after the other and at once; who waited for whom."""
    list_given(owner, step=RECORDS // TWO_AT_ONCE)
    alone = [seconds(partial(commit, half=half)) for half in (0, 1)]
    with watched(owner) as looks:
        both = seconds(lambda: list(ThreadPoolExecutor(2).map(_commit_and_leave, (0, 1))))
    print(
        f"two commits of {TWO_AT_ONCE // 2:,}: {alone[0]:.2f} s and {alone[1]:.2f} s alone,"
        f" {both:.2f} s both at once; waiting for the other in {sum(looks)} of {len(looks)} looks"
    )


def _commit_and_leave(half: int) -> None:
    from django.db import connection

    commit(half=half)
    connection.close()


@contextmanager
def watched(owner: psycopg.Connection) -> Iterator[list[bool]]:
    """Looks fifty times a second whether anybody waits for a lock that another holds."""
    looks: list[bool] = []
    over = threading.Event()

    def look() -> None:
        while not over.wait(0.02):
            looks.append(owner.execute(WAITING).fetchone() != (0,))

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield looks
    finally:
        over.set()
        watcher.join()


def main() -> None:
    with throw_away_database() as url, psycopg.connect(url, autocommit=True) as owner:
        hire(owner)
        owner.execute(FLOOR.make)
        for table in (FLOOR.fill or "", "books_record"):
            fill(owner, table=table)
        owner.execute("VACUUM ANALYZE")
        book = open_case()
        names = ("commit s", "ratio", "records/s", "undo s", "ratio", "records/s")
        print(f"{'records':>9} {'floor s':>8}" + " {:>9} {:>6} {:>10}".format(*names[:3]) +
              " {:>9} {:>6} {:>10}".format(*names[3:]))  # fmt: skip
        for size in ROUNDS_OF:
            measure(owner, size)
        notice_nothing(book=book)
        for size in ROUNDS_OF:
            notice(owner, book=book, size=size)
        together(owner)
        print(f"peak memory of this process: {peak_megabytes()} MB")


if __name__ == "__main__":
    main()
