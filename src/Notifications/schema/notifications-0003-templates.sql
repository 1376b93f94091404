-- What employees wrote in place of the templates in the code.
create sequence template_versions;
create table templates (
  event text not null,
  channel text not null,
  language text not null,
  subject text not null,
  text text not null,
  html text,
  version bigint not null default nextval('template_versions'),
  changed_at timestamptz not null,
  primary key (event, channel, language)
);

-- Who wrote what: never changed, never deleted. A return to the default has no text.
create table template_changes (
  position bigint generated always as identity primary key,
  event text not null,
  channel text not null,
  language text not null,
  subject text,
  text text,
  html text,
  changed_by uuid not null,
  changed_at timestamptz not null
);
