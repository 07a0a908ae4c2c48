-- Tickets: kinds and categories, the ticket with its clock, its course, and the rack its numbers come from.
create schema tickets;

-- Owns the searchable view: full text behind row-level security does not use GIN, because @@ is not leakproof.
do $$ begin create role searcher nologin bypassrls; exception when duplicate_object then null; end $$;

create table tickets.kind (
  tenant_id uuid not null,
  id uuid not null,
  name text not null,
  name_en text not null default '',
  code text not null,
  fields jsonb not null default '[]',
  calendar_id uuid,
  target_minutes int not null default 1440 check (target_minutes > 0),
  position int not null default 0,
  retired boolean not null default false,
  primary key (tenant_id, id)
);
create unique index on tickets.kind (tenant_id, code) where not retired;
select kernel.guard('tickets.kind');

create table tickets.category (
  tenant_id uuid not null,
  id uuid not null,
  kind_id uuid not null,
  name text not null,
  name_en text not null default '',
  parent_id uuid,
  department_id uuid,
  priority text not null default 'normal' check (priority in ('urgent', 'high', 'normal', 'low')),
  target_minutes int check (target_minutes > 0),
  position int not null default 0,
  retired boolean not null default false,
  primary key (tenant_id, id),
  foreign key (tenant_id, kind_id) references tickets.kind (tenant_id, id),
  foreign key (tenant_id, parent_id) references tickets.category (tenant_id, id)
);
create index on tickets.category (tenant_id, kind_id);
select kernel.guard('tickets.category');

create table tickets.ticket (
  tenant_id uuid not null,
  id uuid not null,
  -- BX-0618-0187: kind code, month and day on the tenant's wall, counter of that day. The same text may return a year later.
  number text collate "C" not null,
  opened_on date not null,
  title text not null,
  text text not null default '',
  status text not null check (status in ('accepted', 'dispatched', 'handling', 'waiting', 'resolved', 'closed')),
  priority text not null check (priority in ('urgent', 'high', 'normal', 'low')),
  kind_id uuid not null,
  category_id uuid,
  customer_id uuid,
  interaction_id uuid,
  conversation_id uuid,
  place text not null default '',
  fields jsonb not null default '{}',
  department_id uuid,
  assignee_id uuid,
  opened_by_id uuid,
  opened_at timestamptz not null,
  dispatched_at timestamptz,
  taken_at timestamptz,
  resolved_at timestamptz,
  closed_at timestamptz,
  changed_at timestamptz not null,
  -- The clock: due in working time; while waiting for the customer it stands still and keeps the working minutes that were left.
  due_at timestamptz,
  paused_at timestamptz,
  left_minutes int,
  target_minutes int not null,
  late boolean not null default false,
  resolution text not null default '',
  returns int not null default 0,
  urges int not null default 0,
  urged_at timestamptz,
  version int not null default 1,
  client_id text,
  tsv tsvector not null default '',
  -- No foreign key to kind and category: every intake would lock the same few rows for key share. The catalogs delete nothing, and opening reads both.
  primary key (tenant_id, id),
  check ((status = 'waiting') = (paused_at is not null)),
  check ((paused_at is null) = (left_minutes is null))
);
create unique index ticket_number on tickets.ticket (tenant_id, number, opened_on);
create unique index ticket_client on tickets.ticket (tenant_id, opened_by_id, client_id) where client_id is not null;
-- Partial indexes need literals in the query: a status parameter cost 569 ms under a generic plan.
create index ticket_open on tickets.ticket (tenant_id, changed_at desc, id desc) where status <> 'closed';
create index ticket_department on tickets.ticket (tenant_id, department_id, changed_at desc, id desc) where status <> 'closed';
create index ticket_assignee on tickets.ticket (tenant_id, assignee_id, changed_at desc, id desc) where status <> 'closed' and assignee_id is not null;
create index ticket_late on tickets.ticket (tenant_id, due_at) where status in ('accepted', 'dispatched', 'handling');
create index ticket_changed on tickets.ticket (tenant_id, changed_at desc, id desc);
create index ticket_customer on tickets.ticket (tenant_id, customer_id, changed_at desc, id desc) where customer_id is not null;
create index ticket_opener on tickets.ticket (tenant_id, opened_by_id, changed_at desc, id desc);
create index ticket_text on tickets.ticket using gin (tsv);
select kernel.guard('tickets.ticket');

-- The one listed exception to security_invoker: it filters the tenant itself, so that @@ can use the index.
create view tickets.searchable with (security_invoker = false) as
  select * from tickets.ticket where tenant_id = (select current_setting('app.tenant')::uuid);
grant usage, create on schema tickets to searcher;
grant select on tickets.ticket to searcher;
alter view tickets.searchable owner to searcher;
grant select on tickets.searchable to app;

create view tickets.fact_ticket with (security_invoker = true) as
  select tenant_id, id, number, title, status, priority, kind_id, category_id, customer_id, interaction_id, conversation_id, place, department_id, assignee_id, opened_by_id,
    opened_at, dispatched_at, taken_at, resolved_at, closed_at, changed_at, due_at, paused_at, target_minutes, late, returns, urges
  from tickets.ticket;
grant select on tickets.fact_ticket to app;

create table tickets.entry (
  tenant_id uuid not null,
  id uuid not null,
  ticket_id uuid not null,
  kind text not null,
  text text not null default '',
  public boolean not null,
  actor_id uuid,
  actor_name text,
  department_id uuid,
  at timestamptz not null,
  -- No foreign key to the ticket, which nothing deletes: on a new installation the check's plan, made while the table was empty, took the wrong index and read all tickets at every entry (280 intakes/s).
  primary key (tenant_id, id)
);
create index on tickets.entry (tenant_id, ticket_id, id desc);
select kernel.guard('tickets.entry');

-- Numbers wait on a rack of lanes per code and day. Whoever opens a ticket takes the smallest number nobody is holding and keeps that lane locked until commit:
-- numbers stay dense, a rollback puts its number back, and nobody waits for another's commit.
create table tickets.number_rack (
  tenant_id uuid not null,
  code text not null,
  day date not null,
  lane int not null,
  next int not null,
  primary key (tenant_id, code, day, lane)
) with (fillfactor = 20);
select kernel.guard('tickets.number_rack');
alter table tickets.number_rack set (autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_cost_delay = 0);
