-- Privacy: whom to leave alone by number, legal holds, people erased, how long what is kept.

alter table customers.customer
  -- The person is gone; what happened remains as figures.
  add column erased_at timestamptz;

-- Numbers and addresses that are not contacted, whether or not a customer has them. Looked up by a digest under the installation's key:
-- of a person who was erased nothing else stands here.
create table customers.left_alone (
  tenant_id uuid not null,
  id uuid not null,
  digest text not null,
  -- Empty: for everything and on every channel.
  purpose text not null default '' check (purpose in ('', 'notice', 'survey', 'marketing')),
  channel text not null default '',
  -- As it was entered; null when it came from a person who was erased.
  value text,
  until timestamptz,
  reason text not null default '',
  source text not null check (source in ('entered', 'table', 'erased')),
  since timestamptz not null,
  by_name text not null default '',
  primary key (tenant_id, id)
);
create unique index left_alone_digest on customers.left_alone (tenant_id, digest, purpose, channel);
select kernel.guard('customers.left_alone');

create view customers.fact_left_alone with (security_invoker = true) as
  select tenant_id, digest, purpose, channel, until from customers.left_alone;
grant select on customers.fact_left_alone to app;

-- What must not go: a dispute, an inquiry.
create table customers.hold (
  tenant_id uuid not null,
  customer_id uuid not null,
  reason text not null,
  since timestamptz not null,
  by_name text not null default '',
  primary key (tenant_id, customer_id)
);
select kernel.guard('customers.hold');

-- One per person erased. What they were known by is kept only while it goes on.
create table customers.erasure (
  tenant_id uuid not null,
  id uuid not null,
  customer_id uuid not null,
  reason text not null,
  known jsonb,
  run_id uuid,
  asked_at timestamptz not null,
  asked_by_id uuid,
  erased_at timestamptz,
  rows integer not null default 0,
  files integer not null default 0,
  primary key (tenant_id, id)
);
create index erasure_customer on customers.erasure (tenant_id, customer_id);
select kernel.guard('customers.erasure');

-- How many days which kind is kept; a kind without a row is kept as it was.
create table customers.keeping (
  tenant_id uuid not null,
  kind text not null,
  days integer not null check (days between 1 and 36500),
  changed_at timestamptz not null,
  changed_by_id uuid,
  primary key (tenant_id, kind)
);
select kernel.guard('customers.keeping');

-- Whatever is a person's is found by the person.
create index invitation_customer on surveys.invitation (tenant_id, customer_id);
create index visitor_customer on messaging.visitor (tenant_id, customer_id) where customer_id is not null;
create index file_owner on kernel.file (tenant_id, owner_id) where owner_kind = 'visitor';
create index notification_event on notifications.notification (tenant_id, event_id);
