CREATE TABLE invoices (
    org_id            BIGINT NOT NULL,
    id                BIGINT NOT NULL,
    customer_id       BIGINT NOT NULL,
    number            TEXT NOT NULL,
    status            TEXT NOT NULL,
    currency          TEXT NOT NULL,
    billing_period    TEXT NOT NULL,
    invoiced_on       DATE NOT NULL,
    due_on            DATE NOT NULL,
    period_start      DATE NOT NULL,
    period_end        DATE NOT NULL, -- the first day after it
    total             BIGINT NOT NULL,
    previous_balance  BIGINT NOT NULL,
    applied           BIGINT NOT NULL,
    reserved          BIGINT NOT NULL,
    notes             TEXT,
    created_at        TIMESTAMPTZ NOT NULL,
    updated_at        TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (org_id, id),
    UNIQUE (org_id, number),
    FOREIGN KEY (org_id, customer_id) REFERENCES customers (org_id, id),
    CHECK (reserved >= 0 AND applied >= 0 AND applied + reserved <= total)
);
CREATE INDEX invoices_by_customer ON invoices (org_id, customer_id, invoiced_on, id);
-- What a customer owes is asked on every page; what was paid long ago is not in the way.
CREATE INDEX invoices_open ON invoices (org_id, customer_id, due_on, id) WHERE status = 'Outstanding';

CREATE TABLE invoice_lines (
    org_id        BIGINT NOT NULL,
    id            BIGINT NOT NULL,
    invoice_id    BIGINT NOT NULL,
    position      BIGINT NOT NULL,
    order_id      BIGINT,
    text          TEXT NOT NULL,
    period_start  DATE NOT NULL,
    period_end    DATE NOT NULL,
    PRIMARY KEY (org_id, id),
    UNIQUE (org_id, invoice_id, position),
    FOREIGN KEY (org_id, invoice_id) REFERENCES invoices (org_id, id),
    FOREIGN KEY (org_id, order_id) REFERENCES orders (org_id, id)
);
CREATE INDEX invoice_lines_by_order ON invoice_lines (org_id, order_id);

CREATE TABLE invoice_charges (
    org_id           BIGINT NOT NULL,
    id               BIGINT NOT NULL,
    invoice_id       BIGINT NOT NULL,
    line_id          BIGINT NOT NULL,
    position         BIGINT NOT NULL,
    charge_id        BIGINT,
    order_line_id    BIGINT,
    tier_id          BIGINT,
    text             TEXT NOT NULL,
    accounting_code  TEXT,
    period_start     DATE NOT NULL,
    period_end       DATE NOT NULL,
    quantity         NUMERIC NOT NULL,
    unit_of_measure  TEXT,
    unit_price       NUMERIC NOT NULL,
    amount           BIGINT NOT NULL,
    explanation      TEXT NOT NULL,
    is_live          BOOLEAN NOT NULL, -- false once the invoice is cancelled
    PRIMARY KEY (org_id, id),
    UNIQUE (org_id, line_id, position),
    FOREIGN KEY (org_id, invoice_id) REFERENCES invoices (org_id, id),
    FOREIGN KEY (org_id, line_id) REFERENCES invoice_lines (org_id, id),
    FOREIGN KEY (org_id, order_line_id) REFERENCES order_lines (org_id, id)
);
-- In the order they are read: without statistics SQLite would rather read all charges in that order than sort.
CREATE INDEX invoice_charges_by_invoice ON invoice_charges (org_id, invoice_id, line_id, position);
-- Billed twice can't be stored.
CREATE UNIQUE INDEX invoice_charges_once ON invoice_charges (org_id, order_line_id, period_start) WHERE is_live;
