-- The orders people may choose for a list, each with its index: the value, then the id, so that one index serves both ways and pages are cut by key.
-- An order by a time that may be missing stands on an expression that puts those without it last.

drop index tickets.ticket_opened;
create index ticket_opened on tickets.ticket (tenant_id, opened_at desc, id desc);
create index ticket_open_opened on tickets.ticket (tenant_id, opened_at desc, id desc) where status <> 'closed';
create index ticket_by_due on tickets.ticket (tenant_id, coalesce(due_at, timestamptz '9999-12-31 00:00:00+00'), id);
create index ticket_open_by_due on tickets.ticket (tenant_id, coalesce(due_at, timestamptz '9999-12-31 00:00:00+00'), id) where status <> 'closed';
create index ticket_by_priority on tickets.ticket (
  tenant_id, (case priority when 'urgent' then 0 when 'high' then 1 when 'normal' then 2 else 3 end), id
);
create index ticket_open_by_priority on tickets.ticket (
  tenant_id, (case priority when 'urgent' then 0 when 'high' then 1 when 'normal' then 2 else 3 end), id
) where status <> 'closed';

-- By number the index of prefixes serves, by when they were added the primary key.
create index customer_name on customers.customer (tenant_id, name, id);

create index task_opened on tasks.task (tenant_id, opened_at, id) where done_at is null;
create index task_newest on tasks.task (tenant_id, opened_at, id) where done_at is not null;
create index approval_opened on tasks.approval (tenant_id, asked_at, id) where state = 'open';

-- Of one score the newest first, both ways.
create index rating_worst on surveys.rating (tenant_id, (- score) desc, id desc);
create index rating_best on surveys.rating (tenant_id, score desc, id desc);

-- Who never talked stands behind all who did.
create index interaction_longest on interactions.interaction (
  tenant_id, (coalesce(extract(epoch from ended_at - answered_at)::int, -1)) desc, id desc
);
-- What became of contacts is asked for: those nobody answered, those that were left.
create index interaction_state on interactions.interaction (tenant_id, state, started_at desc, id desc);

create index standard_name on improvement.standard (tenant_id, (name collate kernel.zh), id) where not retired;
create index finding_opened on improvement.finding (tenant_id, opened_at, id);
