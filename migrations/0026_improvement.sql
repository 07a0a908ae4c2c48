-- Standards, targets and improvement; and what figures need to be compared honestly: the spread of waits, handling and ratings.

alter table insight.rollup add column wait_sq double precision not null default 0, add column handle_sq double precision not null default 0,
  add column score_sq double precision not null default 0;
-- Counted again whole, with their squares, within five minutes; until then the sums stay as they are.
alter table insight.counted no force row level security;
delete from insight.counted;
alter table insight.counted force row level security;

-- Tickets by when they were due: on-time closing is a share of what fell due.
create index ticket_due on tickets.ticket (tenant_id, due_at) where due_at is not null;
create view tickets.fact_category with (security_invoker = true) as
  select tenant_id, id, kind_id, name, name_en, parent_id, department_id, retired from tickets.category;
grant select on tickets.fact_category to app;

create schema improvement;

create table improvement.strategy (
  tenant_id uuid not null,
  id uuid not null,
  name text not null,
  name_en text not null default '',
  text text not null default '',
  owner_id uuid,
  from_day date not null,
  until_day date not null,
  retired boolean not null default false,
  primary key (tenant_id, id),
  check (from_day < until_day)
);
select kernel.guard('improvement.strategy');

create table improvement.goal (
  tenant_id uuid not null,
  id uuid not null,
  strategy_id uuid not null,
  name text not null,
  name_en text not null default '',
  text text not null default '',
  owner_id uuid,
  position integer not null default 0,
  retired boolean not null default false,
  primary key (tenant_id, id),
  foreign key (tenant_id, strategy_id) references improvement.strategy (tenant_id, id)
);
create index goal_strategy on improvement.goal (tenant_id, strategy_id, position, id);
select kernel.guard('improvement.goal');

-- What is promised. It is measured where it has a version; language and behaviour may stand as words alone.
create table improvement.standard (
  tenant_id uuid not null,
  id uuid not null,
  goal_id uuid,
  kind text not null check (kind in ('result', 'language', 'behaviour', 'process')),
  name text not null,
  name_en text not null default '',
  text text not null default '',
  source text not null default '',
  owner_id uuid,
  retired boolean not null default false,
  primary key (tenant_id, id),
  foreign key (tenant_id, goal_id) references improvement.goal (tenant_id, id)
);
create index standard_listed on improvement.standard (tenant_id, id) where not retired;
create index standard_goal on improvement.standard (tenant_id, goal_id, id) where goal_id is not null;
select kernel.guard('improvement.standard');

-- How it is measured. A changed target is a new version: what was attained under the old one stays as it was judged.
create table improvement.standard_version (
  tenant_id uuid not null,
  id uuid not null,
  standard_id uuid not null,
  number integer not null,
  figure text not null,
  figure_version integer not null,
  subject_by text not null,
  subject_key text not null,
  target double precision not null,
  tolerance double precision not null default 0 check (tolerance >= 0),
  period text not null check (period in ('day', 'week', 'month', 'quarter', 'year')),
  least_cases integer not null check (least_cases > 0),
  from_day date not null,
  until_day date,
  set_by uuid,
  set_at timestamptz not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, standard_id) references improvement.standard (tenant_id, id)
);
create unique index version_number on improvement.standard_version (tenant_id, standard_id, number);
create unique index version_current on improvement.standard_version (tenant_id, standard_id) where until_day is null;
select kernel.guard('improvement.standard_version');

-- One row per period. The running one is computed again and again; a closed one never.
create table improvement.attainment (
  tenant_id uuid not null,
  id uuid not null,
  standard_id uuid not null,
  version_id uuid not null,
  from_day date not null,
  until_day date not null,
  value double precision,
  numerator double precision not null,
  n double precision not null,
  variance double precision,
  low double precision,
  high double precision,
  state text not null check (state in ('running', 'attained', 'missed', 'too_few')),
  -- Since when it can hardly be reached any more.
  endangered_at timestamptz,
  task_id uuid,
  computed_at timestamptz not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, version_id) references improvement.standard_version (tenant_id, id)
);
create unique index attainment_period on improvement.attainment (tenant_id, version_id, from_day);
create index attainment_standard on improvement.attainment (tenant_id, standard_id, from_day desc, id desc);
select kernel.guard('improvement.attainment');

-- Something to be better at, on its way round: plan, do, check, act.
create table improvement.finding (
  tenant_id uuid not null,
  id uuid not null,
  title text not null,
  text text not null default '',
  source_noun text not null,
  source_id uuid,
  source_facts jsonb not null default '{}',
  stage text not null check (stage in ('found', 'planned', 'doing', 'checking', 'checked', 'acting', 'closed', 'dropped')),
  board text not null generated always as (case when stage in ('found', 'planned') then 'plan' when stage = 'doing' then 'do'
    when stage in ('checking', 'checked') then 'check' when stage = 'acting' then 'act' else 'closed' end) stored,
  round integer not null default 1,
  owner_id uuid,
  opened_by_id uuid,
  opened_at timestamptz not null,
  due_at timestamptz,
  due_key timestamptz not null generated always as (coalesce(due_at, timestamptz '9999-12-31 00:00:00+00')) stored,
  late boolean not null default false,
  changed_at timestamptz not null,
  closed_at timestamptz,
  outcome text not null default '',
  primary key (tenant_id, id)
);
create index finding_board on improvement.finding (tenant_id, board, due_key, id) where closed_at is null;
create index finding_open on improvement.finding (tenant_id, due_key, id) where closed_at is null;
create index finding_owner on improvement.finding (tenant_id, owner_id, due_key, id) where closed_at is null;
create index finding_closed on improvement.finding (tenant_id, closed_at desc, id desc) where closed_at is not null;
create index finding_source on improvement.finding (tenant_id, source_id) where source_id is not null;
select kernel.guard('improvement.finding');

-- One time round the circle. The plan is declared before anybody acts; then it cannot be changed.
create table improvement.round (
  tenant_id uuid not null,
  id uuid not null,
  finding_id uuid not null,
  number integer not null,
  cause text not null,
  measure text not null,
  figure text not null,
  figure_version integer not null,
  subject_by text not null,
  subject_key text not null,
  expected double precision not null,
  before_from date not null,
  before_until date not null,
  after_days integer not null check (after_days > 0),
  settle_days integer not null default 0 check (settle_days >= 0),
  alpha double precision not null check (alpha > 0 and alpha < 1),
  least_cases integer not null check (least_cases > 0),
  declared_by uuid,
  declared_at timestamptz not null,
  -- The figure over the window before, as it stood when the round began.
  baseline jsonb,
  -- The figure since, for whoever looks before the window is over.
  latest jsonb,
  begun_at timestamptz,
  after_from date,
  after_until date,
  verdict text check (verdict in ('effective', 'not_effective')),
  overridden boolean not null default false,
  decided_by uuid,
  decided_at timestamptz,
  reason text not null default '',
  standardised text not null default '',
  links jsonb not null default '[]',
  primary key (tenant_id, id),
  foreign key (tenant_id, finding_id) references improvement.finding (tenant_id, id),
  check (before_from < before_until)
);
create unique index round_number on improvement.round (tenant_id, finding_id, number);
create index round_watched on improvement.round (tenant_id, id) where begun_at is not null and verdict is null;
select kernel.guard('improvement.round');

-- What is done about it: tasks, whose states are read where tasks live.
create table improvement.action (
  tenant_id uuid not null,
  id uuid not null,
  finding_id uuid not null,
  round integer not null,
  title text not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, finding_id) references improvement.finding (tenant_id, id)
);
create index action_finding on improvement.action (tenant_id, finding_id, id);
select kernel.guard('improvement.action');

-- What the declared test said, with the figures it was given: frozen, by the definition's version.
create table improvement.effect (
  tenant_id uuid not null,
  id uuid not null,
  finding_id uuid not null,
  round integer not null,
  figure_version integer not null,
  before jsonb not null,
  after jsonb not null,
  test text not null,
  statistic double precision,
  df double precision,
  p double precision,
  effect double precision,
  low double precision,
  high double precision,
  verdict text not null check (verdict in ('effective', 'not_effective', 'undecided', 'too_few')),
  at timestamptz not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, finding_id) references improvement.finding (tenant_id, id)
);
create index effect_finding on improvement.effect (tenant_id, finding_id, id desc);
select kernel.guard('improvement.effect');

-- Who set up ratings looks after improvement too; a leader takes part with the team.
alter table identity.role no force row level security;
update identity.role set grants = grants || '{"improvement:read": "all", "improvement:write": "all", "improvement:decide": "all", "standard:configure": "all"}'
  where grants ? 'survey:configure';
update identity.role set grants = grants || '{"improvement:read": "team", "improvement:write": "team"}' where code = 'lead';
alter table identity.role force row level security;
