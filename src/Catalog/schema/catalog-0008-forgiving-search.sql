-- A search that finds nothing is tried again with the nearest words that titles are made of. The words are few, however many products there are.
create extension if not exists pg_trgm;
create extension if not exists fuzzystrmatch;

create table title_words (
  word text primary key
);
create index title_words_near on title_words using gist (word gist_trgm_ops);

-- Words are remembered and never forgotten: one that no product has any more is simply not found. In the order of the alphabet, so that two who bring
-- the same words do not wait for each other in a circle.
create function remember_title_words(titles text) returns void language sql as $$
  insert into title_words (word)
  select distinct word
  from unnest(tsvector_to_array(to_tsvector('simple', unaccent(titles)))) word
  where word ~ '^[[:alpha:]]{3,30}$'
  order by word
  on conflict do nothing
$$;

create function remember_new_title_words() returns trigger language plpgsql as $$
begin
  perform remember_title_words((select string_agg(title || ' ' || coalesce(translations -> 'en' ->> 'title', ''), ' ') from new_products));
  return null;
end $$;
create trigger remember_new_title_words after insert on products referencing new table as new_products for each statement execute function remember_new_title_words();

create function remember_changed_title_words() returns trigger language plpgsql as $$
begin
  perform remember_title_words((
    select string_agg(n.title || ' ' || coalesce(n.translations -> 'en' ->> 'title', ''), ' ')
    from new_products n join old_products o using (product_id)
    where n.title <> o.title or n.translations <> o.translations));
  return null;
end $$;
create trigger remember_changed_title_words after update on products referencing old table as old_products new table as new_products
  for each statement execute function remember_changed_title_words();

insert into title_words (word)
select distinct word
from products, unnest(tsvector_to_array(to_tsvector('simple', unaccent(title || ' ' || coalesce(translations -> 'en' ->> 'title', ''))))) word
where word ~ '^[[:alpha:]]{3,30}$'
order by word
on conflict do nothing;
