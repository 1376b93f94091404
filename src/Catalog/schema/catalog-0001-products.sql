-- What the shop sells, and the order it is listed in.

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
  withdrawn_at timestamptz
);

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
