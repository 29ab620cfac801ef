-- Lists of customers by what they are asked for.
CREATE INDEX customers_by_status ON customers (org_id, status, id);
CREATE INDEX customers_by_created_at ON customers (org_id, created_at, id);
CREATE INDEX customers_by_updated_at ON customers (org_id, updated_at, id);

-- What a customer is found by, folded; its parts are made from it.
CREATE TABLE customer_search_texts (
    org_id       BIGINT NOT NULL,
    customer_id  BIGINT NOT NULL,
    text         TEXT NOT NULL,
    PRIMARY KEY (org_id, customer_id),
    FOREIGN KEY (org_id, customer_id) REFERENCES customers (org_id, id)
);

-- Ten characters from every place of the texts, as a number: a search is a range of these.
CREATE TABLE customer_search_parts (
    org_id       BIGINT NOT NULL,
    part         BIGINT NOT NULL,
    customer_id  BIGINT NOT NULL,
    PRIMARY KEY (org_id, part, customer_id)
);

-- Customers from before there was a search, until the program has indexed them.
CREATE TABLE customer_search_pending (
    org_id       BIGINT NOT NULL,
    customer_id  BIGINT NOT NULL,
    PRIMARY KEY (org_id, customer_id)
);
INSERT INTO customer_search_pending (org_id, customer_id) SELECT org_id, id FROM customers;

-- Every change of a customer's status.
CREATE TABLE customer_transitions (
    org_id           BIGINT NOT NULL,
    id               BIGINT NOT NULL,
    customer_id      BIGINT NOT NULL,
    previous_status  TEXT NOT NULL,
    new_status       TEXT NOT NULL,
    transitioned_on  DATE NOT NULL,
    created_at       TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, customer_id) REFERENCES customers (org_id, id)
);
CREATE INDEX customer_transitions_by_day ON customer_transitions (org_id, transitioned_on, id);
CREATE INDEX customer_transitions_by_customer ON customer_transitions (org_id, customer_id, id);
