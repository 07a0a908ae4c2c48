-- Saved views of lists: filters and columns under a name, for oneself or for others, and how many rows each holds.

create schema views;

create table views.view (
  tenant_id uuid not null,
  id uuid not null,
  list text not null,
  name text not null collate kernel.zh,
  owner_id uuid not null,
  share text not null check (share in ('private', 'team', 'department', 'everybody')),
  -- The team or department.
  share_id uuid,
  -- As the address of the list has it: filter → words.
  query jsonb not null,
  -- Which columns in which order; null: as the page has them.
  columns jsonb,
  -- Its owner sees its count; a shared one is counted for all.
  pinned boolean not null default false,
  retired boolean not null default false,
  changed_at timestamptz not null,
  primary key (tenant_id, id),
  check ((share_id is not null) = (share in ('team', 'department')))
);
create index view_own on views.view (tenant_id, list, owner_id) where not retired;
create index view_shared on views.view (tenant_id, list, share, share_id) where not retired and share <> 'private';
select kernel.guard('views.view');

-- The view with which a list opens for a person.
create table views.choice (
  tenant_id uuid not null,
  person_id uuid not null,
  list text not null,
  view_id uuid not null,
  primary key (tenant_id, person_id, list)
);
select kernel.guard('views.choice');

-- Counts that are kept: how many rows of the whole organisation a view holds, and which. docs/decisions/counts-of-views.md
create table views.count (
  tenant_id uuid not null,
  -- The view.
  id uuid not null,
  list text not null,
  state text not null check (state in ('counting', 'counted', 'vast')),
  n integer not null default 0 check (n >= 0),
  primary key (tenant_id, id)
);
create index count_list on views.count (tenant_id, list, id);
select kernel.guard('views.count');
create table views.member (
  tenant_id uuid not null,
  view_id uuid not null,
  row_id uuid not null,
  primary key (tenant_id, view_id, row_id)
);
select kernel.guard('views.member');

-- Nouns whose changed things a tenant follows, read by every process, so that what nobody follows costs nothing.
create table kernel.followed (
  tenant_id uuid not null,
  noun text not null,
  primary key (tenant_id, noun)
);
select kernel.guard('kernel.followed');
create policy relay on kernel.followed to relay using (true);
grant select on kernel.followed to relay;

-- What changed of them, written in the commit of the change; whoever follows empties it.
create table kernel.changed (
  tenant_id uuid not null,
  id uuid not null,
  name text not null,
  about uuid not null,
  primary key (tenant_id, id)
);
select kernel.guard('kernel.changed');
create policy relay on kernel.changed to relay using (true);
grant select on kernel.changed to relay;

-- Whoever runs the centre may share views with everybody.
alter table identity.role no force row level security;
update identity.role set grants = grants || '{"view:share": "all"}'::jsonb where code = 'supervisor';
alter table identity.role force row level security;
