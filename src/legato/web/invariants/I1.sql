-- I1 One responsible: every open record has exactly one employed owner, at every instant.
--
-- The spans of a record are a chain: each ends with the entry by which the next begins, and the
-- record itself is the last link. Following the links, not the clock, tells a gap from an overlap
-- even where several changes share an instant. A first span that was taken away whole leaves no
-- broken link; the receipt's hash (I4) tells it.
WITH RECURSIVE open_owner AS (
    -- Each owner once, in steps along the index of open records: 200 looks instead of a million.
    (SELECT owner_id FROM books_record WHERE is_open ORDER BY owner_id LIMIT 1)
    UNION ALL
    SELECT (SELECT r.owner_id FROM books_record r WHERE r.is_open AND r.owner_id > o.owner_id
            ORDER BY r.owner_id LIMIT 1)
    FROM open_owner o WHERE o.owner_id IS NOT NULL
), gone AS (
    SELECT o.owner_id FROM open_owner o LEFT JOIN people_person p ON p.id = o.owner_id
    WHERE o.owner_id IS NOT NULL AND p.is_employed IS NOT TRUE
), begun AS (
    SELECT record_id, began_by_id AS entry_id, since, owner_id, interim_until, false AS is_last
    FROM books_span
    UNION ALL
    -- A record that no span led to is the last link of nothing.
    SELECT id, owner_entry_id, owner_since, owner_id, interim_until, true FROM books_record
    WHERE owner_entry_id IN (SELECT ended_by_id FROM books_span)
       OR NOT isfinite(owner_since) OR NOT isfinite(interim_until)
), link AS MATERIALIZED (
    -- Ends and beginnings that do not meet; a first span begins where nothing ends.
    SELECT s.record_id AS ended_id, s.ended_by_id, s.until, s.given_to_id, b.*
    FROM books_span s
    FULL JOIN begun b ON b.record_id = s.record_id AND b.entry_id = s.ended_by_id
    WHERE b.record_id IS NULL OR b.since <> s.until OR b.owner_id <> s.given_to_id
       OR (s.record_id IS NULL AND NOT b.is_last)
       OR (b.is_last AND (NOT isfinite(b.since) OR NOT isfinite(b.interim_until)))
)
SELECT 'owner_is_not_employed' AS problem, 'record ' || r.id AS subject,
       'person ' || r.owner_id AS detail
FROM books_record r JOIN gone g ON g.owner_id = r.owner_id WHERE r.is_open
UNION ALL
SELECT 'time_is_infinite', 'record ' || record_id, concat('since ', since, ', until ', interim_until)
FROM link WHERE is_last AND (NOT isfinite(since) OR NOT isfinite(interim_until))
UNION ALL
SELECT CASE WHEN record_id IS NULL THEN 'nobody_follows'
            WHEN since > until THEN 'gap'
            WHEN since < until THEN 'overlap' ELSE 'other_person' END,
       'record ' || ended_id, 'at entry ' || ended_by_id
FROM link WHERE record_id IS NULL OR since <> until OR owner_id <> given_to_id
UNION ALL
-- A key refuses it (books_span_follows_once); counted where the key is missing.
SELECT 'two_follow', 'record ' || record_id, 'after entry ' || began_by_id
FROM (SELECT record_id, began_by_id FROM books_span
      GROUP BY record_id, began_by_id HAVING count(*) > 1) twice
WHERE NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conname = 'books_span_follows_once'
                  AND c.conrelid = 'books_span'::regclass)
UNION ALL
SELECT 'two_beginnings', 'record ' || record_id, count(*) || ' beginnings'
FROM link WHERE ended_id IS NULL AND NOT is_last GROUP BY record_id HAVING count(*) > 1
