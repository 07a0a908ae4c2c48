-- What somebody must act on, the most urgent first: in whose hands an open ticket is, and by when. A stopped clock presses nobody, so it stands last.
-- Expressions, not columns: writing them into millions of kept tickets would stop the upgrade. The query repeats them word for word (tickets/queries.ts).
-- `case`, not coalesce(): PostgreSQL does not count that among what leaks nothing, and behind row-level security the index would not be used.
create index ticket_hands on tickets.ticket (
  tenant_id,
  (case when status in ('accepted', 'resolved') then opened_by_id when assignee_id is null then department_id else assignee_id end),
  (case when status in ('waiting', 'resolved') or due_at is null then timestamptz '9999-12-31 00:00:00+00' else due_at end),
  changed_at, id
) where status <> 'closed';

-- The estimate a waiting customer was told last, beside the place.
alter table messaging.conversation add column estimate_told integer;

-- Whom the site said this browser's visitor is, sealed: a different one begins a visit of their own, also when we know neither.
alter table messaging.visitor add column signed_as text;
