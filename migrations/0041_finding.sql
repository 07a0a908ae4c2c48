-- Anyone is found in one box: names also by how they are read, and whatever a customer has by its number.

-- Which version of the search text the row holds; what an older one wrote is read anew in the background.
alter table customers.customer add column search_version smallint not null default 0;
create index customer_search_due on customers.customer (tenant_id, id) where search_version < 1;
