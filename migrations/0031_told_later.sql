-- What is told about a message after it has gone: gateways that are asked, and mails that come back.

-- When a provider is asked what became of a message; null: nobody asks.
alter table messaging.outgoing add column ask_at timestamptz;
create index outgoing_ask on messaging.outgoing (tenant_id, provider_id, ask_at) where ask_at is not null;

-- The password of the mailbox to which a mail server's mails come back.
alter table messaging.provider add column bounce_secret text;

-- How far that mailbox was read.
create table messaging.bounce_box (
  tenant_id uuid not null,
  provider_id uuid not null,
  -- The mailbox counts its mails anew when this changes.
  validity text,
  uid bigint not null default 0,
  -- Who reads is believed to until then.
  reading_until timestamptz,
  read_at timestamptz,
  failed_at timestamptz,
  failure text not null default '',
  found integer not null default 0,
  primary key (tenant_id, provider_id),
  foreign key (tenant_id, provider_id) references messaging.provider (tenant_id, id)
);
select kernel.guard('messaging.bounce_box');

-- Ways out and notices are retired, never deleted. Looking that up for every message of a notice, at each of its three writes, cost a tenth of sending it.
alter table messaging.outgoing drop constraint outgoing_tenant_id_provider_id_fkey, drop constraint outgoing_tenant_id_notice_id_fkey;

-- What the other server said, beside our word for it.
alter table messaging.receipt add column detail text not null default '';
