-- An overdue rule holds for a group of customers. Another key: the table is made anew, as SQLite can't change one.
CREATE TABLE overdue_rules_by_group (
    org_id          BIGINT NOT NULL,
    customer_group  TEXT NOT NULL,
    days_late       BIGINT NOT NULL,
    status          TEXT NOT NULL,
    is_enabled      BOOLEAN NOT NULL,
    min_amount      NUMERIC,
    min_invoices    BIGINT,
    message         TEXT,
    PRIMARY KEY (org_id, customer_group, days_late),
    FOREIGN KEY (org_id) REFERENCES organizations (id)
);

INSERT INTO overdue_rules_by_group (org_id, customer_group, days_late, status, is_enabled, min_amount, min_invoices, message)
SELECT org_id, 'everybody', days_late, status, is_enabled, min_amount, min_invoices, message FROM overdue_rules;

DROP TABLE overdue_rules;
ALTER TABLE overdue_rules_by_group RENAME TO overdue_rules;
