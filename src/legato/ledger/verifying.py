"""Whether the ledger is what was written: every hash computed anew, every number in its place."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from legato.ledger.hashing import SAFE_PATH, entry_sha256, instant, receipt_sha256, seal_sha256

NAMED_AT_MOST = 50
EARLIER = "interval '1 hour'"
"""How much earlier than its predecessor an entry may say it was recorded: no transaction of ours
lasts longer, and clocks are set by less."""

AT = f"CASE WHEN isfinite(e.at) THEN {instant('e.at')} ELSE e.at::text END"

ENTRIES = f"""
WITH chained AS (
    SELECT e.*, lag(e.number, 1, 0::bigint) OVER chain AS last_number,
           lag(e.sha256, 1, '') OVER chain AS last_sha256,
           lag(e.recorded_at) OVER chain AS last_recorded_at
    FROM ledger_entry e WINDOW chain AS (PARTITION BY e.chain ORDER BY e.number, e.id)
), judged AS (
    SELECT e.id, CASE
        WHEN e.sha256 IS DISTINCT FROM {entry_sha256()} THEN 'entry_was_changed'
        WHEN e.number > e.last_number + 1 THEN 'entry_is_missing'
        WHEN e.number <> e.last_number + 1 THEN 'entry_was_inserted'
        WHEN e.previous_sha256 <> e.last_sha256 THEN 'chain_is_broken'
        WHEN e.recorded_at < e.last_recorded_at - {EARLIER} THEN 'entry_is_back_dated'
    END AS problem, e.last_number + 1 AS expected
    FROM chained e
)
SELECT problem, id AS entry, NULL::bigint AS seal, expected FROM judged WHERE problem IS NOT NULL
"""

SEALS = f"""
WITH chained AS (
    SELECT s.*, lag(s.number, 1, 0::bigint) OVER chain AS last_number,
           lag(s.sha256, 1, '') OVER chain AS last_sha256,
           lag(s.sealed_at) OVER chain AS last_sealed_at,
           lag(e.recorded_at) OVER chain AS last_recorded_at
    FROM ledger_seal s LEFT JOIN ledger_entry e ON e.id = s.entry_id
    WINDOW chain AS (ORDER BY s.number)
), judged AS (
    SELECT s.number, s.entry_id, s.last_number + 1 AS expected, CASE
        WHEN s.number <> s.last_number + 1 THEN 'seal_is_missing'
        WHEN e.id IS NULL THEN 'sealed_entry_is_missing'
        WHEN s.sha256 IS DISTINCT FROM {seal_sha256()} THEN 'seal_was_changed'
        WHEN s.previous_sha256 <> s.last_sha256 THEN 'seal_is_broken'
        WHEN e.recorded_at < s.last_recorded_at - {EARLIER} THEN 'entry_is_back_dated'
    END AS problem
    FROM chained s LEFT JOIN ledger_entry e ON e.id = s.entry_id
)
SELECT problem, entry_id, number, expected FROM judged WHERE problem IS NOT NULL
"""

# The rows that an entry's receipt is of (books_span) are written by the database alone.
RECEIPTS = f"""
SELECT 'receipt_differs', e.id, NULL::bigint, NULL::bigint FROM ledger_entry e
LEFT JOIN LATERAL (
    SELECT {receipt_sha256()} AS sha256 FROM books_span s WHERE s.ended_by_id = e.id
) found ON true
WHERE e.receipt_sha256 NOT IN ('', found.sha256)
"""

# In the order of the chain over all. What has no place there stands before what follows it in its
# own chain, else at the end. Times are text: an owner may have written some that Python has not.
FINDINGS = f"""
WITH found AS MATERIALIZED (({ENTRIES}) UNION ALL ({SEALS}) UNION ALL ({RECEIPTS}))
SELECT count(*) OVER (), f.problem, coalesce(f.seal, s.number), f.entry, e.chain,
       CASE WHEN f.problem = 'entry_is_missing' THEN f.expected ELSE e.number END,
       e.kind, e.actor_id, {AT}, f.expected
FROM found f
LEFT JOIN ledger_entry e ON e.id = f.entry
LEFT JOIN ledger_seal s ON s.entry_id = f.entry
LEFT JOIN LATERAL (
    SELECT min(l.number) AS number FROM ledger_entry n JOIN ledger_seal l ON l.entry_id = n.id
    WHERE coalesce(f.seal, s.number) IS NULL AND n.chain = e.chain AND n.number >= e.number
) later ON true
ORDER BY coalesce(f.seal, s.number, later.number) NULLS LAST, e.number NULLS FIRST, f.entry,
         f.seal NULLS FIRST, f.problem
LIMIT {NAMED_AT_MOST}
"""

STATE = """
SELECT (SELECT count(*) FROM ledger_entry), (SELECT count(*) FROM ledger_seal), waiting.count,
       extract(epoch FROM clock_timestamp() - waiting.since)::float, last.number, last.sha256,
       (SELECT uuid::text FROM ledger_identity)
FROM (SELECT count(*), min(e.recorded_at) FILTER (WHERE isfinite(e.recorded_at)) AS since
      FROM ledger_entry e
      WHERE NOT EXISTS (SELECT FROM ledger_seal s WHERE s.entry_id = e.id)) waiting
LEFT JOIN (SELECT number, sha256 FROM ledger_seal ORDER BY number DESC LIMIT 1) last ON true
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What is wrong, and where: a place in the chain over all (``seal``), an entry with its chain,
    number, kind, actor and time (ISO, UTC). Unknown is None; ``actor`` also where the clock did it.

    Of ``entry_is_missing``, ``entry`` is the one after the gap and ``number`` the one that is gone.
    """

    problem: str
    seal: int | None
    entry: int | None
    chain: str | None
    number: int | None
    kind: str | None
    actor: int | None
    at: str | None
    expected: int | None
    """The number that belongs there."""


OF_SEAL = f"""
SELECT e.id, e.chain, e.number, e.kind, e.actor_id, {AT}
FROM ledger_seal s JOIN ledger_entry e ON e.id = s.entry_id WHERE s.number = %s
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """How much there is, what waits for its seal (the oldest for so many seconds), and where
    the chain over all ends."""

    entries: int
    seals: int
    unsealed: int
    unsealed_for: float | None
    last_seal: int | None
    last_sha256: str | None
    database: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """``findings`` are the first `NAMED_AT_MOST` of ``count``, in the order of the ledger."""

    state: State
    count: int
    findings: tuple[Finding, ...]


def verify() -> Verdict:
    """Computes every entry, chain, seal and receipt anew; about ten seconds per million entries."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SAFE_PATH)
        cursor.execute("SET LOCAL work_mem = '256MB'")
        state = _state(cursor)
        cursor.execute(FINDINGS)
        rows = cursor.fetchall()
    count = rows[0][0] if rows else 0
    return Verdict(state=state, count=count, findings=tuple(_findings(rows)))


def state() -> State:
    """How far the ledger is sealed."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SAFE_PATH)
        return _state(cursor)


def at_seal(seal: int, *, problem: str) -> Finding:
    """A problem at a place of the chain over all, with the entry that stands there now, if any."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SAFE_PATH)
        cursor.execute(OF_SEAL, [seal])
        row = cursor.fetchone() or (None,) * 6
    names = ("entry", "chain", "number", "kind", "actor", "at")
    named = dict(zip(names, row, strict=True))
    return Finding(problem=problem, seal=seal, expected=None, **named)


def _state(cursor: Any) -> State:
    cursor.execute(STATE)
    names = State.__dataclass_fields__
    return State(**dict(zip(names, cursor.fetchone(), strict=True)))


def _findings(rows: Iterable[tuple[Any, ...]]) -> Iterable[Finding]:
    names = Finding.__dataclass_fields__
    return (Finding(**dict(zip(names, row[1:], strict=True))) for row in rows)
