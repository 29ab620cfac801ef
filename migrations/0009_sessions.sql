-- Links that a merchant minted for one customer. Only the hash of the token is kept.
CREATE TABLE sso_links (
    org_id           BIGINT NOT NULL,
    id               BIGINT NOT NULL,
    token_hash       TEXT NOT NULL UNIQUE,
    customer_id      BIGINT NOT NULL,
    css_url          TEXT,
    login_url        TEXT,
    success_url      TEXT,
    show_navigation  BOOLEAN NOT NULL,
    page             TEXT NOT NULL,
    invoice_number   TEXT,
    expires_at       TIMESTAMPTZ NOT NULL,
    redeemed_at      TIMESTAMPTZ,
    created_at       TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, customer_id) REFERENCES customers (org_id, id)
);

-- Portal sessions. Both secrets are kept as hashes only.
CREATE TABLE sessions (
    org_id       BIGINT NOT NULL,
    key_hash     TEXT NOT NULL,
    customer_id  BIGINT NOT NULL,
    data         TEXT NOT NULL,
    expires_at   TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (org_id, key_hash),
    FOREIGN KEY (org_id, customer_id) REFERENCES customers (org_id, id)
);
CREATE INDEX sessions_by_customer ON sessions (org_id, customer_id);
CREATE INDEX sessions_expired ON sessions (org_id, expires_at);
