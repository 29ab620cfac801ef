-- Customers that the daily run could not bill, and why; gone once it could.
CREATE TABLE run_failures (
    org_id       BIGINT NOT NULL,
    customer_id  BIGINT NOT NULL,
    run_on       DATE NOT NULL, -- the day of the last attempt
    reason       TEXT NOT NULL,
    created_at   TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (org_id, customer_id),
    FOREIGN KEY (org_id, customer_id) REFERENCES customers (org_id, id) ON DELETE CASCADE
);
