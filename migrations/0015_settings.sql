-- What business people set: reasons and outcomes per queue, help beside a ticket's fields, answers of a team or of one's own, rules that choose the queue,
-- the sites a widget may stand on.

-- Queues to which a reason or an outcome is limited; none: it fits every queue.
alter table interactions.contact_reason add column queue_ids jsonb not null default '[]';
alter table interactions.contact_outcome add column queue_ids jsonb not null default '[]';

-- Every field of a kind has words of help now. The owner passes a forced policy only while it is not forced.
alter table tickets.kind no force row level security;
update tickets.kind set fields = (select jsonb_agg('{"help": "", "helpEn": ""}'::jsonb || f order by n) from jsonb_array_elements(fields) with ordinality x (f, n))
  where jsonb_array_length(fields) > 0;
alter table tickets.kind force row level security;

-- An answer belongs to everyone, to a team, or to one person. The same shortcut may mean something of one's own.
alter table messaging.canned_answer add column topic text not null default '';
alter table messaging.canned_answer add column team_id uuid;
alter table messaging.canned_answer add column owner_id uuid;
alter table messaging.canned_answer add constraint canned_answer_whose check (team_id is null or owner_id is null);
drop index messaging.canned_answer_shortcut;
create unique index canned_answer_shortcut on messaging.canned_answer
  (tenant_id, coalesce(owner_id, team_id, '00000000-0000-0000-0000-000000000000'), lower(shortcut)) where not retired;

-- Origins of pages that may frame the widget; none: any page.
alter table messaging.widget add column sites jsonb not null default '[]';

-- The first rule that fits a new contact sends it to a queue, lends it priority, demands more skill, prefers a team.
create table routing.rule (
  tenant_id uuid not null,
  id uuid not null,
  name text not null,
  -- See Conditions in contract/routingRules.ts: every condition that is given must hold.
  conditions jsonb not null,
  queue_id uuid,
  priority smallint not null default 0 check (priority between -49 and 49),
  demands jsonb not null default '[]',
  team_id uuid,
  position integer not null default 0,
  retired boolean not null default false,
  primary key (tenant_id, id),
  foreign key (tenant_id, queue_id) references routing.queue (tenant_id, id)
);
create index rule_order on routing.rule (tenant_id, position, id) where not retired;
select kernel.guard('routing.rule');

-- What a rule demands beyond the queue, in numbers, as the matcher wants it.
alter table routing.waiting add column extra jsonb not null default '[]';

-- Where a calendar is used: it is not retired under whoever works by it.
create or replace view routing.fact_queue with (security_invoker = true) as
  select tenant_id, id, name, name_en, channel, target_percent, target_seconds, short_abandon_seconds, position, retired, calendar_id from routing.queue;
create view tickets.fact_kind with (security_invoker = true) as select tenant_id, id, name, name_en, calendar_id, retired from tickets.kind;
create view messaging.fact_widget with (security_invoker = true) as select tenant_id, id, key, name, calendar_id, queue_id, choices, retired from messaging.widget;
create view identity.fact_team with (security_invoker = true) as select tenant_id, id, name, department_id, retired from identity.team;
grant select on tickets.fact_kind, messaging.fact_widget, identity.fact_team to app;
-- By what a rule may know a customer.
create or replace view customers.fact_customer with (security_invoker = true) as
  select tenant_id, id, name, number, tier, kind, district, tags from customers.customer;
create view routing.fact_rule with (security_invoker = true) as
  select tenant_id, id, name, (conditions->>'calendarId')::uuid as calendar_id, retired from routing.rule;
create view surveys.fact_policy with (security_invoker = true) as select tenant_id, calendar_id from surveys.policy;
grant select on routing.fact_rule, surveys.fact_policy to app;
