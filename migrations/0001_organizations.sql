-- One schema for both engines, in PostgreSQL's words; dbx lowers the column types for SQLite.
-- Every row of a tenant has its organization first in its key.

CREATE TABLE organizations (
    id                  BIGINT NOT NULL PRIMARY KEY,
    subdomain           TEXT NOT NULL UNIQUE,
    name                TEXT NOT NULL,
    currency            TEXT NOT NULL,
    currencies          TEXT NOT NULL, -- codes, comma separated
    time_zone           TEXT NOT NULL,
    locale              TEXT NOT NULL,
    mode                TEXT NOT NULL CHECK (mode IN ('live', 'test')),
    clock               TIMESTAMPTZ,   -- test mode only: it stands still
    terms_value         BIGINT NOT NULL,
    terms_units         TEXT NOT NULL,
    address_validation  TEXT NOT NULL,
    embed_origins       TEXT NOT NULL, -- blank separated
    notifications       TEXT NOT NULL, -- blank separated
    account_id          BIGINT,
    probe_limit         BIGINT NOT NULL,
    allow_payments      BOOLEAN NOT NULL,
    show_payments       BOOLEAN NOT NULL,
    free_amount         BOOLEAN NOT NULL,
    pay_all             BOOLEAN NOT NULL,
    card_saving         TEXT NOT NULL,
    allow_autopay_off   BOOLEAN NOT NULL,
    page_url            TEXT,
    stylesheet          TEXT,
    run_on              DATE NOT NULL, -- the last day whose work is done
    created_at          TIMESTAMPTZ NOT NULL,
    updated_at          TIMESTAMPTZ NOT NULL,
    CHECK ((mode = 'test') = (clock IS NOT NULL))
);

-- The next invoice, order and payment number. In a table of its own: it is the hottest row.
CREATE TABLE counters (
    org_id  BIGINT NOT NULL,
    kind    TEXT NOT NULL CHECK (kind IN ('invoice', 'order', 'payment')),
    next    BIGINT NOT NULL,
    PRIMARY KEY (org_id, kind),
    FOREIGN KEY (org_id) REFERENCES organizations (id)
);

-- Ids are handed out to processes in blocks: unique in the whole database, without a sequence.
CREATE TABLE id_blocks (
    name  TEXT NOT NULL PRIMARY KEY,
    next  BIGINT NOT NULL
);

CREATE TABLE overdue_rules (
    org_id     BIGINT NOT NULL,
    days_late  BIGINT NOT NULL,
    status     TEXT NOT NULL,
    PRIMARY KEY (org_id, days_late),
    FOREIGN KEY (org_id) REFERENCES organizations (id)
);

CREATE TABLE callbacks (
    org_id          BIGINT NOT NULL,
    id              BIGINT NOT NULL,
    url             TEXT NOT NULL,
    secret_sealed   TEXT,          -- encrypted with the key file
    events          TEXT NOT NULL, -- blank separated
    PRIMARY KEY (org_id, id),
    UNIQUE (org_id, url),
    FOREIGN KEY (org_id) REFERENCES organizations (id)
);
