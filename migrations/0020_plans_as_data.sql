-- Plans with everything that may be said of them (api.md §3). What is there gets the defaults.
ALTER TABLE products ADD COLUMN sku TEXT NOT NULL DEFAULT '';
ALTER TABLE products ADD COLUMN notes TEXT;
ALTER TABLE products ADD COLUMN invoice_text TEXT;
UPDATE products SET sku = name;
CREATE UNIQUE INDEX products_by_sku ON products (org_id, sku);

ALTER TABLE plans ADD COLUMN start_on DATE;
ALTER TABLE plans ADD COLUMN end_on DATE;
ALTER TABLE plans ADD COLUMN initial_term_value BIGINT;
ALTER TABLE plans ADD COLUMN initial_term_units TEXT;
ALTER TABLE plans ADD COLUMN renewal_term_value BIGINT;
ALTER TABLE plans ADD COLUMN renewal_term_units TEXT;
ALTER TABLE plans ADD COLUMN order_type TEXT NOT NULL DEFAULT 'Subscription';
ALTER TABLE plans ADD COLUMN number_of_installments BIGINT;
ALTER TABLE plans ADD COLUMN interest_rate NUMERIC;
ALTER TABLE plans ADD COLUMN fixed_charges_reduce_payoff BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE plans ADD COLUMN accounting_code TEXT;
ALTER TABLE plans ADD COLUMN use_accounting_code_for_each_installment BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE plans ADD COLUMN linked_contract_code TEXT;

-- A charge that was marked as a tax before had a price and was billed like any other: it goes on so until it is seeded.
ALTER TABLE charges ADD COLUMN notes TEXT;
ALTER TABLE charges ADD COLUMN min_quantity NUMERIC;
ALTER TABLE charges ADD COLUMN is_penalty BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE charges ADD COLUMN tax TEXT;
ALTER TABLE charges ADD COLUMN tax_codes JSONB NOT NULL DEFAULT '[]';

ALTER TABLE tiers ADD COLUMN percent NUMERIC;
ALTER TABLE tiers ADD COLUMN currency TEXT;

-- What a plan was before it changed, whole, for the orders that were placed then. Rows are never updated.
CREATE TABLE plan_versions (
    org_id      BIGINT NOT NULL,
    id          BIGINT NOT NULL,
    plan_id     BIGINT NOT NULL,
    content     JSONB NOT NULL,
    created_at  TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, plan_id) REFERENCES plans (org_id, id)
);
CREATE INDEX plan_versions_by_plan ON plan_versions (org_id, plan_id, id);

-- No version: the plan as it is now.
ALTER TABLE orders ADD COLUMN plan_version_id BIGINT;
ALTER TABLE orders ADD COLUMN billed_until DATE NOT NULL DEFAULT '1970-01-01';
ALTER TABLE orders ADD COLUMN anchor_on DATE;
ALTER TABLE orders ADD COLUMN changed_from BIGINT;
ALTER TABLE orders ADD COLUMN changed_since DATE;
ALTER TABLE orders ADD COLUMN paid_once JSONB NOT NULL DEFAULT '[]';
ALTER TABLE orders ADD COLUMN pauses JSONB NOT NULL DEFAULT '[]';
ALTER TABLE orders ADD COLUMN is_separate_invoice BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE orders SET billed_until = COALESCE(
    next_billable_on,
    (SELECT MAX(l.period_end) FROM invoice_lines l WHERE l.org_id = orders.org_id AND l.order_id = orders.id),
    start_on);
