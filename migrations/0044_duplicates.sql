-- Two files of one customer: found, compared by a person, read as one, taken apart again.

-- Every id of a customer by the one that is read first.
-- Said by `case`: to row-level security `coalesce` is a function that might tell what it sees, and no index is used below it.
create or replace view customers.fact_family with (security_invoker = true) as
  select tenant_id, case when merged_into is null then id else merged_into end as kept_id, id from customers.customer;
create index customer_family on customers.customer (tenant_id, (case when merged_into is null then id else merged_into end));

-- Under what two files may meet: a telephone number, a name as it is said, the end of an address. Written whenever a file is looked at.
create table customers.match_key (
  tenant_id uuid not null,
  customer_id uuid not null,
  kind text not null check (kind in ('phone', 'email', 'web', 'wechat', 'code', 'name', 'said', 'address')),
  key text not null,
  primary key (tenant_id, customer_id, kind, key)
);
create index match_key_holders on customers.match_key (tenant_id, kind, key, customer_id);
select kernel.guard('customers.match_key');

create table customers.duplicate (
  tenant_id uuid not null,
  id uuid not null,
  -- The lower id first, so that a pair stands here once.
  a_id uuid not null,
  b_id uuid not null,
  score integer not null check (score between 0 and 100),
  reasons text[] not null,
  -- Of what was compared: a pair that a person dismissed returns only when this has changed.
  print text not null,
  state text not null default 'open' check (state in ('open', 'dismissed', 'merged')),
  found_at timestamptz not null,
  decided_at timestamptz,
  decided_by_id uuid,
  primary key (tenant_id, id),
  check (a_id < b_id)
);
create unique index duplicate_pair on customers.duplicate (tenant_id, a_id, b_id);
create index duplicate_b on customers.duplicate (tenant_id, b_id);
create index duplicate_listed on customers.duplicate (tenant_id, state, score desc, id desc);
select kernel.guard('customers.duplicate');

-- How far the files were looked at, in the order of their changes.
create table customers.match_pass (
  tenant_id uuid not null primary key,
  -- A restored installation begins anew: its transactions are numbered from the beginning.
  xid xid8 not null default '0',
  customer_id uuid not null
);
select kernel.guard('customers.match_pass');

-- What a merging changed, and what was there before it: enough to take both apart exactly.
create table customers.merge (
  tenant_id uuid not null,
  id uuid not null,
  kept_id uuid not null,
  gone_id uuid not null,
  -- The kept file's values: before, and as the merging left them.
  was jsonb not null,
  became jsonb not null,
  -- Ids of the rows that came over, by table.
  moved jsonb not null,
  at timestamptz not null,
  by_id uuid,
  apart_at timestamptz,
  apart_by_id uuid,
  primary key (tenant_id, id)
);
create index merge_kept on customers.merge (tenant_id, kept_id, id desc);
create unique index merge_gone on customers.merge (tenant_id, gone_id) where apart_at is null;
create index merge_gone_all on customers.merge (tenant_id, gone_id, id desc);
select kernel.guard('customers.merge');

-- Whoever runs the centre may merge; administrators may everything, always.
alter table identity.role no force row level security;
update identity.role set grants = grants || '{"customer:merge": "all"}' where code = 'supervisor';
alter table identity.role force row level security;
