-- Letters and reports: templates with a draft and versions in use, documents with every version that was made of them.
create schema documents;

create table documents.template (
  tenant_id uuid not null,
  id uuid not null,
  -- Names those every organisation begins with.
  code text,
  name text not null,
  name_en text not null default '',
  source text not null,
  draft jsonb not null,
  published integer,
  changed boolean not null default true,
  changed_at timestamptz not null,
  retired boolean not null default false,
  version integer not null default 1,
  primary key (tenant_id, id)
);
create unique index template_code_once on documents.template (tenant_id, code) where code is not null;
create index template_name on documents.template (tenant_id, name, id);
select kernel.guard('documents.template');

create table documents.template_version (
  tenant_id uuid not null,
  template_id uuid not null,
  number integer not null,
  content jsonb not null,
  published_at timestamptz not null,
  published_by_id uuid,
  primary key (tenant_id, template_id, number),
  foreign key (tenant_id, template_id) references documents.template (tenant_id, id)
);
select kernel.guard('documents.template_version');

create table documents.document (
  tenant_id uuid not null,
  id uuid not null,
  template_id uuid not null,
  title text not null,
  language text not null check (language in ('zh', 'en')),
  matter_noun text,
  matter_id uuid,
  versions integer not null,
  made_at timestamptz not null,
  made_by_id uuid,
  primary key (tenant_id, id),
  foreign key (tenant_id, template_id) references documents.template (tenant_id, id),
  check ((matter_noun is null) = (matter_id is null))
);
create index document_newest on documents.document (tenant_id, id desc);
create index document_maker on documents.document (tenant_id, made_by_id, id desc);
create index document_template on documents.document (tenant_id, template_id, id desc);
create index document_matter on documents.document (tenant_id, matter_id, id desc) where matter_id is not null;
select kernel.guard('documents.document');

create table documents.version (
  tenant_id uuid not null,
  document_id uuid not null,
  number integer not null,
  template_version integer not null,
  params jsonb not null,
  inputs jsonb not null,
  state text not null check (state in ('making', 'made', 'failed')),
  code text,
  run_id uuid,
  -- The document with its values in place, as they were when it was made.
  filled jsonb,
  pages integer,
  -- Format to file, and its size.
  files jsonb not null default '{}',
  sizes jsonb not null default '{}',
  made_at timestamptz not null,
  made_by_id uuid,
  primary key (tenant_id, document_id, number),
  foreign key (tenant_id, document_id) references documents.document (tenant_id, id)
);
select kernel.guard('documents.version');

-- Who leads makes documents of what the team does; who answers customers writes letters; who sets up tickets sets up templates.
alter table identity.role no force row level security;
update identity.role set grants = grants || '{"document:read": "all", "document:write": "all", "document:configure": "all"}' where grants ? 'ticket:configure';
update identity.role set grants = grants || '{"document:read": "team", "document:write": "team"}' where code = 'lead';
update identity.role set grants = grants || '{"document:read": "own", "document:write": "own"}' where code = 'agent';
alter table identity.role force row level security;
