-- The departure a book was taken for is over: no plan gives it away any more. Whoever ends it and
-- whoever decides about a plan for it take turns (`one_at_a_time`); this is for everybody else.
CREATE FUNCTION planning_book_is_open() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM books_refuse(count(*), 'planning_departure_is_not_over')
        FROM planning_planbook l JOIN planning_bookclosed c ON c.book_id = l.book_id
        WHERE l.plan_id = NEW.plan_id;
    RETURN NEW;
END $$;

CREATE TRIGGER departure_is_not_over BEFORE INSERT ON planning_approval
    FOR EACH ROW EXECUTE FUNCTION planning_book_is_open();
CREATE TRIGGER departure_is_not_over BEFORE INSERT ON planning_commit
    FOR EACH ROW EXECUTE FUNCTION planning_book_is_open();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON planning_bookclosed
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();

-- An entry with a receipt gives records to somebody, and changes nothing else of them and nothing of
-- any other. See docs/decisions/0011-nothing-else-changes.md.
CREATE FUNCTION planning_nothing_else_changes() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM (SELECT DISTINCT entry_id FROM new_rows) n
        JOIN ledger_entry e ON e.id = n.entry_id AND e.receipt_sha256 <> ''
    ) THEN
        RETURN NULL;
    END IF;
    PERFORM books_refuse(count(*), 'planning_nothing_else_changes')
        FROM new_rows n JOIN old_rows o ON o.id = n.id
        JOIN ledger_entry e ON e.id = n.entry_id AND e.receipt_sha256 <> ''
        WHERE n.owner_entry_id <> n.entry_id OR (
            n.name, n.account_id, n.parent_id, n.product_id, n.is_open, n.outcome, n.stage, n.depth,
            n.category, n.amount, n.value, n.value_is_estimated, n.opened_on, n.closed_on, n.due_at,
            n.touched_at, n.next_step, n.email, n.phone, n.country, n.territory, n.language,
            n.industry, n.fields
        ) IS DISTINCT FROM (
            o.name, o.account_id, o.parent_id, o.product_id, o.is_open, o.outcome, o.stage, o.depth,
            o.category, o.amount, o.value, o.value_is_estimated, o.opened_on, o.closed_on, o.due_at,
            o.touched_at, o.next_step, o.email, o.phone, o.country, o.territory, o.language,
            o.industry, o.fields
        );
    RETURN NULL;
END $$;

CREATE TRIGGER nothing_else_changes AFTER UPDATE ON books_record
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION planning_nothing_else_changes();
