-- How many customers an organization has, by status: the sum over slots. Each transaction adds to one slot as its last
-- step, so that those who make customers at the same time seldom wait for each other.
CREATE TABLE customer_counts (
    org_id     BIGINT NOT NULL,
    status     TEXT NOT NULL,
    slot       BIGINT NOT NULL,
    customers  BIGINT NOT NULL,
    PRIMARY KEY (org_id, status, slot),
    FOREIGN KEY (org_id) REFERENCES organizations (id)
);
INSERT INTO customer_counts (org_id, status, slot, customers)
    SELECT org_id, status, 0, COUNT(*) FROM customers GROUP BY org_id, status;
