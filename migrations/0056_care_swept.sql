-- Whoever has a plan of care is looked at once a day, a slice at a time: how far it came, and on which day.
create table customers.care_sweep (
  tenant_id uuid primary key,
  swept_on date not null,
  -- The last one looked at; null when all of that day are.
  after_id uuid
);
select kernel.guard('customers.care_sweep');

-- A tier is gone through by id; most customers are of none.
create index customer_tier on customers.customer (tenant_id, tier, id) where tier <> 'normal';
