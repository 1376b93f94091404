-- A customer's last purchases, of which every order and every suggestion reads a few, however many there were.
create index purchases_last on purchases (user_id, last_bought_at desc, product_id);
