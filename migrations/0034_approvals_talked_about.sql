-- Approvals are talked about and watched as tasks are, and found by the words of their titles.

-- `about_id`: a task or an approval, as in tasks.evidence.
alter table tasks.comment drop constraint comment_tenant_id_task_id_fkey;
alter table tasks.comment rename column task_id to about_id;
alter index tasks.comment_task rename to comment_about;
alter table tasks.watcher drop constraint watcher_tenant_id_task_id_fkey;
alter table tasks.watcher rename column task_id to about_id;

-- Titles from before, of tasks too, are brought in afterwards, some thousands at a time: server/domains/tasks/finding.ts.
alter table tasks.approval add column tsv tsvector not null default '';
create index task_unread on tasks.task (tenant_id, id desc) where tsv = '';
create index approval_unread on tasks.approval (tenant_id, id desc) where tsv = '';
create index approval_text on tasks.approval using gin (tsv);

-- As tasks.searchable: it filters the tenant itself, so that @@ can use the index.
create view tasks.searchable_approval with (security_invoker = false) as
  select * from tasks.approval where tenant_id = (select current_setting('app.tenant')::uuid);
grant select on tasks.approval to searcher;
alter view tasks.searchable_approval owner to searcher;
grant select on tasks.searchable_approval to app;

-- What an improvement may lead to.
create view documents.fact_document with (security_invoker = true) as
  select tenant_id, id, title, made_at, made_by_id from documents.document;
grant select on documents.fact_document to app;
