-- Figures: what is counted of every contact, and its sums per quarter of an hour, day and month, kept as contacts change.

create schema insight;

-- When a contact counts: when it began to wait for an agent, or when it began. A stored column: of an expression behind views the planner knew neither spread nor index.
alter table interactions.interaction add column counted_at timestamptz not null generated always as (coalesce(queued_at, started_at)) stored;
create index interaction_counted on interactions.interaction (tenant_id, counted_at desc, id desc) where direction = 'in';
create or replace view interactions.fact_interaction with (security_invoker = true) as
  select tenant_id, id, channel, direction, state, customer_id, queue_id, agent_id, subject, source,
    started_at, queued_at, answered_at, ended_at, wrapped_at, reason_id, outcome_id, note, rating, counted_at
  from interactions.interaction;

-- One row per incoming contact with what it counts for. Waits and handling in whole milliseconds: sums of them are the same in any order.
-- A contact that still waits is offered and undecided; so a contact counts the same however much later one looks, until it changes itself.
create view insight.fact_contact with (security_invoker = true) as
  select c.*, date_bin('15 minutes', c.at, timestamptz '2000-01-01 00:00:00+00') as slot,
    (c.is_offered and c.answered_at is not null)::int as answered, (c.is_offered and c.answered_at is not null and c.wait_ms <= c.y_ms)::int as in_target,
    (c.is_offered and c.state = 'abandoned' and c.wait_ms >= c.t_ms)::int as abandoned, (c.is_offered and c.state = 'abandoned' and c.wait_ms < c.t_ms)::int as short_abandoned,
    (c.is_offered and c.state = 'waiting' and c.answered_at is null)::int as undecided, c.is_offered::int as offered,
    (c.is_offered and c.wrapped_at is not null and c.answered_at is not null)::int as handled, (c.rating is not null)::int as rated, (c.rating >= 4)::int as best
  from (
    select i.tenant_id, i.id, i.channel, i.state, i.customer_id, i.queue_id, i.agent_id, i.subject, i.started_at, i.queued_at, i.answered_at, i.ended_at, i.wrapped_at, i.rating,
      i.counted_at as at, i.queued_at is not null and i.state <> 'left' as is_offered,
      (extract(epoch from coalesce(i.answered_at, i.ended_at) - i.queued_at) * 1000)::bigint as wait_ms, (extract(epoch from i.wrapped_at - i.answered_at) * 1000)::bigint as handle_ms,
      coalesce(q.target_seconds, 20) * 1000 as y_ms, coalesce(q.short_abandon_seconds, 5) * 1000 as t_ms
    from interactions.fact_interaction i left join routing.fact_queue q on q.tenant_id = i.tenant_id and q.id = i.queue_id
    where i.direction = 'in'
  ) c;

create table insight.rollup (
  tenant_id uuid not null,
  grain text not null check (grain in ('slot', 'day', 'month')),
  dimension text not null check (dimension in ('queue', 'agent', 'channel')),
  -- When the quarter of an hour, the day or the month begins on the tenant's wall.
  at timestamptz not null,
  -- The queue's or agent's id, or the channel; empty for contacts without one.
  key text not null collate "C",
  contacts int not null,
  offered int not null,
  answered int not null,
  in_target int not null,
  abandoned int not null,
  short_abandoned int not null,
  undecided int not null,
  wait_ms bigint not null,
  handled int not null,
  handle_ms bigint not null,
  rated int not null,
  best int not null,
  score int not null,
  primary key (tenant_id, grain, dimension, at, key)
) with (fillfactor = 80);
select kernel.guard('insight.rollup');

-- Quarters in which a contact has changed since they were counted.
create table insight.dirty (
  tenant_id uuid not null,
  at timestamptz not null,
  primary key (tenant_id, at)
);
select kernel.guard('insight.dirty');

-- Counted whole, by this zone and these targets of the queues. Whoever counts holds the row.
create table insight.counted (
  tenant_id uuid primary key,
  timezone text not null,
  targets jsonb not null,
  at timestamptz not null
);
select kernel.guard('insight.counted');

grant select on insight.fact_contact to app;
