-- Look-ups of what belongs to another organization, counted for each API user.
CREATE TABLE probes (
    org_id    BIGINT NOT NULL,
    staff_id  BIGINT NOT NULL,
    since     TIMESTAMPTZ NOT NULL, -- the first miss of the hour, by the wall clock
    misses    BIGINT NOT NULL,
    PRIMARY KEY (org_id, staff_id),
    FOREIGN KEY (org_id, staff_id) REFERENCES staff (org_id, id)
);

-- Locked for probing, until somebody unlocks.
ALTER TABLE staff ADD COLUMN suspended_at TIMESTAMPTZ;

-- Whether anybody has an object of this id.
CREATE INDEX customers_by_id ON customers (id);
CREATE INDEX contacts_by_id ON contacts (id);
CREATE INDEX plans_by_id ON plans (id);
CREATE INDEX orders_by_id ON orders (id);
CREATE INDEX invoices_by_id ON invoices (id);
CREATE INDEX payments_by_id ON payments (id);
CREATE INDEX payment_plans_by_id ON payment_plans (id);
