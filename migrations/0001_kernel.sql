-- The kernel: roles, the guard every tenanted table passes, the directory, events and their outbox.

do $$ begin
  -- app: everything a request does. Able to log in for Citus, which opens connections of its own to the shards.
  create role app login; exception when duplicate_object then null; end $$;
do $$ begin create role relay nologin; exception when duplicate_object then null; end $$;
do $$ begin create role finder nologin; exception when duplicate_object then null; end $$;
do $$ begin
  execute format('grant app, relay, finder to %I', current_user);
exception when others then raise notice 'roles already granted or granted by a superuser: %', sqlerrm; end $$;

create schema kernel;
grant usage on schema kernel to app, relay, finder;

create collation if not exists kernel.zh (provider = icu, locale = 'zh-u-co-pinyin');

-- Row-level security forced, one policy by tenant, rights for role app. Plain current_setting: an IMMUTABLE wrapper showed other tenants' rows.
create function kernel.guard(t regclass) returns void language plpgsql as $$
begin
  execute format('alter table %s enable row level security', t);
  execute format('alter table %s force row level security', t);
  execute format('create policy tenant on %s to app using (tenant_id = current_setting(''app.tenant'')::uuid) with check (tenant_id = current_setting(''app.tenant'')::uuid)', t);
  execute format('grant usage on schema %I to app', (select n.nspname from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = t));
  execute format('grant select, insert, update, delete on %s to app', t);
end $$;

-- The one table that must be read before the tenant is known: host names, short names, widget keys, telephone numbers → tenant.
create table kernel.directory (
  kind text not null,
  key text not null,
  tenant_id uuid not null,
  primary key (kind, key)
);
create index on kernel.directory (tenant_id);
select kernel.guard('kernel.directory');
create policy finder on kernel.directory for select to finder using (true);
grant select on kernel.directory to finder;

-- One row per thing that happened: audit, time line, outbox, webhooks, live updates. Partitioned by ranges of the UUIDv7 id, which is time.
create table kernel.event (
  tenant_id uuid not null,
  id uuid not null,
  name text not null,
  about uuid not null,
  at timestamptz not null,
  actor_kind text not null,
  actor_id uuid,
  customer_id uuid,
  interaction_id uuid,
  -- The permission that lets someone see this fact on a time line.
  seen_by text not null,
  detail jsonb not null,
  primary key (tenant_id, id)
) partition by range (id);
create index event_customer on kernel.event (tenant_id, customer_id, id desc) where customer_id is not null;
create index event_about on kernel.event (tenant_id, about, id desc);
select kernel.guard('kernel.event');

-- Values that identify a person stand apart, so that erasing them leaves the event.
create table kernel.event_value (
  tenant_id uuid not null,
  event_id uuid not null,
  key text not null,
  value text not null,
  primary key (tenant_id, event_id, key)
);
select kernel.guard('kernel.event_value');

-- Events and timers not yet handed to the worker. Written in the commit of the change; the relay empties it.
create table kernel.undispatched (
  tenant_id uuid not null,
  id uuid not null,
  name text not null,
  -- A timer carries what it will say, when, and the key under which a later one replaces it. An event carries nothing: its row is the event.
  timer jsonb,
  run_at timestamptz,
  job_key text,
  primary key (tenant_id, id)
);
alter table kernel.undispatched set (autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_cost_delay = 0);
select kernel.guard('kernel.undispatched');
create policy relay on kernel.undispatched to relay using (true);
-- update: what `for update skip locked` asks for.
grant select, update, delete on kernel.undispatched to relay;

-- What has been reacted to, written in the reaction's own transaction: a retried job changes nothing twice.
create table kernel.reacted (
  tenant_id uuid not null,
  event_id uuid not null,
  reaction text not null,
  at timestamptz not null,
  primary key (tenant_id, event_id, reaction)
);
select kernel.guard('kernel.reacted');

-- Monthly partitions of kernel.event from `since` to `till`; called at every start, cheap when there is nothing to make.
create function kernel.event_partitions(since date, till date) returns void language plpgsql as $$
declare
  m date := date_trunc('month', since);
  low text;
  high text;
  part text;
begin
  while m <= till loop
    part := 'event_' || to_char(m, 'YYYYMM');
    if to_regclass('kernel.' || part) is null then
      low := lpad(to_hex((extract(epoch from m at time zone 'UTC') * 1000)::bigint), 12, '0');
      high := lpad(to_hex((extract(epoch from (m + interval '1 month') at time zone 'UTC') * 1000)::bigint), 12, '0');
      execute format('create table kernel.%I partition of kernel.event for values from (%L) to (%L)', part,
        substr(low, 1, 8) || '-' || substr(low, 9, 4) || '-0000-0000-000000000000',
        substr(high, 1, 8) || '-' || substr(high, 9, 4) || '-0000-0000-000000000000');
      execute format('alter table kernel.%I enable row level security', part);
      execute format('alter table kernel.%I force row level security', part);
    end if;
    m := m + interval '1 month';
  end loop;
end $$;
