-- The secret of a contact's authenticator app, encrypted with the key file, and which of its codes was taken last, as
-- the number of its half-minute: no code is taken twice.
CREATE TABLE authenticators (
    org_id         BIGINT NOT NULL,
    contact_id     BIGINT NOT NULL,
    secret_sealed  TEXT NOT NULL,
    key_id         TEXT NOT NULL,
    last_step      BIGINT NOT NULL,
    created_at     TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (org_id, contact_id),
    FOREIGN KEY (org_id, contact_id) REFERENCES contacts (org_id, id) ON DELETE CASCADE
);

-- Codes for whom who has lost the app, each good for once. Only their hashes are kept.
CREATE TABLE recovery_codes (
    org_id      BIGINT NOT NULL,
    contact_id  BIGINT NOT NULL,
    code_hash   TEXT NOT NULL,
    used_at     TIMESTAMPTZ,
    PRIMARY KEY (org_id, contact_id, code_hash),
    FOREIGN KEY (org_id, contact_id) REFERENCES contacts (org_id, id) ON DELETE CASCADE
);

-- off, optional or required
ALTER TABLE organizations ADD COLUMN second_factor TEXT NOT NULL DEFAULT 'optional';
