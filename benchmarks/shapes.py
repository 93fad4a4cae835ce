"""What it costs to hold that every record has one employed owner, by the shape of the tables.

``python -m benchmarks.shapes``: changes 100,000 of 1,000,000 owners in each shape, and inserts the
million where that differs, all in one run on one server. See docs/decisions/0004.
"""

from collections.abc import Callable
from dataclasses import dataclass

import psycopg
from benchmarks.filling import PEOPLE, RECORDS, fill, hire, list_given, new_entry, next_person
from benchmarks.measuring import best_of_rounds, seconds, throw_away_database

GIVEN = 100_000

# As ours, without triggers and keys.
PLAIN = """
CREATE TABLE {name} (LIKE books_record INCLUDING ALL);
CREATE TABLE {name}_span (LIKE books_span INCLUDING ALL);
"""
KEYED = """
ALTER TABLE keyed ADD COLUMN must_be_employed boolean
    GENERATED ALWAYS AS (CASE WHEN is_open THEN true END) STORED;
ALTER TABLE keyed ADD FOREIGN KEY (owner_id, must_be_employed)
    REFERENCES people_person (id, is_employed);
"""
GIVE_PLAIN = (
    """
    INSERT INTO {name}_span (record_id, owner_id, since, until, began_by_id, ended_by_id,
                             given_to_id, owner_was_ours)
    SELECT r.id, r.owner_id, r.owner_since, %(at)s, r.owner_entry_id, %(entry)s, g.new_owner_id,
           r.owner_is_ours
    FROM {name} r JOIN given g ON g.record_id = r.id
    """,
    """
    UPDATE {name} r SET owner_id = g.new_owner_id, owner_since = %(at)s,
        owner_entry_id = %(entry)s, entry_id = %(entry)s, owner_is_ours = true
    FROM given g WHERE r.id = g.record_id
    """,
)
GIVE_OURS = (GIVE_PLAIN[1].format(name="books_record"),)

# Present and past in one table: each span names the end of the one before it.
CHAIN = f"""
CREATE TABLE chain (
    record_id bigint NOT NULL, owner_id bigint NOT NULL, since timestamptz, until timestamptz,
    CHECK (since < until), UNIQUE NULLS NOT DISTINCT (record_id, until),
    UNIQUE NULLS NOT DISTINCT (record_id, since),
    must_be_employed boolean GENERATED ALWAYS AS (CASE WHEN until IS NULL THEN true END) STORED
);
INSERT INTO chain SELECT n, 1 + n % {PEOPLE}, NULL, NULL FROM generate_series(1, {RECORDS}) n;
ALTER TABLE chain ADD FOREIGN KEY (record_id, since) REFERENCES chain (record_id, until)
    DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE chain ADD FOREIGN KEY (owner_id, must_be_employed)
    REFERENCES people_person (id, is_employed);
CREATE INDEX ON chain (owner_id) WHERE until IS NULL;
"""
GIVE_CHAIN = (
    "UPDATE chain c SET until = %(at)s FROM given g"
    " WHERE g.record_id = c.record_id AND c.until IS NULL",
    "INSERT INTO chain SELECT record_id, new_owner_id, %(at)s, NULL FROM given",
)

EXCLUDED = f"""
CREATE TABLE excluded (
    record_id bigint NOT NULL, owner_id bigint NOT NULL, valid tstzrange NOT NULL
);
INSERT INTO excluded
    SELECT n, 1 + n % {PEOPLE}, tstzrange('2025-01-01', NULL) FROM generate_series(1, {RECORDS}) n;
ALTER TABLE excluded ADD EXCLUDE USING gist
    (int8range(record_id, record_id, '[]') WITH &&, valid WITH &&);
CREATE INDEX ON excluded (record_id) WHERE upper_inf(valid);
"""
GIVE_EXCLUDED = (
    "UPDATE excluded x SET valid = tstzrange(lower(x.valid), %(at)s) FROM given g"
    " WHERE g.record_id = x.record_id AND upper_inf(x.valid)",
    "INSERT INTO excluded SELECT record_id, new_owner_id, tstzrange(%(at)s, NULL) FROM given",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How it is named, made and filled, and the statements that give."""

    name: str
    make: str
    fill: str | None
    give: tuple[str, ...]


SHAPES = (
    Shape(
        name="floor: bare UPDATE and one row of history",
        make=PLAIN.format(name="plain"),
        fill="plain",
        give=tuple(each.format(name="plain") for each in GIVE_PLAIN),
    ),
    Shape(
        name="ours: checked by statement, span by trigger",
        make="",
        fill="books_record",
        give=GIVE_OURS,
    ),
    Shape(
        name="a foreign key to employment per row",
        make=PLAIN.format(name="keyed") + KEYED,
        fill="keyed",
        give=tuple(each.format(name="keyed") for each in GIVE_PLAIN),
    ),
    Shape(name="contiguous spans in one table", make=CHAIN, fill=None, give=GIVE_CHAIN),
    Shape(name="EXCLUDE without btree_gist", make=EXCLUDED, fill=None, give=GIVE_EXCLUDED),
)


def giving(owner: psycopg.Connection, shape: Shape) -> Callable[[], None]:
    def give() -> None:
        with owner.transaction():
            entry, at = new_entry(owner)
            for statement in shape.give:
                owner.execute(statement, {"entry": entry, "at": at})

    return give


def build(owner: psycopg.Connection, shape: Shape) -> float | None:
    """Makes and fills the shape; the seconds of one INSERT … SELECT where that is told apart."""
    owner.execute(shape.make)
    table = shape.fill
    return None if table is None else seconds(lambda: fill(owner, table=table))


def main() -> None:
    with throw_away_database() as url, psycopg.connect(url, autocommit=True) as owner:
        hire(owner)
        inserted = {shape.name: build(owner, shape) for shape in SHAPES}
        # Records that lie together: the disk has little to do, so the rules' own work shows.
        list_given(owner, upto=GIVEN)
        owner.execute("VACUUM ANALYZE")
        owner.execute("CHECKPOINT")
        given = best_of_rounds(
            {shape.name: giving(owner, shape) for shape in SHAPES},
            before=lambda: next_person(owner),
        )
    print(f"{'shape':45} {'insert s':>9} {'ratio':>6} {'give s':>9} {'ratio':>6}")
    floor = SHAPES[0].name
    for name, took in given.items():
        print(f"{name:45} {_pair(inserted[name], inserted[floor])} {_pair(took, given[floor])}")


def _pair(took: float | None, floor: float | None) -> str:
    return f"{took:9.2f} {took / floor:6.2f}" if took and floor else " " * 16


if __name__ == "__main__":
    main()
