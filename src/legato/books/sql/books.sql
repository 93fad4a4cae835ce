-- Invariant I1, held by the database: every open record has exactly one employed owner at every
-- instant, and every owner it had before is kept. See docs/decisions/0004-who-is-responsible.md.
--
-- References are checked once per statement over its transition tables. That is as strong as a key
-- per row because the referenced rows are never deleted, and the one property that changes,
-- employment, is read under FOR KEY SHARE, which ending an employment must wait for.

CREATE FUNCTION books_refuse(violating bigint, what text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF violating > 0 THEN
        RAISE EXCEPTION '%: % rows', what, violating
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = what,
                  DETAIL = violating::text;
    END IF;
END $$;

-- What every written row must be like: its entry is of this transaction, its owner is employed if it
-- is open, and whatever else it names is there.
CREATE FUNCTION books_record_written() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    here bigint := pg_current_xact_id()::text::bigint;
BEGIN
    PERFORM books_refuse(count(*), 'books_change_names_its_entry')
        FROM (SELECT DISTINCT entry_id FROM new_rows) n
        LEFT JOIN ledger_entry e ON e.id = n.entry_id
        WHERE e.id IS NULL OR e.transaction_id <> here;

    PERFORM FROM people_person p
        WHERE p.id IN (SELECT DISTINCT n.owner_id FROM new_rows n WHERE n.is_open)
        ORDER BY p.id FOR KEY SHARE;
    PERFORM books_refuse(count(*), 'books_open_record_has_an_employed_owner')
        FROM (SELECT DISTINCT owner_id, is_open FROM new_rows) n
        LEFT JOIN people_person p ON p.id = n.owner_id
        WHERE p.id IS NULL OR (n.is_open AND NOT p.is_employed);
    PERFORM books_refuse(count(*), 'books_record_of_a_real_account')
        FROM (SELECT DISTINCT account_id AS id FROM new_rows WHERE account_id IS NOT NULL
              UNION SELECT DISTINCT parent_id FROM new_rows WHERE parent_id IS NOT NULL) n
        LEFT JOIN books_record a ON a.id = n.id AND a.kind = 'account'
        WHERE a.id IS NULL;
    PERFORM books_refuse(count(*), 'books_record_of_a_real_product')
        FROM (SELECT DISTINCT product_id AS id FROM new_rows WHERE product_id IS NOT NULL) n
        LEFT JOIN books_product p ON p.id = n.id
        WHERE p.id IS NULL;
    PERFORM books_refuse(count(*), 'books_next_owner_is_real')
        FROM (SELECT DISTINCT next_owner_id AS id FROM new_rows WHERE next_owner_id IS NOT NULL) n
        LEFT JOIN people_person p ON p.id = n.id
        WHERE p.id IS NULL;
    RETURN NULL;
END $$;

-- What a new row must be like besides: its owner begins by its first entry.
CREATE FUNCTION books_record_inserted() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM books_refuse(count(*), 'books_owner_begins_by_its_entry')
        FROM (SELECT DISTINCT entry_id, owner_entry_id, owner_since FROM new_rows) n
        LEFT JOIN ledger_entry e ON e.id = n.entry_id
        WHERE e.id IS NULL OR n.owner_entry_id <> n.entry_id OR e.at <> n.owner_since;
    RETURN NULL;
END $$;

-- What a changed row must be like besides; and the span that a change of owner ends.
CREATE FUNCTION books_record_updated() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM books_refuse(count(*), 'books_record_keeps_its_identity')
        FROM new_rows n LEFT JOIN old_rows o ON o.id = n.id
        WHERE o.id IS NULL OR (o.kind, o.source, o.key) IS DISTINCT FROM (n.kind, n.source, n.key)
           OR (o.owner_is_ours AND NOT n.owner_is_ours);

    -- A new owner comes with a new entry and its instant; without one nothing of it changes.
    PERFORM books_refuse(count(*), 'books_owner_changes_by_its_entry')
        FROM new_rows n JOIN old_rows o ON o.id = n.id
        LEFT JOIN ledger_entry e ON e.id = n.owner_entry_id
        WHERE CASE
            WHEN n.owner_entry_id = o.owner_entry_id
            THEN (n.owner_id, n.owner_since, n.interim_until, n.next_owner_id)
                 IS DISTINCT FROM (o.owner_id, o.owner_since, o.interim_until, o.next_owner_id)
            ELSE n.owner_entry_id <> n.entry_id OR e.at IS DISTINCT FROM n.owner_since
        END;

    INSERT INTO books_span (record_id, owner_id, since, until, began_by_id, ended_by_id,
                            given_to_id, interim_until, next_owner_id, owner_was_ours)
        SELECT o.id, o.owner_id, o.owner_since, n.owner_since, o.owner_entry_id, n.owner_entry_id,
               n.owner_id, o.interim_until, o.next_owner_id, o.owner_is_ours
        FROM new_rows n JOIN old_rows o ON o.id = n.id
        WHERE n.owner_entry_id <> o.owner_entry_id
        ORDER BY o.id;

    RETURN NULL;
END $$;

CREATE TRIGGER inserted AFTER INSERT ON books_record REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION books_record_inserted();
CREATE TRIGGER updated AFTER UPDATE ON books_record
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION books_record_updated();
CREATE TRIGGER checked_new AFTER INSERT ON books_record REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION books_record_written();
CREATE TRIGGER checked_change AFTER UPDATE ON books_record REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION books_record_written();
CREATE TRIGGER never_deleted BEFORE DELETE OR TRUNCATE ON books_record
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();

-- Spans come from the trigger above and from nowhere else.
CREATE FUNCTION books_refuse_direct_span() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION 'books_span is written by changes of owner alone'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER only_by_the_record BEFORE INSERT ON books_span
    FOR EACH STATEMENT EXECUTE FUNCTION books_refuse_direct_span();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON books_span
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();

DO $$
DECLARE
    guarded text;
BEGIN
    FOREACH guarded IN ARRAY ARRAY['books_book', 'books_item', 'books_change', 'books_drift']
    LOOP
        EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %I
                        FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change()', guarded);
    END LOOP;
END $$;

-- Nobody leaves while they own an open record. Above READ COMMITTED the check could not see a
-- record given to them meanwhile, so ending an employment there is refused; at SERIALIZABLE, too,
-- because PostgreSQL compares a serializable transaction with none of a lower level.
CREATE FUNCTION books_person_left() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    left_ids bigint[] := ARRAY(SELECT n.id FROM new_rows n JOIN old_rows o ON o.id = n.id
                               WHERE o.is_employed AND NOT n.is_employed);
BEGIN
    IF cardinality(left_ids) = 0 THEN
        RETURN NULL;
    END IF;
    IF current_setting('transaction_isolation') IN ('repeatable read', 'serializable') THEN
        RAISE EXCEPTION 'an employment is ended at READ COMMITTED alone'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    PERFORM books_refuse(count(*), 'books_nobody_leaves_with_open_records')
        FROM books_record r WHERE r.is_open AND r.owner_id = ANY (left_ids);
    RETURN NULL;
END $$;

CREATE TRIGGER left_nothing_open AFTER UPDATE ON people_person
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION books_person_left();

-- A cover ends, and what is due is due some day.
ALTER TABLE books_record
    ADD CONSTRAINT books_interim_is_finite CHECK (isfinite(interim_until)),
    ADD CONSTRAINT books_due_is_finite CHECK (isfinite(due_at));

-- Records name people and products without a key per row, so these keep their numbers.
CREATE TRIGGER keeps_its_id BEFORE UPDATE OF id ON people_person
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER keeps_its_id BEFORE UPDATE OF id ON books_product
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER never_deleted BEFORE DELETE OR TRUNCATE ON books_product
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();

-- Whoever may execute a trigger's function may hang it on a table of their own, and then it would
-- write spans of rows that never were, with its owner's rights. Our triggers need no such right.
REVOKE EXECUTE ON FUNCTION books_record_inserted(), books_record_updated(), books_person_left()
    FROM PUBLIC;

-- Where files are read into before they are understood. Lost in a crash of the server: read again.
-- ``problem`` says why a row could not be read; without an index, because it is read whole.
CREATE UNLOGGED TABLE books_staged (
    importing_id bigint NOT NULL, file smallint NOT NULL, line integer NOT NULL, kind text NOT NULL,
    problem text, key text, name text, account_key text, account text,
    owner_key text, owner text, owner_email text, stage text, outcome text, amount text,
    opened text, closed text, due text, touched text, next_step text, product text,
    product_key text, parent text, parent_key text, email text, phone text, country text,
    territory text, language text, industry text, category text, manager text,
    manager_email text, team text, title text, time_zone text, active text, started text,
    capacity text, list_price text, series text, fields jsonb
);

-- The planner must know how many rows were read, and only a table's owner may look.
CREATE FUNCTION books_staged_filled() RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    ANALYZE books_staged (importing_id, file, kind, problem);
END $$;
