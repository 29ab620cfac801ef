-- Public keys that a contact signs in with, and how often each has signed.
CREATE TABLE passkeys (
    org_id         BIGINT NOT NULL,
    id             BIGINT NOT NULL,
    contact_id     BIGINT NOT NULL,
    credential_id  TEXT NOT NULL, -- base64url
    public_key     TEXT NOT NULL, -- COSE, base64url
    sign_count     BIGINT NOT NULL,
    name           TEXT NOT NULL,
    created_at     TIMESTAMPTZ NOT NULL,
    used_at        TIMESTAMPTZ,
    PRIMARY KEY (org_id, id),
    UNIQUE (org_id, credential_id),
    FOREIGN KEY (org_id, contact_id) REFERENCES contacts (org_id, id) ON DELETE CASCADE
);
CREATE INDEX passkeys_by_contact ON passkeys (org_id, contact_id, id);

-- Challenges that were answered, until they are too old to be answered: each serves once.
CREATE TABLE spent_challenges (
    org_id          BIGINT NOT NULL,
    challenge_hash  TEXT NOT NULL,
    spent_at        TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (org_id, challenge_hash),
    FOREIGN KEY (org_id) REFERENCES organizations (id)
);
CREATE INDEX spent_challenges_old ON spent_challenges (org_id, spent_at);
