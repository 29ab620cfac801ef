CREATE TABLE orders (
    org_id            BIGINT NOT NULL,
    id                BIGINT NOT NULL,
    customer_id       BIGINT NOT NULL,
    plan_id           BIGINT NOT NULL,
    number            TEXT NOT NULL,
    status            TEXT NOT NULL,
    start_on          DATE NOT NULL,
    end_on            DATE,
    next_billable_on  DATE,
    currency          TEXT NOT NULL,
    is_auto_pay       BOOLEAN NOT NULL,
    job_code          TEXT,
    notes             TEXT,
    invoice_notes     TEXT,
    lifetime_value    BIGINT NOT NULL,
    created_at        TIMESTAMPTZ NOT NULL,
    updated_at        TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (org_id, id),
    UNIQUE (org_id, number),
    FOREIGN KEY (org_id, customer_id) REFERENCES customers (org_id, id),
    FOREIGN KEY (org_id, plan_id) REFERENCES plans (org_id, id)
);
CREATE INDEX orders_by_customer ON orders (org_id, customer_id, id);
CREATE INDEX orders_by_plan ON orders (org_id, plan_id);
CREATE INDEX orders_billable ON orders (org_id, next_billable_on, id) WHERE next_billable_on IS NOT NULL;

CREATE TABLE order_lines (
    org_id          BIGINT NOT NULL,
    id              BIGINT NOT NULL,
    order_id        BIGINT NOT NULL,
    position        BIGINT NOT NULL,
    charge_id       BIGINT NOT NULL,
    quantity        NUMERIC NOT NULL,
    lifetime_value  BIGINT NOT NULL,
    PRIMARY KEY (org_id, id),
    UNIQUE (org_id, order_id, charge_id),
    FOREIGN KEY (org_id, order_id) REFERENCES orders (org_id, id),
    FOREIGN KEY (org_id, charge_id) REFERENCES charges (org_id, id)
);
CREATE INDEX order_lines_by_charge ON order_lines (org_id, charge_id);
