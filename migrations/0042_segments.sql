-- Segments: customers of whom something is so. Ladders: tiers of value and stages of life, by rule, with every move kept.

-- Full and half width, capitals and small letters are one: what `plain` of the conditions says, in SQL.
create function customers.plain(said text) returns text language sql immutable parallel safe
  return lower(normalize(coalesce(said, ''), NFKC) collate "und-x-icu") collate "C";

create table customers.segment (
  tenant_id uuid not null,
  id uuid not null,
  name text not null,
  name_en text not null default '',
  note text not null default '',
  condition jsonb not null,
  version integer not null default 1,
  retired boolean not null default false,
  changed_at timestamptz not null,
  -- How many it held when somebody looked last; a minute later it is counted anew.
  shown integer,
  shown_at timestamptz,
  primary key (tenant_id, id)
);
create unique index segment_name on customers.segment (tenant_id, name) where not retired;
select kernel.guard('customers.segment');

-- The organisation's steps, top down: the first whose condition holds is the customer's.
create table customers.ladder (
  tenant_id uuid not null,
  kind text not null check (kind in ('tier', 'stage')),
  -- Asked every night.
  active boolean not null,
  steps jsonb not null,
  version integer not null,
  changed_at timestamptz not null,
  applied_at timestamptz,
  primary key (tenant_id, kind)
);
select kernel.guard('customers.ladder');

-- A step set by hand stays until it is released.
create table customers.ladder_pin (
  tenant_id uuid not null,
  customer_id uuid not null,
  kind text not null check (kind in ('tier', 'stage')),
  reason text not null,
  by_id uuid,
  at timestamptz not null,
  primary key (tenant_id, customer_id, kind)
);
select kernel.guard('customers.ladder_pin');

-- Who stood where, since when and why.
create table customers.ladder_step (
  tenant_id uuid not null,
  id uuid not null,
  customer_id uuid not null,
  kind text not null check (kind in ('tier', 'stage')),
  was text not null,
  becomes text not null,
  at timestamptz not null,
  way text not null check (way in ('rule', 'person')),
  by_id uuid,
  why text not null default '',
  primary key (tenant_id, id)
);
create index ladder_step_customer on customers.ladder_step (tenant_id, customer_id, id desc);
select kernel.guard('customers.ladder_step');

-- Rules of routing ask for segments too.
alter table routing.rule no force row level security;
update routing.rule set conditions = conditions || '{"segmentIds": []}' where not conditions ? 'segmentIds';
alter table routing.rule force row level security;

-- Whoever sets up rules sets up segments and ladders.
alter table identity.role no force row level security;
update identity.role set grants = grants || jsonb_build_object('customer:configure', grants -> 'rule:configure')
  where grants ? 'rule:configure' and not grants ? 'customer:configure';
alter table identity.role force row level security;
