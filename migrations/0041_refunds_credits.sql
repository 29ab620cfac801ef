-- What a refund or a cancelled payment took back stays as history. And a payment may be applied to an invoice more than
-- once: its rest goes to whatever is open later.
CREATE TABLE new_allocations (
    org_id       BIGINT NOT NULL,
    id           BIGINT NOT NULL,
    payment_id   BIGINT NOT NULL,
    invoice_id   BIGINT NOT NULL,
    customer_id  BIGINT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('reserved', 'applied', 'released', 'reversed')),
    amount       BIGINT NOT NULL CHECK (amount > 0),
    balance      BIGINT NOT NULL,
    created_at   TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, payment_id) REFERENCES payments (org_id, id),
    FOREIGN KEY (org_id, invoice_id) REFERENCES invoices (org_id, id)
);
INSERT INTO new_allocations (org_id, id, payment_id, invoice_id, customer_id, state, amount, balance, created_at)
    SELECT org_id, id, payment_id, invoice_id, customer_id, state, amount, balance, created_at FROM allocations;
DROP TABLE allocations;
ALTER TABLE new_allocations RENAME TO allocations;
CREATE INDEX allocations_by_invoice ON allocations (org_id, invoice_id);
CREATE INDEX allocations_by_payment ON allocations (org_id, payment_id);

-- A refund asks twice: to void, and where that is refused to refund.
CREATE TABLE new_processor_results (
    org_id            BIGINT NOT NULL,
    id                BIGINT NOT NULL,
    payment_id        BIGINT NOT NULL,
    request           TEXT NOT NULL CHECK (request IN ('sale', 'void', 'refund')),
    verdict           TEXT NOT NULL,
    transaction_id    TEXT NOT NULL,
    approval_code     TEXT NOT NULL,
    status_message    TEXT NOT NULL,
    error_code        TEXT NOT NULL,
    error_message     TEXT NOT NULL,
    avs               TEXT NOT NULL,
    cvv               TEXT NOT NULL,
    response_time_ms  BIGINT NOT NULL,
    created_at        TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (org_id, id),
    UNIQUE (org_id, payment_id, request),
    FOREIGN KEY (org_id, payment_id) REFERENCES payments (org_id, id)
);
INSERT INTO new_processor_results (org_id, id, payment_id, request, verdict, transaction_id, approval_code,
        status_message, error_code, error_message, avs, cvv, response_time_ms, created_at)
    SELECT org_id, id, payment_id, 'sale', verdict, transaction_id, approval_code,
        status_message, error_code, error_message, avs, cvv, response_time_ms, created_at FROM processor_results;
DROP TABLE processor_results;
ALTER TABLE new_processor_results RENAME TO processor_results;

ALTER TABLE payments ADD COLUMN notes TEXT;
-- Of a refund: once it is paid back, the customer gets as much in credit.
ALTER TABLE payments ADD COLUMN grants_credit BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX payments_reversals ON payments (org_id, reverses_id) WHERE reverses_id IS NOT NULL;
-- Few payments have something left.
CREATE INDEX payments_unapplied ON payments (org_id, customer_id) WHERE status = 'Paid' AND balance <> 0;
-- Lists, newest first; few payments are anything but paid.
CREATE INDEX payments_by_type ON payments (org_id, payment_type, effective_on, id);
CREATE INDEX payments_unpaid ON payments (org_id, payment_type, status, effective_on, id) WHERE status <> 'Paid';
CREATE INDEX payments_by_amount ON payments (org_id, payment_type, amount, effective_on, id);

-- A method that is to be kept once its payment is paid. Sealed for the place where it will be kept.
CREATE TABLE methods_to_keep (
    org_id        BIGINT NOT NULL,
    payment_id    BIGINT NOT NULL,
    preference    BIGINT NOT NULL CHECK (preference IN (1, 2, 3)),
    method_type   TEXT NOT NULL,
    brand         TEXT,
    last_digits   TEXT,
    expiry_year   BIGINT,
    expiry_month  BIGINT,
    token_sealed  TEXT,
    key_id        TEXT,
    PRIMARY KEY (org_id, payment_id),
    CHECK ((token_sealed IS NULL) = (key_id IS NULL)),
    CHECK ((expiry_year IS NULL) = (expiry_month IS NULL)),
    FOREIGN KEY (org_id, payment_id) REFERENCES payments (org_id, id)
);
