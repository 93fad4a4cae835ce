-- The ledger's own rules: what the database fills in, and what it refuses.

CREATE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

-- An entry's text is its columns, each preceded by its length, so that no two entries share a text.
CREATE FUNCTION ledger_sha256(VARIADIC parts text[]) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT encode(sha256(convert_to(string_agg(
        octet_length(coalesce(part, ''))::text || ':' || coalesce(part, ''), ',' ORDER BY place
    ), 'UTF8')), 'hex')
    FROM unnest(parts) WITH ORDINALITY AS listed (part, place)
$$;

CREATE FUNCTION ledger_instant(instant timestamptz) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT to_char(instant AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
$$;

CREATE FUNCTION ledger_entry_text_sha256(entry ledger_entry) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT ledger_sha256(
        entry.chain, entry.number::text, entry.kind, entry.actor_id::text,
        ledger_instant(entry.at), ledger_instant(entry.recorded_at),
        entry.reason, entry.facts::text, entry.receipt_sha256, entry.previous_sha256
    )
$$;

-- A temporary table of the same name must not stand in for one of ours: hence the search path.
CREATE FUNCTION ledger_chain_entry() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE
    last ledger_entry;
BEGIN
    -- One writer per chain at a time; other chains do not wait.
    PERFORM pg_advisory_xact_lock(hashtextextended('ledger:' || NEW.chain, 0));
    SELECT * INTO last FROM ledger_entry e WHERE e.chain = NEW.chain ORDER BY e.number DESC LIMIT 1;
    NEW.number := coalesce(last.number, 0) + 1;
    NEW.recorded_at := clock_timestamp();
    NEW.transaction_id := pg_current_xact_id()::text::bigint;
    NEW.previous_sha256 := coalesce(last.sha256, '');
    IF NOT isfinite(NEW.at) THEN
        RAISE EXCEPTION 'an entry needs a finite time' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.at > NEW.recorded_at + interval '5 minutes'
       AND NOT EXISTS (SELECT FROM ledger_rehearsal) THEN
        RAISE EXCEPTION 'an entry cannot be of the future' USING ERRCODE = 'check_violation';
    END IF;
    NEW.sha256 := ledger_entry_text_sha256(NEW);
    RETURN NEW;
END $$;

CREATE TRIGGER chain BEFORE INSERT ON ledger_entry
    FOR EACH ROW EXECUTE FUNCTION ledger_chain_entry();

CREATE FUNCTION ledger_chain_seal() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE
    last ledger_seal;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('ledger seal', 0));
    SELECT * INTO last FROM ledger_seal s ORDER BY s.number DESC LIMIT 1;
    NEW.number := coalesce(last.number, 0) + 1;
    NEW.sealed_at := clock_timestamp();
    NEW.previous_sha256 := coalesce(last.sha256, '');
    NEW.sha256 := ledger_sha256(
        NEW.number::text, NEW.previous_sha256,
        (SELECT e.sha256 FROM ledger_entry e WHERE e.id = NEW.entry_id)
    );
    RETURN NEW;
END $$;

CREATE TRIGGER chain BEFORE INSERT ON ledger_seal
    FOR EACH ROW EXECUTE FUNCTION ledger_chain_seal();

DO $$
DECLARE
    guarded text;
BEGIN
    FOREACH guarded IN ARRAY ARRAY['ledger_entry', 'ledger_seal', 'ledger_answer', 'ledger_rehearsal']
    LOOP
        EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %I
                        FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change()', guarded);
    END LOOP;
END $$;

-- The first migration's session says whether this database is to rehearse in.
INSERT INTO ledger_rehearsal (id)
    SELECT true WHERE current_setting('legato.rehearsal', true) = 'on';
