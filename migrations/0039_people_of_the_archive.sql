-- What people write down of a customer, and the files they keep with one.

create table customers.note (
  tenant_id uuid not null,
  id uuid not null,
  customer_id uuid not null,
  text text not null,
  pinned boolean not null default false,
  writer_id uuid,
  written_at timestamptz not null,
  changed_at timestamptz,
  -- Taken away; it can be brought back, and is told no more.
  removed_at timestamptz,
  version integer not null default 1,
  primary key (tenant_id, id)
);
create index note_customer on customers.note (tenant_id, customer_id, pinned desc, id desc) where removed_at is null;
select kernel.guard('customers.note');

create table customers.file (
  tenant_id uuid not null,
  id uuid not null,
  customer_id uuid not null,
  file_id uuid not null,
  note text not null default '',
  added_by_id uuid,
  added_at timestamptz not null,
  removed_at timestamptz,
  primary key (tenant_id, id)
);
create index file_customer on customers.file (tenant_id, customer_id, id desc) where removed_at is null;
select kernel.guard('customers.file');
