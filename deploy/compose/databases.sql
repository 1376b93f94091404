-- A database and a role of the same name for each service, as src/Host/ServiceDatabases.cs makes them, for psql 15 or newer.
-- compose.dev.yaml runs it by itself; docs/deployment.md says how to on a PostgreSQL that somebody else runs.
--
-- Passwords come from the environment. Run again, it makes what is missing (a newer version may have another service) and leaves alone what is there.
-- Whoever runs it may create roles and databases; it need not be a superuser.

set client_min_messages = warning;

\getenv users USERS_DATABASE_PASSWORD
\getenv catalog CATALOG_DATABASE_PASSWORD
\getenv promotions PROMOTIONS_DATABASE_PASSWORD
\getenv payments PAYMENTS_DATABASE_PASSWORD
\getenv orders ORDERS_DATABASE_PASSWORD
\getenv notifications NOTIFICATIONS_DATABASE_PASSWORD
\getenv recommendations RECOMMENDATIONS_DATABASE_PASSWORD
\getenv reader READER_DATABASE_PASSWORD
\getenv catalog_reader CATALOG_READER_DATABASE_PASSWORD

select format(
    $$(values ('users', %L), ('catalog', %L), ('promotions', %L), ('payments', %L), ('orders', %L), ('notifications', %L), ('recommendations', %L)) as service (name, password)$$,
    :'users', :'catalog', :'promotions', :'payments', :'orders', :'notifications', :'recommendations') as services \gset

-- Each service's role, which owns its database. Giving a database to a role takes being one of it, unless one is a superuser.
select format('create role %I login password %L', name, password) from :services where not exists (select from pg_roles where rolname = name) \gexec
select format('grant %I to current_user', name) from :services where not pg_has_role(name, 'member') \gexec
select format('create database %I owner %I', name, name) from :services where not exists (select from pg_database where datname = name) \gexec

-- Two roles that write nothing: one reads everything, the other is for instances of the catalog that only serve reads (Catalog:ReadOnly).
select format('create role rosa_reader login password %L connection limit 20', :'reader') where not exists (select from pg_roles where rolname = 'rosa_reader') \gexec
select format('create role catalog_reader login password %L connection limit 100', :'catalog_reader') where not exists (select from pg_roles where rolname = 'catalog_reader') \gexec
grant pg_read_all_data to rosa_reader, catalog_reader;
alter role rosa_reader set default_transaction_read_only = on;
alter role catalog_reader set default_transaction_read_only = on;

-- PostgreSQL lets everybody connect everywhere by default, so that is taken back wherever it is ours to take.
select format('revoke connect, temporary on database %1$I from public; grant connect on database %1$I to rosa_reader', datname)
from pg_database
where pg_has_role(datdba, 'usage') and (datname in ('postgres', 'template1') or datname in (select name from :services)) \gexec
grant connect on database catalog to catalog_reader;
