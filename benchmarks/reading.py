"""Reads as a screen does while somebody else writes, and says how long each read took.

``python -m benchmarks.reading BOOK`` reads ten times a second until its input ends: in turn a page
of the book (its inventory, a page of its records, what is due) and a single record. It prints the
seconds of each read as JSON. Started by `reader`, on the database that the environment names.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from select import select

EVERY = 0.1  # seconds
ROWS = 50


@dataclass(slots=True)
class Reads:
    """Seconds of each read; empty until the reader has ended."""

    seconds: list[float] = field(default_factory=list)

    def __str__(self) -> str:
        return f"pages {_told(self.seconds[0::2])}; records {_told(self.seconds[1::2])}"


def _told(seconds: list[float]) -> str:
    if not seconds:
        return "none"
    ordered = sorted(seconds)
    middle = ordered[len(ordered) // 2]
    return f"{len(ordered)}, middle {middle * 1000:.0f} ms, longest {ordered[-1] * 1000:.0f} ms"


@contextmanager
def reader(*, book: int) -> Iterator[Reads]:
    """A process that reads meanwhile."""
    reads = Reads()
    command = [sys.executable, "-m", "benchmarks.reading", str(book)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()  # Its first read is done.
        yield reads
        printed, _errors = process.communicate(b"")
        reads.seconds = json.loads(printed)


def main(book: int) -> None:
    import django

    django.setup()
    took = [_read(book, 0), _read(book, 1)]
    print("ready", flush=True)
    took.clear()
    due = time.monotonic()
    while not select([sys.stdin], [], [], max(0.0, due - time.monotonic()))[0]:
        took.append(_read(book, len(took)))
        due = max(due + EVERY, time.monotonic())
    print(json.dumps(took))


def _read(book: int, number: int) -> float:
    from django.utils import timezone

    from legato.books import lines, queries
    from legato.books.models import Record
    from legato.books.sifting import ORDERS
    from legato.domain.policy import Policy

    begun = time.perf_counter()
    if number % 2:
        assert Record.objects.select_related("owner").filter(pk=1 + number * 7919 % 1_000_000)
    else:
        queries.inventory(book=book)
        scope, now = lines.Scope(rule=Policy().heat, book=book), timezone.now()
        hottest = lines.Question(now=now, order=ORDERS["heat"])
        lines.count(scope, hottest)
        lines.lines(scope, lines.ids(scope, hottest, limit=ROWS), now=now)
        queries.due(book=book, until=now, limit=ROWS)
    return time.perf_counter() - begun


if __name__ == "__main__":
    main(int(sys.argv[1]))
