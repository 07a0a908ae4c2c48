-- Identity: organisations, their people and what those may do, sessions, working hours.

create schema identity;

-- The organisation itself. Its id is the tenant.
create table identity.tenant (
  tenant_id uuid primary key,
  slug text not null,
  name text not null,
  name_en text not null default '',
  brand text not null default '#0b6e8e',
  timezone text not null default 'Asia/Shanghai',
  language text not null default 'zh' check (language in ('zh', 'en')),
  sample boolean not null default false,
  settings jsonb not null default '{}',
  created_at timestamptz not null
);
select kernel.guard('identity.tenant');

create table identity.department (
  tenant_id uuid not null,
  id uuid not null,
  name text not null collate kernel.zh,
  name_en text not null default '',
  parent_id uuid check (parent_id <> id),
  takes_tickets boolean not null default true,
  retired boolean not null default false,
  primary key (tenant_id, id),
  foreign key (tenant_id, parent_id) references identity.department (tenant_id, id)
);
create index department_name on identity.department (tenant_id, name);
select kernel.guard('identity.department');

create table identity.team (
  tenant_id uuid not null,
  id uuid not null,
  name text not null collate kernel.zh,
  department_id uuid not null,
  retired boolean not null default false,
  primary key (tenant_id, id),
  foreign key (tenant_id, department_id) references identity.department (tenant_id, id)
);
create index team_name on identity.team (tenant_id, name);
create index team_department on identity.team (tenant_id, department_id);
select kernel.guard('identity.team');

-- `code` names the roles every organisation begins with; roles of its own have none.
create table identity.role (
  tenant_id uuid not null,
  id uuid not null,
  code text,
  name text not null,
  name_en text not null default '',
  -- Permission → scope. What is missing is not allowed.
  grants jsonb not null,
  primary key (tenant_id, id)
);
create unique index role_code on identity.role (tenant_id, code) where code is not null;
select kernel.guard('identity.role');

create table identity.person (
  tenant_id uuid not null,
  id uuid not null,
  login text not null,
  name text not null collate kernel.zh,
  password_hash text not null,
  department_id uuid,
  team_id uuid,
  role_id uuid not null,
  language text not null check (language in ('zh', 'en')),
  retired boolean not null default false,
  added_at timestamptz not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, department_id) references identity.department (tenant_id, id),
  foreign key (tenant_id, team_id) references identity.team (tenant_id, id),
  foreign key (tenant_id, role_id) references identity.role (tenant_id, id)
);
create unique index person_login on identity.person (tenant_id, login);
create index person_name on identity.person (tenant_id, name);
create index person_department on identity.person (tenant_id, department_id);
create index person_team on identity.person (tenant_id, team_id);
create index person_role on identity.person (tenant_id, role_id);
select kernel.guard('identity.person');

create table identity.session (
  tenant_id uuid not null,
  id uuid not null,
  person_id uuid not null,
  token_hash text not null,
  opened_at timestamptz not null,
  seen_at timestamptz not null,
  expires_at timestamptz not null,
  ip text not null,
  user_agent text not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, person_id) references identity.person (tenant_id, id)
);
create unique index session_token on identity.session (tenant_id, token_hash);
create index session_person on identity.session (tenant_id, person_id);
create index session_seen on identity.session (tenant_id, seen_at);
select kernel.guard('identity.session');

-- Failed sign-ins by the login that was typed, whether or not somebody has it: a lock must not tell which logins exist.
create table identity.sign_in_failure (
  tenant_id uuid not null,
  login text not null,
  failed integer not null,
  locked_until timestamptz,
  last_at timestamptz not null,
  primary key (tenant_id, login)
);
create index sign_in_failure_last on identity.sign_in_failure (tenant_id, last_at);
select kernel.guard('identity.sign_in_failure');

create table identity.calendar (
  tenant_id uuid not null,
  id uuid not null,
  name text not null collate kernel.zh,
  timezone text not null,
  week jsonb not null,
  days jsonb not null default '{}',
  is_default boolean not null default false,
  retired boolean not null default false,
  primary key (tenant_id, id)
);
create unique index calendar_default on identity.calendar (tenant_id) where is_default;
select kernel.guard('identity.calendar');

create view identity.fact_person with (security_invoker = true) as
  select tenant_id, id, name, login, department_id, team_id, retired from identity.person;
create view identity.fact_department with (security_invoker = true) as
  select tenant_id, id, name, name_en, parent_id, takes_tickets, retired from identity.department;
create view identity.fact_tenant with (security_invoker = true) as
  select tenant_id, slug, name, name_en, timezone, language, sample from identity.tenant;
create view identity.fact_calendar with (security_invoker = true) as
  select tenant_id, id, name, timezone, week, days, is_default from identity.calendar;
grant select on identity.fact_person, identity.fact_department, identity.fact_tenant, identity.fact_calendar to app;
