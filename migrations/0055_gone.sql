-- Whom an import brought and its taking back removed: other systems that were told of them are told that they are gone.
create table customers.gone (
  tenant_id uuid not null,
  id uuid not null,
  changed_xid xid8 not null default pg_current_xact_id(),
  primary key (tenant_id, id)
);
create index gone_changed on customers.gone (tenant_id, changed_xid, id);
select kernel.guard('customers.gone');

-- Who was invited, called or written a document about has been used since an import brought them.
create or replace view documents.fact_document with (security_invoker = true) as
  select tenant_id, id, title, made_at, made_by_id, customer_id from documents.document;
create view surveys.fact_invitation with (security_invoker = true) as
  select tenant_id, id, customer_id, state, channel, made_at from surveys.invitation;
grant select on surveys.fact_invitation to app;
