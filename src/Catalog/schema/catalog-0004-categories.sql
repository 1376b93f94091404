-- Categories are made, moved and removed while the shop sells.

-- A removed category leaves the products behind that were withdrawn from it.
alter table products alter column category drop not null;
alter table products add constraint products_category_for_sale check (category is not null or withdrawn_at is not null);

-- A category that moves takes what lies below it along, and all their products off the shelves above it and onto the new ones. Categories
-- are changed one at a time. Categories are locked first, so that nobody puts a product into them meanwhile, then the stock of their
-- products, in the order in which a sale takes it: sales of these products wait, all others go on.
create function move_category() returns trigger language plpgsql as $$
declare
  ids uuid[];
  shelves_before text[] := trim_array(old.path, 1);
  shelves_now text[] := coalesce((select path from categories where slug = new.parent), array['']);
begin
  if new.slug = any(shelves_now) then
    raise exception 'a category lies below itself' using errcode = 'check_violation', constraint = 'categories_cycle';
  end if;
  perform from categories where new.slug = any(path) order by slug for update;
  ids := array(
    select p.product_id from products p join categories c on c.slug = p.category
    where new.slug = any(c.path) and p.withdrawn_at is null order by p.product_id);
  perform from stock where product_id = any(ids) order by product_id for update;
  -- Those that left while their stock was waited for are listed elsewhere by now.
  ids := array(
    select p.product_id from products p join categories c on c.slug = p.category
    where p.product_id = any(ids) and new.slug = any(c.path) and p.withdrawn_at is null);

  update categories set path = shelves_now || path[cardinality(shelves_before) + 1:] where new.slug = any(path);

  with unlisted as (
    delete from product_listings
    where product_id = any(ids) and category = any(shelves_before) and category <> all(shelves_now)
    returning category, in_stock
  )
  insert into product_counts (category, products, in_stock)
  select category, -count(*), -count(*) filter (where in_stock) from unlisted group by category;

  with listed as (
    insert into product_listings (category, product_id, price, rating, created_at, in_stock)
    select shelf.category, l.product_id, l.price, l.rating, l.created_at, l.in_stock
    from product_listings l
    join products p on p.product_id = l.product_id and p.category = l.category
    cross join unnest(shelves_now) shelf (category)
    where l.product_id = any(ids) and shelf.category <> all(shelves_before)
    returning category, in_stock
  )
  insert into product_counts (category, products, in_stock)
  select category, count(*), count(*) filter (where in_stock) from listed group by category;

  update product_words w set categories = c.path
  from products p join categories c on c.slug = p.category
  where p.product_id = w.product_id and p.product_id = any(ids);
  return null;
end $$;
create trigger move_category after update of parent on categories for each row
  when (old.parent is distinct from new.parent) execute function move_category();
