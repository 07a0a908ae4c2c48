-- Every touch on any channel, with the marks of time from which every figure is computed.

create schema interactions;

create table interactions.interaction (
  tenant_id uuid not null,
  id uuid not null,
  channel text not null check (channel in ('phone', 'chat', 'wechat', 'mail', 'sms', 'form')),
  direction text not null check (direction in ('in', 'out')),
  state text not null check (state in ('waiting', 'active', 'wrap', 'done', 'abandoned', 'left')),
  customer_id uuid,
  queue_id uuid,
  agent_id uuid,
  subject text not null default '',
  source text not null default '',
  started_at timestamptz not null,
  queued_at timestamptz,
  answered_at timestamptz,
  ended_at timestamptz,
  wrapped_at timestamptz,
  reason_id uuid,
  outcome_id uuid,
  note text not null default '',
  rating smallint check (rating between 0 and 10),
  primary key (tenant_id, id)
);
create index interaction_newest on interactions.interaction (tenant_id, started_at desc, id desc);
create index interaction_channel on interactions.interaction (tenant_id, channel, started_at desc, id desc);
create index interaction_customer on interactions.interaction (tenant_id, customer_id, started_at desc, id desc) where customer_id is not null;
create index interaction_agent on interactions.interaction (tenant_id, agent_id, started_at desc, id desc) where agent_id is not null;
create index interaction_queue on interactions.interaction (tenant_id, queue_id, started_at desc, id desc) where queue_id is not null;
-- The recent handling time of a queue, from which waiting customers are told how long it will take.
create index interaction_handled on interactions.interaction (tenant_id, queue_id, ended_at desc) where answered_at is not null and ended_at is not null;
select kernel.guard('interactions.interaction');

create table interactions.contact_reason (
  tenant_id uuid not null,
  id uuid not null,
  name text not null,
  name_en text not null default '',
  parent_id uuid,
  position integer not null default 0,
  retired boolean not null default false,
  primary key (tenant_id, id),
  foreign key (tenant_id, parent_id) references interactions.contact_reason (tenant_id, id)
);
create index contact_reason_parent on interactions.contact_reason (tenant_id, parent_id, position);
select kernel.guard('interactions.contact_reason');

create table interactions.contact_outcome (
  tenant_id uuid not null,
  id uuid not null,
  name text not null,
  name_en text not null default '',
  resolved boolean not null default true,
  position integer not null default 0,
  retired boolean not null default false,
  primary key (tenant_id, id)
);
create index contact_outcome_position on interactions.contact_outcome (tenant_id, position);
select kernel.guard('interactions.contact_outcome');

create view interactions.fact_interaction with (security_invoker = true) as
  select tenant_id, id, channel, direction, state, customer_id, queue_id, agent_id, subject, source,
    started_at, queued_at, answered_at, ended_at, wrapped_at, reason_id, outcome_id, note, rating
  from interactions.interaction;
grant select on interactions.fact_interaction to app;

create view interactions.fact_reason with (security_invoker = true) as
  select tenant_id, id, name, name_en, parent_id, position, retired from interactions.contact_reason;
grant select on interactions.fact_reason to app;

create view interactions.fact_outcome with (security_invoker = true) as
  select tenant_id, id, name, name_en, resolved, position, retired from interactions.contact_outcome;
grant select on interactions.fact_outcome to app;
