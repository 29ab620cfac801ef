-- What a charge is for. Old ones are of prices only: before their period or after it.
ALTER TABLE invoice_charges ADD COLUMN kind TEXT NOT NULL DEFAULT 'Advance';
ALTER TABLE invoice_charges ADD COLUMN is_percent BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE invoice_charges ADD COLUMN tax BIGINT NOT NULL DEFAULT 0;
UPDATE invoice_charges SET kind = 'Arrears' WHERE EXISTS (
    SELECT 1 FROM charges c WHERE c.org_id = invoice_charges.org_id AND c.id = invoice_charges.charge_id AND NOT c.is_prepaid);

-- Billed twice can't be stored: an order line is charged once per period, before it and after it. Usage is guarded by
-- its activities, a tax by what it taxes, a credit by the change.
DROP INDEX invoice_charges_once;
CREATE UNIQUE INDEX invoice_charges_once ON invoice_charges (org_id, order_line_id, kind, period_start)
    WHERE is_live AND kind IN ('Advance', 'Arrears');
CREATE INDEX invoice_charges_of_usage ON invoice_charges (org_id, order_line_id, period_end)
    WHERE is_live AND kind = 'Usage';

-- Charges that no invoice shows: together they came to nothing, or to less and became a credit.
CREATE TABLE uninvoiced_charges (
    org_id           BIGINT NOT NULL,
    id               BIGINT NOT NULL,
    customer_id      BIGINT NOT NULL,
    order_id         BIGINT NOT NULL,
    payment_id       BIGINT, -- the credit
    charge_id        BIGINT NOT NULL,
    order_line_id    BIGINT NOT NULL,
    tier_id          BIGINT NOT NULL,
    kind             TEXT NOT NULL,
    text             TEXT NOT NULL,
    accounting_code  TEXT,
    period_start     DATE NOT NULL,
    period_end       DATE NOT NULL,
    quantity         NUMERIC NOT NULL,
    unit_of_measure  TEXT,
    unit_price       NUMERIC NOT NULL,
    is_percent       BOOLEAN NOT NULL,
    amount           BIGINT NOT NULL,
    tax              BIGINT NOT NULL,
    explanation      TEXT NOT NULL,
    created_at       TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, customer_id) REFERENCES customers (org_id, id),
    FOREIGN KEY (org_id, order_id) REFERENCES orders (org_id, id),
    FOREIGN KEY (org_id, order_line_id) REFERENCES order_lines (org_id, id),
    FOREIGN KEY (org_id, payment_id) REFERENCES payments (org_id, id)
);
CREATE INDEX uninvoiced_charges_by_customer ON uninvoiced_charges (org_id, customer_id, id);
CREATE INDEX uninvoiced_charges_by_order ON uninvoiced_charges (org_id, order_id, id);
CREATE INDEX uninvoiced_charges_by_payment ON uninvoiced_charges (org_id, payment_id, id) WHERE payment_id IS NOT NULL;
CREATE INDEX uninvoiced_charges_by_order_line ON uninvoiced_charges (org_id, order_line_id, period_end);
CREATE UNIQUE INDEX uninvoiced_charges_once ON uninvoiced_charges (org_id, order_line_id, kind, period_start)
    WHERE kind IN ('Advance', 'Arrears');

-- Usage (api.md §4.1). What is processed has its price and amount, and the charge that it is part of: one of an invoice
-- or one that no invoice shows.
CREATE TABLE activities (
    org_id           BIGINT NOT NULL,
    id               BIGINT NOT NULL,
    batch_id         BIGINT, -- what came in one call
    customer_id      BIGINT NOT NULL,
    order_id         BIGINT NOT NULL,
    order_line_id    BIGINT NOT NULL,
    status           TEXT NOT NULL CHECK (status IN ('Unbilled', 'Processed')),
    charged_on       DATE NOT NULL,
    charge_ended_on  DATE,
    quantity         NUMERIC NOT NULL,
    invoice_text     TEXT,
    ext_ref_id       TEXT,
    is_late          BOOLEAN NOT NULL, -- came when its order had nothing left to bill: no day of the order leads to it
    unit_price       NUMERIC,
    amount           BIGINT,
    billed_charge_id BIGINT,
    invoice_id       BIGINT,
    created_at       TIMESTAMPTZ NOT NULL,
    updated_at       TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (org_id, id),
    UNIQUE (org_id, ext_ref_id),
    FOREIGN KEY (org_id, customer_id) REFERENCES customers (org_id, id),
    FOREIGN KEY (org_id, order_id) REFERENCES orders (org_id, id),
    FOREIGN KEY (org_id, order_line_id) REFERENCES order_lines (org_id, id),
    FOREIGN KEY (org_id, invoice_id) REFERENCES invoices (org_id, id),
    CHECK ((status = 'Processed') = (amount IS NOT NULL)),
    CHECK ((status = 'Processed') = (unit_price IS NOT NULL)),
    CHECK ((status = 'Processed') = (billed_charge_id IS NOT NULL))
);
CREATE INDEX activities_by_day ON activities (org_id, charged_on, id);
CREATE INDEX activities_by_customer ON activities (org_id, customer_id, charged_on, id);
CREATE INDEX activities_by_order ON activities (org_id, order_id, charged_on, id);
CREATE INDEX activities_by_order_line ON activities (org_id, order_line_id, charged_on, id);
CREATE INDEX activities_by_invoice ON activities (org_id, invoice_id, id) WHERE invoice_id IS NOT NULL;
CREATE INDEX activities_unbilled ON activities (org_id, customer_id, order_line_id, charged_on, id)
    WHERE status = 'Unbilled';
CREATE INDEX activities_late ON activities (org_id, customer_id, order_id) WHERE status = 'Unbilled' AND is_late;
