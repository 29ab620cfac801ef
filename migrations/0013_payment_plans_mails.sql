-- Debts paid off in instalments. A customer's plans are numbered; only the last may be enabled.
CREATE TABLE payment_plans (
    org_id                       BIGINT NOT NULL,
    id                           BIGINT NOT NULL,
    customer_id                  BIGINT NOT NULL,
    sequence                     BIGINT NOT NULL,
    currency                     TEXT NOT NULL,
    charge_amount                BIGINT NOT NULL CHECK (charge_amount > 0),
    charge_only_if_balance_owed  BOOLEAN NOT NULL,
    start_on                     DATE NOT NULL,
    next_payment_on              DATE, -- none when no installment remains
    total_installments           BIGINT NOT NULL,
    remaining_installments       BIGINT NOT NULL CHECK (remaining_installments >= 0),
    frequency_value              BIGINT NOT NULL,
    frequency_units              TEXT NOT NULL,
    is_enabled                   BOOLEAN NOT NULL,
    created_at                   TIMESTAMPTZ NOT NULL,
    updated_at                   TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (org_id, id),
    UNIQUE (org_id, customer_id, sequence),
    FOREIGN KEY (org_id, customer_id) REFERENCES customers (org_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX payment_plans_enabled ON payment_plans (org_id, customer_id) WHERE is_enabled;
CREATE INDEX payment_plans_due ON payment_plans (org_id, next_payment_on, id) WHERE is_enabled;

-- Mails to be sent, stored with what they are about. The document of an invoice is made when the mail goes out.
-- created_at is the organization's time, all others are the wall clock's.
CREATE TABLE mails (
    org_id          BIGINT NOT NULL,
    id              BIGINT NOT NULL,
    customer_id     BIGINT NOT NULL,
    event           TEXT NOT NULL,
    object_id       BIGINT NOT NULL,
    recipient       TEXT NOT NULL,
    recipient_name  TEXT NOT NULL,
    subject         TEXT NOT NULL,
    body_text       TEXT NOT NULL,
    body_html       TEXT NOT NULL,
    status          TEXT NOT NULL CHECK (status IN ('queued', 'sent', 'failed')),
    run_at          TIMESTAMPTZ NOT NULL,
    leased_until    TIMESTAMPTZ NOT NULL,
    attempts        BIGINT NOT NULL,
    last_error      TEXT,
    ended_at        TIMESTAMPTZ,
    created_at      TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, customer_id) REFERENCES customers (org_id, id) ON DELETE CASCADE
);
CREATE INDEX mails_due ON mails (run_at, org_id, id) WHERE status = 'queued';
CREATE INDEX mails_by_customer ON mails (org_id, customer_id, id);
