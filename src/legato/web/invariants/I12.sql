-- I12 Explained and repeatable: every plan holds what it was made from, what it decided and its
-- proof, and the rows that are carried out say the same as the proposal; nobody is missing.
--
-- That equal inputs give equal bytes is shown by the tests of the solver, not by a query.
WITH placement AS (
    SELECT p.id AS plan_id, (j ->> 'unit')::bigint AS unit_id, (j ->> 'person')::bigint AS person_id,
           j -> 'reason' AS reason
    FROM planning_plan p CROSS JOIN LATERAL jsonb_array_elements(p.proposal -> 'placements') j
), unit AS (
    SELECT p.id AS plan_id, (j ->> 'id')::bigint AS unit_id
    FROM planning_plan p CROSS JOIN LATERAL jsonb_array_elements(p.problem -> 'units') j
)
SELECT CASE WHEN p.digest !~ '^[0-9a-f]{64}$' THEN 'digest_is_missing'
            WHEN e.facts ->> 'digest' IS DISTINCT FROM p.digest THEN 'digest_differs'
            ELSE 'explanation_is_missing' END AS problem,
       'plan ' || p.id AS subject, p.digest AS detail
FROM planning_plan p LEFT JOIN ledger_entry e ON e.id = p.entry_id
WHERE p.digest !~ '^[0-9a-f]{64}$' OR e.facts ->> 'digest' IS DISTINCT FROM p.digest
   OR NOT (p.certificate ? 'orphans' AND (
        p.problem ? 'units' AND p.proposal ? 'placements'
        OR EXISTS (SELECT FROM planning_arrays y WHERE y.plan_id = p.id)))
UNION ALL
SELECT CASE WHEN l.unit_id IS NULL THEN 'assigned_but_not_proposed'
            WHEN a.unit_id IS NULL THEN 'proposed_but_not_assigned' ELSE 'assigned_otherwise' END,
       'plan ' || coalesce(l.plan_id, a.plan_id), 'record ' || coalesce(l.unit_id, a.unit_id)
FROM placement l
FULL JOIN (
    SELECT g.* FROM planning_assignment g
    WHERE NOT EXISTS (SELECT FROM planning_arrays y WHERE y.plan_id = g.plan_id)
) a ON a.plan_id = l.plan_id AND a.unit_id = l.unit_id
WHERE l.unit_id IS NULL OR a.unit_id IS NULL OR a.is_orphan <> (l.person_id IS NULL)
   OR (NOT a.is_orphan AND a.person_id <> l.person_id) OR a.reason IS DISTINCT FROM l.reason
UNION ALL
SELECT 'asked_but_not_decided', 'plan ' || coalesce(u.plan_id, l.plan_id),
       'record ' || coalesce(u.unit_id, l.unit_id)
FROM unit u FULL JOIN placement l ON l.plan_id = u.plan_id AND l.unit_id = u.unit_id
WHERE u.unit_id IS NULL OR l.unit_id IS NULL
UNION ALL
SELECT 'moves_otherwise', 'plan ' || m.plan_id, 'record ' || m.record_id
FROM planning_move m
LEFT JOIN planning_assignment a ON a.plan_id = m.plan_id AND a.unit_id = m.unit_id
WHERE a.person_id IS DISTINCT FROM m.new_owner_id
UNION ALL
SELECT 'decided_but_not_moving', 'plan ' || a.plan_id, 'record ' || a.unit_id
FROM planning_assignment a
WHERE NOT EXISTS (SELECT FROM planning_move m
                  WHERE m.plan_id = a.plan_id AND m.record_id = a.unit_id)
UNION ALL
SELECT 'orphans_counted_otherwise', 'plan ' || p.id,
       (p.certificate ->> 'orphans') || ' in the certificate'
FROM planning_plan p
WHERE (p.certificate ->> 'orphans')::bigint IS DISTINCT FROM (
    SELECT count(*) FROM planning_assignment a WHERE a.plan_id = p.id AND a.is_orphan)
