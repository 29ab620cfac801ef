-- What may be paid with in the portal, blank separated.
ALTER TABLE organizations ADD COLUMN portal_methods TEXT NOT NULL DEFAULT 'card ach';
-- A plan that waits for its customer's yes. It is not enabled.
ALTER TABLE payment_plans ADD COLUMN is_offered BOOLEAN NOT NULL DEFAULT FALSE;

-- What was confirmed in the portal, and what came of it: confirmed twice, it is paid once.
CREATE TABLE checkouts (
    org_id      BIGINT NOT NULL,
    key_hash    TEXT NOT NULL,
    payment_id  BIGINT NOT NULL,
    PRIMARY KEY (org_id, key_hash),
    FOREIGN KEY (org_id, payment_id) REFERENCES payments (org_id, id) ON DELETE CASCADE
);

-- Sessions of somebody who pays one invoice without a login. Both secrets are kept as hashes only.
CREATE TABLE quick_sessions (
    org_id      BIGINT NOT NULL,
    key_hash    TEXT NOT NULL,
    invoice_id  BIGINT NOT NULL,
    data        TEXT NOT NULL,
    expires_at  TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (org_id, key_hash),
    FOREIGN KEY (org_id, invoice_id) REFERENCES invoices (org_id, id) ON DELETE CASCADE
);
CREATE INDEX quick_sessions_expired ON quick_sessions (org_id, expires_at);
