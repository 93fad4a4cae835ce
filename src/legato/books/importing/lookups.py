"""The transaction's small tables of what written values mean, filled from distinct values."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

# What the rows of this import come to; see understanding.py.
ROWS = """
CREATE TEMPORARY TABLE import_rows (
    file smallint, line integer, kind text, problem text, id bigint, is_known boolean,
    known_entry_id bigint, key text, name text, account_id bigint, parent_id bigint,
    parent_said text, product_id bigint, owner_id bigint, named_id bigint, owner_said text,
    owner_why text, fallback_id bigint, is_open boolean, outcome text, stage text, depth text,
    category text, amount numeric, value numeric, value_is_estimated boolean, opened_on date,
    closed_on date, due_at timestamptz, touched_at timestamptz, next_step text, email text,
    phone text, country text, territory text, language text, industry text, fields jsonb
)
"""
TABLES = {
    "import_rows": ROWS,
    "import_dates": """CREATE TEMPORARY TABLE import_dates
        (file smallint, field text, raw text, day date, at timestamptz, problem text)""",
    "import_numbers": """CREATE TEMPORARY TABLE import_numbers
        (file smallint, field text, raw text, number numeric, problem text)""",
    "import_stages": """CREATE TEMPORARY TABLE import_stages
        (file smallint, raw text, name text, is_open boolean, outcome text, depth text)""",
    "import_references": """CREATE TEMPORARY TABLE import_references
        (file smallint, field text, raw text, id bigint, name text, price numeric, problem text,
         kept text)""",
    "import_owners": """CREATE TEMPORARY TABLE import_owners
        (file smallint, raw text, named_id bigint, state text, fallback_id bigint, said text)""",
    "import_aliases": "CREATE TEMPORARY TABLE import_aliases (key text, known text)",
    "import_changed": """CREATE TEMPORARY TABLE import_changed
        (id bigint PRIMARY KEY, is_given boolean, before jsonb)""",
}
MIXED = "\x1f"
"""Between the cells of a value that is made of several."""


def create() -> None:
    """Makes the tables anew; they belong to the connection."""
    drop()
    with connection.cursor() as cursor:
        for statement in TABLES.values():
            cursor.execute(statement)


def use_memory() -> None:
    """Lets the transaction sort and hash a million rows without files, and never loop over them:
    what the planner expects of rows that were just read is often wrong by orders of magnitude.

    Triggers keep the plan of their first call in a connection; made for no or few rows it is a
    loop, which takes minutes for 10,000, so such plans are made again.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '256MB'; SET LOCAL enable_nestloop = off")
        cursor.execute("DISCARD PLANS")


def drop() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {', '.join(TABLES)}")


def fill(table: str, rows: Iterable[Sequence[Any]]) -> None:
    """Adds rows of all columns in order, and tells the planner."""
    with connection.cursor() as cursor:
        with cursor.copy(f"COPY {table} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(f"ANALYZE {table}")


def written(fields: Sequence[str], *, of: str = "s") -> str:
    """The SQL of what a row says in these columns, as one value; '' where it says nothing."""
    return f" || E'{MIXED}' || ".join(f"coalesce({of}.{field}, '')" for field in fields)


def distinct(fields: Sequence[str], *, importing: int, file: int) -> list[str]:
    """What the usable rows of a file say in these columns, each once, as `written`."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT {written(fields)} FROM books_staged s"
            " WHERE s.importing_id = %s AND s.file = %s AND s.problem IS NULL",
            [importing, file],
        )
        return [raw for (raw,) in cursor.fetchall()]


def scalars(sql: str, parameters: Sequence[Any] = ()) -> list[Any]:
    """The first column of a query."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [row[0] for row in cursor.fetchall()]
