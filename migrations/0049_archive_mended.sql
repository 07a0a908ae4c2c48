-- What is asked by one customer has an index that any question by customer can use.
create index note_of on customers.note (tenant_id, customer_id);
create index file_of on customers.file (tenant_id, customer_id);
create index care_round_customer on customers.care_round (tenant_id, customer_id, id desc);
create index opportunity_opener on sales.opportunity (tenant_id, opened_by_id, changed_at desc, id desc) where opened_by_id is not null;

-- Whoever was written to has been used since an import brought them.
create view messaging.fact_outgoing with (security_invoker = true) as
  select tenant_id, id, customer_id, channel, purpose, state, made_at from messaging.outgoing;
grant select on messaging.fact_outgoing to app;
