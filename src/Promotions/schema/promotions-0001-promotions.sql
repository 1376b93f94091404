create table promotions (
  -- Upper-case: customers may type it as they like.
  code text primary key check (code = upper(code)),
  discount_percentage numeric(5,2) check (discount_percentage > 0 and discount_percentage <= 100),
  discount_amount numeric(12,2) check (discount_amount > 0),
  valid_from timestamptz not null,
  valid_until timestamptz not null,
  max_uses int check (max_uses >= 1),
  max_uses_per_user int check (max_uses_per_user >= 1),
  min_cart_total numeric(12,2) check (min_cart_total >= 0),
  category text,
  automatic boolean not null default false,
  usage_count int not null default 0 check (usage_count >= 0),
  withdrawn_at timestamptz,
  created_at timestamptz not null default now(),
  check ((discount_percentage is null) <> (discount_amount is null)),
  check (valid_from < valid_until)
);
create index promotions_automatic on promotions (valid_from) where automatic and withdrawn_at is null;

-- How often each customer has used each code: what a limit by customer is held against.
create table promotion_users (
  code text not null references promotions on delete cascade,
  user_id uuid not null,
  uses int not null check (uses >= 0),
  primary key (code, user_id)
);

-- The one use of an order. A row without a code is a release that came first: it keeps a late redeem away.
create table redemptions (
  order_id uuid primary key,
  code text references promotions,
  user_id uuid,
  discount numeric(12,2),
  discount_basis_points int,
  redeemed_at timestamptz,
  released_at timestamptz,
  check (code is not null or released_at is not null)
);
create index redemptions_code on redemptions (code) where code is not null;

-- Who changed what: one row a change by an employee.
create table promotion_changes (
  position bigint generated always as identity primary key,
  code text not null,
  action text not null check (action in ('CREATED', 'CHANGED', 'WITHDRAWN')),
  changed_by uuid not null,
  changed_at timestamptz not null default now(),
  terms jsonb not null
);
