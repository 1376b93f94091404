-- Everything here is written under one advisory lock (Purchases.cs), so that two orders at once neither lose a count nor wait for each other in a circle.

-- Whose animal is known, and who wants to be forgotten: an order that is heard of late must not bring them back.
create table customers (
  user_id uuid primary key,
  animal_type text,
  forgotten boolean not null default false
);

-- Products that may be suggested, as far as the catalog has told; one that it has not told of may be, too.
create table products (
  product_id uuid primary key,
  category text not null,
  withdrawn boolean not null default false
);
-- Ids rise with time (UUID version 7): the newest are the last.
create index products_newest on products (product_id desc) where not withdrawn;
create index products_of_category on products (category, product_id desc) where not withdrawn;

-- What each order has added to the counts, so that a cancellation takes away exactly that.
create table orders (
  order_id uuid primary key,
  user_id uuid not null,
  -- The animal that it was counted for.
  animal_type text,
  bought_at timestamptz not null,
  -- What it counts (Recency.cs): an order of today more than one of last year.
  weight double precision not null check (weight > 0),
  products uuid[] not null,
  -- What the customer had bought before, of which these products were counted as followers.
  earlier uuid[] not null
);
create index orders_customer on orders (user_id);

-- The edges: who bought what, in how many orders.
create table purchases (
  user_id uuid not null,
  product_id uuid not null,
  orders int not null check (orders > 0),
  last_bought_at timestamptz not null,
  primary key (user_id, product_id)
);

-- How often a product is bought by owners of an animal; '' for everybody.
create table popularity (
  animal_type text not null,
  product_id uuid not null,
  orders int not null check (orders > 0),
  weight double precision not null,
  primary key (product_id, animal_type)
);
create index popularity_first on popularity (animal_type, weight desc, product_id);

-- How often one customer bought both, in one order (together) or one after the other. A row for each direction.
create table co_purchases (
  product_id uuid not null,
  other_id uuid not null,
  together int not null check (together >= 0),
  orders int not null check (orders > 0),
  weight double precision not null,
  primary key (product_id, other_id)
);
create index co_purchases_first on co_purchases (product_id, weight desc, other_id);
