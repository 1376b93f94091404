-- What the shop sells, and the order it is listed in.

-- Words are found with and without accents: "croquette" and "Croquétte" are one.
create extension if not exists unaccent;
create text search configuration catalog_french (copy = french);
alter text search configuration catalog_french alter mapping for hword, hword_part, word with unaccent, french_stem;
create text search configuration catalog_english (copy = english);
alter text search configuration catalog_english alter mapping for hword, hword_part, word with unaccent, english_stem;

-- The shelves, as a tree. Titles are in the shop's language; translations: {"en": {"title": "…"}}.
create table categories (
  slug text primary key check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 100),
  parent text references categories,
  title text not null,
  translations jsonb not null default '{}',
  position int not null default 0,
  -- From the whole shop ('') through the ancestors down to itself: where a product of this category is listed.
  path text[] not null
);

create function category_path() returns trigger language plpgsql as $$
begin
  new.path := coalesce((select path from categories where slug = new.parent), array['']) || new.slug;
  return new;
end $$;
create trigger category_path before insert on categories for each row execute function category_path();

-- Texts are in the shop's language; translations: {"en": {"title": "…", "description": "…"}}.
create table products (
  product_id uuid primary key,
  title text not null,
  description text not null,
  translations jsonb not null default '{}',
  price numeric(12, 2) not null check (price >= 0),
  category text not null references categories,
  image_url text,
  rating_count int not null default 0 check (rating_count >= 0),
  rating_sum int not null default 0 check (rating_sum >= 0),
  -- Counts changes of the content; If-Match compares it. Stock and ratings leave it alone.
  version int not null default 1,
  created_at timestamptz not null default now(),
  changed_at timestamptz not null default now(),
  -- Set: no longer for sale. Orders keep their own copy of what was sold.
  withdrawn_at timestamptz,
  search tsvector not null generated always as (
    setweight(to_tsvector('catalog_french', title), 'A') ||
    setweight(to_tsvector('catalog_english', coalesce(translations -> 'en' ->> 'title', '')), 'A') ||
    setweight(to_tsvector('catalog_french', description), 'D') ||
    setweight(to_tsvector('catalog_english', coalesce(translations -> 'en' ->> 'description', '')), 'D')) stored
);
create index products_search on products using gin (search) with (fastupdate = off) where withdrawn_at is null;

-- Where each product for sale is listed: once for its category, for each ancestor, and for the whole shop (''). Every order
-- of every list is an index, so that a page costs the same among a thousand products and a hundred thousand.
create table product_listings (
  category text not null,
  product_id uuid not null,
  price numeric(12, 2) not null,
  rating numeric(3, 2) not null,
  created_at timestamptz not null,
  primary key (product_id, category)
);
create index product_listings_newest on product_listings (category, created_at desc, product_id desc);
create index product_listings_price on product_listings (category, price, product_id);
create index product_listings_rating on product_listings (category, rating desc, product_id desc);

-- How many products a category lists: the sum of its rows. Changes are added as rows of their own, so that two employees never
-- wait for each other; the catalog sums them up from time to time.
create table product_counts (
  category text not null,
  products int not null
);
create index product_counts_category on product_counts (category) include (products);

-- Listings and counts follow products in the same transaction, whoever changes them.
create function list_products() returns trigger language plpgsql as $$
begin
  insert into product_listings (category, product_id, price, rating, created_at)
  select listed.category, p.product_id, p.price, coalesce(round(p.rating_sum::numeric / nullif(p.rating_count, 0), 2), 0), p.created_at
  from new_products p
  join categories c on c.slug = p.category
  cross join unnest(c.path) listed (category)
  where p.withdrawn_at is null;

  insert into product_counts (category, products)
  select listed.category, count(*)
  from new_products p
  join categories c on c.slug = p.category
  cross join unnest(c.path) listed (category)
  where p.withdrawn_at is null
  group by listed.category;
  return null;
end $$;

create function unlist_products() returns trigger language plpgsql as $$
begin
  with gone as (
    delete from product_listings l using old_products p where l.product_id = p.product_id returning l.category
  )
  insert into product_counts (category, products) select category, -count(*) from gone group by category;
  return null;
end $$;

-- PostgreSQL fires triggers of one event in the order of their names: taken off the list first, put back as it is now after.
create trigger list_1_put after insert on products referencing new table as new_products for each statement execute function list_products();
create trigger list_1_take after update on products referencing old table as old_products for each statement execute function unlist_products();
create trigger list_2_put after update on products referencing new table as new_products for each statement execute function list_products();

-- Pictures that the catalog stores and serves itself, and those that belong to a product.
create table product_images (
  image_id uuid primary key,
  product_id uuid references products,
  position int not null default 0,
  content_type text not null,
  content bytea not null,
  created_at timestamptz not null default now()
);
create index product_images_product on product_images (product_id, position);
alter table product_images alter column content set storage external;

-- One rating a customer and product; products.rating_count and rating_sum follow in the same transaction.
create table ratings (
  product_id uuid not null references products,
  user_id uuid not null,
  stars int not null check (stars between 1 and 5),
  comment text,
  rated_at timestamptz not null default now(),
  primary key (product_id, user_id)
);
create index ratings_latest on ratings (product_id, rated_at desc);
