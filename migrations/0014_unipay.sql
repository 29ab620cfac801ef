-- The merchant account that a customer was given through the UniPay-compatible API; without one it has the organization's.
ALTER TABLE customers ADD COLUMN account_id BIGINT;
