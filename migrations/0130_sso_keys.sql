-- Keys that a merchant signs its own tokens with. Of HS256 it is a secret, encrypted with the key file; of the others
-- the public half, as a JWK.
CREATE TABLE sso_keys (
    org_id         BIGINT NOT NULL,
    kid            TEXT NOT NULL,
    algorithm      TEXT NOT NULL,
    secret_sealed  TEXT,
    public_key     TEXT,
    expires_at     TIMESTAMPTZ,
    created_at     TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (org_id, kid),
    CHECK ((algorithm = 'HS256') = (secret_sealed IS NOT NULL)),
    CHECK ((algorithm = 'HS256') = (public_key IS NULL)),
    FOREIGN KEY (org_id) REFERENCES organizations (id)
);

-- Tokens of merchants that were used, by the hash of their `jti`, for as long as they would be good.
CREATE TABLE sso_tokens (
    org_id      BIGINT NOT NULL,
    jti_hash    TEXT NOT NULL,
    expires_at  TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (org_id, jti_hash),
    FOREIGN KEY (org_id) REFERENCES organizations (id)
);
CREATE INDEX sso_tokens_expired ON sso_tokens (org_id, expires_at);

-- The language that a link asks for.
ALTER TABLE sso_links ADD COLUMN locale TEXT;
