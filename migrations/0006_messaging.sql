-- Files of every domain, and the talk of a contact: widgets, visitors, conversations, messages.

-- Kept on disk below the data folder; the row says what it is and to what it belongs. `about` is null until it is used; unused files are cleared away.
create table kernel.file (
  tenant_id uuid not null,
  id uuid not null,
  name text not null,
  type text not null,
  size integer not null check (size > 0),
  width integer,
  height integer,
  sha256 text not null,
  owner_kind text not null check (owner_kind in ('user', 'visitor', 'system')),
  owner_id uuid,
  noun text,
  about uuid,
  created_at timestamptz not null,
  primary key (tenant_id, id)
);
create index file_unused on kernel.file (tenant_id, created_at) where about is null;
create index file_about on kernel.file (tenant_id, about) where about is not null;
select kernel.guard('kernel.file');

create schema messaging;

create table messaging.canned_answer (
  tenant_id uuid not null,
  id uuid not null,
  shortcut text not null,
  text text not null,
  text_en text not null default '',
  retired boolean not null default false,
  primary key (tenant_id, id)
);
create unique index canned_answer_shortcut on messaging.canned_answer (tenant_id, lower(shortcut)) where not retired;
select kernel.guard('messaging.canned_answer');

create table messaging.widget (
  tenant_id uuid not null,
  id uuid not null,
  key text not null,
  name text not null,
  brand text not null,
  greeting text not null default '',
  greeting_en text not null default '',
  closed_text text not null default '',
  closed_text_en text not null default '',
  -- [{ key, label, labelEn, queueId, reasonId }]
  choices jsonb not null default '[]',
  calendar_id uuid,
  queue_id uuid not null,
  -- Sealed under the installation's key; the site signs its customers with it.
  secret text,
  retired boolean not null default false,
  primary key (tenant_id, id)
);
create unique index widget_key on messaging.widget (tenant_id, key);
select kernel.guard('messaging.widget');

-- Someone at a browser: known by the secret the page keeps.
create table messaging.visitor (
  tenant_id uuid not null,
  id uuid not null,
  widget_id uuid not null,
  token_hash text not null,
  language text not null default 'zh' check (language in ('zh', 'en')),
  page text not null default '',
  name text not null default '',
  phone text,
  email text,
  customer_id uuid,
  -- How we know: signed by the site, given by the visitor, said by an agent.
  known_by text check (known_by in ('site', 'given', 'agent')),
  -- The talk this browser is in, or was in last.
  conversation_id uuid,
  online boolean not null default false,
  seen_at timestamptz not null,
  created_at timestamptz not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, widget_id) references messaging.widget
);
create unique index visitor_token on messaging.visitor (tenant_id, token_hash);
select kernel.guard('messaging.visitor');

-- The talk of one interaction. `last_seq` is the only counter of its messages: whoever writes locks this row.
create table messaging.conversation (
  tenant_id uuid not null,
  id uuid not null,
  interaction_id uuid not null,
  channel text not null,
  state text not null check (state in ('waiting', 'active', 'wrap', 'done', 'abandoned', 'left')),
  visitor_id uuid,
  queue_id uuid,
  agent_id uuid,
  customer_id uuid,
  customer_name text not null default '',
  tier text,
  subject text not null default '',
  page text not null default '',
  preview text not null default '',
  last_seq integer not null default 0,
  last_at timestamptz not null,
  last_author text check (last_author in ('customer', 'agent', 'system')),
  customer_read integer not null default 0,
  agent_read integer not null default 0,
  unread integer not null default 0,
  started_at timestamptz not null,
  answered_at timestamptz,
  ended_at timestamptz,
  reply_due timestamptz,
  snoozed_until timestamptz,
  reason_id uuid,
  -- A hand-over that the other side has not taken yet.
  handing_to_agent uuid,
  handing_to_queue uuid,
  handing_note text not null default '',
  -- What the customer was told last while waiting.
  place_told integer,
  rating integer check (rating between 1 and 5),
  rated_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, visitor_id) references messaging.visitor
) with (fillfactor = 80);
create unique index conversation_interaction on messaging.conversation (tenant_id, interaction_id);
create index conversation_mine on messaging.conversation (tenant_id, agent_id, last_at desc, id desc) where state in ('active', 'wrap', 'left');
create index conversation_open on messaging.conversation (tenant_id, last_at desc, id desc) where state in ('waiting', 'active', 'wrap', 'left');
create index conversation_queue on messaging.conversation (tenant_id, queue_id, last_at desc, id desc) where state in ('waiting', 'left');
create index conversation_done on messaging.conversation (tenant_id, agent_id, last_at desc, id desc) where state = 'done';
create index conversation_customer on messaging.conversation (tenant_id, customer_id, last_at desc) where customer_id is not null;
create index conversation_visitor on messaging.conversation (tenant_id, visitor_id) where visitor_id is not null;
select kernel.guard('messaging.conversation');

create table messaging.message (
  tenant_id uuid not null,
  conversation_id uuid not null,
  seq integer not null,
  id uuid not null,
  author text not null check (author in ('customer', 'agent', 'system')),
  author_id uuid,
  author_name text not null default '',
  kind text not null check (kind in ('text', 'file', 'note', 'notice', 'card')),
  text text not null default '',
  file_id uuid,
  code text,
  facts jsonb,
  client_id text not null,
  sent_at timestamptz not null,
  primary key (tenant_id, id)
  -- No foreign key to the conversation, whose row is locked by whoever writes: see tickets.entry for what its check costs.
);
create unique index message_seq on messaging.message (tenant_id, conversation_id, seq);
create unique index message_client on messaging.message (tenant_id, conversation_id, client_id);
create index message_file on messaging.message (tenant_id, file_id) where file_id is not null;
select kernel.guard('messaging.message');

create view messaging.fact_conversation with (security_invoker = true) as
  select tenant_id, id, interaction_id, channel, state, queue_id, agent_id, customer_id, subject, last_seq, last_at, unread, started_at, answered_at, ended_at, reply_due, rating, rated_at
  from messaging.conversation;
grant select on messaging.fact_conversation to app;
