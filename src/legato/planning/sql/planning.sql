-- What is proposed, approved and carried out is never changed, and follows in this order.

ALTER TABLE planning_commit ADD CONSTRAINT planning_commit_is_approved
    FOREIGN KEY (plan_id) REFERENCES planning_approval (plan_id);

-- Four eyes: neither who proposed, nor who leaves, nor who receives.
CREATE FUNCTION planning_approved() RETURNS trigger LANGUAGE plpgsql AS $$
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
