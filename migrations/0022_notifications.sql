-- The bell: what was told to whom, once per person and event, and what each person wants to be told which way.

create schema notifications;

create table notifications.notification (
  tenant_id uuid not null,
  -- UUIDv7: newest first is by id.
  id uuid not null,
  person_id uuid not null,
  event_id uuid not null,
  kind text not null,
  facts jsonb not null,
  link text not null,
  important boolean not null,
  -- False: by mail only.
  bell boolean not null,
  at timestamptz not null,
  read_at timestamptz,
  -- When it goes by mail, unless it is read before; null: not, or it has gone.
  mail_due_at timestamptz,
  primary key (tenant_id, id)
);
create unique index notification_told on notifications.notification (tenant_id, person_id, event_id);
create index notification_list on notifications.notification (tenant_id, person_id, id) where bell;
create index notification_kind on notifications.notification (tenant_id, person_id, kind, id) where bell;
create index notification_unread on notifications.notification (tenant_id, person_id, id) where bell and read_at is null;
create index notification_link on notifications.notification (tenant_id, person_id, link) where read_at is null;
create index notification_mail on notifications.notification (tenant_id, person_id, mail_due_at) where mail_due_at is not null;
create index notification_old on notifications.notification (tenant_id, id) where read_at is not null;
select kernel.guard('notifications.notification');

create table notifications.preference (
  tenant_id uuid not null,
  -- The person.
  id uuid not null,
  -- Kind → ways, where the person chose otherwise than the house.
  ways jsonb not null default '{}',
  -- Minutes from midnight in the organisation's time zone.
  quiet_from smallint,
  quiet_to smallint,
  digest text not null check (digest in ('now', 'hourly', 'daily')),
  daily_at smallint not null,
  primary key (tenant_id, id)
);
select kernel.guard('notifications.preference');
