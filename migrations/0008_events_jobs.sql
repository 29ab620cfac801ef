-- What happened, recorded with its effect; callbacks and mails are made from it.
CREATE TABLE events (
    org_id       BIGINT NOT NULL,
    id           BIGINT NOT NULL,
    type         TEXT NOT NULL,
    customer_id  BIGINT NOT NULL,
    object_id    BIGINT NOT NULL,
    created_at   TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, customer_id) REFERENCES customers (org_id, id)
);

-- Work to be done later, by any process. Times are those of the wall clock.
CREATE TABLE jobs (
    org_id        BIGINT NOT NULL,
    id            BIGINT NOT NULL,
    kind          TEXT NOT NULL,
    object_id     BIGINT NOT NULL,
    run_at        TIMESTAMPTZ NOT NULL,
    leased_until  TIMESTAMPTZ NOT NULL,
    attempts      BIGINT NOT NULL,
    last_error    TEXT,
    created_at    TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (org_id, id),
    UNIQUE (org_id, kind, object_id),
    FOREIGN KEY (org_id) REFERENCES organizations (id)
);
CREATE INDEX jobs_due ON jobs (run_at, org_id, id);

CREATE TABLE audit (
    org_id      BIGINT NOT NULL,
    id          BIGINT NOT NULL,
    actor       TEXT NOT NULL,
    action      TEXT NOT NULL,
    object      TEXT NOT NULL,
    created_at  TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id) REFERENCES organizations (id)
);
