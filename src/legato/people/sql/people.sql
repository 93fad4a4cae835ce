-- Who is employed, held together by keys.

ALTER TABLE ledger_entry ADD CONSTRAINT ledger_entry_actor
    FOREIGN KEY (actor_id) REFERENCES people_person (id);

-- A person points to an open employment of their own, or to none.
ALTER TABLE people_person ADD CONSTRAINT people_person_employment_is_open_and_own
    FOREIGN KEY (employment_id, id, is_employed) REFERENCES people_employment (id, person_id, is_open);

-- The person of last resort cannot leave before another is named.
ALTER TABLE people_company ADD COLUMN must_be_employed boolean
    GENERATED ALWAYS AS (true) STORED;
ALTER TABLE people_company ADD CONSTRAINT people_last_resort_is_employed
    FOREIGN KEY (last_resort_id, must_be_employed) REFERENCES people_person (id, is_employed);

-- Infinity is no day and no instant.
ALTER TABLE people_employment ADD CONSTRAINT people_employment_is_finite
    CHECK (isfinite(started_on) AND isfinite(ends_on) AND isfinite(ended_at));
ALTER TABLE people_absence ADD CONSTRAINT people_absence_is_finite
    CHECK (isfinite(first_day) AND isfinite(last_day));
ALTER TABLE people_hold ADD CONSTRAINT people_hold_is_finite
    CHECK (isfinite(placed_at) AND isfinite(released_at));

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON people_policy
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();

DO $$
DECLARE
    kept text;
BEGIN
    FOREACH kept IN ARRAY ARRAY['people_person', 'people_employment', 'people_hold', 'people_company']
    LOOP
        EXECUTE format('CREATE TRIGGER never_deleted BEFORE DELETE OR TRUNCATE ON %I
                        FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change()', kept);
    END LOOP;
END $$;
