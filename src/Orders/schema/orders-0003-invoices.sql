-- What is to be invoiced, written with the event that makes it due; gone once the document is issued.
create table invoices_due (
  order_id uuid not null,
  kind text not null check (kind in ('INVOICE', 'CREDIT_NOTE')),
  due_at timestamptz not null,
  primary key (order_id, kind)
);

-- The last number that was given. Whoever issues documents locks the row until they are written: numbers have no gaps.
create table invoice_counter (
  only_row boolean primary key default true check (only_row),
  last bigint not null
);
insert into invoice_counter (last) values (0);

-- Documents as they were issued: the order and the seller of that moment. They stay when the customer's account goes, as the law wants.
create table invoices (
  number bigint primary key,
  order_id uuid not null,
  kind text not null,
  issued_at timestamptz not null,
  document jsonb not null,
  unique (order_id, kind)
);

-- People whose account was deleted and some of whose orders are still on their way; their data goes when those have ended.
create table users_to_forget (
  user_id uuid primary key,
  deleted_at timestamptz not null
);

-- The trace in which an event happened, and what went wrong on the way between two events.
alter table order_events add column trace_id text;
create table checkout_troubles (
  order_id uuid not null,
  at timestamptz not null,
  step text not null,
  trouble text not null,
  trace_id text
);
create index checkout_troubles_order on checkout_troubles (order_id, at);
