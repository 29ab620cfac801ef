-- Lists of orders, newest first, by what they are asked for.
CREATE INDEX orders_by_created_at ON orders (org_id, created_at, id);
CREATE INDEX orders_by_status ON orders (org_id, status, created_at, id);
CREATE INDEX orders_of_customer ON orders (org_id, customer_id, created_at, id);
CREATE INDEX orders_by_start ON orders (org_id, start_on, id);
