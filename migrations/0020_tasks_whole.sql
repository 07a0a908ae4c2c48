-- Tasks whole: deputies, watchers, checklists, evidence, comments, search. Absence. Approvals with their policies.

alter table tasks.task
  -- Stands in while the owner is absent; without one, whoever the owner named for the absence.
  add column deputy_id uuid,
  add column tsv tsvector not null default '';
create index task_deputy on tasks.task (tenant_id, deputy_id, due_key, id) where done_at is null and deputy_id is not null;
create index task_opener on tasks.task (tenant_id, opened_by_id, due_key, id) where done_at is null;
create index task_department on tasks.task (tenant_id, department_id, due_key, id) where done_at is null and department_id is not null;
create index task_kind on tasks.task (tenant_id, kind, due_key, id) where done_at is null;

-- Titles from before are brought in afterwards, some thousands at a time: server/domains/tasks/finding.ts.
create index task_text on tasks.task using gin (tsv);

-- The listed exception to security_invoker: it filters the tenant itself, so that @@ can use the index.
create view tasks.searchable with (security_invoker = false) as
  select * from tasks.task where tenant_id = (select current_setting('app.tenant')::uuid);
grant usage, create on schema tasks to searcher;
grant select on tasks.task to searcher;
alter view tasks.searchable owner to searcher;
grant select on tasks.searchable to app;

create table tasks.watcher (
  tenant_id uuid not null,
  task_id uuid not null,
  person_id uuid not null,
  primary key (tenant_id, task_id, person_id),
  foreign key (tenant_id, task_id) references tasks.task (tenant_id, id)
);
create index watcher_person on tasks.watcher (tenant_id, person_id, task_id);
select kernel.guard('tasks.watcher');

-- The checklist. A required item that is open keeps the task from being finished.
create table tasks.item (
  tenant_id uuid not null,
  id uuid not null,
  task_id uuid not null,
  position smallint not null,
  text text not null,
  required boolean not null default false,
  done_at timestamptz,
  done_by_id uuid,
  primary key (tenant_id, id),
  foreign key (tenant_id, task_id) references tasks.task (tenant_id, id)
);
create index item_task on tasks.item (tenant_id, task_id, position);
select kernel.guard('tasks.item');

-- A file, or something of another domain, that shows what was done or asked for. `about_id`: a task or an approval.
create table tasks.evidence (
  tenant_id uuid not null,
  id uuid not null,
  about_id uuid not null,
  file_id uuid,
  noun text,
  matter_id uuid,
  note text not null default '',
  added_by_id uuid,
  added_at timestamptz not null,
  primary key (tenant_id, id),
  check ((noun is null) = (matter_id is null)),
  check ((file_id is null) <> (matter_id is null))
);
create index evidence_about on tasks.evidence (tenant_id, about_id, id);
select kernel.guard('tasks.evidence');

create table tasks.comment (
  tenant_id uuid not null,
  id uuid not null,
  task_id uuid not null,
  text text not null,
  -- Person ids.
  mentions jsonb not null default '[]',
  writer_id uuid,
  written_at timestamptz not null,
  changed_at timestamptz,
  withdrawn_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, task_id) references tasks.task (tenant_id, id)
);
create index comment_task on tasks.comment (tenant_id, task_id, id);
select kernel.guard('tasks.comment');

-- Who is away, from when until when, and who stands in. It ends by itself.
create table tasks.absence (
  tenant_id uuid not null,
  id uuid not null,
  person_id uuid not null,
  deputy_id uuid,
  from_at timestamptz not null,
  until_at timestamptz not null,
  note text not null default '',
  set_by_id uuid,
  primary key (tenant_id, id),
  check (from_at <= until_at),
  check (deputy_id <> person_id)
);
create index absence_person on tasks.absence (tenant_id, person_id, until_at);
create index absence_deputy on tasks.absence (tenant_id, deputy_id, until_at) where deputy_id is not null;
create index absence_until on tasks.absence (tenant_id, until_at, id);
select kernel.guard('tasks.absence');
create view tasks.fact_absence with (security_invoker = true) as
  select tenant_id, id, person_id, deputy_id, from_at, until_at from tasks.absence;
grant select on tasks.fact_absence to app;

create table tasks.approval_policy (
  tenant_id uuid not null,
  id uuid not null,
  -- What is asked for, as the asking domain calls it.
  kind text not null,
  name text not null,
  name_en text not null default '',
  currency text not null default 'CNY',
  -- See ApprovalStepRule in contract/approvals.ts.
  steps jsonb not null,
  -- Whether anybody may ask for it from the own work, or only the domain that needs it.
  anyone boolean not null default false,
  position integer not null default 0,
  retired boolean not null default false,
  primary key (tenant_id, id)
);
create unique index approval_policy_kind on tasks.approval_policy (tenant_id, kind) where not retired;
select kernel.guard('tasks.approval_policy');

create table tasks.approval (
  tenant_id uuid not null,
  id uuid not null,
  kind text not null,
  title text not null,
  text text not null default '',
  -- In minor units.
  amount bigint,
  currency text,
  matter_noun text,
  matter_id uuid,
  customer_id uuid,
  facts jsonb not null default '{}',
  asked_by_id uuid not null,
  asked_at timestamptz not null,
  state text not null default 'open' check (state in ('open', 'approved', 'refused', 'recalled')),
  -- Until when the open step should be decided.
  due_at timestamptz,
  due_key timestamptz not null generated always as (coalesce(due_at, timestamptz '9999-12-31 00:00:00+00')) stored,
  decided_at timestamptz,
  reason text not null default '',
  primary key (tenant_id, id),
  check ((amount is null) = (currency is null)),
  check ((matter_noun is null) = (matter_id is null)),
  check ((state = 'open') = (decided_at is null))
);
create index approval_open on tasks.approval (tenant_id, due_key, id) where state = 'open';
create index approval_asker on tasks.approval (tenant_id, asked_by_id, due_key, id) where state = 'open';
create index approval_decided on tasks.approval (tenant_id, decided_at desc, id desc) where state <> 'open';
create index approval_newest on tasks.approval (tenant_id, asked_at desc, id desc);
create index approval_matter on tasks.approval (tenant_id, matter_id, id desc) where matter_id is not null;
create index approval_customer on tasks.approval (tenant_id, customer_id, id desc) where customer_id is not null;
select kernel.guard('tasks.approval');

-- One of those who may decides: the person, or whoever has the role in the place (a team, a department, anywhere when null).
create table tasks.approval_step (
  tenant_id uuid not null,
  id uuid not null,
  approval_id uuid not null,
  position smallint not null,
  name text not null,
  name_en text not null default '',
  person_id uuid,
  role_id uuid,
  place_id uuid,
  minutes integer not null,
  state text not null default 'later' check (state in ('later', 'open', 'approved', 'refused', 'dropped')),
  due_at timestamptz,
  reminders smallint not null default 0,
  decided_by_id uuid,
  -- In whose place, when a deputy decided.
  decided_for_id uuid,
  decided_at timestamptz,
  reason text not null default '',
  primary key (tenant_id, id),
  foreign key (tenant_id, approval_id) references tasks.approval (tenant_id, id),
  check ((person_id is null) <> (role_id is null)),
  check ((state in ('approved', 'refused')) = (decided_by_id is not null))
);
create unique index approval_step_order on tasks.approval_step (tenant_id, approval_id, position);
create unique index approval_step_open on tasks.approval_step (tenant_id, approval_id) where state = 'open';
create index approval_step_person on tasks.approval_step (tenant_id, person_id) where state = 'open' and person_id is not null;
create index approval_step_role on tasks.approval_step (tenant_id, role_id, place_id) where state = 'open' and role_id is not null;
create index approval_step_decider on tasks.approval_step (tenant_id, decided_by_id, approval_id) where decided_by_id is not null;
select kernel.guard('tasks.approval_step');

create view tasks.fact_approval with (security_invoker = true) as
  select tenant_id, id, kind, amount, currency, matter_noun, matter_id, customer_id, asked_by_id, asked_at, state, due_at, decided_at from tasks.approval;
grant select on tasks.fact_approval to app;

-- A department may work by hours of its own.
alter table identity.department add column calendar_id uuid;
create or replace view identity.fact_person with (security_invoker = true) as
  select tenant_id, id, name, login, department_id, team_id, retired, role_id from identity.person;
create view identity.fact_role with (security_invoker = true) as
  select tenant_id, id, code, name, name_en, retired from identity.role;
grant select on identity.fact_role to app;

-- Who worked with tasks may ask for approvals, and decide those that a policy gives them.
alter table identity.role no force row level security;
update identity.role set grants = '{"approval:read": "own", "approval:ask": "own", "approval:decide": "own"}'::jsonb || grants where grants ? 'task:write';
update identity.role set grants = grants || jsonb_build_object('approval:read', grants->'task:read') where code in ('lead', 'supervisor') and grants ? 'task:read';
update identity.role set grants = grants || '{"approval:configure": "all"}'::jsonb where code = 'supervisor';
alter table identity.role force row level security;
