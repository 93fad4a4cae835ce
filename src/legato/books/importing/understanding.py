"""Turns staged rows into whole records, one statement per table: what the file says, else what is
known, else nothing. Rows that cannot be used carry a problem; nothing is written yet.
"""

from django.db import connection

from legato.books.importing import lookups
from legato.books.importing.parts import Part
from legato.books.importing.statement import EMPTY, Statement

SAID = (
    *EMPTY,
    "is_open",
    "parent_said",
    "coalesce(named_id::text, owner_said)",
)
"""What two rows of one key must agree on to be the same row twice."""

# The first row of a key counts; a later one is the same again, or contradicts it and is rejected.
REPEATS = """
WITH twice AS (
    SELECT key FROM import_rows WHERE kind = %(kind)s AND problem IS NULL
    GROUP BY key HAVING count(*) > 1
), ranked AS (
    SELECT u.file, u.line, u.key, row_number() OVER key AS place,
           ROW({said}) IS NOT DISTINCT FROM first_value(ROW({said})) OVER key AS is_same
    FROM import_rows u JOIN twice USING (key)
    WHERE u.kind = %(kind)s AND u.problem IS NULL
    WINDOW key AS (PARTITION BY u.key ORDER BY u.file, u.line)
)
UPDATE import_rows u
SET problem = CASE WHEN r.is_same THEN 'repeat' ELSE 'key:repeated_differently' END
FROM ranked r
WHERE r.place > 1 AND u.file = r.file AND u.line = r.line
"""

PARENTS = """
UPDATE import_rows u SET parent_id = nullif(p.id, u.id),
    fields = u.fields || CASE WHEN p.kept IS NULL THEN '{}'::jsonb
                              ELSE jsonb_build_object(p.kept, u.parent_said) END
FROM import_references p
WHERE p.field = 'parent' AND p.file = u.file AND p.raw = u.parent_said AND u.kind = 'account'
  AND u.problem IS NULL
"""


def understand(part: Part, *, source: str, importing: int, is_later: bool) -> None:
    """Adds the rows of a part. ``is_later``: an earlier part of this import has the same kind."""
    statement = Statement(part, is_known=_has_records(source, part.kind), is_later=is_later)
    parameters: dict[str, str | int] = {
        "source": source,
        "importing": importing,
        "file": part.number,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement.sql(), parameters)
        cursor.execute(REPEATS.format(said=", ".join(SAID)), {"kind": part.kind})
        cursor.execute("ANALYZE import_rows (kind, problem, id, key, account_id, named_id)")


def join_parents() -> None:
    """Gives the accounts of this import their parents."""
    with connection.cursor() as cursor:
        cursor.execute(PARENTS)


def _has_records(source: str, kind: str) -> bool:
    return bool(
        lookups.scalars(
            "SELECT EXISTS (SELECT FROM books_record WHERE source = %s AND kind = %s)",
            [source, kind],
        )[0]
    )
