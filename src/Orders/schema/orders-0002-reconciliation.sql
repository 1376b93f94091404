-- What the services' books did not agree on: a row a disagreement, however often it is found.
create table reconciliation_findings (
  code text not null,
  subject text not null,
  detail text not null,
  mended boolean not null,
  first_found_at timestamptz not null,
  last_found_at timestamptz not null,
  primary key (code, subject)
);
create index reconciliation_findings_newest on reconciliation_findings (last_found_at desc, code, subject);

create table reconciliation_runs (
  run_id uuid primary key,
  started_at timestamptz not null,
  ended_at timestamptz not null,
  orders int not null,
  findings int not null
);
