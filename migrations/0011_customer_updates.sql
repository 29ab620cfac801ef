-- A customer that was never billed can be deleted: what belongs to it is found without reading everything.
CREATE INDEX events_by_customer ON events (org_id, customer_id);
CREATE INDEX sso_links_by_customer ON sso_links (org_id, customer_id);
