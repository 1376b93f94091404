-- The truth: what happened to each order, append only. State is rebuilt from it by Order.Evolve.
create table order_events (
  order_id uuid not null,
  version int not null,
  type text not null,
  data jsonb not null,
  at timestamptz not null,
  primary key (order_id, version)
);

-- What a customer reads, written in the transaction of the events. An order that was refused before it existed has none.
create table order_views (
  order_id uuid primary key,
  user_id uuid not null,
  status text not null,
  placed_at timestamptz not null,
  document jsonb not null
);
create index order_views_user on order_views (user_id, placed_at desc, order_id desc);
create index order_views_status on order_views (status, placed_at desc, order_id desc);
create index order_views_newest on order_views (placed_at desc, order_id desc);

-- Sagas that are not at their end. Whoever runs one pushes due_at ahead, which is its lease: when it passes, any
-- instance may take the saga up. The card token is needed to charge again after a crash and goes with the row.
create table checkouts (
  order_id uuid primary key,
  due_at timestamptz not null,
  card_token text not null,
  key_scope text,
  key text
) with (fillfactor = 70);
create index checkouts_due on checkouts (due_at);

-- What is in the carts, a row a product: of a user, or of a guest by the number in the cookie.
create table cart_lines (
  owner uuid not null,
  is_guest boolean not null,
  product_id uuid not null,
  quantity int not null check (quantity between 1 and 1000),
  added_at timestamptz not null default now(),
  changed_at timestamptz not null default now(),
  primary key (owner, is_guest, product_id)
);
create index cart_lines_changed on cart_lines (changed_at);
