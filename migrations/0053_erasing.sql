-- Erasing: what quotes the people of a night is looked for once for all of them; retention goes on where it stood.

alter table customers.erasure
  -- All that is theirs has gone; what quotes them elsewhere is looked for next, by this run.
  add column ready_at timestamptz,
  add column swept_by uuid;
create index erasure_ready on customers.erasure (tenant_id, id) where erased_at is null;

-- Of silent customers, whom the last night asked after last.
alter table customers.keeping add column stood_at uuid;

-- Somebody who wrote or was written down before they had a file is found by what they said.
create index visitor_phone on messaging.visitor (tenant_id, phone) where customer_id is null and phone is not null;
create index visitor_email on messaging.visitor (tenant_id, email) where customer_id is null and email is not null;
create index visitor_name on messaging.visitor (tenant_id, name) where customer_id is null and name <> '';
create index suppression_address_ever on messaging.suppression (tenant_id, address);
create index opportunity_phone on sales.opportunity (tenant_id, phone) where customer_id is null and phone is not null;
create index opportunity_email on sales.opportunity (tenant_id, email) where customer_id is null and email is not null;
create index opportunity_name on sales.opportunity (tenant_id, name) where customer_id is null and name <> '';

-- Who was not to be written to is so when they come back: customers ask it of the register when they forget an address.
create view messaging.fact_suppression with (security_invoker = true) as
  select tenant_id, channel, address from messaging.suppression where lifted_at is null;
grant select on messaging.fact_suppression to app;
