-- What people say about a plan stays as they said it; a no and a yes exclude each other.
ALTER TABLE planning_remark ADD CONSTRAINT planning_remark_of_a_known_kind CHECK (
    kind IN ('request', 'question', 'answer', 'objection', 'rejection'));
ALTER TABLE planning_remark ADD CONSTRAINT planning_remark_says_something CHECK (
    kind = 'request' OR text <> '');
CREATE UNIQUE INDEX planning_rejected_once ON planning_remark (plan_id) WHERE kind = 'rejection';

CREATE FUNCTION planning_yes_or_no() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_TABLE_NAME = 'planning_approval' THEN
        PERFORM books_refuse(count(*), 'planning_rejected_is_not_approved')
            FROM planning_remark r WHERE r.plan_id = NEW.plan_id AND r.kind = 'rejection';
    ELSE
        PERFORM books_refuse(count(*), 'planning_approved_is_not_rejected')
            FROM planning_approval a WHERE a.plan_id = NEW.plan_id;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER not_rejected BEFORE INSERT ON planning_approval
    FOR EACH ROW EXECUTE FUNCTION planning_yes_or_no();
CREATE TRIGGER not_approved BEFORE INSERT ON planning_remark
    FOR EACH ROW WHEN (NEW.kind = 'rejection') EXECUTE FUNCTION planning_yes_or_no();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON planning_remark
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
