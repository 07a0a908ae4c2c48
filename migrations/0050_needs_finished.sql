-- A voice may come from a ticket or a rating, follows its contact to whoever that is with, and may be told by word of mouth.
alter table needs.voice
  add column source_noun text check (source_noun in ('ticket', 'rating')),
  add column source_id uuid,
  add column told_by_name text,
  add check ((source_noun is null) = (source_id is null));
create index need_department_voices on needs.need (tenant_id, department_id, voices desc, id desc) where merged_into is null;
create index voice_interaction on needs.voice (tenant_id, interaction_id) where interaction_id is not null;
create index voice_source on needs.voice (tenant_id, source_id) where source_id is not null;

-- Whoever writes needs down does not therefore answer thousands: that is for whoever decides.
alter table identity.role no force row level security;
update identity.role set grants = grants || '{"need:decide": "all"}' where code in ('supervisor', 'admin');
update identity.role set grants = grants || '{"need:decide": "team"}' where code = 'lead';
update identity.role set grants = grants || '{"need:decide": "department"}' where code = 'handler';
alter table identity.role force row level security;

-- What a centre begins with, where nobody has made templates; a new organisation gets the same from the code.
alter table identity.tenant no force row level security;
alter table needs.template no force row level security;
insert into needs.template (tenant_id, id, name, name_en, position)
  select t.tenant_id, gen_random_uuid(), '一般需求', 'Any need', 0 from identity.tenant t
  where not exists (select 1 from needs.template n where n.tenant_id = t.tenant_id);
alter table needs.template force row level security;
alter table identity.tenant force row level security;
