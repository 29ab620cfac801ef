CREATE TABLE payments (
    org_id                       BIGINT NOT NULL,
    id                           BIGINT NOT NULL,
    customer_id                  BIGINT NOT NULL,
    number                       TEXT NOT NULL,
    status                       TEXT NOT NULL,
    payment_type                 TEXT NOT NULL,
    method_type                  TEXT NOT NULL,
    method_context               TEXT NOT NULL,
    currency                     TEXT NOT NULL,
    amount                       BIGINT NOT NULL,
    balance                      BIGINT NOT NULL,
    effective_on                 DATE NOT NULL,
    is_system_payment            BOOLEAN NOT NULL,
    is_processed_by_billing_run  BOOLEAN NOT NULL,
    created_at                   TIMESTAMPTZ NOT NULL,
    updated_at                   TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (org_id, id),
    UNIQUE (org_id, number),
    FOREIGN KEY (org_id, customer_id) REFERENCES customers (org_id, id)
);
CREATE INDEX payments_by_customer ON payments (org_id, customer_id, effective_on, id);

-- A part of a payment for an invoice: held while the outcome is unknown, applied or released after.
CREATE TABLE allocations (
    org_id       BIGINT NOT NULL,
    id           BIGINT NOT NULL,
    payment_id   BIGINT NOT NULL,
    invoice_id   BIGINT NOT NULL,
    customer_id  BIGINT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('reserved', 'applied', 'released')),
    amount       BIGINT NOT NULL CHECK (amount > 0),
    balance      BIGINT NOT NULL,
    created_at   TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (org_id, id),
    UNIQUE (org_id, payment_id, invoice_id),
    FOREIGN KEY (org_id, payment_id) REFERENCES payments (org_id, id),
    FOREIGN KEY (org_id, invoice_id) REFERENCES invoices (org_id, id)
);
CREATE INDEX allocations_by_invoice ON allocations (org_id, invoice_id);

CREATE TABLE processor_results (
    org_id            BIGINT NOT NULL,
    id                BIGINT NOT NULL,
    payment_id        BIGINT NOT NULL,
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
    UNIQUE (org_id, payment_id),
    FOREIGN KEY (org_id, payment_id) REFERENCES payments (org_id, id)
);

-- Append-only double entry; the entries of one posting sum to zero.
CREATE TABLE ledger_entries (
    org_id       BIGINT NOT NULL,
    id           BIGINT NOT NULL,
    customer_id  BIGINT NOT NULL,
    invoice_id   BIGINT,
    payment_id   BIGINT,
    account      TEXT NOT NULL,
    amount       BIGINT NOT NULL,
    booked_on    DATE NOT NULL,
    created_at   TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, customer_id) REFERENCES customers (org_id, id),
    FOREIGN KEY (org_id, invoice_id) REFERENCES invoices (org_id, id),
    FOREIGN KEY (org_id, payment_id) REFERENCES payments (org_id, id)
);
CREATE INDEX ledger_entries_by_customer ON ledger_entries (org_id, customer_id, account);

-- The Test Processor's own book: it remembers every key, as a real one would.
CREATE TABLE test_processor_charges (
    org_id          BIGINT NOT NULL,
    key             TEXT NOT NULL,
    amount          BIGINT NOT NULL,
    currency        TEXT NOT NULL,
    verdict         TEXT NOT NULL,
    transaction_id  TEXT NOT NULL,
    approval_code   TEXT NOT NULL,
    status_message  TEXT NOT NULL,
    error_code      TEXT NOT NULL,
    error_message   TEXT NOT NULL,
    avs             TEXT NOT NULL,
    cvv             TEXT NOT NULL,
    created_at      TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (org_id, key)
);
