-- Stock changes with every order and products hardly ever, so stock is a narrow table of its own: no index names a column that
-- changes, and half of each page is left free, so that an update stays on its page and touches no index.
create table stock (
  product_id uuid primary key references products,
  available int not null check (available >= 0),
  reserved int not null default 0 check (reserved >= 0),
  for_sale boolean not null default true
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02);

-- Every change that moves goods for good: sales, their cancellations, and what employees enter.
create table stock_movements (
  movement_id bigint generated always as identity primary key,
  product_id uuid not null,
  at timestamptz not null,
  change int not null,
  available int not null,
  reason text not null,
  employee_id uuid,
  order_id uuid
);
create index stock_movements_product on stock_movements (product_id, movement_id desc);

-- Reservation.cs draws the states: 1 held, 2 committed, 3 released, 4 expired.
create table reservations (
  order_id uuid primary key,
  state smallint not null check (state between 1 and 4),
  expires_at timestamptz not null,
  changed_at timestamptz not null
);
create index reservations_due on reservations (expires_at) where state = 1;

create table reservation_lines (
  order_id uuid not null,
  product_id uuid not null,
  quantity int not null check (quantity > 0),
  primary key (order_id, product_id)
);
