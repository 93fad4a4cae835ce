-- I7 Acknowledged is durable: whatever somebody was told was done is there, with its entry of the
-- right kind, and whatever an entry says was done has its rows.
--
-- An answer kept for a key names the entry it was given with. What an import created or changed is
-- counted by its report and by its rows; what it refused, by its report and its own list.
WITH done (entry_id, kind, what, row_id) AS (
    SELECT entry_id, 'plan', 'plan', id FROM planning_plan
    UNION ALL SELECT entry_id, 'approval', 'approval of plan', plan_id FROM planning_approval
    UNION ALL SELECT entry_id, 'commit', 'commit of plan', plan_id FROM planning_commit
    UNION ALL SELECT entry_id, 'undo', 'undo of entry', undone_id FROM planning_undo
    UNION ALL SELECT entry_id, 'case_opened', 'case', id FROM departures_case
    UNION ALL SELECT entry_id, 'rest_signed', 'signature in case', case_id FROM departures_signature
    UNION ALL SELECT entry_id, 'import', 'import', id FROM books_import WHERE entry_id IS NOT NULL
    UNION ALL SELECT undone_by_id, 'import_undone', 'undo of import', id FROM books_import
              WHERE undone_by_id IS NOT NULL
), answered AS (
    SELECT a.key, a.entry_id, e.id IS NOT NULL AS is_there,
           CASE WHEN e.kind IN ('commit', 'undo', 'cover') THEN a.answer ->> e.kind
                WHEN e.kind = 'import' THEN a.answer ->> 'entry' END AS named
    FROM ledger_answer a LEFT JOIN ledger_entry e ON e.id = a.entry_id
), applied AS (
    SELECT i.id, i.entry_id, i.report, n.new, n.changed, n.rejected
    FROM books_import i CROSS JOIN LATERAL (
        SELECT sum((value ->> 'new')::bigint) FILTER (WHERE key NOT IN ('person', 'team', 'product'))
                   AS new,
               sum((value ->> 'changed')::bigint)
                   FILTER (WHERE key NOT IN ('person', 'team', 'product')) AS changed,
               sum((value ->> 'rejected')::bigint) AS rejected
        FROM jsonb_each(i.report -> 'counts')
    ) n
    WHERE i.entry_id IS NOT NULL
), first_given AS (
    SELECT owner_entry_id AS entry_id, id AS record_id FROM books_record
    UNION ALL SELECT began_by_id, record_id FROM books_span
), created AS (
    SELECT a.id, count(*) AS records
    FROM applied a JOIN first_given g ON g.entry_id = a.entry_id
    WHERE NOT EXISTS (SELECT FROM books_change c
                      WHERE c.importing_id = a.id AND c.record_id = g.record_id)
    GROUP BY a.id
), changed AS (
    SELECT importing_id AS id, count(*) AS records FROM books_change GROUP BY importing_id
)
SELECT 'answer_without_entry' AS problem, 'entry ' || a.entry_id AS subject,
       'key ' || a.key AS detail
FROM answered a WHERE NOT a.is_there
UNION ALL
SELECT 'answer_names_another_entry', 'entry ' || a.entry_id, 'key ' || a.key
FROM answered a WHERE a.named IS NOT NULL AND a.named <> a.entry_id::text
UNION ALL
SELECT CASE WHEN e.id IS NULL THEN 'done_without_entry' ELSE 'entry_of_another_kind' END,
       d.what || ' ' || d.row_id, 'entry ' || d.entry_id
FROM done d LEFT JOIN ledger_entry e ON e.id = d.entry_id
WHERE e.kind IS DISTINCT FROM d.kind
UNION ALL
SELECT 'entry_without_what_was_done', 'entry ' || e.id, e.kind
FROM ledger_entry e
WHERE e.kind IN ('plan', 'approval', 'commit', 'undo', 'case_opened', 'rest_signed',
                 'import', 'import_undone')
  AND (e.kind <> 'import' OR e.facts ->> 'import' IS NOT NULL)
  AND NOT EXISTS (SELECT FROM done d WHERE d.entry_id = e.id)
UNION ALL
SELECT 'entry_of_another_plan', 'plan ' || d.plan_id, 'entry ' || e.id
FROM planning_commit d JOIN ledger_entry e ON e.id = d.entry_id
WHERE e.kind = 'commit' AND (e.facts ->> 'plan')::bigint IS DISTINCT FROM d.plan_id
UNION ALL
SELECT 'commit_without_approval', 'plan ' || d.plan_id, 'entry ' || d.entry_id
FROM planning_commit d
WHERE NOT EXISTS (SELECT FROM planning_approval a
                  WHERE a.plan_id = d.plan_id AND a.entry_id < d.entry_id)
UNION ALL
SELECT 'imported_but_not_there', 'import ' || a.id,
       a.new || ' new said, ' || coalesce(c.records, 0) || ' there'
FROM applied a LEFT JOIN created c ON c.id = a.id
WHERE a.new IS DISTINCT FROM coalesce(c.records, 0)
UNION ALL
SELECT 'changed_but_not_kept', 'import ' || a.id,
       a.changed || ' changed said, ' || coalesce(c.records, 0) || ' kept'
FROM applied a LEFT JOIN changed c ON c.id = a.id
WHERE a.changed IS DISTINCT FROM coalesce(c.records, 0)
UNION ALL
SELECT 'rejected_but_not_listed', 'import ' || a.id,
       a.rejected || ' rejected said, ' || (a.report #>> '{rejected,count}') || ' listed'
FROM applied a
WHERE a.rejected IS DISTINCT FROM (a.report #>> '{rejected,count}')::bigint
