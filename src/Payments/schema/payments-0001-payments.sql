-- One payment an order, whatever happens. A row of status VOIDED has no payment behind it: it keeps a late one away.
create table payments (
  payment_id uuid primary key,
  order_id uuid not null unique,
  idempotency_key text unique,
  request_hash bytea,
  amount numeric(12,2) not null,
  currency text not null,
  method text not null,
  -- Held while the outcome is unknown, so that the provider can be asked again; gone afterwards.
  card_token text,
  status text not null check (status in ('PENDING', 'CAPTURED', 'DECLINED', 'FAILED', 'REFUNDED', 'VOIDED')),
  reason text,
  void_requested boolean not null default false,
  -- What recorded refunds add up to, made or on their way, and what of it is made.
  refund_claimed numeric(12,2) not null default 0,
  refunded_amount numeric(12,2) not null default 0,
  attempts int not null default 1,
  next_attempt_at timestamptz not null,
  created_at timestamptz not null default now(),
  settled_at timestamptz,
  check (amount > 0 or status = 'VOIDED'),
  check (0 <= refunded_amount and refunded_amount <= refund_claimed and refund_claimed <= amount),
  check (card_token is null or status = 'PENDING')
);
create index payments_unknown on payments (next_attempt_at) where status = 'PENDING';

create table refunds (
  refund_id uuid primary key,
  payment_id uuid not null references payments,
  idempotency_key text not null,
  amount numeric(12,2) not null check (amount > 0),
  reason text not null,
  status text not null check (status in ('PENDING', 'REFUNDED', 'FAILED')),
  attempts int not null default 1,
  next_attempt_at timestamptz not null,
  created_at timestamptz not null default now(),
  settled_at timestamptz,
  unique (payment_id, idempotency_key)
);
create index refunds_unknown on refunds (next_attempt_at) where status = 'PENDING';
