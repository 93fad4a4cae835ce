"""Runs the invariants, each one query in ``invariants/`` that returns the rows which break it.

A query names no parameters and returns ``problem`` (a code), ``subject`` and ``detail``.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction

INVARIANTS = Path(__file__).with_name("invariants")
SHOWN_AT_MOST = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A row that breaks an invariant: a code, what it is about, and more of it."""

    problem: str
    subject: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One invariant, how many rows break it, and the first of them."""

    invariant: str
    count: int
    rows: tuple[Broken, ...]


def check_all() -> list[Checked]:
    """Every invariant that is a query today, in order of number."""
    files = sorted(INVARIANTS.glob("*.sql"), key=lambda file: int(file.stem.removeprefix("I")))
    return [checked(invariant=file.stem, query=file.read_text()) for file in files]


def checked(*, invariant: str, query: str) -> Checked:
    """What a query that returns problem, subject and detail finds; `SHOWN_AT_MOST` are named."""
    with transaction.atomic(), connection.cursor() as cursor:
        # Every record is looked at: in memory that takes half the time.
        cursor.execute("SET LOCAL work_mem = '64MB'")
        cursor.execute(
            f"WITH broken AS MATERIALIZED ({query}\n)"
            " SELECT (SELECT count(*) FROM broken), problem, subject, detail FROM broken"
            f" ORDER BY problem, subject, detail LIMIT {SHOWN_AT_MOST}"
        )
        rows = cursor.fetchall()
    broken = tuple(Broken(problem=row[1], subject=row[2], detail=row[3] or "") for row in rows)
    return Checked(invariant=invariant, count=rows[0][0] if rows else 0, rows=broken)


def overdue_covers(*, now: datetime) -> int:
    """Records whose interim owner should have handed them on: no violation, but worth knowing."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM books_record WHERE is_open AND interim_until < %s", [now]
        )
        return int(cursor.fetchone()[0])
