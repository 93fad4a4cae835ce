-- The second form of what is hashed: every column of an entry and of a seal, so that none can be
-- edited unseen. What was hashed before keeps its first form; its columns say which it is.
--
-- Parts stand in this order, each as its length in bytes of UTF-8, a colon and itself, with commas
-- between them; what is null is empty. ledger/hashing.py has the same for whoever verifies.

-- Years before our era carry a minus, or an entry could be set back by four thousand years unseen.
CREATE OR REPLACE FUNCTION ledger_instant(instant timestamptz) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN instant < '0001-01-01 00:00:00+00' THEN '-' ELSE '' END
           || to_char(instant AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
$$;

CREATE OR REPLACE FUNCTION ledger_entry_text_sha256(entry ledger_entry) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT ledger_sha256(
        'legato entry 2', entry.id::text, entry.chain, entry.number::text, entry.kind,
        entry.actor_id::text, ledger_instant(entry.at), ledger_instant(entry.recorded_at),
        entry.reason, entry.facts::text, entry.receipt_sha256, entry.transaction_id::text,
        entry.previous_sha256
    )
$$;

CREATE OR REPLACE FUNCTION ledger_chain_entry() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE
    last ledger_entry;
BEGIN
    -- One writer per chain at a time; other chains do not wait.
    PERFORM pg_advisory_xact_lock(hashtextextended('ledger:' || NEW.chain, 0));
    SELECT * INTO last FROM ledger_entry e WHERE e.chain = NEW.chain ORDER BY e.number DESC LIMIT 1;
    NEW.number := coalesce(last.number, 0) + 1;
    NEW.form := 2;
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

CREATE OR REPLACE FUNCTION ledger_chain_seal() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE
    last ledger_seal;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('ledger seal', 0));
    SELECT * INTO last FROM ledger_seal s ORDER BY s.number DESC LIMIT 1;
    NEW.number := coalesce(last.number, 0) + 1;
    NEW.form := 2;
    NEW.sealed_at := clock_timestamp();
    NEW.previous_sha256 := coalesce(last.sha256, '');
    NEW.sha256 := ledger_sha256(
        'legato seal 2', NEW.number::text, NEW.entry_id::text,
        (SELECT e.sha256 FROM ledger_entry e WHERE e.id = NEW.entry_id),
        ledger_instant(NEW.sealed_at), NEW.previous_sha256
    );
    RETURN NEW;
END $$;

-- Which database this is, for what is kept outside of it. A restored backup is the same one.
INSERT INTO ledger_identity (id, uuid) VALUES (true, gen_random_uuid());
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_identity
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
