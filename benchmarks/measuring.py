"""A server to throw away, as durable as a real one, and what is measured on it."""

import os
import resource
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from math import inf
from pathlib import Path

import django

ROUNDS = 4


@contextmanager
def throw_away_database() -> Iterator[str]:
    """The owner's address of a migrated, empty database; Django speaks to it as the application."""
    with tempfile.TemporaryDirectory(prefix="legato-bench-") as folder:
        home = Path(folder, "home")
        os.environ.pop("DATABASE_URL", None)
        os.environ.update(
            LEGATO_HOME=str(home), LEGATO_REHEARSAL="1", DJANGO_SETTINGS_MODULE="legato.settings"
        )
        django.setup()

        from django.db import connections

        from legato.cli.ready import migrate_to_this_version
        from legato.postgres.addresses import addresses
        from legato.postgres.home import home_at
        from legato.postgres.programs import find_programs
        from legato.postgres.server import remove

        try:
            migrate_to_this_version()
            yield addresses().owner
        finally:
            connections.close_all()
            remove(home_at(home), programs=find_programs())


def seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def best_of_rounds(
    works: Mapping[str, Callable[[], object]],
    *,
    before: Callable[[], object],
    rounds: int = ROUNDS,
) -> dict[str, float]:
    """The quickest run of each, in seconds: all in turn, several rounds, ``before`` each uncounted.

    On a machine that others use the quickest run is the one that was disturbed least.
    """
    best = dict.fromkeys(works, inf)
    for _round in range(rounds):
        for name, work in works.items():
            before()
            best[name] = min(best[name], seconds(work))
    return best


def peak_megabytes() -> int:
    """The most memory this process ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
