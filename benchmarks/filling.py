"""Fills a database with a million records of two hundred people, and says what is to be given."""

import psycopg

RECORDS, PEOPLE = 1_000_000, 200

ENTRY = (
    "INSERT INTO ledger_entry (chain, kind, at, reason)"
    " VALUES ('benchmark', 'benchmark', clock_timestamp(), 'Measured') RETURNING id, at"
)
HIRE = f"""
WITH person AS (
    INSERT INTO people_person (source, key, name, entry_id)
    SELECT 'benchmark', n::text, 'Person ' || n, %(entry)s FROM generate_series(1, {PEOPLE}) n
    RETURNING id
)
INSERT INTO people_employment (person_id, entry_id) SELECT id, %(entry)s FROM person
"""
EMPLOY = """
UPDATE people_person p SET employment_id = e.id FROM people_employment e WHERE e.person_id = p.id
"""
COLUMNS = "kind, source, key, name, owner_id, owner_since, owner_entry_id, is_open, entry_id"
INSERT = f"""
INSERT INTO {{table}} ({COLUMNS})
SELECT 'opportunity', 'benchmark', n::text, 'Record ' || n, 1 + n %% {PEOPLE}, %(at)s, %(entry)s,
       true, %(entry)s
FROM generate_series(1, {RECORDS}) n
"""
GIVEN = f"""
INSERT INTO given (record_id, new_owner_id)
SELECT n * %(step)s, 1 + (n * %(step)s + 1) %% {PEOPLE} FROM generate_series(1, %(how_many)s) n
"""


def hire(owner: psycopg.Connection) -> None:
    """Employs the people, numbered from 1."""
    with owner.transaction():
        entry, _at = new_entry(owner)
        owner.execute(HIRE, {"entry": entry})
        owner.execute(EMPLOY)


def fill(owner: psycopg.Connection, *, table: str) -> None:
    """A million open records, numbered from 1, in one statement."""
    with owner.transaction():
        entry, at = new_entry(owner)
        owner.execute(INSERT.format(table=table), {"entry": entry, "at": at})


def list_given(owner: psycopg.Connection, *, how_many: int, step: int) -> None:
    """The table ``given``: every ``step``-th record is to be given, and to whom."""
    owner.execute("DROP TABLE IF EXISTS given")
    owner.execute("CREATE TABLE given (record_id bigint PRIMARY KEY, new_owner_id bigint NOT NULL)")
    owner.execute(GIVEN, {"how_many": how_many, "step": step})
    owner.execute("ANALYZE given")


def next_person(owner: psycopg.Connection) -> None:
    """Makes the next run give to somebody else."""
    owner.execute(f"UPDATE given SET new_owner_id = 1 + new_owner_id % {PEOPLE}")
    owner.execute("VACUUM ANALYZE given")


def new_entry(owner: psycopg.Connection) -> tuple[int, object]:
    """An entry of the present transaction: its id and time."""
    row = owner.execute(ENTRY).fetchone()
    assert row is not None
    return row[0], row[1]
