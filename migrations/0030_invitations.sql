-- What goes out, seen from the customer: asked how it went, and done with mails they do not want. And whose messages a colleague may read.

-- The department of what a message is about, and who caused it (by_id): whoever may read only part of the outbox reads by these.
alter table messaging.outgoing add column department_id uuid;
create index outgoing_by on messaging.outgoing (tenant_id, by_id, id desc) where by_id is not null;
create index outgoing_department on messaging.outgoing (tenant_id, department_id, id desc) where department_id is not null;
create index notice_by on messaging.notice (tenant_id, by_id, id desc) where by_id is not null;

-- A customer rates a contact, or a ticket.
alter table surveys.rating alter column interaction_id drop not null;
alter table surveys.rating add column ticket_id uuid;
alter table surveys.rating add constraint rating_matter check (num_nonnulls(interaction_id, ticket_id) = 1);
create unique index rating_ticket on surveys.rating (tenant_id, ticket_id) where ticket_id is not null;
create or replace view surveys.fact_rating with (security_invoker = true) as
  select tenant_id, id, interaction_id, customer_id, agent_id, queue_id, score, rated_at, task_id, ticket_id from surveys.rating;

-- One row: whom we ask, when, by what, how often.
create table surveys.inviting (
  tenant_id uuid primary key,
  policy jsonb not null
);
select kernel.guard('surveys.inviting');

-- Who was asked about what, and what came of it. A refused one says why nobody was asked.
create table surveys.invitation (
  tenant_id uuid not null,
  id uuid not null,
  interaction_id uuid,
  ticket_id uuid,
  customer_id uuid not null,
  agent_id uuid,
  queue_id uuid,
  matter text not null,
  matter_en text not null,
  state text not null check (state in ('sent', 'refused', 'answered')),
  channel text check (channel in ('mail', 'sms')),
  reason text,
  message_id uuid,
  made_at timestamptz not null,
  ends_at timestamptz not null,
  answered_at timestamptz,
  primary key (tenant_id, id),
  check (num_nonnulls(interaction_id, ticket_id) = 1)
);
create unique index invitation_interaction on surveys.invitation (tenant_id, interaction_id) where interaction_id is not null;
create unique index invitation_ticket on surveys.invitation (tenant_id, ticket_id) where ticket_id is not null;
create index invitation_state on surveys.invitation (tenant_id, state, id desc);
create index invitation_agent on surveys.invitation (tenant_id, agent_id, id desc) where agent_id is not null;
create index invitation_message on surveys.invitation (tenant_id, message_id) where message_id is not null;
create index invitation_made on surveys.invitation (tenant_id, made_at);
select kernel.guard('surveys.invitation');

-- When a customer was last asked. Whoever asks writes it first: of two at the same moment one is refused.
create table surveys.asked (
  tenant_id uuid not null,
  customer_id uuid not null,
  at timestamptz not null,
  primary key (tenant_id, customer_id)
);
select kernel.guard('surveys.asked');

-- Whoever leads a team reads what goes out from it.
alter table identity.role no force row level security;
update identity.role set grants = grants || jsonb_build_object('message:read', grants -> 'conversation:supervise')
  where grants ? 'conversation:supervise' and not grants ? 'message:read';
alter table identity.role force row level security;
