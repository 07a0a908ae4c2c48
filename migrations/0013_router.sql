-- The router complete: one capacity over several channels, overflow on load, raised hands, words to an agent, and the block list.

-- How much of the whole agent one contact of the channel takes, in percent; 0: the channel is counted by itself.
alter table routing.load add column weight smallint not null default 0 check (weight between 0 and 100);

-- The one place that says when an agent can take one more contact of a channel.
create view routing.free_place with (security_invoker = true) as
  select l.tenant_id, l.agent_id, l.channel from routing.load l
  where l.used < l.capacity and (l.weight = 0 or l.weight +
    (select sum(o.used * o.weight) from routing.load o where o.tenant_id = l.tenant_id and o.agent_id = l.agent_id) <= 100);
grant select on routing.free_place to app;

-- Beside the wait, the load sends contacts to the overflow queue: more than so many wait (0: any number), the newcomer's estimate is
-- longer than so many seconds (0: any), nobody of the queue is signed in.
alter table routing.queue add column overflow_waiting integer not null default 0 check (overflow_waiting >= 0);
alter table routing.queue add column overflow_estimate integer not null default 0 check (overflow_estimate >= 0);
alter table routing.queue add column overflow_unstaffed boolean not null default false;
create index queue_flows on routing.queue (tenant_id, id)
  where overflow_queue_id is not null and (overflow_waiting > 0 or overflow_estimate > 0 or overflow_unstaffed);

-- A raised hand: since when, about which contact, with which words.
alter table routing.presence add column hand_raised_at timestamptz;
alter table routing.presence add column hand_interaction_id uuid;
alter table routing.presence add column hand_words text not null default '';
create index presence_hand on routing.presence (tenant_id, hand_raised_at) where hand_raised_at is not null;

-- What a leader says to an agent; kept until it was read, so that a reload loses nothing.
create table routing.word (
  tenant_id uuid not null,
  id uuid not null,
  agent_id uuid not null,
  from_id uuid not null,
  text text not null,
  sent_at timestamptz not null,
  read_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, agent_id) references routing.presence (tenant_id, id)
);
create index word_unread on routing.word (tenant_id, agent_id, id) where read_at is null;
select kernel.guard('routing.word');

-- The network address of a browser, only as a keyed digest: equal or not is all the block list asks.
alter table messaging.visitor add column address_digest text;
create index visitor_address on messaging.visitor (tenant_id, address_digest) where address_digest is not null;

-- Nuisance visitors. `subject`: the visitor's id, the customer's id, or the digest of the address.
create table messaging.block (
  tenant_id uuid not null,
  id uuid not null,
  kind text not null check (kind in ('visitor', 'customer', 'address')),
  subject text not null,
  name text not null default '',
  conversation_id uuid not null,
  reason text not null,
  state text not null check (state in ('proposed', 'active', 'refused', 'lifted', 'over')),
  until timestamptz not null,
  proposed_by uuid not null,
  proposed_at timestamptz not null,
  decided_by uuid,
  decided_at timestamptz,
  primary key (tenant_id, id)
);
create unique index block_open on messaging.block (tenant_id, kind, subject) where state in ('proposed', 'active');
create index block_list on messaging.block (tenant_id, state, id desc);
select kernel.guard('messaging.block');
