"""Fills a database with a million records of all kinds, and says what is to be given.

Two hundred reps, the first with 5,000 accounts, the others with some 480 each; what is on an
account is its owner's, but for every twentieth record. A manager and a director own nothing.
"""

import psycopg

RECORDS, PEOPLE, ACCOUNTS = 1_000_000, 200, 100_000
LEAVER, MANAGER, DIRECTOR = 1, PEOPLE + 1, PEOPLE + 2
LEAVERS_ACCOUNTS = 5_000

ENTRY = (
    "INSERT INTO ledger_entry (chain, kind, at, reason, actor_id)"
    " VALUES ('benchmark', 'import', clock_timestamp(), 'Measured', %s) RETURNING id, at"
)
HIRE = f"""
WITH person AS (
    INSERT INTO people_person (source, key, name, role, manager_id, entry_id)
    SELECT 'benchmark', n::text AS key, 'Person ' || n,
           CASE n WHEN {MANAGER} THEN 'manager' WHEN {DIRECTOR} THEN 'director' ELSE 'rep' END,
           CASE n WHEN {MANAGER} THEN {DIRECTOR} WHEN {DIRECTOR} THEN NULL ELSE {MANAGER} END,
           %(entry)s
    FROM generate_series(1, {DIRECTOR}) n ORDER BY n
    RETURNING id
)
INSERT INTO people_employment (person_id, entry_id) SELECT id, %(entry)s FROM person
"""
EMPLOY = """
UPDATE people_person p SET employment_id = e.id FROM people_employment e WHERE e.person_id = p.id
"""
LAST_RESORT = f"""
INSERT INTO people_company (id, last_resort_id, entry_id) VALUES (1, {DIRECTOR}, %(entry)s)
"""
COLUMNS = (
    "kind, source, key, name, account_id, owner_id, owner_since, owner_entry_id, is_open, depth,"
    " value, due_at, touched_at, entry_id"
)
INSERT = f"""
INSERT INTO {{table}} ({COLUMNS})
SELECT kind, 'benchmark', n::text AS key, kind || ' ' || n, account,
       CASE WHEN mod(n, 20) = 0 OR kind = 'lead' THEN 2 + mod(n, {PEOPLE - 1})
            WHEN of <= {LEAVERS_ACCOUNTS} THEN {LEAVER} ELSE 2 + mod(of, {PEOPLE - 1}) END,
       %(at)s, %(entry)s, true,
       CASE WHEN kind = 'opportunity' AND mod(n, 3) = 0 THEN 'late' ELSE '' END,
       CASE WHEN kind = 'opportunity' THEN 100 + mod(n, 20000) END,
       CASE WHEN kind IN ('activity', 'commitment', 'ticket')
            THEN %(at)s + make_interval(days => mod(n, 90)) END,
       %(at)s - make_interval(days => mod(n, 200)), %(entry)s
FROM (
    SELECT n, of, kind, CASE WHEN kind NOT IN ('account', 'lead') THEN of END AS account
    FROM generate_series(1, {RECORDS}) n CROSS JOIN LATERAL (
        SELECT 1 + mod(n - 1, {ACCOUNTS}) AS of, CASE WHEN n <= {ACCOUNTS} THEN 'account' ELSE (
            ARRAY['contact', 'contact', 'opportunity', 'opportunity', 'lead', 'activity',
                  'activity', 'commitment', 'ticket'])[1 + mod(n, 9)] END AS kind
    ) what
) each ORDER BY n
"""
GIVEN = f"""
INSERT INTO given (record_id, new_owner_id)
SELECT r.id, 1 + mod(r.owner_id, {PEOPLE}) FROM books_record r
WHERE mod(r.id, %(step)s) = 0 AND r.id <= %(upto)s
"""


def hire(owner: psycopg.Connection) -> None:
    """Employs the people, numbered from 1; the director is the person of last resort."""
    with owner.transaction():
        entry, _at = new_entry(owner)
        owner.execute(HIRE, {"entry": entry})
        owner.execute(EMPLOY)
        owner.execute(LAST_RESORT, {"entry": entry})


def fill(owner: psycopg.Connection, *, table: str) -> None:
    """A million open records, numbered from 1, in one statement."""
    with owner.transaction():
        entry, at = new_entry(owner)
        owner.execute(INSERT.format(table=table), {"entry": entry, "at": at})


def list_given(owner: psycopg.Connection, *, step: int = 1, upto: int = RECORDS) -> None:
    """The table ``given``: every ``step``-th record up to a number is to be given, and to whom."""
    owner.execute("DROP TABLE IF EXISTS given")
    owner.execute("CREATE TABLE given (record_id bigint PRIMARY KEY, new_owner_id bigint NOT NULL)")
    owner.execute(GIVEN, {"step": step, "upto": upto})
    owner.execute("VACUUM ANALYZE given")


def next_person(owner: psycopg.Connection) -> None:
    """Makes the next run give to somebody else."""
    owner.execute(f"UPDATE given SET new_owner_id = 1 + new_owner_id % {PEOPLE}")
    owner.execute("VACUUM ANALYZE given")


def new_entry(owner: psycopg.Connection, *, actor: int | None = None) -> tuple[int, object]:
    """An entry of the present transaction: its id and time."""
    row = owner.execute(ENTRY, [actor]).fetchone()
    assert row is not None
    return row[0], row[1]
