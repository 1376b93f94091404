-- Uploaded pictures lie in the image store under names of our own; drawn ones (SVG) stay in the table.
alter table product_images alter column content drop not null;
alter table product_images add column stored_as text unique;
alter table product_images add column width int;
alter table product_images add column height int;
alter table product_images add column bytes int;
alter table product_images add constraint product_images_somewhere check ((content is null) <> (stored_as is null));

-- Names in the store that no picture shows: of uploads under way, and of pictures that were removed. What is due is deleted there, then here, so
-- that nothing is left behind whoever dies when.
create table unused_images (
  name text primary key,
  due_at timestamptz not null
);
create index unused_images_due on unused_images (due_at);
