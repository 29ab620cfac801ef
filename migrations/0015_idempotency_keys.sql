-- Requests that were carried out under a key (api.md §1.9). The row commits with the effect; the answer follows when it
-- has been put together. Until then, status and body are NULL.
CREATE TABLE idempotency_keys (
    org_id        BIGINT NOT NULL,
    staff_id      BIGINT NOT NULL,
    key           TEXT NOT NULL,
    request_hash  TEXT NOT NULL,
    status        BIGINT,
    content_type  TEXT,
    body          TEXT,
    created_at    TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (org_id, staff_id, key),
    FOREIGN KEY (org_id) REFERENCES organizations (id)
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (org_id, created_at);
