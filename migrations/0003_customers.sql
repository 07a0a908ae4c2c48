-- Customers: who they are and how they reach us.

create schema customers;

create table customers.customer (
  tenant_id uuid not null,
  id uuid not null,
  number text not null,
  kind text not null check (kind in ('person', 'organisation')),
  name text not null collate kernel.zh,
  tier text not null default 'normal' check (tier in ('normal', 'silver', 'gold', 'key')),
  -- E.164, and beside it what was typed.
  phone text,
  phone_typed text,
  email text,
  address text not null default '',
  district text not null default '',
  post_code text not null default '',
  note text not null default '',
  tags text[] not null default '{}',
  care text[] not null default '{}',
  -- Fen; positive means the customer owes.
  balance_due bigint not null default 0,
  since timestamptz not null,
  last_contact_at timestamptz,
  -- Lists run by last contact; whoever never called stands where they came to us.
  listed_at timestamptz not null generated always as (coalesce(last_contact_at, since)) stored,
  owner_id uuid,
  version integer not null default 1,
  -- Bigrams of name, address and district, made in Node: to_tsvector('simple', …).
  search tsvector not null default '',
  primary key (tenant_id, id)
);
create unique index customer_number on customers.customer (tenant_id, number text_pattern_ops);
create index customer_listed on customers.customer (tenant_id, listed_at desc, id desc);
create index customer_listed_tier on customers.customer (tenant_id, tier, listed_at desc, id desc);
create index customer_listed_owner on customers.customer (tenant_id, owner_id, listed_at desc, id desc) where owner_id is not null;
create index customer_search on customers.customer using gin (search);
select kernel.guard('customers.customer');

-- Every way a customer is recognised by. Several people may share one telephone, so a value is not unique across customers.
create table customers.customer_identity (
  tenant_id uuid not null,
  id uuid not null,
  customer_id uuid not null,
  kind text not null check (kind in ('phone', 'email', 'web', 'wechat')),
  value text not null,
  typed text not null,
  last_four text generated always as (case when kind = 'phone' then right(value, 4) end) stored,
  since timestamptz not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, customer_id) references customers.customer (tenant_id, id)
);
create unique index customer_identity_value on customers.customer_identity (tenant_id, kind, value, customer_id);
create index customer_identity_customer on customers.customer_identity (tenant_id, customer_id);
create index customer_identity_last_four on customers.customer_identity (tenant_id, last_four) where last_four is not null;
select kernel.guard('customers.customer_identity');

-- The last customer number handed out by us; numbers of the organisation's own books are kept as they come.
create table customers.numbering (
  tenant_id uuid primary key,
  last bigint not null
);
select kernel.guard('customers.numbering');

-- Full text behind row-level security cannot use GIN (@@ and LIKE are not leakproof): 1 s for a rare word. This view, owned by a role that
-- bypasses the policies, filters the tenant itself. One of the listed exceptions to security_invoker.
do $$ begin create role searcher nologin bypassrls; exception when duplicate_object then null; end $$;
do $$ begin execute format('grant searcher to %I', current_user); exception when others then null; end $$;
grant usage, create on schema customers to searcher;
grant select on customers.customer to searcher;
create view customers.searchable with (security_invoker = false) as
  select * from customers.customer where tenant_id = (select current_setting('app.tenant')::uuid);
alter view customers.searchable owner to searcher;
grant select on customers.searchable to app;

create view customers.fact_customer with (security_invoker = true) as
  select tenant_id, id, name, number, tier, kind, district from customers.customer;
grant select on customers.fact_customer to app;
