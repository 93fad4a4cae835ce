-- What was limited and what was taken stays known.

ALTER TABLE people_limit ADD CONSTRAINT people_limit_is_finite
    CHECK (isfinite(placed_at) AND isfinite(lifted_at));
CREATE TRIGGER never_deleted BEFORE DELETE OR TRUNCATE ON people_limit
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON people_taking
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
