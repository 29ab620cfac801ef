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
