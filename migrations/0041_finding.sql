-- Anyone is found in one box: names also by how they are read, and whatever a customer has by its number.

-- Which version of the search text the row holds; what an older one wrote is read anew in the background.
alter table customers.customer add column search_version smallint not null default 0;
create index customer_search_due on customers.customer (tenant_id, id) where search_version < 1;

-- As customers.searchable: it filters the tenant itself, so that LIKE can use the index of the beginning and of the end.
create view customers.searchable_record with (security_invoker = false) as
  select * from customers.record where tenant_id = (select current_setting('app.tenant')::uuid);
grant select on customers.record to searcher;
alter view customers.searchable_record owner to searcher;
grant select on customers.searchable_record to app;
