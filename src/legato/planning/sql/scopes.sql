-- A plan may give away several books, or split everybody's accounts again.

CREATE OR REPLACE FUNCTION planning_approved() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM planning_plan p WHERE p.id = NEW.plan_id AND p.proposer_id = NEW.approver_id
    ) OR EXISTS (
        SELECT FROM planning_planbook l JOIN books_book b ON b.id = l.book_id
        WHERE l.plan_id = NEW.plan_id AND b.holder_id = NEW.approver_id
    ) OR EXISTS (
        SELECT FROM planning_assignment a
        WHERE a.plan_id = NEW.plan_id AND a.person_id = NEW.approver_id
    ) THEN
        RAISE EXCEPTION 'a plan is approved by a second person'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'planning_approved_by_a_second_person';
    END IF;
    RETURN NEW;
END $$;

DO $$
DECLARE
    guarded text;
BEGIN
    FOREACH guarded IN ARRAY ARRAY['planning_planbook', 'planning_arrays']
    LOOP
        EXECUTE format('CREATE TRIGGER written_once AFTER INSERT ON %I
                        REFERENCING NEW TABLE AS new_rows
                        FOR EACH STATEMENT EXECUTE FUNCTION planning_written_once()', guarded);
        EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %I
                        FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change()', guarded);
    END LOOP;
END $$;

-- A reorganisation writes hundreds of thousands of rows: their keys are checked as they come, not
-- queued until the end. Those to the records stay deferred, because the records' own rules speak
-- first where somebody tampers.
DO $$
DECLARE
    key record;
BEGIN
    FOR key IN SELECT conrelid::regclass AS of, conname FROM pg_constraint
               WHERE contype = 'f' AND condeferrable AND confrelid <> 'books_record'::regclass
                 AND conrelid IN ('planning_assignment'::regclass, 'planning_move'::regclass)
    LOOP
        EXECUTE format('ALTER TABLE %s ALTER CONSTRAINT %I NOT DEFERRABLE', key.of, key.conname);
    END LOOP;
END $$;

ALTER TABLE planning_plan ADD CONSTRAINT planning_interim_is_finite CHECK (isfinite(interim_until)),
    ADD CONSTRAINT planning_plan_of_a_known_scope CHECK (scope IN ('case', 'team', 'company'));
ALTER TABLE planning_run ADD CONSTRAINT planning_run_in_a_known_state CHECK (
    state IN ('waiting', 'running', 'cancelling', 'cancelled', 'refused', 'done'));
