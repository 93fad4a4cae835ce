-- I10 Books balance: of every book that a commit divided, what moved, what was kept by somebody
-- else and what was closed are together what was listed; counted once by the spans that the
-- database wrote, once by the moves of the plan. What an undo restored and what it left make up
-- what was given.
--
-- A record of the book that is open and still the holder's since before the commit was forgotten,
-- unless the holder has come back meanwhile. What was listed later belongs to a later plan.
WITH committed AS (
    SELECT c.entry_id AS commit_id, c.plan_id, c.moved, e.recorded_at, p.scope
    FROM planning_commit c
    JOIN ledger_entry e ON e.id = c.entry_id
    JOIN planning_plan p ON p.id = c.plan_id
), by_span AS (
    SELECT c.commit_id, s.record_id, s.owner_id, s.given_to_id
    FROM committed c JOIN books_span s ON s.ended_by_id = c.commit_id
), by_move AS (
    SELECT c.commit_id, m.record_id, m.expected_owner_id AS owner_id, m.new_owner_id AS given_to_id
    FROM committed c JOIN planning_move m ON m.plan_id = c.plan_id
    WHERE m.new_owner_id <> m.expected_owner_id OR m.is_covered
), item AS (
    SELECT DISTINCT ON (c.commit_id, i.record_id) c.commit_id, i.record_id, i.value, b.holder_id,
           r.is_open, r.owner_id, r.owner_entry_id
    FROM committed c
    JOIN planning_planbook g ON g.plan_id = c.plan_id
    JOIN books_book b ON b.id = g.book_id
    JOIN books_item i ON i.book_id = b.id
    JOIN ledger_entry l ON l.id = i.entry_id AND l.recorded_at < c.recorded_at
    LEFT JOIN books_record r ON r.id = i.record_id
    ORDER BY c.commit_id, i.record_id, b.id
)
SELECT 'record_is_lost' AS problem, 'record ' || i.record_id AS subject,
       'book ' || i.book_id AS detail
FROM books_item i LEFT JOIN books_record r ON r.id = i.record_id WHERE r.id IS NULL
UNION ALL
SELECT 'left_behind', 'record ' || i.record_id, 'commit ' || i.commit_id
FROM item i
WHERE i.is_open AND i.owner_id = i.holder_id AND i.owner_entry_id <= i.commit_id
  AND EXISTS (SELECT FROM people_hold h WHERE h.person_id = i.holder_id AND h.released_at IS NULL)
UNION ALL
SELECT CASE WHEN s.record_id IS NULL THEN 'planned_but_not_moved'
            WHEN m.record_id IS NULL THEN 'moved_but_not_planned' ELSE 'moved_otherwise' END,
       'record ' || coalesce(s.record_id, m.record_id),
       'commit ' || coalesce(s.commit_id, m.commit_id)
FROM by_span s
FULL JOIN by_move m ON m.commit_id = s.commit_id AND m.record_id = s.record_id
WHERE (s.owner_id, s.given_to_id) IS DISTINCT FROM (m.owner_id, m.given_to_id)
UNION ALL
SELECT 'moved_but_not_listed', 'record ' || s.record_id, 'commit ' || s.commit_id
FROM by_span s JOIN committed c ON c.commit_id = s.commit_id AND c.scope = 'case'
WHERE NOT EXISTS (SELECT FROM item i
                  WHERE i.commit_id = s.commit_id AND i.record_id = s.record_id)
UNION ALL
SELECT 'counted_otherwise', 'commit ' || c.commit_id,
       c.moved || ' said, ' || count(s.record_id) || ' in the spans'
FROM committed c LEFT JOIN by_span s ON s.commit_id = c.commit_id
GROUP BY c.commit_id, c.moved HAVING c.moved <> count(s.record_id)
UNION ALL
SELECT 'value_differs', 'commit ' || i.commit_id,
       sum(i.value) FILTER (WHERE s.record_id IS NOT NULL) || ' by spans, '
       || sum(i.value) FILTER (WHERE m.record_id IS NOT NULL) || ' by moves'
FROM item i
LEFT JOIN by_span s ON s.commit_id = i.commit_id AND s.record_id = i.record_id
LEFT JOIN by_move m ON m.commit_id = i.commit_id AND m.record_id = i.record_id
GROUP BY i.commit_id
HAVING sum(i.value) FILTER (WHERE s.record_id IS NOT NULL)
       IS DISTINCT FROM sum(i.value) FILTER (WHERE m.record_id IS NOT NULL)
UNION ALL
SELECT 'undo_does_not_add_up', 'undo ' || u.entry_id,
       u.restored || ' restored, ' || jsonb_array_length(u.conflicts) || ' left'
FROM planning_undo u
WHERE u.restored <> (SELECT count(*) FROM books_span s WHERE s.ended_by_id = u.entry_id)
   OR u.restored + jsonb_array_length(u.conflicts)
      <> (SELECT count(*) FROM books_span s WHERE s.ended_by_id = u.undone_id)
