-- Consent with its history and proof, who sees which sensitive field, and the register of those who are left alone.

-- How a role sees a field of the customer's file. `role`: the id of a role, or 'key' for API keys. What nobody decided is as at first.
create table customers.masking (
  tenant_id uuid not null,
  role text not null,
  field text not null,
  showing text not null check (showing in ('shown', 'masked', 'hidden')),
  primary key (tenant_id, role, field)
);
select kernel.guard('customers.masking');

create table customers.reveal_policy (
  tenant_id uuid not null,
  ask_why boolean not null,
  primary key (tenant_id)
);
select kernel.guard('customers.reveal_policy');

-- Consent counts on every way a customer is reached by, may end by itself, and points at what proves it.
alter table customers.consent drop constraint consent_channel_check;
alter table customers.consent
  add constraint consent_channel_check check (channel in ('mail', 'sms', 'phone', 'wechat', 'app')),
  -- Of the text that was agreed to: its name and version.
  add column wording text not null default '',
  add column until timestamptz,
  -- A file kept with the customer, a contact of theirs.
  add column kept_id uuid,
  add column interaction_id uuid;

-- Every word that was said, none ever changed. What counts now stands in customers.consent.
create table customers.consent_word (
  tenant_id uuid not null,
  id uuid not null,
  customer_id uuid not null,
  purpose text not null,
  channel text not null,
  given boolean not null,
  source text not null,
  wording text not null default '',
  proof text not null default '',
  until timestamptz,
  kept_id uuid,
  interaction_id uuid,
  at timestamptz not null,
  by_name text not null default '',
  primary key (tenant_id, id),
  foreign key (tenant_id, customer_id) references customers.customer (tenant_id, id)
);
create index consent_word_customer on customers.consent_word (tenant_id, customer_id, at desc, id desc);
alter table customers.consent no force row level security;
insert into customers.consent_word (tenant_id, id, customer_id, purpose, channel, given, source, proof, at, by_name)
  select tenant_id, gen_random_uuid(), customer_id, purpose, channel, given, source, proof, at, by_name from customers.consent;
alter table customers.consent force row level security;
select kernel.guard('customers.consent_word');

create or replace view customers.fact_consent with (security_invoker = true) as
  select tenant_id, customer_id, purpose, channel, given, until from customers.consent;
