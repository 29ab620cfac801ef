-- What customers look for among their own invoices and payments is decided in the index, however many they have.
DROP INDEX invoices_by_customer_shown;
DROP INDEX invoices_by_customer;
CREATE INDEX invoices_by_customer ON invoices (org_id, customer_id, invoiced_on, id, number, status, due_on);
DROP INDEX payments_by_customer;
CREATE INDEX payments_by_customer ON payments (org_id, customer_id, effective_on, id, status, payment_type, reverses_id);
-- What is owed in all is summed in the index as well.
DROP INDEX invoices_open;
CREATE INDEX invoices_open ON invoices (org_id, customer_id, due_on, id, total, applied, reserved)
    WHERE status = 'Outstanding';
