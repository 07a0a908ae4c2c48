import { by, type Holdings, holding, nothingPersonal, through } from '#kernel/holdings.ts'

const matter = (column: string) => through(column, ['tasks.task', 'tasks.approval'])

export const holdings: Holdings = {
  of: [
    holding('tasks.comment', ['任务和审批的留言', 'Comments on tasks and approvals'], matter('about_id'), {
      reads: 'text written_at',
      erase: { text: `''`, mentions: `'[]'` },
      kept: {
        as: 'task_texts',
        over: `not exists (select 1 from tasks.task k where k.tenant_id = t.tenant_id and k.id = t.about_id and k.done_at is null)`,
      },
    }),
    holding('tasks.evidence', ['任务和审批的凭证', 'Evidence'], matter('about_id'), {
      reads: 'note added_at file_id',
      erase: 'rows',
      files: 'array[t.file_id]',
    }),
    holding('tasks.item', ['任务清单', 'Checklists'], through('task_id', 'tasks.task'), {
      reads: 'text done_at',
      erase: { text: `'—'` },
    }),
    holding('tasks.approval_step', ['审批意见', 'Steps of approvals'], through('approval_id', 'tasks.approval'), {
      reads: 'name state reason decided_at',
      erase: { reason: `''` },
      stays: 'name name_en state',
    }),
    holding('tasks.task', ['任务', 'Tasks'], by(), {
      reads: 'title text opened_at due_at done_at result',
      erase: { title: `'—'`, text: `''`, result: `''`, facts: `'{}'`, tsv: `''::tsvector` },
      stays: 'kind matter_noun',
      kept: { as: 'task_texts', over: 't.done_at is not null' },
      open: 't.done_at is null',
    }),
    holding('tasks.approval', ['审批', 'Approvals'], by(), {
      reads: 'title text amount currency asked_at state decided_at reason',
      erase: { title: `'—'`, text: `''`, facts: `'{}'`, reason: `''`, tsv: `''::tsvector` },
      stays: 'kind currency matter_noun state',
      open: `t.state = 'open'`,
    }),
  ],
  nothing: [nothingPersonal('our own people', 'tasks.absence tasks.approval_policy tasks.watcher')],
}
