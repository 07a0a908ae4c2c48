-- The archive: several addresses and numbers, who belongs to whom, who takes care, what a customer has, and fields of the organisation's own.

alter table customers.customer
  -- The id under which another system knows this customer.
  add column ext_id text,
  -- Values of the organisation's own fields, by key.
  add column fields jsonb not null default '{}',
  -- Where in the life cycle; '' while no rule and nobody said.
  add column stage text not null default '',
  -- Two files of one customer: this one is read as part of that one. Ids elsewhere stay as they were written.
  add column merged_into uuid,
  -- The transaction that wrote the row last: what is below the oldest running one is settled, so a reader of changes misses none.
  add column changed_xid xid8 not null default pg_current_xact_id();
create unique index customer_ext on customers.customer (tenant_id, ext_id) where ext_id is not null;
create index customer_changed on customers.customer (tenant_id, changed_xid, id);
create index customer_merged on customers.customer (tenant_id, merged_into) where merged_into is not null;
create index customer_stage on customers.customer (tenant_id, stage, id) where stage <> '';

drop view customers.searchable;
create view customers.searchable with (security_invoker = false) as
  select * from customers.customer where tenant_id = (select current_setting('app.tenant')::uuid);
alter view customers.searchable owner to searcher;
grant select on customers.searchable to app;

-- Every id of a customer, the one that is read first among them: what other domains know of a customer stands under any of these.
create view customers.fact_family with (security_invoker = true) as
  select tenant_id, coalesce(merged_into, id) as kept_id, id from customers.customer;
grant select on customers.fact_family to app;

-- What a number or address is used for: 住宅, 单位, 财务. The main one of its kind stands in the customer's row as well.
alter table customers.customer_identity
  add column label text not null default '',
  add column main boolean not null default false;

-- The main address stands, as one line, in the customer's row as well.
create table customers.address (
  tenant_id uuid not null,
  id uuid not null,
  customer_id uuid not null,
  label text not null default '',
  main boolean not null default false,
  -- 省、市、区县、街道乡镇 as far as they are known; the rest (路、号、幢、单元、室) in detail.
  province text not null default '',
  city text not null default '',
  district text not null default '',
  street text not null default '',
  detail text not null default '',
  post_code text not null default '',
  since timestamptz not null,
  primary key (tenant_id, id)
);
create index address_customer on customers.address (tenant_id, customer_id);
create unique index address_main on customers.address (tenant_id, customer_id) where main;
select kernel.guard('customers.address');

-- Who belongs to whom: a person speaks for an organisation in a role, lives in a household; an organisation belongs to another.
create table customers.relation (
  tenant_id uuid not null,
  id uuid not null,
  customer_id uuid not null,
  to_id uuid not null,
  kind text not null check (kind in ('contact', 'household', 'subsidiary', 'other')),
  role text not null default '',
  main boolean not null default false,
  since timestamptz not null,
  primary key (tenant_id, id),
  check (customer_id <> to_id)
);
create unique index relation_pair on customers.relation (tenant_id, customer_id, to_id, kind);
create index relation_to on customers.relation (tenant_id, to_id);
select kernel.guard('customers.relation');

-- Who takes care beside the owner.
create table customers.carer (
  tenant_id uuid not null,
  customer_id uuid not null,
  user_id uuid not null,
  since timestamptz not null,
  primary key (tenant_id, customer_id, user_id)
);
create index carer_user on customers.carer (tenant_id, user_id, customer_id);
select kernel.guard('customers.carer');

-- Kinds of things a customer has, with fields of the organisation's own: meters, vehicles, contracts.
create table customers.record_kind (
  tenant_id uuid not null,
  id uuid not null,
  name text not null,
  name_en text not null default '',
  code text not null,
  fields jsonb not null default '[]',
  position integer not null default 0,
  retired boolean not null default false,
  primary key (tenant_id, id)
);
create unique index record_kind_code on customers.record_kind (tenant_id, code);
select kernel.guard('customers.record_kind');

create table customers.record (
  tenant_id uuid not null,
  id uuid not null,
  kind_id uuid not null,
  customer_id uuid not null,
  -- Meter number, plate, contract number: found by its beginning and by its end.
  number text not null,
  number_reversed text not null generated always as (reverse(number)) stored,
  ext_id text,
  fields jsonb not null default '{}',
  note text not null default '',
  since timestamptz not null,
  ended_at timestamptz,
  version integer not null default 1,
  primary key (tenant_id, id)
);
create index record_customer on customers.record (tenant_id, customer_id, kind_id);
create unique index record_number on customers.record (tenant_id, kind_id, number text_pattern_ops);
create index record_start on customers.record (tenant_id, number text_pattern_ops);
create index record_end on customers.record (tenant_id, number_reversed text_pattern_ops);
create unique index record_ext on customers.record (tenant_id, ext_id) where ext_id is not null;
select kernel.guard('customers.record');

-- Fields of the organisation's own in the customer's file.
create table customers.own_field (
  tenant_id uuid not null,
  id uuid not null,
  key text not null,
  -- As a form field, with its rules and which roles see and write it.
  field jsonb not null,
  position integer not null default 0,
  retired boolean not null default false,
  primary key (tenant_id, id)
);
create unique index own_field_key on customers.own_field (tenant_id, key);
select kernel.guard('customers.own_field');
