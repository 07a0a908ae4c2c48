-- Needs are written down in other systems too, which know them by ids of their own and read by a cursor what became of them.

alter table needs.need add column ext_id text;
create unique index need_ext on needs.need (tenant_id, ext_id) where ext_id is not null;
alter table needs.need add column changed_xid xid8 not null default pg_current_xact_id();
create index need_feed on needs.need (tenant_id, changed_xid, id);

-- The view says the same columns as the table.
drop view needs.searchable;
create view needs.searchable with (security_invoker = false) as
  select * from needs.need where tenant_id = (select current_setting('app.tenant')::uuid);
alter view needs.searchable owner to searcher;
grant select on needs.searchable to app;
