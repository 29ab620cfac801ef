-- Lists of usage by what they are asked for.
CREATE INDEX charges_by_price_code ON charges (org_id, price_code, id);
DROP INDEX activities_by_invoice;
CREATE INDEX activities_by_invoice ON activities (org_id, invoice_id, charged_on, id) WHERE invoice_id IS NOT NULL;
