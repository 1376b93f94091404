-- The shop's own number of an article, by which lists of its suppliers name it. One product for sale has it at a time.
alter table products add column sku text check (length(sku) between 1 and 64);
create unique index products_sku on products (sku) where withdrawn_at is null;
