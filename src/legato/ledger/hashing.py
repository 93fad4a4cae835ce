"""What is hashed of an entry and of a seal, as SQL that needs no function of ours.

Whoever owns the database could replace a function that computes hashes by one that repeats what is
stored. Verification therefore spells the text out in built-in functions, and fixes the search path.
"""

from collections.abc import Sequence

SAFE_PATH = "SET LOCAL search_path = pg_catalog, public, pg_temp"


def instant(column: str) -> str:
    """UTC to the microsecond, as ISO text; years before our era with a minus."""
    utc = f"""to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
    return f"(CASE WHEN {column} < '0001-01-01 00:00:00+00' THEN '-' ELSE '' END || {utc})"


ENTRY_COLUMNS = {
    "id": "e.id::text",
    "chain": "e.chain",
    "number": "e.number::text",
    "kind": "e.kind",
    "actor_id": "e.actor_id::text",
    "at": instant("e.at"),
    "recorded_at": instant("e.recorded_at"),
    "reason": "e.reason",
    "facts": "e.facts::text",
    "receipt_sha256": "e.receipt_sha256",
    "transaction_id": "e.transaction_id::text",
    "previous_sha256": "e.previous_sha256",
}
"""The columns of an entry as text, in the order in which they are hashed."""
SEAL_COLUMNS = {
    "number": "s.number::text",
    "entry_id": "s.entry_id::text",
    "entry_sha256": "e.sha256",
    "sealed_at": instant("s.sealed_at"),
    "previous_sha256": "s.previous_sha256",
}
FIRST_FORM_HAD_NOT = ("id", "transaction_id")
RECEIPT_COLUMNS = {
    "record": "s.record_id::text",
    "owner": "s.owner_id::text",
    "given_to": "s.given_to_id::text",
    "since": instant("s.since"),
    "until": instant("s.until"),
}
"""The columns of a row of a receipt; a row is these with commas between them, a receipt its rows in
the order of their records with line feeds between them."""


def hashed(parts: Sequence[str]) -> str:
    """The SHA-256 in hexadecimal over parts, each preceded by its length and a colon."""
    whole = [f"coalesce({part}, '')" for part in parts]
    text = " || ',' || ".join(f"octet_length({part}) || ':' || {part}" for part in whole)
    return f"encode(sha256(convert_to({text}, 'UTF8')), 'hex')"


def entry_sha256() -> str:
    """Of the entry ``e``, in the form it says it has; null if there is no such form."""
    first = [text for name, text in ENTRY_COLUMNS.items() if name not in FIRST_FORM_HAD_NOT]
    second = ["'legato entry 2'", *ENTRY_COLUMNS.values()]
    return f"CASE e.form WHEN 1 THEN {hashed(first)} WHEN 2 THEN {hashed(second)} END"


def seal_sha256() -> str:
    """Of the seal ``s`` of the entry ``e``."""
    first = [SEAL_COLUMNS[name] for name in ("number", "previous_sha256", "entry_sha256")]
    second = ["'legato seal 2'", *SEAL_COLUMNS.values()]
    return f"CASE s.form WHEN 1 THEN {hashed(first)} WHEN 2 THEN {hashed(second)} END"


def receipt_sha256() -> str:
    """Of the spans ``s`` of one entry: an aggregate; of none, the hash of nothing."""
    row = " || ',' || ".join(RECEIPT_COLUMNS.values())
    rows = f"coalesce(string_agg({row}, E'\\n' ORDER BY s.record_id), '')"
    return f"encode(sha256(convert_to({rows}, 'UTF8')), 'hex')"
