-- What a foreign key says, checked once for all charges of a statement instead of once for each of them.
ALTER TABLE invoice_charges DROP CONSTRAINT invoice_charges_org_id_line_id_fkey;

CREATE FUNCTION charges_have_lines() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- OFFSET 0: each line by its key, however many lines there were when this was planned.
    IF EXISTS (SELECT FROM new_charges c LEFT JOIN LATERAL (
                   SELECT TRUE AS is_there FROM invoice_lines l WHERE l.org_id = c.org_id AND l.id = c.line_id OFFSET 0
               ) AS line ON TRUE
               WHERE line.is_there IS NULL) THEN
        RAISE foreign_key_violation USING MESSAGE = 'a charge is of no line', CONSTRAINT = 'charges_have_lines';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER charges_have_lines AFTER INSERT ON invoice_charges
    REFERENCING NEW TABLE AS new_charges FOR EACH STATEMENT EXECUTE FUNCTION charges_have_lines();

CREATE FUNCTION lines_leave_no_charges() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM gone_lines l JOIN invoice_charges c
               ON c.org_id = l.org_id AND c.invoice_id = l.invoice_id AND c.line_id = l.id) THEN
        RAISE foreign_key_violation USING MESSAGE = 'a line with charges stays', CONSTRAINT = 'lines_leave_no_charges';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER lines_leave_no_charges AFTER DELETE ON invoice_lines
    REFERENCING OLD TABLE AS gone_lines FOR EACH STATEMENT EXECUTE FUNCTION lines_leave_no_charges();

-- A charge is found by its place on its invoice; nothing asks for it by number.
ALTER TABLE invoice_charges DROP CONSTRAINT invoice_charges_pkey;
ALTER TABLE invoice_charges ADD CONSTRAINT invoice_charges_pkey PRIMARY KEY USING INDEX invoice_charges_by_invoice;
