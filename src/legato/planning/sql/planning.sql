-- What is proposed, approved and carried out is never changed, and follows in this order.

ALTER TABLE planning_commit ADD CONSTRAINT planning_commit_is_approved
    FOREIGN KEY (plan_id) REFERENCES planning_approval (plan_id);

-- Four eyes: neither who proposed, nor who leaves, nor who receives.
CREATE FUNCTION planning_approved() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM planning_plan p JOIN books_book b ON b.id = p.book_id
        WHERE p.id = NEW.plan_id AND NEW.approver_id IN (p.proposer_id, b.holder_id)
    ) OR EXISTS (
        SELECT FROM planning_assignment a
        WHERE a.plan_id = NEW.plan_id AND a.person_id = NEW.approver_id
    ) THEN
        RAISE EXCEPTION 'a plan is approved by a second person'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'planning_approved_by_a_second_person';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER four_eyes BEFORE INSERT ON planning_approval
    FOR EACH ROW EXECUTE FUNCTION planning_approved();

-- A plan is whole when its transaction ends, and before anybody approves it.
CREATE FUNCTION planning_written_once() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM books_refuse(count(*), 'planning_plan_is_written_once')
        FROM (SELECT DISTINCT plan_id FROM new_rows) n
        JOIN planning_plan p ON p.id = n.plan_id
        JOIN ledger_entry e ON e.id = p.entry_id
        LEFT JOIN planning_approval a ON a.plan_id = n.plan_id
        WHERE a.plan_id IS NOT NULL OR e.transaction_id <> pg_current_xact_id()::text::bigint;
    RETURN NULL;
END $$;

CREATE TRIGGER written_once AFTER INSERT ON planning_assignment REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION planning_written_once();
CREATE TRIGGER written_once AFTER INSERT ON planning_move REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION planning_written_once();

DO $$
DECLARE
    guarded text;
BEGIN
    FOREACH guarded IN ARRAY ARRAY['planning_plan', 'planning_assignment', 'planning_move',
                                   'planning_approval', 'planning_commit', 'planning_undo']
    LOOP
        EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %I
                        FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change()', guarded);
    END LOOP;
END $$;
