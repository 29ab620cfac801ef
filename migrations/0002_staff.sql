CREATE TABLE staff (
    org_id         BIGINT NOT NULL,
    id             BIGINT NOT NULL,
    username       TEXT NOT NULL,
    password_hash  TEXT NOT NULL,
    role           TEXT NOT NULL CHECK (role IN ('ROLE_ADMIN', 'ROLE_STAFF', 'ROLE_API')),
    email          TEXT,
    failed_logins  BIGINT NOT NULL,
    locked_until   TIMESTAMPTZ,
    created_at     TIMESTAMPTZ NOT NULL,
    updated_at     TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (org_id, id),
    UNIQUE (org_id, username),
    FOREIGN KEY (org_id) REFERENCES organizations (id)
);
