-- The list of people is paged by name, whole or of one team, department or role.
drop index identity.person_name, identity.person_team, identity.person_department, identity.person_role;
create index person_name on identity.person (tenant_id, name, id);
create index person_team on identity.person (tenant_id, team_id, name, id);
create index person_department on identity.person (tenant_id, department_id, name, id);
create index person_role on identity.person (tenant_id, role_id, name, id);

-- Null until the person has chosen one: then the browser's language stays.
alter table identity.person alter column language drop not null;
-- Until now everyone was given the organisation's; who has another one chose it. The owner passes a forced policy only while it is not forced.
alter table identity.person no force row level security;
alter table identity.tenant no force row level security;
update identity.person p set language = null from identity.tenant t where t.tenant_id = p.tenant_id and t.language = p.language;
alter table identity.tenant force row level security;
alter table identity.person force row level security;

-- The audit names the skills in a change.
create view routing.fact_skill with (security_invoker = true) as select tenant_id, id, name, name_en, retired from routing.skill;
grant select on routing.fact_skill to app;

-- The audit, sealed by the day: each seal covers the entries of its day and the seal before it.
create table kernel.audit_seal (
  tenant_id uuid not null,
  day date not null,
  entries integer not null,
  seal text not null,
  primary key (tenant_id, day)
);
select kernel.guard('kernel.audit_seal');
