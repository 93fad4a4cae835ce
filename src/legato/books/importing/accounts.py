"""Accounts: which are known, which records only name, and who owns those nobody is named for."""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from legato.books.importing import lookups
from legato.books.importing.parts import Part
from legato.books.importing.references import Things, named_things
from legato.domain.names import fold

KNOWN = "SELECT id, source, key, name FROM books_record WHERE kind = 'account' ORDER BY id"
READ = """
SELECT id, key, name FROM import_rows WHERE kind = 'account' AND problem IS NULL ORDER BY file, line
"""
ALIASES = "SELECT a.key, a.known FROM import_aliases a"
NAMED = """
INSERT INTO import_rows (file, line, kind, id, is_known, key, name, is_open, outcome, stage, depth,
    category, next_step, email, phone, country, territory, language, industry, fields,
    value_is_estimated)
SELECT -1, place, 'account', nextval('books_record_id_seq'), false, key,
    name, true, '', '', '', '', '', '', '', '', '', '', '', '{}', false
FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY AS named (key, name, place)
RETURNING id, key, name
"""

# Most open opportunities; then the latest of activity, close or engage date; then value won; then
# name. Managers, and those who have left or may be given nothing, are no candidates.
DERIVE = """
WITH ownerless AS (
    SELECT id FROM import_rows
    WHERE kind = 'account' AND problem IS NULL AND owner_id IS NULL AND owner_said IS NULL
), eligible AS MATERIALIZED (
    SELECT p.id, p.name FROM people_person p
    WHERE p.is_employed AND p.role NOT IN ('manager', 'director')
      AND NOT EXISTS (SELECT FROM people_person m WHERE m.manager_id = p.id)
      AND NOT EXISTS (SELECT FROM people_hold h WHERE h.person_id = p.id AND h.released_at IS NULL)
), candidates AS (
    SELECT u.account_id, u.named_id,
           count(*) FILTER (WHERE u.kind = 'opportunity' AND u.is_open) AS open,
           max(u.touched_at) AS latest,
           coalesce(sum(u.value) FILTER (WHERE u.outcome = 'won'), 0) AS won
    FROM import_rows u JOIN ownerless a ON a.id = u.account_id
    JOIN eligible e ON e.id = u.named_id
    WHERE u.problem IS NULL AND u.kind IN ('opportunity', 'activity')
    GROUP BY u.account_id, u.named_id
), chosen AS (
    SELECT DISTINCT ON (c.account_id) c.account_id, p.id AS owner_id
    FROM candidates c JOIN eligible p ON p.id = c.named_id
    ORDER BY c.account_id, c.open DESC, c.latest DESC NULLS LAST, c.won DESC, p.name, p.id
)
UPDATE import_rows a SET owner_id = c.owner_id, owner_why = 'derived'
FROM chosen c WHERE a.kind = 'account' AND a.id = c.account_id AND a.problem IS NULL
"""
NOBODY = """
UPDATE import_rows SET owner_id = %(last_resort)s, owner_why = coalesce(owner_why, 'no_candidate')
WHERE kind = 'account' AND problem IS NULL AND owner_id IS NULL
"""

# Who owns the account of a record that names no owner who may be given it; else the manager.
FOLLOW = """
UPDATE import_rows u SET
    owner_id = coalesce(p.id, u.fallback_id, %(last_resort)s),
    owner_why = CASE WHEN p.id IS NOT NULL AND u.owner_why = 'owner_missing' THEN NULL
                     WHEN p.id IS NULL THEN coalesce(u.owner_why, 'owner_missing')
                     ELSE u.owner_why END
FROM import_rows self
LEFT JOIN import_rows a ON a.kind = 'account' AND a.id = self.account_id AND a.problem IS NULL
LEFT JOIN books_record known ON known.id = self.account_id
LEFT JOIN people_person p ON p.id = coalesce(a.owner_id, known.owner_id) AND p.is_employed
    AND NOT EXISTS (SELECT FROM people_hold h WHERE h.person_id = p.id AND h.released_at IS NULL)
WHERE self.file = u.file AND self.line = u.line AND self.owner_id IS NULL
  AND u.owner_id IS NULL AND u.problem IS NULL AND u.kind <> 'account'
"""


def fill_aliases(parts: Sequence[Part], *, source: str, importing: int) -> None:
    """An account that was known by its name alone keeps its identity when a file brings its id."""
    known = _known()
    by_name = {key: key for _, its, key, name in known if its == source and key == fold(name)}
    keys = {key for _, its, key, _ in known if its == source}
    for part in (p for p in parts if p.kind == "account" and by_name and "name" in p.staged):
        pairs = lookups.distinct(["key", "name"], importing=importing, file=part.number)
        said = (pair.split(lookups.MIXED) for pair in pairs)
        lookups.fill(
            "import_aliases",
            (
                (key.strip(), fold(name))
                for key, name in said
                if key.strip() not in keys and fold(name) in by_name
            ),
        )


def things(parts: Sequence[Part], *, source: str, importing: int) -> tuple[Things, list[str]]:
    """The accounts that can be referred to; where none is known at all, those that records name
    become accounts, and their names are returned."""
    accounts = Things()
    for pk, its, key, name in _known():
        accounts.names[pk] = [name]
        if its == source:
            accounts.by_key[key] = pk
    for pk, key, name in _rows(READ):
        accounts.add(pk, key=key, name=name)
    accounts.by_key |= {key: accounts.by_key[known] for key, known in _rows(ALIASES)}
    if accounts.names or any(part.kind == "account" for part in parts):
        return accounts, []
    named = named_things(parts, "account", importing=importing)
    for pk, key, name in _rows(NAMED, [list(named), list(named.values())]):
        accounts.add(pk, key=key, name=name)
    return accounts, list(named.values())


def give_owners(*, last_resort: int) -> None:
    """Gives every row an owner that has none yet: accounts first, then what follows them."""
    with connection.cursor() as cursor:
        cursor.execute(DERIVE)
        cursor.execute(NOBODY, {"last_resort": last_resort})
        cursor.execute(FOLLOW, {"last_resort": last_resort})


def _known() -> list[Any]:
    return _rows(KNOWN)


def _rows(sql: str, parameters: Sequence[Any] = ()) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows: list[Any] = cursor.fetchall()
        return rows
