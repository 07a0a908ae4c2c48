-- Before its time is up a ticket warns, once per running of its clock.

-- The share of the working time after which it does; null: it does not.
alter table tickets.kind add column warn_percent smallint default 80 check (warn_percent between 1 and 99);

alter table tickets.ticket
  -- From when on it is about to miss its target; null while the clock stands still.
  add column warn_at timestamptz,
  -- It has been told.
  add column warned boolean not null default false;
create index ticket_soon on tickets.ticket (tenant_id, changed_at desc, id desc) where warned and not late and status in ('accepted', 'dispatched', 'handling');

-- Its columns are those of the table on the day it was made.
create or replace view tickets.searchable with (security_invoker = false) as
  select * from tickets.ticket where tenant_id = (select current_setting('app.tenant')::uuid);

-- Of the tickets at work that moment is reckoned by the wall; those that begin from now on have it in working time. Whoever is past it is marked, and nobody told.
alter table tickets.ticket no force row level security;
alter table kernel.timer no force row level security;
update tickets.ticket set warn_at = due_at - (due_at - opened_at) * 0.2, warned = due_at - (due_at - opened_at) * 0.2 <= now()
where status in ('accepted', 'dispatched', 'handling') and not late and due_at > opened_at;
-- One timer per clock: first to the warning, then to the end.
update kernel.timer m set run_at = t.warn_at from tickets.ticket t
where t.status in ('accepted', 'dispatched', 'handling') and not t.late and not t.warned and t.warn_at is not null
  and m.tenant_id = t.tenant_id and m.key = 'ticket:' || t.id || ':due';
alter table tickets.ticket force row level security;
alter table kernel.timer force row level security;
