-- I1 One responsible: every open record has exactly one employed owner, at every instant.
--
-- The spans of a record are a chain: each ends with the entry by which the next begins, and the
-- record itself is the last link. Following the links, not the clock, tells a gap from an overlap
-- even where several changes share an instant. A first span that was taken away whole leaves no
-- broken link; the receipt's hash (I4) tells it.
WITH link AS (
    SELECT record_id, began_by_id AS entry_id, since, owner_id FROM books_span
    UNION ALL
    SELECT id, owner_entry_id, owner_since, owner_id FROM books_record
)
SELECT 'owner_is_not_employed' AS problem, 'record ' || r.id AS subject,
       'person ' || r.owner_id AS detail
FROM books_record r LEFT JOIN people_person p ON p.id = r.owner_id
WHERE r.is_open AND p.is_employed IS NOT TRUE
UNION ALL
SELECT 'time_is_infinite', 'record ' || id, 'since ' || owner_since || ', until ' || interim_until
FROM books_record WHERE NOT isfinite(owner_since) OR NOT isfinite(interim_until)
UNION ALL
SELECT CASE WHEN n.record_id IS NULL THEN 'nobody_follows'
            WHEN n.since > s.until THEN 'gap'
            WHEN n.since < s.until THEN 'overlap' ELSE 'other_person' END,
       'record ' || s.record_id, 'at entry ' || s.ended_by_id
FROM books_span s LEFT JOIN link n ON n.record_id = s.record_id AND n.entry_id = s.ended_by_id
WHERE n.record_id IS NULL OR n.since <> s.until OR n.owner_id <> s.given_to_id
UNION ALL
SELECT 'two_follow', 'record ' || record_id, 'after entry ' || began_by_id
FROM books_span GROUP BY record_id, began_by_id HAVING count(*) > 1
UNION ALL
SELECT 'two_beginnings', 'record ' || s.record_id, count(*) || ' beginnings'
FROM books_span s
WHERE NOT EXISTS (SELECT FROM books_span b
                  WHERE b.record_id = s.record_id AND b.ended_by_id = s.began_by_id)
GROUP BY s.record_id HAVING count(*) > 1
