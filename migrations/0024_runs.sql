-- Long work: asked for by somebody, done step by step, each step committed with what it did.

create table kernel.run (
  tenant_id uuid not null,
  id uuid not null,
  kind text not null,
  -- What it is called by, in words of the console; nothing that identifies a person.
  facts jsonb not null,
  params jsonb not null,
  state text not null check (state in ('waiting', 'running', 'done', 'failed', 'cancelled')),
  -- Where the next step begins.
  cursor jsonb not null,
  steps_over boolean not null default false,
  done bigint not null default 0,
  total bigint,
  outcome jsonb not null default '{}',
  -- Bytes of the result that belong to committed steps; what stands beyond them is cut off.
  written bigint not null default 0,
  -- Counts the turns it was given: a turn told twice is taken once.
  turn integer not null default 0,
  tries integer not null default 0,
  asked_by_id uuid,
  asked_at timestamptz not null,
  started_at timestamptz,
  ended_at timestamptz,
  beat_at timestamptz,
  code text,
  code_facts jsonb,
  file_id uuid,
  expires_at timestamptz,
  primary key (tenant_id, id)
);
create index run_asker on kernel.run (tenant_id, asked_by_id, id desc);
create index run_open on kernel.run (tenant_id, id) where state in ('waiting', 'running');
create index run_expires on kernel.run (tenant_id, expires_at) where expires_at is not null;
select kernel.guard('kernel.run');

-- A result may be larger than two gigabytes.
alter table kernel.file alter column size type bigint;

-- Whoever runs the centre may take its lists along; administrators may everything, always.
alter table identity.role no force row level security;
update identity.role set grants = grants || '{"customer:export": "all", "customer:import": "all", "interaction:export": "all", "ticket:export": "all", "task:export": "all", "survey:export": "all", "insight:export": "all"}'
where code = 'supervisor';
alter table identity.role force row level security;
