-- Sessions that can be shown and ended one by one. Those from before have no id: whoever is signed in signs in again.
DELETE FROM sessions;
ALTER TABLE sessions ADD COLUMN id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN contact_id BIGINT;
ALTER TABLE sessions ADD COLUMN device TEXT NOT NULL DEFAULT '/';
ALTER TABLE sessions ADD COLUMN address TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN started_at TIMESTAMPTZ;
ALTER TABLE sessions ADD COLUMN seen_at TIMESTAMPTZ;
-- Ended before its time; it is kept a while to tell where its customer came from.
ALTER TABLE sessions ADD COLUMN ended_at TIMESTAMPTZ;
CREATE UNIQUE INDEX sessions_by_id ON sessions (org_id, id);

-- With what a contact has signed in before.
CREATE TABLE known_devices (
    org_id      BIGINT NOT NULL,
    contact_id  BIGINT NOT NULL,
    device      TEXT NOT NULL,
    seen_at     TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (org_id, contact_id, device),
    FOREIGN KEY (org_id, contact_id) REFERENCES contacts (org_id, id) ON DELETE CASCADE
);
CREATE INDEX sessions_by_id_alone ON sessions (id);
