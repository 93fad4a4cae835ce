-- I4 Who, when, why: every change of a record names an entry that has a finite time and an actor,
-- or was done by a file or the clock; and the receipt that an entry quotes is still the one its
-- spans give (books/operations.py, RECEIPT_SHA256).
--
-- A reason nobody gave is noted beside, not counted: its kind says what the entry did.
WITH named AS (
    SELECT DISTINCT named.id FROM (
        SELECT entry_id, owner_entry_id FROM books_record GROUP BY entry_id, owner_entry_id
        UNION ALL
        SELECT ended_by_id, began_by_id FROM books_span GROUP BY ended_by_id, began_by_id
    ) pair (one, other) CROSS JOIN LATERAL (VALUES (one), (other)) named (id)
), instant AS MATERIALIZED (
    -- Written as by ledger_instant, which would be called row by row; once an entry, as most spans
    -- begin and end at the very instant of theirs.
    SELECT e.id, e.at, to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS text
    FROM ledger_entry e JOIN named n ON n.id = e.id
), receipt AS (
    SELECT line.id, encode(sha256(convert_to(
        string_agg(line.text, E'\n' ORDER BY line.record_id), 'UTF8')), 'hex') AS hash
    FROM (
        SELECT s.ended_by_id AS id, s.record_id, concat_ws(',', s.record_id, s.owner_id,
            s.given_to_id, CASE WHEN b.at = s.since THEN b.text
                ELSE to_char(s.since AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') END,
            CASE WHEN u.at = s.until THEN u.text
                ELSE to_char(s.until AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') END) AS text
        FROM books_span s
        LEFT JOIN instant b ON b.id = s.began_by_id
        LEFT JOIN instant u ON u.id = s.ended_by_id
        WHERE s.ended_by_id IN (SELECT e.id FROM ledger_entry e WHERE e.receipt_sha256 <> '')
        ORDER BY s.ended_by_id, s.record_id
    ) line GROUP BY line.id
)
SELECT 'entry_is_missing' AS problem, 'entry ' || n.id AS subject, '' AS detail
FROM named n LEFT JOIN ledger_entry e ON e.id = n.id WHERE e.id IS NULL
UNION ALL
SELECT CASE WHEN isfinite(e.at) THEN 'nobody_did_it' ELSE 'no_time' END, 'entry ' || e.id, e.kind
FROM named n JOIN ledger_entry e ON e.id = n.id
WHERE NOT isfinite(e.at)
   OR (e.actor_id IS NULL AND e.kind NOT IN (
        'import', 'import_undone', 'employment_ended', 'interim_ended'))
UNION ALL
SELECT 'receipt_differs', 'entry ' || e.id, e.kind
FROM ledger_entry e LEFT JOIN receipt r ON r.id = e.id
WHERE e.receipt_sha256 <> ''
  AND e.receipt_sha256 <> coalesce(r.hash, encode(sha256(''), 'hex'))
UNION ALL
SELECT 'receipt_is_missing', 'entry ' || g.id, 'of a commit or an undo'
FROM (SELECT entry_id AS id FROM planning_commit UNION ALL SELECT entry_id FROM planning_undo) g
JOIN ledger_entry e ON e.id = g.id
WHERE e.receipt_sha256 = ''
