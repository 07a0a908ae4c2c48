-- What leaves the house to a person: ways out, templates, one outbox, and whom we may reach.

-- Where a colleague is written to.
alter table identity.person add column email text;
create or replace view identity.fact_person with (security_invoker = true) as
  select tenant_id, id, name, login, department_id, team_id, retired, role_id, email, language from identity.person;

create or replace view identity.fact_tenant with (security_invoker = true) as
  select tenant_id, slug, name, name_en, timezone, language, sample, brand from identity.tenant;

-- Whether a customer wants to hear of something, by which channel, and how we know. The last word counts; earlier ones stand in the events.
create table customers.consent (
  tenant_id uuid not null,
  customer_id uuid not null,
  purpose text not null check (purpose in ('notice', 'survey', 'marketing')),
  channel text not null check (channel in ('mail', 'sms')),
  given boolean not null,
  source text not null check (source in ('counter', 'phone', 'chat', 'form', 'contract', 'message', 'import')),
  proof text not null default '',
  at timestamptz not null,
  by_name text not null default '',
  primary key (tenant_id, customer_id, purpose, channel),
  foreign key (tenant_id, customer_id) references customers.customer (tenant_id, id)
);
select kernel.guard('customers.consent');

-- Who asked to be left alone. Without `until`: for good.
create table customers.undisturbed (
  tenant_id uuid not null,
  customer_id uuid not null,
  until timestamptz,
  reason text not null default '',
  since timestamptz not null,
  by_name text not null default '',
  primary key (tenant_id, customer_id),
  foreign key (tenant_id, customer_id) references customers.customer (tenant_id, id)
);
select kernel.guard('customers.undisturbed');

create view customers.fact_consent with (security_invoker = true) as
  select tenant_id, customer_id, purpose, channel, given from customers.consent;
create view customers.fact_undisturbed with (security_invoker = true) as
  select tenant_id, customer_id, until from customers.undisturbed;
create view customers.fact_reach with (security_invoker = true) as
  select tenant_id, id, number, name, tier, district, tags, phone, email from customers.customer;
grant select on customers.fact_consent, customers.fact_undisturbed, customers.fact_reach to app;
create index customer_district on customers.customer (tenant_id, district, id) where district <> '';

create table messaging.provider (
  tenant_id uuid not null,
  id uuid not null,
  name text not null,
  channel text not null check (channel in ('mail', 'sms')),
  kind text not null check (kind in ('smtp', 'http', 'aliyun', 'smpp', 'practice')),
  -- Host, port, user, sender and the like; what must stay secret is sealed under the installation's key.
  settings jsonb not null default '{}',
  secret text,
  receipt_secret text,
  -- Messages per second over all processes, and connections of one process.
  rate integer not null default 10 check (rate between 1 and 20000),
  connections integer not null default 2 check (connections between 1 and 50),
  -- The first that is on and not resting carries a channel's messages.
  position integer not null default 0,
  enabled boolean not null default true,
  retired boolean not null default false,
  primary key (tenant_id, id)
);
select kernel.guard('messaging.provider');

-- How much a provider may take now, and how it fares. Whoever takes messages for it locks this row.
create table messaging.pace (
  tenant_id uuid not null,
  provider_id uuid not null,
  room double precision not null default 0,
  at timestamptz not null,
  resting_until timestamptz,
  rests integer not null default 0,
  last_ok_at timestamptz,
  last_error_at timestamptz,
  last_error text not null default '',
  -- Counts of the organisation's day.
  day date not null default '2000-01-01',
  handed integer not null default 0,
  delivered integer not null default 0,
  failed integer not null default 0,
  primary key (tenant_id, provider_id),
  foreign key (tenant_id, provider_id) references messaging.provider (tenant_id, id)
);
select kernel.guard('messaging.pace');

-- Templates of one's own, and one's own words for those that come with the product (same code).
create table messaging.template (
  tenant_id uuid not null,
  id uuid not null,
  code text not null,
  purpose text not null,
  name text not null,
  name_en text not null default '',
  subject text not null default '',
  subject_en text not null default '',
  text text not null default '',
  text_en text not null default '',
  sms text not null default '',
  sms_en text not null default '',
  -- Under which the vendor of short messages knows it.
  vendor_code text not null default '',
  -- [{ key, sample, sampleEn }]
  variables jsonb not null default '[]',
  retired boolean not null default false,
  changed_at timestamptz not null,
  primary key (tenant_id, id)
);
create unique index template_code on messaging.template (tenant_id, code);
select kernel.guard('messaging.template');

-- A notice to many: what is said, to whom, and how far it has come.
create table messaging.notice (
  tenant_id uuid not null,
  id uuid not null,
  name text not null,
  purpose text not null,
  channel text not null check (channel in ('mail', 'sms')),
  template text not null,
  language text not null check (language in ('zh', 'en')),
  subject text not null default '',
  text text not null,
  vendor_code text not null default '',
  variables jsonb not null default '{}',
  -- Whom: { tier?, district?, tag? } or a list of customer numbers.
  audience jsonb not null,
  state text not null check (state in ('gathering', 'sending', 'done', 'cancelled')),
  -- The last customer that was gathered.
  after uuid,
  total integer not null default 0,
  begun_at timestamptz not null,
  ended_at timestamptz,
  by_id uuid,
  by_name text not null default '',
  -- Made by whoever sends it: a request that comes twice is one notice.
  client_id text,
  -- [{ state, reason, n }] of its messages that are kept no more.
  forgotten jsonb not null default '[]',
  primary key (tenant_id, id)
);
create unique index notice_client on messaging.notice (tenant_id, by_id, client_id) nulls not distinct where client_id is not null;
create index notice_open on messaging.notice (tenant_id, id) where state in ('gathering', 'sending');
select kernel.guard('messaging.notice');

create table messaging.outgoing (
  tenant_id uuid not null,
  id uuid not null,
  channel text not null check (channel in ('mail', 'sms')),
  purpose text not null,
  customer_id uuid,
  person_id uuid,
  name text not null default '',
  address text,
  template text not null,
  language text not null,
  -- Null: the notice's.
  subject text,
  text text,
  vendor_code text,
  variables jsonb not null default '{}',
  -- Variables that open doors; gone once the message is.
  sealed text,
  file_ids uuid[] not null default '{}',
  state text not null check (state in ('waiting', 'sending', 'handed', 'delivered', 'failed', 'refused', 'bounced', 'cancelled', 'unknown')),
  priority smallint not null,
  due_at timestamptz not null,
  -- Not sent by then it is no use any more.
  not_after timestamptz not null,
  tries smallint not null default 0,
  -- Who has it in hand, and until when that is believed.
  claim uuid,
  lease_until timestamptz,
  provider_id uuid,
  provider_ref text,
  reason text,
  detail text,
  key text,
  notice_id uuid,
  -- The day on which it counts against the caps of its customer.
  counted_on date,
  made_at timestamptz not null,
  handed_at timestamptz,
  ended_at timestamptz,
  by_id uuid,
  primary key (tenant_id, id),
  foreign key (tenant_id, provider_id) references messaging.provider (tenant_id, id),
  foreign key (tenant_id, notice_id) references messaging.notice (tenant_id, id)
) with (autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
create unique index outgoing_key on messaging.outgoing (tenant_id, key) where key is not null;
create index outgoing_notice on messaging.outgoing (tenant_id, notice_id, state, id desc) where notice_id is not null;
create index outgoing_due on messaging.outgoing (tenant_id, channel, priority, due_at, id) where state = 'waiting';
create index outgoing_lease on messaging.outgoing (tenant_id, lease_until) where state = 'sending';
create index outgoing_bound on messaging.outgoing (tenant_id, provider_id) where state = 'waiting' and provider_id is not null;
create index outgoing_state on messaging.outgoing (tenant_id, state, id desc);
create index outgoing_purpose on messaging.outgoing (tenant_id, purpose, id desc);
create index outgoing_customer on messaging.outgoing (tenant_id, customer_id, id desc) where customer_id is not null;
create index outgoing_counted on messaging.outgoing (tenant_id, customer_id, counted_on) where counted_on is not null;
create index outgoing_ref on messaging.outgoing (tenant_id, provider_id, provider_ref) where provider_ref is not null;
select kernel.guard('messaging.outgoing');

-- One row per customer who was ever counted: whoever counts locks it, so that caps are exact.
create table messaging.reach (
  tenant_id uuid not null,
  customer_id uuid not null,
  at timestamptz not null,
  primary key (tenant_id, customer_id)
) with (fillfactor = 70);
select kernel.guard('messaging.reach');

-- Addresses that are written to no more.
create table messaging.suppression (
  tenant_id uuid not null,
  id uuid not null,
  channel text not null check (channel in ('mail', 'sms')),
  address text not null,
  reason text not null check (reason in ('bounced', 'complaint', 'asked', 'manual')),
  detail text not null default '',
  since timestamptz not null,
  by_name text not null default '',
  lifted_at timestamptz,
  lifted_by_name text,
  lift_reason text,
  primary key (tenant_id, id)
);
create unique index suppression_address on messaging.suppression (tenant_id, channel, address) where lifted_at is null;
create index suppression_lifted on messaging.suppression (tenant_id, id desc) where lifted_at is not null;
create index suppression_active on messaging.suppression (tenant_id, id desc) where lifted_at is null;
select kernel.guard('messaging.suppression');

-- What providers told later. One that comes before our own note of handing over waits here for it; told twice, it stands once.
create table messaging.receipt (
  tenant_id uuid not null,
  provider_id uuid not null,
  ref text not null,
  state text not null check (state in ('delivered', 'failed', 'bounced')),
  reason text not null default '',
  at timestamptz not null,
  primary key (tenant_id, provider_id, ref, state),
  foreign key (tenant_id, provider_id) references messaging.provider (tenant_id, id)
);
create index receipt_at on messaging.receipt (tenant_id, at);
select kernel.guard('messaging.receipt');

-- Calls of providers that were heard: none is heard twice.
create table messaging.receipt_call (
  tenant_id uuid not null,
  provider_id uuid not null,
  id text not null,
  at timestamptz not null,
  primary key (tenant_id, provider_id, id)
);
create index receipt_call_at on messaging.receipt_call (tenant_id, at);
select kernel.guard('messaging.receipt_call');

-- One row: quiet hours, caps, what is told by itself.
create table messaging.outgoing_policy (
  tenant_id uuid primary key,
  policy jsonb not null
);
select kernel.guard('messaging.outgoing_policy');

-- Whoever set up the widgets sets up the ways out, too.
alter table identity.role no force row level security;
update identity.role set grants = grants || '{"message:read": "all", "message:send": "all", "message:configure": "all"}' where grants ? 'conversation:configure';
alter table identity.role force row level security;
