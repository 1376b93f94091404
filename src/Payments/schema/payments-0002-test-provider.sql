-- The books of the built-in test provider: an outside party that happens to live here. Payments never reads or writes
-- them; only the provider does, in statements of its own.
create table test_provider_charges (
  charge_key uuid primary key,
  reference text not null,
  amount numeric(12,2) not null,
  currency text not null,
  state text not null check (state in ('FAILING', 'PROCESSING', 'CAPTURED', 'DECLINED', 'VOIDED')),
  reason text,
  failures int not null default 0,
  captured_from timestamptz,
  refunded numeric(12,2) not null default 0 check (refunded <= amount)
);

create table test_provider_refunds (
  refund_key uuid primary key,
  charge_key uuid not null references test_provider_charges,
  amount numeric(12,2) not null check (amount > 0)
);

-- What is true now: a charge in processing is captured once its time has come, whoever still waits for it.
create view test_provider_ledger as
select charge_key, reference, amount, currency, reason, refunded,
       case when state = 'PROCESSING' and captured_from <= now() then 'CAPTURED' else state end as state
from test_provider_charges;
