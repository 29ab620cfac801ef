-- A mail that goes out by itself tells of an event, once; one that a program asked for tells of none.
ALTER TABLE mails ADD COLUMN event_id BIGINT;
CREATE UNIQUE INDEX mails_by_event ON mails (org_id, event_id);
