-- Leads and opportunities: what may come of a customer, or of somebody who is none yet.

create schema sales;

create table sales.stage (
  tenant_id uuid not null,
  id uuid not null,
  name text not null,
  name_en text not null default '',
  kind text not null default 'open' check (kind in ('open', 'won', 'lost')),
  chance integer not null default 0,
  position integer not null default 0,
  retired boolean not null default false,
  primary key (tenant_id, id)
);
select kernel.guard('sales.stage');

create table sales.opportunity (
  tenant_id uuid not null,
  id uuid not null,
  title text not null,
  customer_id uuid,
  -- Of a lead; once there is a file, what the file says counts.
  name text not null default '',
  phone text,
  phone_typed text,
  email text,
  stage_id uuid not null,
  state text not null check (state in ('open', 'won', 'lost')),
  source text not null,
  source_note text not null default '',
  value bigint not null default 0 check (value >= 0),
  currency text not null default 'CNY',
  owner_id uuid,
  opened_by_id uuid,
  interaction_id uuid,
  expected_on date,
  note text not null default '',
  lost_reason text not null default '',
  opened_at timestamptz not null,
  changed_at timestamptz not null,
  closed_at timestamptz,
  converted_at timestamptz,
  version integer not null default 1,
  -- Bigrams of title, name and note.
  search tsvector not null default '',
  primary key (tenant_id, id)
);
create index opportunity_changed on sales.opportunity (tenant_id, changed_at desc, id desc);
create index opportunity_stage on sales.opportunity (tenant_id, stage_id, changed_at desc, id desc);
create index opportunity_owner on sales.opportunity (tenant_id, owner_id, changed_at desc, id desc) where owner_id is not null;
create index opportunity_customer on sales.opportunity (tenant_id, customer_id, changed_at desc, id desc) where customer_id is not null;
create index opportunity_expected on sales.opportunity (tenant_id, (coalesce(expected_on, date '9999-12-31')), id);
create index opportunity_opened on sales.opportunity (tenant_id, opened_at desc, id desc);
create index opportunity_search on sales.opportunity using gin (search);
select kernel.guard('sales.opportunity');

create table sales.step (
  tenant_id uuid not null,
  id uuid not null,
  opportunity_id uuid not null,
  from_id uuid,
  to_id uuid not null,
  at timestamptz not null,
  by_id uuid,
  by_name text,
  note text not null default '',
  primary key (tenant_id, id)
);
create index step_opportunity on sales.step (tenant_id, opportunity_id, id);
select kernel.guard('sales.step');

-- Full text behind row-level security cannot use GIN: a view that filters the tenant itself, as for customers and tickets.
grant usage, create on schema sales to searcher;
grant select on sales.opportunity to searcher;
create view sales.searchable with (security_invoker = false) as
  select * from sales.opportunity where tenant_id = (select current_setting('app.tenant')::uuid);
alter view sales.searchable owner to searcher;
grant select on sales.searchable to app;

create view sales.fact_opportunity with (security_invoker = true) as
  select tenant_id, id, customer_id, stage_id, state, source, value, currency, owner_id, opened_at, changed_at, closed_at, converted_at from sales.opportunity;
grant select on sales.fact_opportunity to app;

-- What a centre begins with; a new organisation gets the same from the code.
alter table identity.tenant no force row level security;
alter table sales.stage no force row level security;
insert into sales.stage (tenant_id, id, name, name_en, kind, chance, position)
  select t.tenant_id, gen_random_uuid(), s.name, s.name_en, s.kind, s.chance, s.position
  from identity.tenant t cross join (values
    ('新线索', 'New', 'open', 10, 1), ('已联系', 'Contacted', 'open', 30, 2), ('方案报价', 'Proposal', 'open', 60, 3),
    ('赢单', 'Won', 'won', 100, 4), ('丢单', 'Lost', 'lost', 0, 5)) as s(name, name_en, kind, chance, position);
alter table sales.stage force row level security;
alter table identity.tenant force row level security;

-- Who leads sees all of them; who answers customers their own.
alter table identity.role no force row level security;
update identity.role set grants = grants || '{"opportunity:read": "all", "opportunity:write": "all", "opportunity:export": "all", "opportunity:configure": "all"}' where code in ('supervisor', 'admin');
update identity.role set grants = grants || '{"opportunity:read": "team", "opportunity:write": "team"}' where code = 'lead';
update identity.role set grants = grants || '{"opportunity:read": "own", "opportunity:write": "own"}' where code = 'agent';
alter table identity.role force row level security;
