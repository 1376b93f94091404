-- What employees do: a row before it is done, its outcome after. One without an outcome was under way when the process died.
create table audit (
  entry_id uuid primary key,
  at timestamptz not null default now(),
  employee_id uuid not null,
  role text not null,
  method text not null,
  path text not null,
  action text,
  body text,
  status int,
  correlation_id text,
  trace_id text
);
create index audit_employee on audit (employee_id, entry_id desc);
