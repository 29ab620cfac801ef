-- What processors told us of, each event once. What could not be applied says why, and is for a person to look at.
CREATE TABLE gateway_events (
    org_id               BIGINT NOT NULL,
    processor            TEXT NOT NULL,
    event_id             TEXT NOT NULL,
    event_type           TEXT NOT NULL,
    payment_id           BIGINT,
    key                  TEXT,
    amount               BIGINT,
    currency             TEXT,
    quarantined_because  TEXT,
    received_at          TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (org_id, processor, event_id),
    FOREIGN KEY (org_id, payment_id) REFERENCES payments (org_id, id)
);
CREATE INDEX gateway_events_quarantined ON gateway_events (org_id, received_at)
    WHERE quarantined_because IS NOT NULL;
