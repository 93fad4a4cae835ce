"""The invariants on a million records, file by file, against reading the two tables once.

``python -m benchmarks.checks``: a company of 200 reps whose largest book is divided by a plan of
some 5,000 units, taken back, and divided with everybody's accounts by a plan of 100,000 units;
100,000 more records are given and taken back. What the real plans took is printed on the way.
"""

from functools import partial

import psycopg
from benchmarks.commits import commit
from benchmarks.filling import RECORDS, fill, hire, list_given
from benchmarks.measuring import best_of_rounds, throw_away_database
from benchmarks.plans import divide, open_case, take_back, timed

FLOOR = """
SELECT (SELECT count(*) + max(owner_id) FROM books_record),
       (SELECT count(*) + max(owner_id) FROM books_span)
"""
COUNTED = ("books_record", "books_span", "books_item", "planning_move", "planning_assignment")


def live(owner: psycopg.Connection) -> None:
    """The company and what happened in it."""
    hire(owner)
    fill(owner, table="books_record")
    owner.execute("VACUUM ANALYZE")
    book = open_case()
    first = divide(book=book, scope="case")
    timed("undo", partial(take_back, first))
    divide(book=book, scope="company")
    list_given(owner, step=RECORDS // 100_000)
    take_back(commit()[0])
    owner.execute("VACUUM ANALYZE")
    for table in COUNTED:
        row = owner.execute(f"SELECT count(*) FROM {table}").fetchone()
        print(f"{table:>24} {row[0] if row else 0:9,} rows")


def read_once() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(FLOOR)
        cursor.fetchall()


def main() -> None:
    with throw_away_database() as url, psycopg.connect(url, autocommit=True) as owner:
        live(owner)
        from legato.web.checks import INVARIANTS, checked

        files = {file.stem: file.read_text() for file in sorted(INVARIANTS.glob("*.sql"))}
        found = {name: checked(invariant=name, query=query) for name, query in files.items()}
        assert not any(each.count for each in found.values()), found
        took = best_of_rounds(
            {"floor": read_once}
            | {
                name: partial(checked, invariant=name, query=query) for name, query in files.items()
            },
            before=lambda: None,
            rounds=8,
        )
    floor = took.pop("floor")
    print(f"{'floor':>8} {floor:6.2f} s")
    for name, spent in {**took, "together": sum(took.values())}.items():
        print(f"{name:>8} {spent:6.2f} s {spent / floor:6.1f} floors")


if __name__ == "__main__":
    main()
