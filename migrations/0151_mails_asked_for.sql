-- When a customer asked for the mail, by the wall clock; so many an hour, no more.
ALTER TABLE mails ADD COLUMN asked_at TIMESTAMPTZ;
CREATE INDEX mails_asked_for ON mails (org_id, customer_id, asked_at) WHERE asked_at IS NOT NULL;
