-- Each bill changes a line of an order in a column that no index has: with room on its page the new row goes there, and
-- the three indices stay as they are.
ALTER TABLE order_lines SET (fillfactor = 50);
