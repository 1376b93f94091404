-- Which products have a word in their title, newest first: where a search for one word begins, so that it costs the same for a word
-- that thousands of products have. Words are as the search index holds them; they follow it, whoever writes it.
create table title_listings (
  word text not null,
  created_at timestamptz not null,
  product_id uuid not null
);
create unique index title_listings_newest on title_listings (word, created_at desc, product_id desc);

create function list_titles() returns trigger language plpgsql as $$
begin
  insert into title_listings (word, created_at, product_id)
  select title.lexeme, w.created_at, w.product_id from new_words w cross join unnest(w.words) title where 'A' = any(title.weights);
  return null;
end $$;
create trigger list_titles after insert on product_words referencing new table as new_words for each statement execute function list_titles();

create function unlist_titles() returns trigger language plpgsql as $$
begin
  delete from title_listings l
  using old_words w cross join unnest(w.words) title
  where 'A' = any(title.weights) and l.word = title.lexeme and l.created_at = w.created_at and l.product_id = w.product_id;
  return null;
end $$;
create trigger unlist_titles after delete on product_words referencing old table as old_words for each statement execute function unlist_titles();

insert into title_listings (word, created_at, product_id)
select title.lexeme, w.created_at, w.product_id from product_words w cross join unnest(w.words) title where 'A' = any(title.weights);
