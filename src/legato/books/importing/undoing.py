"""Takes an import back: what it created is closed, what it changed is as before, unless somebody
touched it since. Nothing is deleted; people and products stay.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from legato.books.importing import lookups
from legato.books.importing.applying import MIRRORED, refuse_earlier
from legato.books.models import Import
from legato.domain.errors import NotFound, Refused
from legato.domain.plain import plain
from legato.ledger import operations as ledger
from legato.people.queries import check_may_administer, people

# Created by the import: its entry gave the first owner, and it has no earlier state.
CREATED = """
NOT EXISTS (SELECT FROM books_change c WHERE c.importing_id = %(importing)s AND c.record_id = r.id)
"""
LOCK = """
SELECT max(owner_since) FROM (
    SELECT owner_since FROM books_record WHERE entry_id = %(entry)s ORDER BY id FOR UPDATE
) locked
"""
CLOSE = f"""
UPDATE books_record r SET is_open = false, outcome = '', stage = '', entry_id = %(undo)s
WHERE r.entry_id = %(entry)s AND {CREATED}
"""
BEFORE = """
FROM books_change c
JOIN books_record b ON b.id = c.record_id
CROSS JOIN LATERAL jsonb_populate_record(b, c.before) p
JOIN people_person had ON had.id = p.owner_id
WHERE c.importing_id = %(importing)s AND b.entry_id = %(entry)s
"""
RESTORE = f"""
UPDATE books_record r SET {", ".join(f"{column} = p.{column}" for column in MIRRORED)},
    entry_id = %(undo)s,
    owner_since = CASE WHEN p.owner_id <> r.owner_id THEN %(at)s ELSE r.owner_since END,
    owner_entry_id = CASE WHEN p.owner_id <> r.owner_id THEN %(undo)s ELSE r.owner_entry_id END,
    interim_until = CASE WHEN p.owner_id = r.owner_id THEN r.interim_until END,
    next_owner_id = CASE WHEN p.owner_id = r.owner_id THEN r.next_owner_id END
{BEFORE} AND r.id = b.id AND (had.is_employed OR NOT p.is_open)
"""
KEPT = f"""
SELECT r.id, r.kind, r.name, 'touched_since', changed.at, changed.actor_id
FROM books_record r JOIN ledger_entry changed ON changed.id = r.entry_id
WHERE r.entry_id <> %(entry)s AND (
    NOT ({CREATED})
    OR r.owner_entry_id = %(entry)s
    OR EXISTS (SELECT FROM books_span s WHERE s.record_id = r.id AND s.began_by_id = %(entry)s)
)
UNION ALL
SELECT b.id, b.kind, b.name, 'owner_has_left', changed.at, changed.actor_id
FROM ledger_entry changed, (SELECT b.* {BEFORE} AND p.is_open AND NOT had.is_employed) b
WHERE changed.id = %(entry)s
ORDER BY 1
"""


class ImportAlreadyUndone(Refused):
    """Facts: ``importing``."""

    code = "import_already_undone"


class ImportChangedNothing(Refused):
    """The import was not carried out, or found everything as it was. Facts: ``importing``."""

    code = "import_changed_nothing"


WOULD = f"""
SELECT (SELECT count(*) FROM books_record r WHERE r.entry_id = %(entry)s AND {CREATED}),
       (SELECT count(*) {BEFORE} AND (had.is_employed OR NOT p.is_open))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A record that the undo leaves as it is."""

    record: int
    kind: str
    name: str
    why: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What the undo of an import would do now."""

    closed: int
    restored: int
    kept: tuple[Kept, ...]


def preview(*, importing: int) -> Preview:
    """How many records would be closed and restored, and which stay. Writes nothing."""
    ours = Import.objects.get(pk=importing)
    keys = {"importing": importing, "entry": ours.entry_id}
    with connection.cursor() as cursor:
        cursor.execute(WOULD, keys)
        closed, restored = cursor.fetchone()
        cursor.execute(KEPT, keys)
        rows = cursor.fetchall()
    names = {each.id: each.name for each in people(ids={row[5] for row in rows if row[5]}).values()}
    kept = (
        Kept(record=pk, kind=kind, name=name, why=why, at=at, by=names.get(by, ""))
        for pk, kind, name, why, at, by in rows
    )
    return Preview(closed=closed, restored=restored, kept=tuple(kept))


@transaction.atomic(durable=True)
def undo(
    *, importing: int, now: datetime, actor: int | None, reason: str, key: str | None = None
) -> dict[str, Any]:
    """Takes the import back; what was closed and restored, and what stays with who and when.

    Raises `NotFound`, `ImportAlreadyUndone`, `ImportChangedNothing`, `EarlierThanRecords`,
    `KeyAlreadyUsed`, `MayNotAdminister`.
    """
    check_may_administer(actor=actor)
    asked = {"import_undo": importing, "actor": actor}
    if earlier := ledger.answered(key=key, asked=asked):
        return earlier | {"conflicts": [_with_time(each) for each in earlier["conflicts"]]}
    ours = _import(importing)
    keys = {"importing": importing, "entry": ours.entry_id, "at": now}
    lookups.use_memory()
    with connection.cursor() as cursor:
        cursor.execute(LOCK, keys)
        refuse_earlier(now, cursor.fetchone()[0])
        cursor.execute(KEPT, keys)
        names = ("record", "kind", "name", "why", "at", "by")
        kept = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        entry = ledger.record(
            chain=f"import:{importing}",
            kind="import_undone",
            actor=actor,
            at=now,
            reason=reason,
            facts={"import": importing, "undone": ours.entry_id},
        )
        keys["undo"] = entry.pk
        cursor.execute(RESTORE, keys)
        restored = cursor.rowcount
        cursor.execute(CLOSE, keys)
        closed = cursor.rowcount
    ours.undone_by = entry
    ours.save(update_fields=["undone_by"])
    answer = {
        "undo": importing,
        "closed": closed,
        "restored": restored,
        "conflicts": kept,
        "entry": entry.pk,
    }
    ledger.remember(key=key, asked=asked, answer=plain(answer), entry=entry)
    return answer


def _with_time(conflict: dict[str, Any]) -> dict[str, Any]:
    return conflict | {"at": datetime.fromisoformat(conflict["at"])}


def _import(importing: int) -> Import:
    ours = Import.objects.select_for_update().filter(pk=importing).first()
    if ours is None:
        raise NotFound(what="import", name=importing)
    if ours.undone_by_id is not None:
        raise ImportAlreadyUndone(importing=importing)
    if ours.entry_id is None:
        raise ImportChangedNothing(importing=importing)
    return ours
