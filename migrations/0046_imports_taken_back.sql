-- What an import did is remembered for a while, so that it can be taken back as a whole; and how a table was read, so that it is read like that again.

-- Until when what this run did can be taken back; null when nothing is remembered.
alter table kernel.run add column back_until timestamptz;
create index run_back on kernel.run (tenant_id, back_until) where back_until is not null;

-- The ids that one batch made: one row, however many they are.
create table kernel.import_made (
  tenant_id uuid not null,
  run_id uuid not null,
  n bigint not null,
  ids uuid[] not null,
  primary key (tenant_id, run_id, n)
);
select kernel.guard('kernel.import_made');

-- What was there before and was changed: what it said, of what changed only, and the version that the import left.
create table kernel.import_changed (
  tenant_id uuid not null,
  run_id uuid not null,
  thing_id uuid not null,
  version integer not null,
  was jsonb not null,
  -- What the import did to it beside its own fields, in order.
  beside jsonb not null default '[]',
  primary key (tenant_id, run_id, thing_id)
);
create index import_changed_thing on kernel.import_changed (tenant_id, thing_id);
select kernel.guard('kernel.import_changed');

-- How tables of one heading were read last: columns, keys, dates, what happened to those that were there.
create table kernel.import_source (
  tenant_id uuid not null,
  kind text not null,
  -- A sum of the heading: a table without one has persons in its first row.
  heading text not null,
  choice jsonb not null,
  chosen_at timestamptz not null,
  primary key (tenant_id, kind, heading)
);
select kernel.guard('kernel.import_source');

create table kernel.import_policy (
  tenant_id uuid primary key,
  -- For so many days imports can be taken back; 0: nothing is remembered.
  back_days integer not null check (back_days between 0 and 90)
);
select kernel.guard('kernel.import_policy');

-- The same name at the same address, for imports that know customers by them: names alone are shared by thousands.
create index customer_name_address on customers.customer (tenant_id, hashtextextended(name || chr(31) || address, 0)) where address <> '';
