-- The telephone: flows, announcements, numbers, trunks, calls with their legs, recordings.

create schema voice;

create table voice.flow (
  tenant_id uuid not null,
  id uuid not null,
  name text not null,
  name_en text not null default '',
  draft jsonb not null,
  published integer,
  changed_at timestamptz not null,
  retired boolean not null default false,
  primary key (tenant_id, id)
);
select kernel.guard('voice.flow');

-- What callers heard at any time can be said: a version stays.
create table voice.flow_version (
  tenant_id uuid not null,
  flow_id uuid not null,
  version integer not null,
  body jsonb not null,
  note text not null default '',
  published_at timestamptz not null,
  published_by uuid not null,
  primary key (tenant_id, flow_id, version),
  foreign key (tenant_id, flow_id) references voice.flow (tenant_id, id)
);
select kernel.guard('voice.flow_version');

create table voice.announcement (
  tenant_id uuid not null,
  id uuid not null,
  name text not null,
  kind text not null default 'prompt' check (kind in ('prompt', 'music')),
  text text not null default '',
  text_en text not null default '',
  file_id uuid,
  file_id_en uuid,
  retired boolean not null default false,
  primary key (tenant_id, id)
);
select kernel.guard('voice.announcement');

-- Who speaks words without a file; off until somebody sets it up.
create table voice.speech (
  tenant_id uuid not null primary key,
  enabled boolean not null default false,
  url text not null default '',
  model text not null default '',
  voice text not null default '',
  voice_en text not null default '',
  -- Sealed with the house's key; never told again.
  secret text
);
select kernel.guard('voice.speech');

-- What was spoken: the same words in the same voice are asked for once.
create table voice.spoken (
  tenant_id uuid not null,
  what text not null,
  -- In whichever voice: until they are spoken anew, words are heard as they were.
  words text not null,
  file_id uuid not null,
  primary key (tenant_id, what)
);
create index spoken_words on voice.spoken (tenant_id, words, file_id desc);
select kernel.guard('voice.spoken');

create table voice.trunk (
  tenant_id uuid not null,
  id uuid not null,
  name text not null,
  host text not null,
  addresses text[] not null default '{}',
  login text not null default '',
  -- Sealed with the house's key; never told again.
  password text,
  register boolean not null default false,
  transport text not null default 'udp' check (transport in ('udp', 'tcp', 'tls')),
  most integer not null default 30 check (most between 1 and 2000),
  retired boolean not null default false,
  primary key (tenant_id, id)
);
select kernel.guard('voice.trunk');

create table voice.number (
  tenant_id uuid not null,
  id uuid not null,
  number text not null,
  name text not null,
  name_en text not null default '',
  flow_id uuid,
  trunk_id uuid,
  recording text check (recording in ('on', 'off', 'demand')),
  outbound boolean not null default false,
  language text not null default 'zh' check (language in ('zh', 'en')),
  retired boolean not null default false,
  primary key (tenant_id, id),
  foreign key (tenant_id, flow_id) references voice.flow (tenant_id, id),
  foreign key (tenant_id, trunk_id) references voice.trunk (tenant_id, id)
);
create unique index number_once on voice.number (tenant_id, number) where not retired;
create index number_flow on voice.number (tenant_id, flow_id) where flow_id is not null;
select kernel.guard('voice.number');

-- Beside what routing knows of a queue.
create table voice.queue (
  tenant_id uuid not null,
  queue_id uuid not null,
  recording text not null default 'on' check (recording in ('on', 'off', 'demand')),
  keep_days integer not null default 180 check (keep_days between 1 and 3660),
  rating boolean not null default true,
  music_id uuid,
  -- How often somebody who is to be called back is tried, and so many minutes apart.
  callback_tries smallint not null default 3 check (callback_tries between 1 and 5),
  callback_minutes smallint not null default 10 check (callback_minutes between 1 and 240),
  primary key (tenant_id, queue_id)
);
select kernel.guard('voice.queue');

-- Nuisance callers stand in the one block list, by their number; they came from a call.
alter table messaging.block drop constraint block_kind_check;
alter table messaging.block add constraint block_kind_check check (kind in ('visitor', 'customer', 'address', 'number'));
alter table messaging.block alter column conversation_id drop not null;
alter table messaging.block add column call_id uuid;
alter table messaging.block add constraint block_source check (num_nonnulls(conversation_id, call_id) = 1);

-- A call as the machine of server/domains/voice/rules keeps it; the columns beside `machine` are what lists and others ask for.
create table voice.call (
  tenant_id uuid not null,
  id uuid not null,
  interaction_id uuid,
  direction text not null check (direction in ('in', 'out')),
  stage text not null check (stage in ('flow', 'waiting', 'callback', 'connecting', 'talking', 'mending', 'rating', 'voicemail', 'over')),
  line text not null,
  number_id uuid,
  flow_id uuid,
  flow_version integer,
  caller text not null,
  called text not null,
  customer_id uuid,
  customer_name text not null default '',
  queue_id uuid,
  agent_id uuid,
  started_at timestamptz not null,
  answered_at timestamptz,
  ended_at timestamptz,
  cause text,
  worst_mos real,
  recorded boolean not null default false,
  -- The customer was asked to rate by key.
  rating_asked boolean not null default false,
  -- As the interaction has it.
  rating smallint,
  -- The next of its timers; the process that set it keeps a clock, this is for the one that finds it after a crash.
  due_at timestamptz,
  -- What a client that asks twice has asked already.
  client_id uuid,
  machine jsonb not null,
  -- The other side's number backwards: numbers are found from their end, what people remember. Kept, as reverse() may not be asked of rows that row-level security has yet to let through.
  other_end text not null generated always as (reverse(case when direction = 'in' then caller else called end)) stored,
  primary key (tenant_id, id)
);
create index call_newest on voice.call (tenant_id, started_at desc, id desc);
create index call_agent on voice.call (tenant_id, agent_id, started_at desc, id desc) where agent_id is not null;
create index call_queue on voice.call (tenant_id, queue_id, started_at desc, id desc) where queue_id is not null;
create index call_customer on voice.call (tenant_id, customer_id, started_at desc, id desc) where customer_id is not null;
create index call_interaction on voice.call (tenant_id, interaction_id) where interaction_id is not null;
create index call_other on voice.call (tenant_id, other_end text_pattern_ops);
create index call_open on voice.call (tenant_id, line, id) where stage <> 'over';
create index call_due on voice.call (tenant_id, due_at) where due_at is not null;
-- What is looked for because it is rare costs those that went well nothing, and calls that run nothing at all: those are few, and read beside.
create index call_cause on voice.call (tenant_id, cause, started_at desc, id desc) where cause <> 'normal';
create index call_rated on voice.call (tenant_id, rating, started_at desc, id desc) where rating is not null;
create index call_number on voice.call (tenant_id, number_id, started_at desc, id desc) where stage = 'over' and number_id is not null;
create index call_line on voice.call (tenant_id, line, started_at desc, id desc) where stage = 'over';
create index call_direction on voice.call (tenant_id, direction, started_at desc, id desc) where stage = 'over';
create index call_recorded on voice.call (tenant_id, recorded, started_at desc, id desc) where stage = 'over';
create index call_poor on voice.call (tenant_id, started_at desc, id desc) where worst_mos < 3.6::real;
create unique index call_once on voice.call (tenant_id, client_id) where client_id is not null;
select kernel.guard('voice.call');

-- Orders of a step taken in another process than the one that has the switch; gone as soon as the switch has them.
create table voice.forwarded (
  tenant_id uuid not null,
  id uuid not null,
  call_id uuid not null,
  -- The step: orders of a call are carried in this order.
  seq integer not null,
  line text not null,
  orders jsonb not null,
  left_at timestamptz not null,
  primary key (tenant_id, id)
);
create index forwarded_call on voice.forwarded (tenant_id, call_id, seq);
select kernel.guard('voice.forwarded');

create table voice.leg (
  tenant_id uuid not null,
  id uuid not null,
  call_id uuid not null,
  party text not null check (party in ('customer', 'agent', 'outside', 'leader')),
  agent_id uuid,
  number text not null default '',
  started_at timestamptz not null,
  ringing_at timestamptz,
  answered_at timestamptz,
  ended_at timestamptz,
  cause text,
  code integer,
  quality jsonb,
  primary key (tenant_id, id),
  foreign key (tenant_id, call_id) references voice.call (tenant_id, id)
);
create index leg_call on voice.leg (tenant_id, call_id, started_at, id);
create index leg_agent_open on voice.leg (tenant_id, agent_id) where agent_id is not null and ended_at is null;
select kernel.guard('voice.leg');

create table voice.recording (
  tenant_id uuid not null,
  id uuid not null,
  call_id uuid not null,
  interaction_id uuid,
  kind text not null check (kind in ('talk', 'voicemail')),
  state text not null check (state in ('running', 'paused', 'storing', 'kept', 'failed', 'removed')),
  -- Why it failed.
  reason text,
  queue_id uuid,
  agent_id uuid,
  file_id uuid,
  started_at timestamptz not null,
  seconds real,
  bytes integer,
  pauses jsonb not null default '[]',
  peaks jsonb,
  keep_until timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, call_id) references voice.call (tenant_id, id)
);
create index recording_call on voice.recording (tenant_id, call_id, id);
create index recording_over on voice.recording (tenant_id, keep_until, id) where keep_until is not null and state = 'kept';
create index recording_storing on voice.recording (tenant_id, id) where state in ('running', 'paused', 'storing');
select kernel.guard('voice.recording');

create view voice.fact_call with (security_invoker = true) as
  select tenant_id, id, interaction_id, direction, stage, line, number_id, flow_id, caller, called, customer_id, queue_id, agent_id,
    started_at, answered_at, ended_at, cause, worst_mos, recorded, rating_asked
  from voice.call;
grant select on voice.fact_call to app;
-- What callers hear now: whoever is named in it is in use.
create view voice.fact_flow with (security_invoker = true) as
  select f.tenant_id, f.id, f.name, f.retired, v.body from voice.flow f
    join voice.flow_version v on v.tenant_id = f.tenant_id and v.flow_id = f.id and v.version = f.published;
grant select on voice.fact_flow to app;
create view voice.fact_leg with (security_invoker = true) as
  select tenant_id, id, call_id, party, agent_id, started_at, ringing_at, answered_at, ended_at, cause, code, quality from voice.leg;
grant select on voice.fact_leg to app;

-- A contact of the channel is still offered while no more than so much of the agent is taken, even where its own share no longer fits beside: a call comes beside
-- chats, and no chat beside a call.
alter table routing.load add column beside smallint not null default 0 check (beside between 0 and 100);
create or replace view routing.free_place with (security_invoker = true) as
  select l.tenant_id, l.agent_id, l.channel from routing.load l
  where l.used < l.capacity and (l.weight = 0 or
    (select sum(o.used * o.weight) from routing.load o where o.tenant_id = l.tenant_id and o.agent_id = l.agent_id) <= greatest(100 - l.weight, l.beside));

-- Who has a part in another's contact, under an id of its own: was asked, hears along, or wraps up what another goes on with.
alter table routing.handling add column part_of uuid;
-- Their phone still rings for it.
alter table routing.handling add column rings boolean not null default false;
create unique index handling_part on routing.handling (tenant_id, part_of, agent_id) where part_of is not null;

-- The line on which the phone of an agent who was set aside cannot be reached; the agent is ready again when it can.
alter table routing.presence add column unreachable text;

-- What an agent does comes before what was chosen: on a call, ringing, wrapping up a call.
create or replace view routing.fact_presence with (security_invoker = true) as
  select p.tenant_id, p.id as agent_id,
    case when h.calling_since is not null then 'call' when coalesce(h.ringing_since, o.offered_at) is not null then 'ringing'
      when p.state = 'ready' and (h.call_wrap_since is not null or h.wrapping) then 'wrap' else p.state end as state,
    p.reason_id, r.name as reason, r.name_en as reason_en,
    case when h.calling_since is not null then h.calling_since when coalesce(h.ringing_since, o.offered_at) is not null then coalesce(h.ringing_since, o.offered_at)
      when p.state = 'ready' and (h.call_wrap_since is not null or h.wrapping) then greatest(coalesce(h.call_wrap_since, h.wrap_since), p.since) else p.since end as since,
    p.missed, coalesce(l.used, 0)::int as used, coalesce(l.capacity, 0)::int as capacity
  from routing.presence p
  left join routing.presence_reason r on r.tenant_id = p.tenant_id and r.id = p.reason_id
  left join (select tenant_id, agent_id, sum(used) as used, sum(capacity) as capacity from routing.load group by tenant_id, agent_id) l
    on l.tenant_id = p.tenant_id and l.agent_id = p.id
  left join (select tenant_id, agent_id, bool_and(wrap_until is not null) as wrapping, min(wrap_since) as wrap_since,
      min(since) filter (where channel = 'phone' and wrap_since is null and not rings) as calling_since, min(since) filter (where rings) as ringing_since,
      min(wrap_since) filter (where channel = 'phone') as call_wrap_since
    from routing.handling group by tenant_id, agent_id) h on h.tenant_id = p.tenant_id and h.agent_id = p.id
  left join routing.offer o on o.tenant_id = p.tenant_id and o.id = p.ringing and o.ended_at is null and o.channel = 'phone';

-- Ready is who is so now, as it is shown: whoever is on a call, is rung or wraps one up is at work in the queue, and not ready.
create or replace view routing.fact_pulse with (security_invoker = true) as
  select q.tenant_id, q.id as queue_id, q.name, q.name_en, q.channel, q.position, q.retired,
    coalesce(w.waiting, 0)::int as waiting, w.longest_since, coalesce(a.ready, 0)::int as ready, coalesce(h.handling, 0)::int as handling,
    coalesce(a.working, 0)::int as working
  from routing.queue q
  left join (select tenant_id, queue_id, count(*) as waiting, min(enqueued_at) as longest_since from routing.waiting where held_by is null group by tenant_id, queue_id) w
    on w.tenant_id = q.tenant_id and w.queue_id = q.id
  left join (select m.tenant_id, m.queue_id, count(*) filter (where s.state = 'ready') as ready, count(*) as working from routing.agent_queue m
      join routing.presence p on p.tenant_id = m.tenant_id and p.id = m.agent_id and p.state = 'ready'
      join routing.fact_presence s on s.tenant_id = m.tenant_id and s.agent_id = m.agent_id group by m.tenant_id, m.queue_id) a
    on a.tenant_id = q.tenant_id and a.queue_id = q.id
  left join (select tenant_id, queue_id, count(*) as handling from routing.handling where wrap_since is null group by tenant_id, queue_id) h
    on h.tenant_id = q.tenant_id and h.queue_id = q.id;

-- A message was left instead of a talk: until it waits for an agent again, such a contact counts for no queue, also when the message was answered.
alter table interactions.interaction add column left_at timestamptz;
create or replace view interactions.fact_interaction with (security_invoker = true) as
  select tenant_id, id, channel, direction, state, customer_id, queue_id, agent_id, subject, source,
    started_at, queued_at, answered_at, ended_at, wrapped_at, reason_id, outcome_id, note, rating, counted_at, left_at
  from interactions.interaction;
create or replace view insight.fact_contact with (security_invoker = true) as
  select c.*, date_bin('15 minutes', c.at, timestamptz '2000-01-01 00:00:00+00') as slot,
    (c.is_offered and c.answered_at is not null)::int as answered, (c.is_offered and c.answered_at is not null and c.wait_ms <= c.y_ms)::int as in_target,
    (c.is_offered and c.state = 'abandoned' and c.wait_ms >= c.t_ms)::int as abandoned, (c.is_offered and c.state = 'abandoned' and c.wait_ms < c.t_ms)::int as short_abandoned,
    (c.is_offered and c.state = 'waiting' and c.answered_at is null)::int as undecided, c.is_offered::int as offered,
    (c.is_offered and c.wrapped_at is not null and c.answered_at is not null)::int as handled, (c.rating is not null)::int as rated, (c.rating >= 4)::int as best
  from (
    select i.tenant_id, i.id, i.channel, i.state, i.customer_id, i.queue_id, i.agent_id, i.subject, i.started_at, i.queued_at, i.answered_at, i.ended_at, i.wrapped_at, i.rating,
      i.counted_at as at, i.queued_at is not null and i.state <> 'left' and i.left_at is null as is_offered,
      (extract(epoch from coalesce(i.answered_at, i.ended_at) - i.queued_at) * 1000)::bigint as wait_ms, (extract(epoch from i.wrapped_at - i.answered_at) * 1000)::bigint as handle_ms,
      coalesce(q.target_seconds, 20) * 1000 as y_ms, coalesce(q.short_abandon_seconds, 5) * 1000 as t_ms
    from interactions.fact_interaction i left join routing.fact_queue q on q.tenant_id = i.tenant_id and q.id = i.queue_id
    where i.direction = 'in'
  ) c;

-- Whoever hung up and keeps the place: since when they are to be called back, and how often they were in vain.
alter table routing.waiting add column call_back_since timestamptz;
alter table routing.waiting add column call_back_tries smallint not null default 0;

-- What was opened out of a call, beside the call.
create index ticket_contact on tickets.ticket (tenant_id, interaction_id, changed_at desc, id desc) where interaction_id is not null;

-- A flow names no hours that were put away.
create or replace view identity.fact_calendar with (security_invoker = true) as
  select tenant_id, id, name, timezone, week, days, is_default, retired from identity.calendar;

-- What is due or was left is looked for over all tenants at once. The relay sees whose it is and when, and nothing else of it.
grant usage on schema voice, routing to relay;
create policy relay on voice.call for select to relay using (true);
grant select (tenant_id, due_at) on voice.call to relay;
create policy relay on voice.forwarded for select to relay using (true);
grant select (tenant_id, line) on voice.forwarded to relay;
create policy relay on routing.waiting for select to relay using (true);
grant select (tenant_id) on routing.waiting to relay;
create policy relay on routing.offer for select to relay using (true);
grant select (tenant_id, deadline, ended_at) on routing.offer to relay;
create policy relay on routing.handling for select to relay using (true);
grant select (tenant_id, wrap_until) on routing.handling to relay;
create policy relay on routing.console for select to relay using (true);
grant select (tenant_id, seen_at) on routing.console to relay;
create policy relay on routing.presence for select to relay using (true);
grant select (tenant_id, state, ringing) on routing.presence to relay;

-- Roles of organisations that are there already: whoever works contacts takes calls, whoever leads them listens and steps in, whoever sets up queues sets up the telephone.
alter table identity.role no force row level security;
update identity.role set grants = grants || jsonb_build_object('voice:call', grants -> 'routing:work')
  where grants ? 'routing:work' and not grants ? 'voice:call';
update identity.role set grants = grants || jsonb_build_object('voice:read', grants -> 'interaction:read')
  where grants ? 'interaction:read' and not grants ? 'voice:read';
update identity.role set grants = grants || jsonb_build_object('voice:listen', grants -> 'routing:supervise', 'voice:supervise', grants -> 'routing:supervise')
  where grants ? 'routing:supervise' and not grants ? 'voice:supervise';
-- Agents hear their own talks and the messages left on the machine.
update identity.role set grants = grants || jsonb_build_object('voice:listen', 'own')
  where grants ? 'voice:call' and not grants ? 'voice:listen';
update identity.role set grants = grants || jsonb_build_object('voice:configure', grants -> 'routing:configure')
  where grants ? 'routing:configure' and not grants ? 'voice:configure';
alter table identity.role force row level security;
