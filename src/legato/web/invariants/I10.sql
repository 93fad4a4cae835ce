-- I10 Books balance: of every book that a commit divided, what moved, what was kept by somebody
-- else and what was closed are together what was listed; counted once by the spans that the
-- database wrote, once by the moves of the plan. What an undo restored and what it left make up
-- what was given.
--
-- A record of the book that is open and still the holder's since before the commit was forgotten,
-- unless the holder has come back meanwhile, or is the last resort, to whom what nobody can take
-- falls: the plan says so, and the case cannot close before it is given. What was listed later
-- belongs to a later plan. What changed since may have been closed then, and opened again by a
-- file, an undo or a person: it is no part of that commit, and still points to who leaves.
WITH committed AS (
    SELECT c.entry_id AS commit_id, c.plan_id, c.moved, e.recorded_at, p.scope
    FROM planning_commit c
    JOIN ledger_entry e ON e.id = c.entry_id
    JOIN planning_plan p ON p.id = c.plan_id
), counted AS MATERIALIZED (
    SELECT ended_by_id AS id, count(*) AS spans FROM books_span GROUP BY ended_by_id
), unequal AS MATERIALIZED (
    SELECT coalesce(s.commit_id, m.commit_id) AS commit_id,
           coalesce(s.record_id, m.record_id) AS record_id,
           s.record_id IS NOT NULL AS was_moved, m.record_id IS NOT NULL AS was_planned
    FROM (
        SELECT c.commit_id, s.record_id, s.owner_id, s.given_to_id
        FROM committed c JOIN books_span s ON s.ended_by_id = c.commit_id
    ) s FULL JOIN (
        SELECT c.commit_id, m.record_id, m.expected_owner_id, m.new_owner_id
        FROM committed c JOIN planning_move m ON m.plan_id = c.plan_id
        WHERE m.new_owner_id <> m.expected_owner_id OR m.is_covered
    ) m ON m.commit_id = s.commit_id AND m.record_id = s.record_id
    WHERE s.owner_id IS DISTINCT FROM m.expected_owner_id
       OR s.given_to_id IS DISTINCT FROM m.new_owner_id
), listed AS NOT MATERIALIZED (
    SELECT c.commit_id, c.plan_id, b.id AS book_id, b.holder_id, i.record_id, i.value
    FROM committed c
    JOIN planning_planbook g ON g.plan_id = c.plan_id
    JOIN books_book b ON b.id = g.book_id
    JOIN books_item i ON i.book_id = b.id
    JOIN ledger_entry l ON l.id = i.entry_id AND l.recorded_at < c.recorded_at
)
SELECT 'record_is_lost' AS problem, 'record ' || i.record_id AS subject,
       'book ' || i.book_id AS detail
FROM books_item i LEFT JOIN books_record r ON r.id = i.record_id WHERE r.id IS NULL
UNION ALL
SELECT DISTINCT 'left_behind', 'record ' || r.id, 'commit ' || i.commit_id
FROM listed i
JOIN books_record r ON r.id = i.record_id AND r.is_open AND r.owner_id = i.holder_id
                   AND r.owner_entry_id <= i.commit_id AND r.entry_id <= i.commit_id
WHERE EXISTS (SELECT FROM people_hold h WHERE h.person_id = i.holder_id AND h.released_at IS NULL)
  AND NOT EXISTS (SELECT FROM planning_move m JOIN planning_assignment a
                      ON a.plan_id = m.plan_id AND a.unit_id = m.unit_id AND a.is_orphan
                  WHERE m.plan_id = i.plan_id AND m.record_id = i.record_id
                    AND m.new_owner_id = i.holder_id)
UNION ALL
SELECT CASE WHEN NOT was_moved THEN 'planned_but_not_moved'
            WHEN NOT was_planned THEN 'moved_but_not_planned' ELSE 'moved_otherwise' END,
       'record ' || record_id, 'commit ' || commit_id
FROM unequal
UNION ALL
SELECT 'moved_but_not_listed', 'record ' || s.record_id, 'commit ' || s.ended_by_id
FROM books_span s JOIN committed c ON c.commit_id = s.ended_by_id AND c.scope = 'case'
WHERE NOT EXISTS (SELECT FROM listed i
                  WHERE i.commit_id = s.ended_by_id AND i.record_id = s.record_id)
UNION ALL
SELECT 'counted_otherwise', 'commit ' || c.commit_id,
       c.moved || ' said, ' || coalesce(n.spans, 0) || ' in the spans'
FROM committed c LEFT JOIN counted n ON n.id = c.commit_id
WHERE c.moved <> coalesce(n.spans, 0)
UNION ALL
-- The sums can differ only where the records do.
SELECT 'value_differs', 'commit ' || i.commit_id,
       sum(i.value) FILTER (WHERE s.record_id IS NOT NULL) || ' by spans, '
       || sum(i.value) FILTER (WHERE m.record_id IS NOT NULL) || ' by moves'
FROM (SELECT DISTINCT ON (commit_id, record_id) * FROM listed
      ORDER BY commit_id, record_id, book_id) i
LEFT JOIN books_span s ON s.ended_by_id = i.commit_id AND s.record_id = i.record_id
LEFT JOIN planning_move m ON m.plan_id = i.plan_id AND m.record_id = i.record_id
                         AND (m.new_owner_id <> m.expected_owner_id OR m.is_covered)
WHERE i.commit_id IN (SELECT commit_id FROM unequal WHERE was_moved <> was_planned)
GROUP BY i.commit_id
HAVING sum(i.value) FILTER (WHERE s.record_id IS NOT NULL)
       IS DISTINCT FROM sum(i.value) FILTER (WHERE m.record_id IS NOT NULL)
UNION ALL
SELECT 'undo_does_not_add_up', 'undo ' || u.entry_id,
       u.restored || ' restored, ' || jsonb_array_length(u.conflicts) || ' left'
FROM planning_undo u
LEFT JOIN counted n ON n.id = u.entry_id
LEFT JOIN counted was ON was.id = u.undone_id
WHERE u.restored <> coalesce(n.spans, 0)
   OR u.restored + jsonb_array_length(u.conflicts) <> coalesce(was.spans, 0)
