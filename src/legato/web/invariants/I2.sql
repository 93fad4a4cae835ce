-- I2 Eligible only: what a plan's commit gave went to people who could take it, measured as the
-- database stood when it was given. One row per commit, receiver and rule.
--
-- Orphans go to the manager whatever their load, and an undo restores what was: both are exempt.
-- Who receives for an interim may go on leave after it.
-- Limits: an end of employment counts as known from the opening of the departure that announced
-- it; load and skills are those the plan was made from (the commit compares them anew itself); an
-- employment that began later than the commit is not told from one that was there.
WITH given AS (
    SELECT DISTINCT c.entry_id AS commit_id, c.plan_id, c.at, e.recorded_at, s.given_to_id AS person_id
    FROM planning_commit c
    JOIN ledger_entry e ON e.id = c.entry_id
    JOIN books_span s ON s.ended_by_id = c.entry_id
    LEFT JOIN planning_move m ON m.plan_id = c.plan_id AND m.record_id = s.record_id
    LEFT JOIN planning_assignment a ON a.plan_id = m.plan_id AND a.unit_id = m.unit_id
    WHERE a.is_orphan IS NOT TRUE
), leaves AS (
    SELECT g.commit_id, g.person_id, b.id, p.country, n.max_leave_days,
           greatest(b.first_day, (g.at AT TIME ZONE 'UTC')::date) AS first_day,
           least(b.last_day, (l.interim_until AT TIME ZONE 'UTC')::date) AS last_day
    FROM given g
    JOIN people_person p ON p.id = g.person_id
    JOIN people_absence b ON b.person_id = g.person_id
    JOIN ledger_entry k ON k.id = b.entry_id AND k.recorded_at < g.recorded_at
    JOIN planning_plan l ON l.id = g.plan_id
    CROSS JOIN LATERAL (
        SELECT (l.problem #>> '{rules,max_leave_days}')::int AS max_leave_days
    ) n
    WHERE b.last_day >= (g.at AT TIME ZONE 'UTC')::date
      AND b.first_day <= coalesce((l.interim_until AT TIME ZONE 'UTC')::date,
                                  (g.at AT TIME ZONE 'UTC')::date + 30)
), unit AS (
    SELECT c.entry_id AS commit_id, c.plan_id, a.person_id, a.unit_id,
           (u ->> 'weight')::bigint AS weight, u -> 'needs' AS needs
    FROM planning_commit c
    JOIN planning_plan l ON l.id = c.plan_id
    CROSS JOIN LATERAL jsonb_array_elements(l.problem -> 'units') u
    JOIN planning_assignment a ON a.plan_id = l.id AND a.unit_id = (u ->> 'id')::bigint
    WHERE NOT a.is_orphan
), candidate AS (
    SELECT c.entry_id AS commit_id, (k ->> 'id')::bigint AS person_id, k -> 'skills' AS skills,
           greatest(0, (k ->> 'capacity')::bigint - (k ->> 'load')::bigint) AS free,
           l.problem #> '{rules,recorded}' AS recorded
    FROM planning_commit c
    JOIN planning_plan l ON l.id = c.plan_id
    CROSS JOIN LATERAL jsonb_array_elements(l.problem -> 'candidates') k
)
SELECT 'held' AS problem, 'commit ' || g.commit_id AS subject, 'person ' || g.person_id AS detail
FROM given g
WHERE EXISTS (
    SELECT FROM people_hold h
    JOIN ledger_entry placed ON placed.id = h.placed_by_id
    LEFT JOIN ledger_entry released ON released.id = h.released_by_id
    WHERE h.person_id = g.person_id AND placed.recorded_at < g.recorded_at
      AND (released.id IS NULL OR released.recorded_at > g.recorded_at)
)
UNION ALL
SELECT 'not_employed', 'commit ' || g.commit_id, 'person ' || g.person_id
FROM given g
WHERE NOT EXISTS (
    SELECT FROM people_employment m JOIN ledger_entry changed ON changed.id = m.entry_id
    WHERE m.person_id = g.person_id
      AND (m.ended_at IS NULL OR changed.recorded_at > g.recorded_at)
)
UNION ALL
SELECT 'end_was_known', 'commit ' || g.commit_id, 'person ' || g.person_id
FROM given g
WHERE EXISTS (
    SELECT FROM departures_case d
    JOIN ledger_entry opened ON opened.id = d.entry_id
    LEFT JOIN ledger_entry closed ON closed.id = d.closed_by_id
    WHERE d.person_id = g.person_id AND d.last_day IS NOT NULL
      AND opened.recorded_at < g.recorded_at
      AND (closed.id IS NULL OR closed.recorded_at > g.recorded_at)
)
UNION ALL
SELECT 'on_leave', 'commit ' || l.commit_id, 'person ' || l.person_id
FROM leaves l
WHERE l.max_leave_days < (
    SELECT count(*) FROM generate_series(l.first_day, l.last_day, interval '1 day') each (day)
    WHERE extract(isodow FROM each.day) < 6
      AND NOT EXISTS (SELECT FROM people_holiday h
                      WHERE h.country = l.country AND h.day = each.day::date)
)
UNION ALL
SELECT 'over_capacity', 'commit ' || u.commit_id, 'person ' || u.person_id
FROM unit u JOIN candidate k ON k.commit_id = u.commit_id AND k.person_id = u.person_id
GROUP BY u.commit_id, u.person_id, k.free
HAVING sum(u.weight) > k.free
UNION ALL
SELECT DISTINCT 'skill_is_missing', 'commit ' || u.commit_id,
       'person ' || u.person_id || ', record ' || u.unit_id
FROM unit u
JOIN candidate k ON k.commit_id = u.commit_id AND k.person_id = u.person_id
CROSS JOIN LATERAL jsonb_array_elements(u.needs) need
WHERE k.recorded @> jsonb_build_array(need) AND NOT k.skills @> jsonb_build_array(need)
UNION ALL
SELECT 'not_a_candidate', 'commit ' || u.commit_id, 'person ' || u.person_id
FROM unit u
WHERE NOT EXISTS (SELECT FROM candidate k
                  WHERE k.commit_id = u.commit_id AND k.person_id = u.person_id)
GROUP BY u.commit_id, u.person_id
