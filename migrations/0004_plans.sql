CREATE TABLE products (
    org_id  BIGINT NOT NULL,
    id      BIGINT NOT NULL,
    name    TEXT NOT NULL,
    PRIMARY KEY (org_id, id),
    UNIQUE (org_id, name),
    FOREIGN KEY (org_id) REFERENCES organizations (id)
);

CREATE TABLE plans (
    org_id             BIGINT NOT NULL,
    id                 BIGINT NOT NULL,
    product_id         BIGINT NOT NULL,
    contract_code      TEXT NOT NULL,
    name               TEXT NOT NULL,
    notes              TEXT,
    invoice_text       TEXT NOT NULL,
    billing_period     TEXT NOT NULL,
    billing_alignment  TEXT NOT NULL,
    due_value          BIGINT NOT NULL,
    due_units          TEXT NOT NULL,
    is_auto_renew      BOOLEAN NOT NULL,
    created_at         TIMESTAMPTZ NOT NULL,
    updated_at         TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (org_id, id),
    UNIQUE (org_id, contract_code),
    FOREIGN KEY (org_id, product_id) REFERENCES products (org_id, id)
);

CREATE TABLE charges (
    org_id               BIGINT NOT NULL,
    id                   BIGINT NOT NULL,
    plan_id              BIGINT NOT NULL,
    position             BIGINT NOT NULL,
    price_code           TEXT NOT NULL,
    invoice_text         TEXT NOT NULL,
    accounting_code      TEXT,
    charge_type          TEXT NOT NULL,
    pricing_type         TEXT NOT NULL,
    standard_quantity    NUMERIC,
    max_quantity         NUMERIC,
    is_prepaid           BOOLEAN NOT NULL,
    is_prorated          BOOLEAN NOT NULL,
    is_mandatory         BOOLEAN NOT NULL,
    is_separate_invoice  BOOLEAN NOT NULL,
    is_tax               BOOLEAN NOT NULL,
    unit_of_measure      TEXT,
    PRIMARY KEY (org_id, id),
    UNIQUE (org_id, plan_id, price_code),
    FOREIGN KEY (org_id, plan_id) REFERENCES plans (org_id, id)
);

CREATE TABLE tiers (
    org_id      BIGINT NOT NULL,
    id          BIGINT NOT NULL,
    charge_id   BIGINT NOT NULL,
    position    BIGINT NOT NULL,
    units_from  NUMERIC NOT NULL,
    units_to    NUMERIC,
    price       NUMERIC NOT NULL,
    is_overage  BOOLEAN NOT NULL,
    PRIMARY KEY (org_id, id),
    UNIQUE (org_id, charge_id, position),
    FOREIGN KEY (org_id, charge_id) REFERENCES charges (org_id, id)
);
