-- The order products are listed in, where they are found, and how many there are. All of it follows products and stock in the
-- same transaction, whoever changes them.

-- Where each product for sale is listed: once for its category, for each ancestor, and for the whole shop (''). Every order
-- of every list is an index, so that a page costs the same among a thousand products and a hundred thousand.
create table product_listings (
  category text not null,
  product_id uuid not null,
  price numeric(12, 2) not null,
  rating numeric(3, 2) not null,
  created_at timestamptz not null,
  in_stock boolean not null,
  primary key (product_id, category)
);
create index product_listings_newest on product_listings (category, created_at desc, product_id desc) include (price, in_stock);
create index product_listings_price on product_listings (category, price, product_id) include (in_stock);
create index product_listings_rating on product_listings (category, rating desc, product_id desc) include (price, in_stock);

-- Words are found with and without accents: "croquette" and "Croquétte" are one.
create extension if not exists unaccent;
create text search configuration catalog_french (copy = french);
alter text search configuration catalog_french alter mapping for hword, hword_part, word with unaccent, french_stem;
create text search configuration catalog_english (copy = english);
alter text search configuration catalog_english alter mapping for hword, hword_part, word with unaccent, english_stem;

-- What searches look through: a row a product, with all that a search is narrowed and ordered by.
create table product_words (
  product_id uuid primary key,
  categories text[] not null,
  price numeric(12, 2) not null,
  rating numeric(3, 2) not null,
  created_at timestamptz not null,
  in_stock boolean not null,
  words tsvector not null
) with (fillfactor = 90);
create index product_words_found on product_words using gin (words) with (fastupdate = off);

-- How many products a category lists: the sum of its rows. Changes are added as rows of their own, so that nobody waits for anybody;
-- the catalog sums them up from time to time.
create table product_counts (
  category text not null,
  products int not null,
  in_stock int not null
);
create index product_counts_category on product_counts (category) include (products, in_stock);

-- Lists these products, where they are for sale and have a stock.
create function list_products(ids uuid[]) returns void language plpgsql as $$
begin
  with listed as (
    insert into product_listings (category, product_id, price, rating, created_at, in_stock)
    select shelf.category, p.product_id, p.price, coalesce(round(p.rating_sum::numeric / nullif(p.rating_count, 0), 2), 0), p.created_at, s.available > 0
    from products p
    join stock s using (product_id)
    join categories c on c.slug = p.category
    cross join unnest(c.path) shelf (category)
    where p.product_id = any(ids) and p.withdrawn_at is null
    returning category, in_stock
  )
  insert into product_counts (category, products, in_stock)
  select category, count(*), count(*) filter (where in_stock) from listed group by category;

  insert into product_words (product_id, categories, price, rating, created_at, in_stock, words)
  select p.product_id, c.path, p.price, coalesce(round(p.rating_sum::numeric / nullif(p.rating_count, 0), 2), 0), p.created_at, s.available > 0,
    setweight(to_tsvector('catalog_french', p.title), 'A') ||
    setweight(to_tsvector('catalog_english', coalesce(p.translations -> 'en' ->> 'title', '')), 'A') ||
    setweight(to_tsvector('catalog_french', p.description), 'D') ||
    setweight(to_tsvector('catalog_english', coalesce(p.translations -> 'en' ->> 'description', '')), 'D')
  from products p
  join stock s using (product_id)
  join categories c on c.slug = p.category
  where p.product_id = any(ids) and p.withdrawn_at is null;
end $$;

-- Takes these products off every list.
create function unlist_products(ids uuid[]) returns void language plpgsql as $$
begin
  with unlisted as (
    delete from product_listings where product_id = any(ids) returning category, in_stock
  )
  insert into product_counts (category, products, in_stock)
  select category, -count(*), -count(*) filter (where in_stock) from unlisted group by category;

  delete from product_words where product_id = any(ids);
end $$;

-- A product and its stock come in one transaction, the product first: it is listed when it has both.
create function list_new_stock() returns trigger language plpgsql as $$
begin
  perform list_products(array(select product_id from new_stock));
  return null;
end $$;
create trigger list_new_stock after insert on stock referencing new table as new_stock for each statement execute function list_new_stock();

-- A changed product is taken off every list and put back as it is now. Its stock is locked before its listings, in the order in which
-- a sale takes them.
create function list_changed_products() returns trigger language plpgsql as $$
declare
  ids uuid[] := array(select product_id from new_products order by product_id);
begin
  perform from stock where product_id = any(ids) order by product_id for update;
  perform unlist_products(ids);
  perform list_products(ids);
  return null;
end $$;
create trigger list_changed_products after update on products referencing new table as new_products for each statement execute function list_changed_products();

-- The last unit was sold, or goods came for an empty shelf. All other sales pass by here without a cost.
create function list_in_stock() returns trigger language plpgsql as $$
begin
  update product_words set in_stock = new.available > 0 where product_id = new.product_id;
  with turned as (
    update product_listings set in_stock = new.available > 0 where product_id = new.product_id and in_stock <> (new.available > 0) returning category
  )
  insert into product_counts (category, products, in_stock)
  select category, 0, case when new.available > 0 then 1 else -1 end from turned;
  return null;
end $$;
create trigger list_in_stock after update on stock for each row
  when ((old.available > 0) is distinct from (new.available > 0)) execute function list_in_stock();
