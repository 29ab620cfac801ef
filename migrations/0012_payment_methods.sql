-- Methods on file, one a place. Of a card or account there is nothing here that could be charged without the
-- processor: its token, encrypted with the key of the key file that key_id names.
CREATE TABLE payment_methods (
    org_id        BIGINT NOT NULL,
    id            BIGINT NOT NULL,
    customer_id   BIGINT NOT NULL,
    preference    BIGINT NOT NULL CHECK (preference IN (1, 2, 3)),
    method_type   TEXT NOT NULL,
    brand         TEXT,
    last_digits   TEXT,
    expiry_year   BIGINT,
    expiry_month  BIGINT,
    token_sealed  TEXT,
    key_id        TEXT,
    created_at    TIMESTAMPTZ NOT NULL,
    updated_at    TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (org_id, id),
    UNIQUE (org_id, customer_id, preference),
    CHECK ((token_sealed IS NULL) = (key_id IS NULL)),
    CHECK ((expiry_year IS NULL) = (expiry_month IS NULL)),
    FOREIGN KEY (org_id, customer_id) REFERENCES customers (org_id, id) ON DELETE CASCADE
);
