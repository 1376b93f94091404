-- What the provider told us by webhook, each event once. An event proves nothing: it makes its payment due to be asked about, in the
-- same transaction. One about a payment that is not ours is kept to be looked at.
create table provider_events (
  provider text not null,
  event_id text not null,
  type text not null,
  payment_id uuid,
  is_known boolean not null,
  received_at timestamptz not null default now(),
  primary key (provider, event_id)
);
create index provider_events_age on provider_events (received_at);

-- Set when the provider has news of a payment that had ended without money.
alter table payments add column look_again_at timestamptz;
create index payments_look_again on payments (look_again_at) where look_again_at is not null;
