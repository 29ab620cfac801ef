-- Where a customer goes on who has paid.
ALTER TABLE organizations ADD COLUMN success_url TEXT;
