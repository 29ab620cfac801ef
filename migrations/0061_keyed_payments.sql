-- A payment that a request under a key has begun: until its answer is known, whoever asks again is shown the payment.
ALTER TABLE idempotency_keys ADD COLUMN payment_id BIGINT;
