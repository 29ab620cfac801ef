-- A small shop: what the tests of this crate need, and every column type but those of the domain.

CREATE TABLE orgs (
    id           BIGINT NOT NULL PRIMARY KEY,
    name         TEXT NOT NULL,
    next_number  BIGINT NOT NULL DEFAULT 1
);

CREATE TABLE people (
    org_id     BIGINT NOT NULL,
    id         BIGINT NOT NULL,
    email      TEXT NOT NULL,
    name       TEXT NOT NULL,
    active     BOOLEAN NOT NULL DEFAULT FALSE,
    score      BIGINT,
    tags       JSONB NOT NULL,
    PRIMARY KEY (org_id, id),
    UNIQUE (org_id, email),
    FOREIGN KEY (org_id) REFERENCES orgs (id)
);
CREATE INDEX people_by_name ON people (org_id, name, id);

CREATE TABLE contacts (
    org_id     BIGINT NOT NULL,
    id         BIGINT NOT NULL,
    person_id  BIGINT NOT NULL,
    kind       TEXT NOT NULL CONSTRAINT contacts_kind CHECK (kind IN ('email', 'phone', 'DATE')),
    value      TEXT NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, person_id) REFERENCES people (org_id, id) ON DELETE CASCADE
);
CREATE INDEX contacts_by_person ON contacts (org_id, person_id);

CREATE TABLE papers (
    org_id     BIGINT NOT NULL,
    id         BIGINT NOT NULL,
    person_id  BIGINT NOT NULL,
    number     BIGINT NOT NULL,
    PRIMARY KEY (org_id, id),
    UNIQUE (org_id, number),
    FOREIGN KEY (org_id, person_id) REFERENCES people (org_id, id)
);

CREATE TABLE paper_lines (
    org_id    BIGINT NOT NULL,
    paper_id  BIGINT NOT NULL,
    line_no   BIGINT NOT NULL,
    text      TEXT NOT NULL,
    amount    BIGINT NOT NULL,
    PRIMARY KEY (org_id, paper_id, line_no),
    FOREIGN KEY (org_id, paper_id) REFERENCES papers (org_id, id)
);

CREATE TABLE jobs (
    id            BIGINT NOT NULL PRIMARY KEY,
    payload       JSONB NOT NULL,
    run_at        BIGINT NOT NULL,
    leased_until  BIGINT
);
CREATE INDEX jobs_due ON jobs (run_at, id);

CREATE TABLE used_keys (
    org_id    BIGINT NOT NULL,
    key       TEXT NOT NULL,
    response  TEXT,
    PRIMARY KEY (org_id, key)
);

-- Big values: better not in the key's own tree.
CREATE TABLE blobs (
    id    BIGINT NOT NULL PRIMARY KEY,
    body  TEXT NOT NULL
); -- rowid

CREATE TABLE wide (
    a BIGINT, b BIGINT, c BIGINT, d BIGINT, e BIGINT, f BIGINT, g BIGINT, h BIGINT, i BIGINT, j BIGINT,
    k TEXT, l TEXT, m TEXT, n TEXT, o TEXT, p BOOLEAN, q BOOLEAN, r BOOLEAN, s BOOLEAN,
    t BIGINT NOT NULL PRIMARY KEY
);
