-- Who asks for a segment or for a field of the organisation's own: neither is taken from under them.
create or replace view routing.fact_rule with (security_invoker = true) as
  select tenant_id, id, name, (conditions->>'calendarId')::uuid as calendar_id, retired, conditions->'segmentIds' as segment_ids from routing.rule;

-- What rules ask about, a row per question: of the draft, and of what runs.
create view automation.fact_asked with (security_invoker = true) as
  select distinct r.tenant_id, r.id as rule_id, r.name, r.trigger, leaf->>'field' as field, leaf->'value' as value
  from automation.rule r
  left join automation.version v on v.tenant_id = r.tenant_id and v.rule_id = r.id and v.number = r.version
  cross join lateral jsonb_path_query(jsonb_build_array(r.body->'condition', v.body->'condition'), 'strict $.** ? (exists (@.field) && exists (@.op))') leaf
  where not r.retired;
grant select on automation.fact_asked to app;

-- How somebody came to stand there, beside a rule and a person's hand: an import, another system, an import taken back, files that became one or two.
alter table customers.ladder_step drop constraint ladder_step_way_check;
alter table customers.ladder_step add constraint ladder_step_way_check
  check (way in ('rule', 'person', 'import', 'feed', 'taken_back', 'merged', 'parted')) not valid;
alter table customers.ladder_pin add column way text not null default 'person' check (way in ('person', 'import', 'feed'));
