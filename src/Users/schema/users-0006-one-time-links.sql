-- What was mailed to confirm an address or to choose a new password: the SHA-256 of it, good once, until it expires.
create table one_time_tokens (
  token_hash bytea primary key check (length(token_hash) = 32),
  user_id uuid not null references users (user_id) on delete cascade,
  purpose text not null check (purpose in ('verify-email', 'reset-password')),
  created_at timestamptz not null,
  expires_at timestamptz not null
);
create index one_time_tokens_of_user on one_time_tokens (user_id, purpose, created_at desc);

-- Who asked for a new password, whether or not somebody has the e-mail: at once the queue and what the limits count. Forgotten after the window.
create table password_reset_requests (
  request_id bigint primary key generated always as identity,
  email text not null,
  address text not null,
  requested_at timestamptz not null,
  handled_at timestamptz
);
create index password_reset_requests_waiting on password_reset_requests (request_id) where handled_at is null;
create index password_reset_requests_by_email on password_reset_requests (email, requested_at);
create index password_reset_requests_by_address on password_reset_requests (address, requested_at);

-- When the mail to confirm an address was last asked for.
alter table users add column verification_asked_at timestamptz;
