-- Customers stand by their last contact; those who were never in contact stand behind all who were, the latest added first.
drop view customers.searchable;
alter table customers.customer drop column listed_at;
create index customer_listed on customers.customer (tenant_id, (coalesce(last_contact_at, timestamptz '1970-01-01 00:00:00+00')) desc, id desc);
create index customer_listed_tier on customers.customer (
  tenant_id, tier, (coalesce(last_contact_at, timestamptz '1970-01-01 00:00:00+00')) desc, id desc
);
create index customer_listed_owner on customers.customer (
  tenant_id, owner_id, (coalesce(last_contact_at, timestamptz '1970-01-01 00:00:00+00')) desc, id desc
) where owner_id is not null;

create view customers.searchable with (security_invoker = false) as
  select * from customers.customer where tenant_id = (select current_setting('app.tenant')::uuid);
alter view customers.searchable owner to searcher;
grant select on customers.searchable to app;
