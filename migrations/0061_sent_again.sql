-- What was sent again after a lost answer is found by the sender's own id for it.
alter table customers.customer add column client_id uuid;
create unique index customer_client on customers.customer (tenant_id, client_id) where client_id is not null;
alter table customers.note add column client_id uuid;
create unique index note_client on customers.note (tenant_id, client_id) where client_id is not null;
