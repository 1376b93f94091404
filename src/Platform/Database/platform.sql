-- What every service's database holds besides the service's own tables.

-- Events that are told once the change they tell of is committed. The relay deletes a row when the transport has it.
create table outbox (
  position bigint generated always as identity primary key,
  event_id uuid not null,
  routing_key text not null,
  subject text not null,
  envelope text not null
);

-- Events received: a queue until handled, afterwards the memory that makes a second delivery harmless.
create table inbox (
  event_id uuid primary key,
  position bigint generated always as identity,
  routing_key text not null,
  subject text not null,
  envelope text,
  received_at timestamptz not null default now(),
  due_at timestamptz not null default now(),
  attempts int not null default 0,
  error text,
  handled_at timestamptz,
  parked_at timestamptz
);
create index inbox_waiting on inbox (subject, position) where handled_at is null and parked_at is null;
create index inbox_next on inbox (position) where handled_at is null and parked_at is null;
create index inbox_handled on inbox (handled_at) where handled_at is not null;

-- One row a key: who claimed it, for which body, and the answer once there is one.
create table idempotency_keys (
  scope text not null,
  key text not null,
  request_hash bytea not null,
  resource_id uuid not null,
  claimed_at timestamptz not null default now(),
  status int,
  body bytea,
  primary key (scope, key)
);
create index idempotency_keys_age on idempotency_keys (claimed_at);
