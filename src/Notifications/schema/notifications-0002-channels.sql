-- Deleted people keep a row without personal data, so that what is heard of them late is told to nobody.
alter table recipients
  add column phone text,
  add column role text not null default 'customer',
  add column deleted_at timestamptz;
create index recipients_staff on recipients (user_id) where role <> 'customer' and deleted_at is null;
create index recipients_willing on recipients (user_id) where notifications_enabled and deleted_at is null;

-- user_id is null while only the order is known, and again when the user was deleted. text is what is shown in the shop.
alter table notifications
  alter column user_id drop not null,
  add column text text,
  drop constraint notifications_channel_check,
  add constraint notifications_channel_check check (channel in ('email', 'sms', 'in-app')),
  drop constraint notifications_event_id_channel_key;

-- However often an event arrives, it is told once to each person on each channel.
create unique index notifications_once on notifications (event_id, user_id, channel) nulls not distinct;

create index notifications_order on notifications (order_id, notification_id desc) where order_id is not null;
create index notifications_failed on notifications (notification_id desc) where outcome = 'FAILED';
drop index notifications_user;
create index notifications_of_user on notifications (user_id, channel, notification_id desc) where user_id is not null;

-- What is told to many: written out a part at a time, in the order of the recipients' ids.
create table announcements (
  event_id uuid primary key,
  event text not null,
  data jsonb not null,
  audience text not null check (audience in ('customers', 'staff')),
  told_up_to uuid not null default '00000000-0000-0000-0000-000000000000',
  created_at timestamptz not null
);
