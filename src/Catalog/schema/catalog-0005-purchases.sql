-- Who may rate what: the products of confirmed orders that were not cancelled.
create table purchases (
  user_id uuid not null,
  product_id uuid not null,
  order_id uuid not null,
  primary key (user_id, product_id, order_id)
);
create index purchases_order on purchases (order_id);

create index ratings_user on ratings (user_id);
