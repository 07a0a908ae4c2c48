-- Who was in a segment when somebody began to work through it: an export or a notice reads them part by part, and they are evaluated once.
create table customers.segment_held (
  tenant_id uuid not null,
  -- The run or the notice that reads them; made in order of time, so that what was left behind is found.
  holder_id uuid not null,
  customer_id uuid not null,
  primary key (tenant_id, holder_id, customer_id)
);
create index segment_held_customer on customers.segment_held (tenant_id, customer_id);
select kernel.guard('customers.segment_held');

-- Steps whose condition took too long, or could not be asked, when the ladder was applied last.
alter table customers.ladder add column unasked text[] not null default '{}';
