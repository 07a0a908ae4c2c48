-- Documents are found by title, customer, maker and time; a template says how long they are kept; reports come by themselves.

alter table documents.document
  -- Whom it concerns, directly or through its ticket.
  add column customer_id uuid,
  -- The title, by the pairs and words of server/kernel/search.ts.
  add column tsv tsvector not null default '';

-- Those from before are found too. The owner passes a forced policy only while it is not forced.
alter table documents.document no force row level security;
alter table tickets.ticket no force row level security;
update documents.document d set tsv = coalesce((
  select string_agg('''' || l.lexeme || ''':' || l.n, ' ')::tsvector from (
    select g as n, case
      when substr(lower(d.title), g, 1) ~ '[一-鿿]' then substr(lower(d.title), g, 1) || coalesce(substring(substr(lower(d.title), g + 1, 1) from '[一-鿿]'), '')
      when g = 1 or substr(lower(d.title), g - 1, 1) !~ '[a-z0-9]' then left(substring(substr(lower(d.title), g) from '^[a-z0-9]+'), 40)
    end as lexeme from generate_series(1, length(d.title)) g) l where l.lexeme is not null), '');
update documents.document d set customer_id = t.customer_id from tickets.ticket t
  where d.matter_noun = 'ticket' and t.tenant_id = d.tenant_id and t.id = d.matter_id;
alter table tickets.ticket force row level security;
alter table documents.document force row level security;
create index document_text on documents.document using gin (tsv);
create index document_customer on documents.document (tenant_id, customer_id, id desc) where customer_id is not null;

-- The listed exception to security_invoker: it filters the tenant itself, so that @@ can use the index.
create view documents.searchable with (security_invoker = false) as
  select * from documents.document where tenant_id = (select current_setting('app.tenant')::uuid);
grant usage, create on schema documents to searcher;
grant select on documents.document to searcher;
alter view documents.searchable owner to searcher;
grant select on documents.searchable to app;

alter table documents.template
  -- Null: until somebody removes it.
  add column keep_days integer check (keep_days between 1 and 36500);

-- A report that comes by itself: of the week or month that is over, made as the person who set it up, with what they may see then.
create table documents.schedule (
  tenant_id uuid not null,
  id uuid not null,
  template_id uuid not null,
  title text not null,
  language text not null check (language in ('zh', 'en')),
  params jsonb not null,
  inputs jsonb not null,
  every text not null check (every in ('week', 'month')),
  -- Of the week (Monday is 1) or of the month.
  day smallint not null check (day between 1 and 28),
  hour smallint not null check (hour between 0 and 23),
  -- Whom it is told to when it is there, and who may then read it.
  people uuid[] not null default '{}',
  owner_id uuid not null,
  active boolean not null,
  next_at timestamptz,
  -- The last one, and why it was not begun.
  document_id uuid,
  code text,
  version integer not null default 1,
  primary key (tenant_id, id),
  foreign key (tenant_id, template_id) references documents.template (tenant_id, id)
);
create index schedule_template on documents.schedule (tenant_id, template_id, id);
select kernel.guard('documents.schedule');
alter table documents.document add column schedule_id uuid;

-- Who reads a document as their own: its maker, and whoever its schedule sends it to.
create table documents.reader (
  tenant_id uuid not null,
  person_id uuid not null,
  document_id uuid not null,
  primary key (tenant_id, person_id, document_id),
  foreign key (tenant_id, document_id) references documents.document (tenant_id, id)
);
create index reader_document on documents.reader (tenant_id, document_id);
alter table documents.document no force row level security;
insert into documents.reader (tenant_id, person_id, document_id) select tenant_id, made_by_id, id from documents.document where made_by_id is not null;
alter table documents.document force row level security;
select kernel.guard('documents.reader');
