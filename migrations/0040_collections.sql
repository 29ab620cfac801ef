-- Which day's work charged a payment, with which method on file, and for which instalment; and what a refund takes back.
ALTER TABLE payments ADD COLUMN run_on DATE;
ALTER TABLE payments ADD COLUMN method_preference BIGINT;
ALTER TABLE payments ADD COLUMN payment_plan_id BIGINT;
ALTER TABLE payments ADD COLUMN installment BIGINT;
ALTER TABLE payments ADD COLUMN reverses_id BIGINT;
-- The work of a day charges each method of a customer once, however often it is done.
CREATE UNIQUE INDEX payments_collected ON payments (org_id, customer_id, run_on, method_preference)
    WHERE run_on IS NOT NULL;
CREATE UNIQUE INDEX payments_reversed ON payments (org_id, reverses_id)
    WHERE reverses_id IS NOT NULL AND status <> 'Declined' AND status <> 'Error';
