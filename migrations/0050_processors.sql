-- Which processor charges for a live organization, and its account with each that did; what is secret is encrypted with
-- the key file. The account with an earlier processor stays: it is asked for what it took.
ALTER TABLE organizations ADD COLUMN processor TEXT;
CREATE TABLE processor_accounts (
    org_id              BIGINT NOT NULL,
    processor           TEXT NOT NULL,
    url                 TEXT NOT NULL,
    credentials_sealed  TEXT NOT NULL,
    PRIMARY KEY (org_id, processor),
    FOREIGN KEY (org_id) REFERENCES organizations (id)
);

-- Which processor took a payment; without one, the merchant took it.
ALTER TABLE payments ADD COLUMN processor TEXT;
UPDATE payments SET processor = 'test' WHERE is_system_payment;

-- What the Test Processor is asked for: a charge, or to give one back.
ALTER TABLE test_processor_charges ADD COLUMN kind TEXT NOT NULL DEFAULT 'sale';
ALTER TABLE test_processor_charges ADD COLUMN gives_back TEXT;
ALTER TABLE test_processor_charges ADD COLUMN charged_on DATE;
CREATE INDEX test_processor_by_transaction ON test_processor_charges (org_id, transaction_id);
CREATE INDEX test_processor_by_sale ON test_processor_charges (org_id, gives_back) WHERE gives_back IS NOT NULL;
