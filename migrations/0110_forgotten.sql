-- What somebody says to have forgotten. Anybody may ask; a job answers, by mail, so that neither the answer of the
-- page nor its time tells whether there is such a contact.
CREATE TABLE forgotten (
    org_id      BIGINT NOT NULL,
    id          BIGINT NOT NULL,
    kind        TEXT NOT NULL CHECK (kind IN ('password', 'username')),
    asked       TEXT NOT NULL, -- as it was typed
    page        TEXT NOT NULL, -- where a link is to lead
    created_at  TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id) REFERENCES organizations (id)
);

-- Links to choose a new password. Only the hash of what is in them is kept. asked_at is the wall clock's.
CREATE TABLE password_resets (
    org_id      BIGINT NOT NULL,
    token_hash  TEXT NOT NULL,
    contact_id  BIGINT NOT NULL,
    expires_at  TIMESTAMPTZ NOT NULL,
    used_at     TIMESTAMPTZ,
    asked_at    TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (org_id, token_hash),
    FOREIGN KEY (org_id, contact_id) REFERENCES contacts (org_id, id) ON DELETE CASCADE
);
CREATE INDEX password_resets_by_contact ON password_resets (org_id, contact_id, asked_at);
CREATE INDEX contacts_by_email ON contacts (org_id, LOWER(email_primary)) WHERE username IS NOT NULL;

-- The text of a mail that holds a secret is encrypted until it is sent, and forgotten then.
ALTER TABLE mails ADD COLUMN is_sealed BOOLEAN NOT NULL DEFAULT FALSE;

-- Guesses at names that nobody has: counted in a few slots, so that each costs what a guess at a real one costs.
CREATE TABLE unknown_logins (
    org_id  BIGINT NOT NULL,
    slot    BIGINT NOT NULL,
    failed  BIGINT NOT NULL,
    PRIMARY KEY (org_id, slot),
    FOREIGN KEY (org_id) REFERENCES organizations (id)
);
