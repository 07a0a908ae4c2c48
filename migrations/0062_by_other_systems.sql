-- Leads come from web sites and partner systems, which know them by ids of their own.

alter table sales.opportunity add column ext_id text;
create unique index opportunity_ext on sales.opportunity (tenant_id, ext_id) where ext_id is not null;

-- And they read by a cursor what changed of both, as they read customers.
alter table sales.opportunity add column changed_xid xid8 not null default pg_current_xact_id();
create index opportunity_feed on sales.opportunity (tenant_id, changed_xid, id);
alter table customers.record add column changed_xid xid8 not null default pg_current_xact_id();
create index record_feed on customers.record (tenant_id, changed_xid, id);

-- The view says the same columns as the table.
drop view sales.searchable;
create view sales.searchable with (security_invoker = false) as
  select * from sales.opportunity where tenant_id = (select current_setting('app.tenant')::uuid);
alter view sales.searchable owner to searcher;
grant select on sales.searchable to app;
