-- Whom to write to, and how; follows UserCreated and UserUpdated.
create table recipients (
  user_id uuid primary key,
  email text not null,
  first_name text not null,
  language text not null default 'fr' check (language in ('fr', 'en')),
  notifications_enabled boolean not null default true
);

-- The queue of what is to be sent, and the log of what was. Ids rise with time (UUID version 7), so newest first is by id.
create table notifications (
  notification_id uuid primary key,
  event_id uuid not null,
  event text not null,
  channel text not null check (channel in ('email')),
  user_id uuid not null,
  order_id uuid,
  language text not null check (language in ('fr', 'en')),
  subject text not null,
  outcome text not null check (outcome in ('PENDING', 'SENT', 'LOGGED', 'FAILED')),
  -- What the mail tells; gone once it has been told.
  data jsonb,
  attempts int not null default 0,
  due_at timestamptz,
  error text,
  created_at timestamptz not null,
  sent_at timestamptz,
  read_at timestamptz,
  -- However often an event arrives, it is told once on each channel.
  unique (event_id, channel),
  check (outcome <> 'PENDING' or (due_at is not null and data is not null))
);
create index notifications_user on notifications (user_id, notification_id desc);
create index notifications_due on notifications (due_at) where outcome = 'PENDING';
