-- Surveys: the customer's rating of a contact, and what follows from a low one.
create schema surveys;

create table surveys.rating (
  tenant_id uuid not null,
  id uuid not null,
  interaction_id uuid not null,
  customer_id uuid,
  agent_id uuid,
  queue_id uuid,
  score int not null check (score between 1 and 5),
  words text not null default '',
  rated_at timestamptz not null,
  task_id uuid,
  primary key (tenant_id, id)
);
create unique index rating_interaction on surveys.rating (tenant_id, interaction_id);
create index rating_newest on surveys.rating (tenant_id, rated_at desc, id desc) include (score);
create index rating_agent on surveys.rating (tenant_id, agent_id, rated_at desc, id desc);
create index rating_low on surveys.rating (tenant_id, rated_at desc, id desc) where score <= 2;
create index rating_customer on surveys.rating (tenant_id, customer_id, rated_at desc) where customer_id is not null;
select kernel.guard('surveys.rating');

create table surveys.policy (
  tenant_id uuid primary key,
  low_score int not null check (low_score between 1 and 4),
  due_minutes int not null,
  owner_id uuid,
  calendar_id uuid
);
select kernel.guard('surveys.policy');

create view surveys.fact_rating with (security_invoker = true) as
  select tenant_id, id, interaction_id, customer_id, agent_id, queue_id, score, rated_at, task_id from surveys.rating;
grant select on surveys.fact_rating to app;
