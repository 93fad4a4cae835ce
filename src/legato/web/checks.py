"""Runs the invariants, each one query in ``invariants/`` that returns the rows which break it.

A query names no parameters and returns ``problem`` (a code), ``subject`` and ``detail``.
"""

from dataclasses import dataclass
from pathlib import Path

from django.db import connection

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


def invariants() -> list[str]:
    """The names of those that are queries today, in order of number."""
    return sorted((file.stem for file in INVARIANTS.glob("*.sql")), key=lambda name: int(name[1:]))


def check(*, invariant: str) -> Checked:
    """Runs one invariant's query; never more than `SHOWN_AT_MOST` rows are named."""
    query = INVARIANTS.joinpath(f"{invariant}.sql").read_text()
    return checked(invariant=invariant, query=query)


def checked(*, invariant: str, query: str) -> Checked:
    """What a query that returns problem, subject and detail finds."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH broken AS MATERIALIZED ({query}\n)"
            " SELECT (SELECT count(*) FROM broken), problem, subject, detail FROM broken"
            f" ORDER BY problem, subject, detail LIMIT {SHOWN_AT_MOST}"
        )
        rows = cursor.fetchall()
    broken = tuple(Broken(problem=row[1], subject=row[2], detail=row[3] or "") for row in rows)
    return Checked(invariant=invariant, count=rows[0][0] if rows else 0, rows=broken)
