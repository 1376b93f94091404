-- A login on one device. Whether it has ended is said here alone: a refresh token of an ended session is worth nothing.
create table sessions (
  session_id uuid primary key,
  user_id uuid not null references users (user_id) on delete cascade,
  started_at timestamptz not null,
  ended_at timestamptz,
  end_reason text check (end_reason in ('logout', 'reuse', 'password')),
  check ((ended_at is null) = (end_reason is null))
);
create index sessions_of_user on sessions (user_id);

-- Every refresh token that was given out and has not expired, by its SHA-256. Used ones stay, so that a second use is noticed.
create table refresh_tokens (
  token_hash bytea primary key check (length(token_hash) = 32),
  session_id uuid not null references sessions (session_id) on delete cascade,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index refresh_tokens_of_session on refresh_tokens (session_id);
create index refresh_tokens_expiry on refresh_tokens (expires_at);
