"""What the file of a case holds: lines of JSON whose values are all text, as they were hashed.

Contacts and leads are in it by number alone: their names are personal data, and files are not
called back. docs/verify_case.py checks such a file without Legato.
"""

from collections.abc import Iterator
from typing import Any

from django.db import connection

from legato.ledger.hashing import ENTRY_COLUMNS, RECEIPT_COLUMNS, SEAL_COLUMNS, instant


def _line(name: str, columns: dict[str, str]) -> str:
    pairs = ", ".join(f"'{key}', coalesce({text}, '')" for key, text in columns.items())
    return f"json_build_object('line', '{name}', {pairs})::text"


# The case and the plans for its book; ``until`` is the entry of the export, what came later is not.
HERE = """
WITH here AS (
    SELECT c.*, 'case:' || c.id AS chain FROM departures_case c WHERE c.id = %(case)s
), plan AS (
    SELECT p.*, l.chain FROM planning_plan p
    JOIN planning_planbook b ON b.plan_id = p.id
    JOIN here h ON h.book_id = b.book_id
    JOIN ledger_entry l ON l.id = p.entry_id
    WHERE p.entry_id < %(until)s
), entry AS (
    SELECT e.* FROM ledger_entry e
    WHERE e.id < %(until)s AND e.chain IN (SELECT chain FROM here UNION SELECT chain FROM plan)
), span AS (
    SELECT s.* FROM books_span s JOIN entry e ON e.id = s.ended_by_id WHERE e.receipt_sha256 <> ''
), item AS (
    SELECT i.* FROM books_item i JOIN here h ON h.book_id = i.book_id WHERE i.entry_id < %(until)s
)
"""
CASE = {
    "form": "'1'",
    "database": "(SELECT uuid::text FROM ledger_identity)",
    "case": "c.id::text",
    "person": "c.person_id::text",
    "kind": "c.kind",
    "notice_on": "c.notice_on::text",
    "last_day": "c.last_day::text",
    "opened_at": instant("c.opened_at"),
    "book": "c.book_id::text",
}
PERSONS = """
SELECT person_id AS id FROM here UNION SELECT actor_id FROM entry UNION SELECT owner_id FROM span
UNION SELECT given_to_id FROM span UNION SELECT proposer_id FROM plan UNION SELECT a.approver_id
FROM planning_approval a JOIN plan p ON p.id = a.plan_id
"""
RECORDS = "SELECT record_id AS id FROM item UNION SELECT record_id FROM span"
ITEM = {
    "record": "i.record_id::text",
    "heat": "i.heat",
    "value": "i.value::text",
    "entry": "i.entry_id::text",
}
PLAN = {
    "plan": "p.id::text",
    "digest": "p.digest",
    "scope": "p.scope",
    "proposer": "p.proposer_id::text",
    "made_at": instant("p.made_at"),
    "policy_version": "p.policy_version::text",
    "entry": "p.entry_id::text",
}
APPROVAL = {
    "plan": "a.plan_id::text",
    "approver": "a.approver_id::text",
    "at": instant("a.at"),
    "entry": "a.entry_id::text",
}
COMMIT = {"entry": "d.entry_id::text", "plan": "d.plan_id::text", "moved": "d.moved::text"}
UNDO = {
    "entry": "u.entry_id::text",
    "undone": "u.undone_id::text",
    "restored": "u.restored::text",
}
RECORD = {
    "id": "r.id::text",
    "kind": "r.kind",
    "name": "CASE WHEN r.kind NOT IN ('contact', 'lead') THEN r.name END",
}
SECTIONS = (
    f"SELECT {_line('case', CASE)} FROM here c",
    f"SELECT {_line('person', {'id': 'p.id::text', 'name': 'p.name'})} FROM people_person p"
    f" WHERE p.id IN ({PERSONS}) ORDER BY p.id",
    f"SELECT {_line('record', RECORD)} FROM books_record r WHERE r.id IN ({RECORDS}) ORDER BY r.id",
    f"SELECT {_line('item', ITEM)} FROM item i ORDER BY i.record_id",
    f"SELECT {_line('plan', PLAN)} FROM plan p ORDER BY p.id",
    f"SELECT {_line('approval', APPROVAL)} FROM planning_approval a JOIN plan p ON p.id = a.plan_id"
    " WHERE a.entry_id < %(until)s ORDER BY a.plan_id",
    f"SELECT {_line('commit', COMMIT)} FROM planning_commit d JOIN entry e ON e.id = d.entry_id"
    " ORDER BY e.id",
    f"SELECT {_line('undo', UNDO)} FROM planning_undo u JOIN entry e ON e.id = u.entry_id"
    " ORDER BY e.id",
    f"SELECT {_line('receipt', {'entry': 's.ended_by_id::text', **RECEIPT_COLUMNS})} FROM span s"
    " ORDER BY s.ended_by_id, s.record_id",
)
ENTRY = _line("entry", {"form": "e.form::text", **ENTRY_COLUMNS, "sha256": "e.sha256"})
ENTRIES = f"SELECT {ENTRY} FROM entry e ORDER BY e.id"
EXPORT = f"SELECT {ENTRY} FROM ledger_entry e WHERE e.id = %(until)s"
SEAL = _line("seal", {"form": "s.form::text", **SEAL_COLUMNS, "sha256": "s.sha256"})
SEALS = f"""
SELECT {SEAL} FROM ledger_seal s JOIN ledger_entry e ON e.id = s.entry_id
WHERE e.id IN (SELECT id FROM entry)
   OR s.number >= (SELECT x.number FROM ledger_seal x WHERE x.entry_id = %(until)s)
ORDER BY s.number
"""
LATEST = 2**63 - 1


def body(*, case: int, until: int = LATEST) -> Iterator[bytes]:
    """The lines that an export vouches for: the case, names, book, plans, receipts, entries."""
    for section in (*SECTIONS, ENTRIES):
        yield from _lines(HERE + section, case=case, until=until)


def ending(*, case: int, export: int) -> Iterator[bytes]:
    """The export's own entry; the seals of all, and those from the export's on to the last."""
    yield from _lines(EXPORT, case=case, until=export)
    yield from _lines(HERE + SEALS, case=case, until=export)


def _lines(query: str, **parameters: Any) -> Iterator[bytes]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        for (line,) in cursor:
            yield line.encode() + b"\n"
