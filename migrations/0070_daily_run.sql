-- The daily run: how far it is, who could not be served, and who is asked to pay again when.
ALTER TABLE organizations ADD COLUMN run_paused_at TIMESTAMPTZ;
-- Days after a declined autopay on which it is tried again; blank separated.
ALTER TABLE organizations ADD COLUMN retry_days TEXT NOT NULL DEFAULT '3 5 7';

-- One a day; times are the wall clock's.
CREATE TABLE runs (
    org_id        BIGINT NOT NULL,
    run_on        DATE NOT NULL,
    state         TEXT NOT NULL CHECK (state IN ('Running', 'Paused', 'Done')),
    step          TEXT NOT NULL,
    done          BIGINT NOT NULL, -- customers of the step
    billed        BIGINT NOT NULL,
    installments  BIGINT NOT NULL,
    charged       BIGINT NOT NULL,
    declined      BIGINT NOT NULL,
    transitions   BIGINT NOT NULL,
    failed        BIGINT NOT NULL,
    started_at    TIMESTAMPTZ NOT NULL,
    updated_at    TIMESTAMPTZ NOT NULL,
    ended_at      TIMESTAMPTZ,
    PRIMARY KEY (org_id, run_on),
    FOREIGN KEY (org_id) REFERENCES organizations (id)
);

-- As before, but for each step of the run.
CREATE TABLE run_failures_of_steps (
    org_id       BIGINT NOT NULL,
    customer_id  BIGINT NOT NULL,
    step         TEXT NOT NULL,
    run_on       DATE NOT NULL, -- the day of the last attempt
    reason       TEXT NOT NULL,
    created_at   TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (org_id, customer_id, step),
    FOREIGN KEY (org_id, customer_id) REFERENCES customers (org_id, id) ON DELETE CASCADE
);
INSERT INTO run_failures_of_steps (org_id, customer_id, step, run_on, reason, created_at)
    SELECT org_id, customer_id, 'Billing', run_on, reason, created_at FROM run_failures;
DROP TABLE run_failures;
ALTER TABLE run_failures_of_steps RENAME TO run_failures;
CREATE INDEX run_failures_by_step ON run_failures (org_id, step, customer_id);

-- Customers whose methods on file were declined: tried again on next_on, or when another invoice is due.
CREATE TABLE declines (
    org_id       BIGINT NOT NULL,
    customer_id  BIGINT NOT NULL,
    first_on     DATE NOT NULL,
    last_on      DATE NOT NULL,
    attempts     BIGINT NOT NULL,
    next_on      DATE,
    reason       TEXT NOT NULL,
    PRIMARY KEY (org_id, customer_id),
    FOREIGN KEY (org_id, customer_id) REFERENCES customers (org_id, id) ON DELETE CASCADE
);
CREATE INDEX declines_by_day ON declines (org_id, next_on, customer_id);

-- A method that was declined for good is not tried again by the run; one in its place is another method.
ALTER TABLE payment_methods ADD COLUMN refused_on DATE;
-- The last day whose work has used an instalment up.
ALTER TABLE payment_plans ADD COLUMN run_on DATE;

-- Dunning: what a rule asks for besides days.
ALTER TABLE overdue_rules ADD COLUMN is_enabled BOOLEAN NOT NULL DEFAULT TRUE;
ALTER TABLE overdue_rules ADD COLUMN min_amount NUMERIC;
ALTER TABLE overdue_rules ADD COLUMN min_invoices BIGINT;
ALTER TABLE overdue_rules ADD COLUMN message TEXT;

-- What the run asks for, customer by customer.
CREATE INDEX orders_billable_of_customer ON orders (org_id, customer_id, next_billable_on, id)
    WHERE next_billable_on IS NOT NULL;
CREATE INDEX payments_pending ON payments (org_id, customer_id) WHERE status = 'Pending';

-- A job that was tried too often waits for somebody to look at it. Jobs are claimed organization by organization.
ALTER TABLE jobs ADD COLUMN given_up_at TIMESTAMPTZ;
CREATE INDEX jobs_of_organization ON jobs (org_id, run_at, id) WHERE given_up_at IS NULL;
DROP INDEX jobs_due;
