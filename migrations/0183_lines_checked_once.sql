-- As charges with their lines: what a foreign key says, checked once for all lines of a statement.
ALTER TABLE invoice_lines DROP CONSTRAINT invoice_lines_org_id_invoice_id_fkey;
ALTER TABLE invoice_lines DROP CONSTRAINT invoice_lines_org_id_order_id_fkey;

CREATE FUNCTION lines_have_invoices() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- OFFSET 0: each by its key, however many there were when this was planned.
    IF EXISTS (SELECT FROM new_lines l LEFT JOIN LATERAL (
                   SELECT TRUE AS is_there FROM invoices i WHERE i.org_id = l.org_id AND i.id = l.invoice_id OFFSET 0
               ) AS invoice ON TRUE
               WHERE invoice.is_there IS NULL) THEN
        RAISE foreign_key_violation USING MESSAGE = 'a line is of no invoice', CONSTRAINT = 'lines_have_invoices';
    END IF;
    IF EXISTS (SELECT FROM new_lines l LEFT JOIN LATERAL (
                   SELECT TRUE AS is_there FROM orders o WHERE o.org_id = l.org_id AND o.id = l.order_id OFFSET 0
               ) AS ordered ON TRUE
               WHERE l.order_id IS NOT NULL AND ordered.is_there IS NULL) THEN
        RAISE foreign_key_violation USING MESSAGE = 'a line is of no order', CONSTRAINT = 'lines_have_invoices';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER lines_have_invoices AFTER INSERT ON invoice_lines
    REFERENCING NEW TABLE AS new_lines FOR EACH STATEMENT EXECUTE FUNCTION lines_have_invoices();

CREATE FUNCTION invoices_leave_no_lines() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM gone_invoices i JOIN invoice_lines l ON l.org_id = i.org_id AND l.invoice_id = i.id) THEN
        RAISE foreign_key_violation USING MESSAGE = 'an invoice with lines stays', CONSTRAINT = 'invoices_leave_no_lines';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER invoices_leave_no_lines AFTER DELETE ON invoices
    REFERENCING OLD TABLE AS gone_invoices FOR EACH STATEMENT EXECUTE FUNCTION invoices_leave_no_lines();

CREATE FUNCTION orders_leave_no_lines() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM gone_orders o JOIN invoice_lines l ON l.org_id = o.org_id AND l.order_id = o.id) THEN
        RAISE foreign_key_violation USING MESSAGE = 'an order with lines stays', CONSTRAINT = 'orders_leave_no_lines';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER orders_leave_no_lines AFTER DELETE ON orders
    REFERENCING OLD TABLE AS gone_orders FOR EACH STATEMENT EXECUTE FUNCTION orders_leave_no_lines();
