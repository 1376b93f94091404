-- Whose tokens are good no more although they have not expired; forgotten when they have.
create table deleted_users (
  user_id uuid primary key,
  deleted_at timestamptz not null
);
