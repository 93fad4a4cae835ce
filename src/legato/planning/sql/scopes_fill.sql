-- Plans made so far are each of one book, and keep heat and value of their units with the decisions.
INSERT INTO planning_planbook (plan_id, book_id) SELECT id, book_id FROM planning_plan;

ALTER TABLE planning_assignment DISABLE TRIGGER append_only;
UPDATE planning_assignment a
SET heat = u.heat, value = u.value, value_known = coalesce(u.value_known, true)
FROM planning_plan p CROSS JOIN LATERAL jsonb_to_recordset(p.problem -> 'units')
    AS u (id bigint, heat text, value bigint, value_known boolean)
WHERE a.plan_id = p.id AND a.unit_id = u.id;
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE planning_assignment ENABLE TRIGGER append_only;
