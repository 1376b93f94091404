create table users (
  user_id uuid primary key,
  email text not null check (length(email) between 3 and 254),
  password_hash text not null,
  password_changed_at timestamptz not null default now(),
  first_name text not null,
  last_name text not null,
  role text not null default 'customer' check (role in ('customer', 'employee', 'admin')),
  language text not null default 'fr' check (language in ('fr', 'en')),
  animal_type text check (animal_type in ('dog', 'cat', 'bird', 'rodent', 'fish', 'other')),
  notifications_enabled boolean not null default true,
  created_at timestamptz not null default now()
);
create unique index users_email on users (lower(email));

-- Who made whom what: never changed, never deleted.
create table role_changes (
  user_id uuid not null,
  from_role text not null,
  to_role text not null,
  changed_by uuid not null,
  changed_at timestamptz not null
);
create index role_changes_of_user on role_changes (user_id, changed_at);

-- Failed logins, also for e-mails that nobody has; forgotten after the window in which they count.
create table login_failures (
  email text not null,
  address text not null,
  failed_at timestamptz not null
);
create index login_failures_by_email on login_failures (email, failed_at);
create index login_failures_by_address on login_failures (address, failed_at);
