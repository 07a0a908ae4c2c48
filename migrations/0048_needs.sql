-- Needs: what customers would have, captured by template, merged by a person, owned by a department, answered back to whoever said it.

create schema needs;

create table needs.template (
  tenant_id uuid not null,
  id uuid not null,
  name text not null,
  name_en text not null default '',
  fields jsonb not null default '[]',
  department_id uuid,
  position integer not null default 0,
  retired boolean not null default false,
  primary key (tenant_id, id)
);
select kernel.guard('needs.template');

create table needs.need (
  tenant_id uuid not null,
  id uuid not null,
  title text not null,
  text text not null default '',
  template_id uuid not null,
  fields jsonb not null default '{}',
  state text not null check (state in ('heard', 'taken', 'planned', 'done', 'declined')),
  department_id uuid,
  owner_id uuid,
  -- How many said it, those of merged ones among them; kept with every voice, merging and parting.
  voices integer not null default 0,
  merged_into uuid,
  answer text not null default '',
  answered_at timestamptz,
  opened_at timestamptz not null,
  opened_by_id uuid,
  changed_at timestamptz not null,
  version integer not null default 1,
  -- Bigrams of title and text.
  search tsvector not null default '',
  primary key (tenant_id, id),
  check (merged_into is null or merged_into <> id)
);
create index need_voices on needs.need (tenant_id, voices desc, id desc) where merged_into is null;
create index need_changed on needs.need (tenant_id, changed_at desc, id desc) where merged_into is null;
create index need_opened on needs.need (tenant_id, opened_at desc, id desc) where merged_into is null;
create index need_department on needs.need (tenant_id, department_id, changed_at desc, id desc) where department_id is not null;
create index need_merged on needs.need (tenant_id, merged_into) where merged_into is not null;
create index need_search on needs.need using gin (search);
select kernel.guard('needs.need');

create table needs.voice (
  tenant_id uuid not null,
  id uuid not null,
  need_id uuid not null,
  customer_id uuid,
  interaction_id uuid,
  words text not null default '',
  at timestamptz not null,
  by_id uuid,
  by_name text,
  told_at timestamptz,
  message_id uuid,
  untold text,
  primary key (tenant_id, id)
);
create index voice_need on needs.voice (tenant_id, need_id, id desc);
create unique index voice_customer on needs.voice (tenant_id, customer_id, need_id) where customer_id is not null;
select kernel.guard('needs.voice');

-- Full text behind row-level security cannot use GIN: a view that filters the tenant itself, as for customers and tickets.
grant usage, create on schema needs to searcher;
grant select on needs.need to searcher;
create view needs.searchable with (security_invoker = false) as
  select * from needs.need where tenant_id = (select current_setting('app.tenant')::uuid);
alter view needs.searchable owner to searcher;
grant select on needs.searchable to app;

create view needs.fact_need with (security_invoker = true) as
  select tenant_id, id, template_id, state, department_id, voices, merged_into, opened_at, answered_at from needs.need;
create view needs.fact_voice with (security_invoker = true) as
  select tenant_id, id, need_id, customer_id, interaction_id, at, told_at from needs.voice;
grant select on needs.fact_need, needs.fact_voice to app;

-- Whoever answers customers writes down what they hear; who leads and who looks after a department drives it.
alter table identity.role no force row level security;
update identity.role set grants = grants || '{"need:read": "all", "need:write": "all", "need:export": "all", "need:configure": "all"}' where code in ('supervisor', 'admin');
update identity.role set grants = grants || '{"need:read": "all", "need:write": "team"}' where code = 'lead';
update identity.role set grants = grants || '{"need:read": "all", "need:write": "own"}' where code = 'agent';
update identity.role set grants = grants || '{"need:read": "department", "need:write": "department"}' where code = 'handler';
alter table identity.role force row level security;
