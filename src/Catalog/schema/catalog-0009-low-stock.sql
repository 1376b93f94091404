-- From how few units on the employees are told; null for the shop's own figure (Catalog:LowStock). Among the stock, where a sale reads it along.
alter table stock add column low_at int check (low_at >= 0);
