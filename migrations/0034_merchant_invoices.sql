-- Invoices that merchants make (api.md §5.2): their ids elsewhere, and the day of what happened on one.
ALTER TABLE invoices ADD COLUMN crm_id TEXT;
ALTER TABLE invoices ADD COLUMN erp_id TEXT;
ALTER TABLE invoice_charges ADD COLUMN charged_on DATE;

-- Lists of invoices: each begins where what is asked for is, whatever else there is.
CREATE INDEX invoices_by_day ON invoices (org_id, invoiced_on, id);
CREATE INDEX invoices_by_status ON invoices (org_id, status, invoiced_on, id);
CREATE INDEX invoices_by_due ON invoices (org_id, due_on);
CREATE INDEX invoices_by_update ON invoices (org_id, updated_at);
-- Drafts and errors are not shown to customers.
CREATE INDEX invoices_by_customer_shown ON invoices (org_id, customer_id, invoiced_on, id)
    WHERE status NOT IN ('Draft', 'Error');

-- Invoices may be told for whom by the customer's ids in other systems.
CREATE INDEX customers_by_crm ON customers (org_id, crm_customer_id) WHERE crm_customer_id IS NOT NULL;
CREATE INDEX customers_by_erp ON customers (org_id, erp_customer_id) WHERE erp_customer_id IS NOT NULL;
