-- Rules that act by themselves: what happened, what must be so of it, what is done.

-- What a rule did, and all that followed from it, names the run at its root: so rules that feed one another are seen.
alter table kernel.event add column cause_id uuid;

-- Events a tenant asked to be told of, beside those everyone is: read by every process, so that an event nobody asked for costs no job.
create table kernel.heeded (
  tenant_id uuid not null,
  event text not null,
  primary key (tenant_id, event)
);
select kernel.guard('kernel.heeded');
create policy relay on kernel.heeded to relay using (true);
grant select on kernel.heeded to relay;

-- A line of a ticket's course written by a rule: actor_id is the rule, actor_name its name.
alter table tickets.entry add column by_rule boolean not null default false;

create schema automation;

-- All rules of a trigger that match, or the first alone.
create table automation.rule_set (
  tenant_id uuid not null,
  id uuid not null,
  trigger text not null,
  takes text not null check (takes in ('all', 'first')),
  primary key (tenant_id, id)
);
create unique index rule_set_trigger on automation.rule_set (tenant_id, trigger);
select kernel.guard('automation.rule_set');

-- `body` is the draft; what runs is the published version of that number (0: none yet).
create table automation.rule (
  tenant_id uuid not null,
  id uuid not null,
  trigger text not null,
  name text not null,
  body jsonb not null,
  position integer not null default 0,
  version integer not null default 0,
  active boolean not null default false,
  -- Why it stopped by itself; null while it did not.
  stopped text check (stopped in ('publisher_left', 'publisher_may_not')),
  stopped_at timestamptz,
  -- Counts every change of the draft: nobody's change is silently lost.
  revision integer not null default 1,
  published_revision integer not null default 0,
  changed_at timestamptz not null,
  retired boolean not null default false,
  primary key (tenant_id, id)
);
create index rule_order on automation.rule (tenant_id, trigger, position, id) where not retired;
select kernel.guard('automation.rule');

create table automation.version (
  tenant_id uuid not null,
  id uuid not null,
  rule_id uuid not null,
  number integer not null,
  name text not null,
  body jsonb not null,
  note text not null default '',
  published_by uuid not null,
  published_at timestamptz not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, rule_id) references automation.rule (tenant_id, id)
);
create unique index version_number on automation.version (tenant_id, rule_id, number);
select kernel.guard('automation.version');

-- One row per event and rule: what was seen, whether it matched and why, what was done.
create table automation.run (
  tenant_id uuid not null,
  id uuid not null,
  rule_id uuid not null,
  version integer not null,
  trigger text not null,
  event_id uuid not null,
  subject_noun text not null,
  subject_id uuid not null,
  -- The run at the root of the chain, and how far from it.
  chain uuid not null,
  depth integer not null,
  at timestamptz not null,
  outcome text not null check (outcome in ('missed', 'waiting', 'done', 'stopped', 'unseen', 'dropped')),
  -- Why it stopped or was dropped.
  reason text not null default '',
  steps jsonb not null default '[]',
  actions jsonb not null default '[]',
  -- What the event said of the subject: asked again when a wait is over.
  said jsonb not null default '{}',
  due_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, rule_id) references automation.rule (tenant_id, id)
);
create unique index run_event on automation.run (tenant_id, event_id, rule_id);
create index run_subject on automation.run (tenant_id, subject_id, id desc);
create index run_rule on automation.run (tenant_id, rule_id, id desc);
create index run_chain on automation.run (tenant_id, chain, rule_id, subject_id);
create index run_told on automation.run (tenant_id, id desc) where outcome <> 'missed';
create index run_missed on automation.run (tenant_id, id) where outcome in ('missed', 'unseen');
create index run_stopped on automation.run (tenant_id, id desc) where outcome = 'stopped';
select kernel.guard('automation.run');
alter table automation.run set (autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_cost_delay = 0);

-- Histories call a rule by its name.
create view automation.fact_rule with (security_invoker = true) as select tenant_id, id, name, trigger, version, active, retired from automation.rule;
grant select on automation.fact_rule to app;

-- Whoever sets up the routing sets up the rules too; whoever leads people sees what rules did.
alter table identity.role no force row level security;
update identity.role set grants = grants || '{"rule:read": "all", "rule:configure": "all"}' where grants ? 'routing:configure';
update identity.role set grants = grants || '{"rule:read": "all"}' where grants ? 'routing:supervise' and not grants ? 'rule:read';
alter table identity.role force row level security;
