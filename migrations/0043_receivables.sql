-- What customers owe as the books say it, marks on the customer, and plans of care for those who matter most.

create table customers.receivable (
  tenant_id uuid not null,
  id uuid not null,
  customer_id uuid not null,
  -- The id under which the books know it.
  ext_id text not null,
  number text not null default '',
  -- 水费, 污水处理费: in the words of the books.
  kind text not null default '',
  -- The month it is for: 2026-10.
  period text not null,
  currency text not null default 'CNY',
  -- Fen.
  amount bigint not null check (amount >= 0),
  open_amount bigint not null,
  issued_on date not null,
  due_on date not null,
  settled_at timestamptz,
  -- Suspended or disputed: owed, but nobody is reminded of it.
  hold text not null default '' check (hold in ('', 'suspended', 'disputed')),
  -- Past its day in the tenant's zone, and meant.
  overdue boolean not null default false,
  source text not null default '',
  -- When the books said so; what is older comes too late.
  said_at timestamptz not null,
  changed_at timestamptz not null,
  version integer not null default 1,
  primary key (tenant_id, id),
  check (open_amount between 0 and amount)
);
create unique index receivable_ext on customers.receivable (tenant_id, ext_id);
create index receivable_customer on customers.receivable (tenant_id, customer_id, due_on desc, id desc);
create index receivable_falling_due on customers.receivable (tenant_id, due_on, id) where open_amount > 0 and hold = '' and not overdue;
select kernel.guard('customers.receivable');

-- What the books come to for one customer.
create table customers.account (
  tenant_id uuid not null,
  customer_id uuid not null,
  open_amount bigint not null default 0,
  overdue_amount bigint not null default 0,
  -- The day on which the oldest of it was due.
  overdue_since date,
  -- The highest step of days of which was told.
  told smallint not null default 0,
  -- Delivered as such, by books that give no invoices away; then it counts instead of the sum.
  balance bigint,
  balance_overdue bigint,
  balance_since date,
  balance_said_at timestamptz,
  -- Billed in the twelve months up to billed_for.
  billed bigint not null default 0,
  billed_for date not null,
  source text not null default '',
  heard_at timestamptz not null,
  primary key (tenant_id, customer_id)
);
create index account_told on customers.account (tenant_id, told, overdue_since, customer_id) where overdue_since is not null;
create index account_overdue on customers.account (tenant_id, customer_id) where overdue_since is not null;
select kernel.guard('customers.account');

-- Marks that stand at the top of a customer's page: overdue and neglected by us, others by the finance system.
create table customers.flag (
  tenant_id uuid not null,
  id uuid not null,
  customer_id uuid not null,
  code text not null,
  level text not null check (level in ('info', 'warn', 'bad')),
  name text not null default '',
  name_en text not null default '',
  since date not null,
  -- The last day on which it stands.
  until date,
  source text not null default '',
  set_at timestamptz not null,
  primary key (tenant_id, id)
);
create unique index flag_code on customers.flag (tenant_id, customer_id, code);
create index flag_holders on customers.flag (tenant_id, code, customer_id);
select kernel.guard('customers.flag');

-- How often a customer, or everybody of a tier without a plan of their own, is to be visited and spoken with, and by whom.
create table customers.care_plan (
  tenant_id uuid not null,
  id uuid not null,
  customer_id uuid,
  tier text check (tier in ('silver', 'gold', 'key')),
  visit_days integer check (visit_days between 1 and 730),
  contact_days integer check (contact_days between 1 and 730),
  -- Without one: whoever looks after the customer.
  by_id uuid,
  starts_on date not null,
  note text not null default '',
  -- Not active: this customer is left out of the tier's plan.
  active boolean not null default true,
  changed_at timestamptz not null,
  version integer not null default 1,
  primary key (tenant_id, id),
  check ((customer_id is null) <> (tier is null))
);
create unique index care_plan_customer on customers.care_plan (tenant_id, customer_id) where customer_id is not null;
create unique index care_plan_tier on customers.care_plan (tenant_id, tier) where tier is not null;
select kernel.guard('customers.care_plan');

-- One due visit or talk, with the task it became.
create table customers.care_round (
  tenant_id uuid not null,
  id uuid not null,
  customer_id uuid not null,
  kind text not null check (kind in ('visit', 'contact')),
  due_on date not null,
  task_id uuid,
  opened_at timestamptz not null,
  done_at timestamptz,
  done_by_id uuid,
  primary key (tenant_id, id)
);
-- One at a time.
create unique index care_round_open on customers.care_round (tenant_id, customer_id, kind) where done_at is null;
create index care_round_done on customers.care_round (tenant_id, customer_id, kind, done_at desc) where done_at is not null;
create index care_round_task on customers.care_round (tenant_id, task_id);
select kernel.guard('customers.care_round');

-- What counts as a complaint, in one place.
create view tickets.fact_complaint with (security_invoker = true) as
  select t.tenant_id, t.id, t.customer_id, t.opened_at from tickets.ticket t
  join tickets.kind k on k.tenant_id = t.tenant_id and k.id = t.kind_id
  where k.name like '%投诉%' or k.name_en ilike '%complaint%';
grant select on tickets.fact_complaint to app;

-- Whoever runs the centre sees its key accounts and plans their care; a leader sees those of the team.
alter table identity.role no force row level security;
update identity.role set grants = grants || '{"account:read": "all", "account:write": "all"}' where code = 'supervisor';
update identity.role set grants = grants || '{"account:read": "team", "account:write": "team"}' where code = 'lead';
alter table identity.role force row level security;
