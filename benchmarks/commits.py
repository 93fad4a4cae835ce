"""The commit of a whole book against the floor: a bare UPDATE … FROM plus one row of history each.

``python -m benchmarks.commits``: 5,000 and 100,000 of 1,000,000 records, spread over the table,
both ways in one run on one server with a real server's durability. The commit is what planning
does: lock and compare, hash the receipt, write the entry, give; the check of the plan's rules is
not part of it.
"""

from collections.abc import Callable

import psycopg
from benchmarks.filling import RECORDS, fill, hire, list_given, next_person
from benchmarks.measuring import best_of_rounds, peak_megabytes, throw_away_database
from benchmarks.shapes import SHAPES, giving

FLOOR = SHAPES[0]
SIZES = (5_000, 100_000)
TO_GIVE = """
SELECT r.id, r.owner_id, r.entry_id, g.new_owner_id, NULL::timestamptz, NULL::bigint
FROM given g JOIN books_record r ON r.id = g.record_id
"""


def committing(*, expected: int) -> Callable[[], None]:
    """One commit through the operations of books, as the application."""
    from django.db import transaction
    from django.utils import timezone

    from legato.books import operations as books
    from legato.ledger.operations import record

    def commit() -> None:
        with transaction.atomic(durable=True):
            now = timezone.now()
            prepared = books.prepare(source=TO_GIVE, parameters={})
            entry = record(
                chain="benchmark",
                kind="commit",
                actor=None,
                at=now,
                reason="Measured",
                receipt_sha256=books.receipt_sha256(at=now),
            )
            assert books.give(entry=entry.pk) == prepared == expected

    return commit


def main() -> None:
    with throw_away_database() as url, psycopg.connect(url, autocommit=True) as owner:
        hire(owner)
        owner.execute(FLOOR.make)
        for table in (FLOOR.fill or "", "books_record"):
            fill(owner, table=table)
        owner.execute("VACUUM ANALYZE")
        print(f"{'records':>8} {'floor s':>8} {'commit s':>9} {'ratio':>6} {'records/s':>10}")
        for size in SIZES:
            list_given(owner, how_many=size, step=RECORDS // size)
            took = best_of_rounds(
                {"floor": giving(owner, FLOOR), "ours": committing(expected=size)},
                before=lambda: next_person(owner),
            )
            floor, ours = took["floor"], took["ours"]
            line = f"{size:8,} {floor:8.2f} {ours:9.2f} {ours / floor:6.2f} {size / ours:10,.0f}"
            print(line, flush=True)
        print(f"peak memory of this process: {peak_megabytes()} MB")


if __name__ == "__main__":
    main()
