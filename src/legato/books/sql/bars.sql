-- A conflict of interest stands until somebody releases it, and is never forgotten.
CREATE TRIGGER never_deleted BEFORE DELETE OR TRUNCATE ON books_bar
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
