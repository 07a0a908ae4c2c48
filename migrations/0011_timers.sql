-- Timers stand in a table of their own until they fall due. As jobs of the worker from the moment they were set, they cost a third of an intake's processor time and every change of a clock a search for its job.

create table kernel.timer (
  tenant_id uuid not null,
  -- noun, id and clock: a later timer of the same key replaces this one.
  key text not null,
  id uuid not null,
  name text not null,
  -- The one reaction it is for; null: every reaction to the name.
  reaction text,
  -- What the reactions will be told; null: the event of this id.
  said jsonb,
  run_at timestamptz not null,
  primary key (tenant_id, key)
);
create index timer_due on kernel.timer (run_at);
alter table kernel.timer set (autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_cost_delay = 0);
select kernel.guard('kernel.timer');
create policy relay on kernel.timer to relay using (true);
grant select, update, delete on kernel.timer to relay;

-- What the outbox still holds moves over; timers already handed to the worker stay its jobs and fall due there.
alter table kernel.timer no force row level security;
alter table kernel.undispatched no force row level security;
insert into kernel.timer (tenant_id, key, id, name, said, run_at)
select distinct on (tenant_id, job_key) tenant_id, substr(job_key, 38), id, name, timer, run_at from kernel.undispatched where job_key is not null order by tenant_id, job_key, id desc;
delete from kernel.timer where said is null;
delete from kernel.undispatched where job_key is not null;
alter table kernel.timer force row level security;
alter table kernel.undispatched force row level security;
alter table kernel.undispatched drop column timer, drop column run_at, drop column job_key;

-- A reaction that failed every time it was tried: what, why, and what an administrator made of it.
create table kernel.failed_reaction (
  tenant_id uuid not null,
  id uuid not null,
  -- With the reaction, the job: the same one failing again opens this row again.
  event_id uuid not null,
  reaction text not null,
  event text not null,
  said jsonb,
  attempts int not null,
  error text not null,
  failed_at timestamptz not null,
  state text not null check (state in ('open', 'retrying', 'done', 'dropped')),
  settled_by_id uuid,
  settled_at timestamptz,
  reason text not null default '',
  primary key (tenant_id, id)
);
create unique index failed_reaction_job on kernel.failed_reaction (tenant_id, event_id, reaction);
create index failed_reaction_open on kernel.failed_reaction (tenant_id, id desc) where state = 'open';
select kernel.guard('kernel.failed_reaction');

-- Whoever administers people also watches over the house.
alter table identity.role no force row level security;
update identity.role set grants = grants || '{"house:operate": "all"}' where grants ? 'identity:configure';
alter table identity.role force row level security;

-- What a client says under an id of its own is told by its index alone; `…_once` is how a work knows it.
alter index tickets.ticket_client rename to ticket_once;
