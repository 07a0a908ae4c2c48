-- Tasks: something a person owes by a time, about a matter of any domain.
create schema tasks;

create table tasks.task (
  tenant_id uuid not null,
  id uuid not null,
  title text not null,
  kind text not null,
  text text not null default '',
  matter_noun text,
  matter_id uuid,
  customer_id uuid,
  owner_id uuid,
  department_id uuid,
  opened_by_id uuid,
  opened_at timestamptz not null,
  due_at timestamptz,
  -- What the list is sorted by: tasks without a due time come last.
  due_key timestamptz not null generated always as (coalesce(due_at, timestamptz '9999-12-31 00:00:00+00')) stored,
  done_at timestamptz,
  result text not null default '',
  late boolean not null default false,
  facts jsonb not null default '{}',
  primary key (tenant_id, id),
  check ((matter_noun is null) = (matter_id is null))
);
create index task_open on tasks.task (tenant_id, due_key, id) where done_at is null;
create index task_owner on tasks.task (tenant_id, owner_id, due_key, id) where done_at is null;
create index task_done on tasks.task (tenant_id, done_at desc, id desc) where done_at is not null;
create index task_customer on tasks.task (tenant_id, customer_id, due_key, id) where customer_id is not null;
create index task_matter on tasks.task (tenant_id, matter_id) where matter_id is not null;
select kernel.guard('tasks.task');

create view tasks.fact_task with (security_invoker = true) as
  select tenant_id, id, kind, matter_noun, matter_id, customer_id, owner_id, department_id, opened_at, due_at, done_at, late from tasks.task;
grant select on tasks.fact_task to app;
