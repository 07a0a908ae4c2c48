-- Roles with limits, links that set a password, second factors, API keys, and which events the audit shows.

-- Permission → its limit. `second_factor`: who has this role signs in with one.
alter table identity.role add column limits jsonb not null default '{}', add column second_factor boolean not null default false,
  add column retired boolean not null default false;
-- Null until the person has chosen one by a link.
alter table identity.person alter column password_hash drop not null;

create table identity.password_link (
  tenant_id uuid not null,
  id uuid not null,
  person_id uuid not null,
  token_hash text not null,
  made_at timestamptz not null,
  expires_at timestamptz not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, person_id) references identity.person (tenant_id, id)
);
create unique index password_link_token on identity.password_link (tenant_id, token_hash);
create index password_link_person on identity.password_link (tenant_id, person_id);
create index password_link_expires on identity.password_link (tenant_id, expires_at);
select kernel.guard('identity.password_link');

create table identity.second_factor (
  tenant_id uuid not null,
  person_id uuid not null,
  -- Sealed under the key of the installation.
  secret text not null,
  -- Null while it is being set up.
  confirmed_at timestamptz,
  -- The last time step a code was taken of: no code is taken twice.
  last_step bigint not null default 0,
  primary key (tenant_id, person_id),
  foreign key (tenant_id, person_id) references identity.person (tenant_id, id)
);
select kernel.guard('identity.second_factor');

-- One row per code that still opens; a used one is gone.
create table identity.recovery_code (
  tenant_id uuid not null,
  person_id uuid not null,
  code_hash text not null,
  primary key (tenant_id, person_id, code_hash),
  foreign key (tenant_id, person_id) references identity.person (tenant_id, id)
);
select kernel.guard('identity.recovery_code');

create table identity.api_key (
  tenant_id uuid not null,
  id uuid not null,
  name text not null collate kernel.zh,
  token_hash text not null,
  -- Permission → scope, never more than its maker had.
  grants jsonb not null,
  -- What `team` and `department` mean for it: its maker's place.
  department_id uuid,
  team_id uuid,
  made_by_id uuid not null,
  made_at timestamptz not null,
  expires_at timestamptz,
  used_at timestamptz,
  revoked_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, made_by_id) references identity.person (tenant_id, id)
);
create unique index api_key_token on identity.api_key (tenant_id, token_hash);
create index api_key_maker on identity.api_key (tenant_id, made_by_id);
select kernel.guard('identity.api_key');

drop index identity.session_seen;
create index session_seen on identity.session (tenant_id, seen_at desc, id desc);

-- What people in charge answer for: rights, accounts, settings, looking at hidden values.
alter table kernel.event add column audit boolean not null default false;
create index event_audit on kernel.event (tenant_id, id desc) where audit;
create index event_audit_actor on kernel.event (tenant_id, actor_id, id desc) where audit;
create index event_audit_name on kernel.event (tenant_id, name, id desc) where audit;
create index event_audit_about on kernel.event (tenant_id, about, id desc) where audit;
-- The owner passes a forced policy only while it is not forced.
alter table kernel.event no force row level security;
update kernel.event set audit = true where name like 'person.%' or name like 'session.%' or name in
  ('tenant.created', 'calendar.changed', 'catalog.changed', 'staffing.changed', 'widget.changed', 'rating.policy_changed', 'customer.revealed');
alter table kernel.event force row level security;
