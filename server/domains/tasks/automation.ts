import { sql } from 'kysely'
import * as z from 'zod'
import { listDepartments } from '#domains/identity/index.ts'
import { type AutomationOffer, action, type FieldOffer, type Option, trigger } from '#kernel/automation.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { commentOn, talkOfTask } from './actions/comments.ts'
import { assignTask, finishTask, openTask } from './actions/tasks.ts'
import { taskAssigned, taskCommented, taskFinished, taskOpened, taskOverdue, taskReopened } from './events.ts'
import { mustBePeople } from './matters.ts'
import { selectTasks, shown } from './queries.ts'

const owner: FieldOffer = { key: 'owner', kind: 'person', name: '负责人', nameEn: 'Owner' }
const kind: FieldOffer = {
  key: 'kind',
  kind: 'choice',
  name: '待办种类',
  nameEn: 'Kind of task',
  options: [
    { value: 'todo', name: '待办', nameEn: 'To do' },
    { value: 'winback', name: '低分回访', nameEn: 'Win back' },
    { value: 'voicemail', name: '电话留言', nameEn: 'Message by telephone' },
    { value: 'rule', name: '规则建的待办', nameEn: 'Opened by a rule' },
  ],
}
const fields: FieldOffer[] = [
  kind,
  owner,
  { key: 'title', kind: 'text', name: '标题', nameEn: 'Title' },
  { key: 'late', kind: 'yesno', name: '已超时', nameEn: 'Overdue' },
  { key: 'done', kind: 'yesno', name: '已完成', nameEn: 'Done' },
  { key: 'openedAt', kind: 'time', name: '新建时间', nameEn: 'Opened at' },
  { key: 'dueAt', kind: 'time', name: '到期时间', nameEn: 'Due at' },
]

async function load(ctx: Ctx, id: string) {
  const row = await selectTasks(ctx).where('t.id', '=', id).executeTakeFirst()
  if (!row) return null
  const t = shown(row, ctx.now)
  return {
    label: t.title,
    path: `/tasks?t=${id}`,
    fields: {
      kind: t.kind,
      owner: t.ownerId,
      title: t.title,
      late: t.late,
      done: t.doneAt !== null,
      openedAt: t.openedAt,
      dueAt: t.dueAt,
      customerId: t.customerId,
    },
  }
}

const departments = async (ctx: Ctx): Promise<Option[]> =>
  (await listDepartments(ctx, false)).map(d => ({ value: d.id, name: d.name, nameEn: d.nameEn }))
const told = {
  subject: 'task',
  fields: [kind, owner],
  is: (d: { kind: string; ownerId: string | null }) => ({ kind: d.kind, owner: d.ownerId }),
}
const customerOf = (value: unknown) => (typeof value === 'string' ? value : null)

export const automation: AutomationOffer = {
  subjects: [{ noun: 'task', name: '待办', nameEn: 'Task', fields, load }],
  triggers: [
    trigger(taskOpened, { ...told, name: '待办已新建', nameEn: 'A task is opened' }),
    trigger(taskAssigned, { ...told, name: '待办已交给某人', nameEn: 'A task is given to someone' }),
    trigger(taskReopened, { ...told, name: '待办重新打开', nameEn: 'A task is reopened' }),
    trigger(taskCommented, { ...told, name: '待办有新评论', nameEn: 'A task is commented on' }),
    trigger(taskOverdue, { ...told, name: '待办已超时', nameEn: 'A task is overdue' }),
    trigger(taskFinished, { ...told, name: '待办已完成', nameEn: 'A task is done' }),
  ],
  actions: [
    action({
      key: 'task.open',
      on: null,
      may: 'task:write',
      name: '新建待办',
      nameEn: 'Open a task',
      params: z.object({
        title: z.string().trim().min(1).max(200),
        ownerId: z.uuid().nullable().default(null),
        departmentId: z.uuid().nullable().default(null),
        minutes: z.int().min(1).max(527_040).nullable().default(null),
      }),
      asks: {
        title: { kind: 'words', name: '标题', nameEn: 'Title' },
        ownerId: { kind: 'person', name: '负责人', nameEn: 'Owner', optional: true },
        departmentId: { kind: 'choice', name: '部门', nameEn: 'Department', options: departments, optional: true },
        minutes: { kind: 'minutes', name: '多少工作分钟内完成', nameEn: 'Due within working minutes', optional: true },
      },
      run: async (ctx, subject, { title, ownerId, departmentId, minutes }) => {
        // Each of them is a new thing to every rule, and its time may run out by the clock: no guard of a chain would end it.
        if (subject.noun === 'task' && subject.fields.kind === 'rule') throw new Refusal('conflict', 'task.opened_by_rule')
        await mustBePeople(ctx, [ownerId])
        if (departmentId !== null && !(await departments(ctx)).some(d => d.value === departmentId))
          throw new Refusal('not_found', 'department.not_found', { id: departmentId })
        const customerId = customerOf(subject.fields.customerId)
        const known =
          await sql`select 1 from customers.fact_customer where tenant_id = ${ctx.tenantId} and id = ${customerId}::uuid`.execute(ctx.db)
        await openTask(ctx, {
          kind: 'rule',
          title,
          text: subject.label,
          matter: { noun: subject.noun, id: subject.id },
          customerId: known.rows.length > 0 ? customerId : null,
          ownerId,
          departmentId,
          dueAt: minutes === null ? null : { minutes },
          facts: { rule: subject.rule.name },
        })
      },
    }),
    action({
      key: 'task.give',
      on: 'task',
      may: 'task:write',
      name: '交给某人',
      nameEn: 'Give it to someone',
      params: z.object({ ownerId: z.uuid() }),
      asks: { ownerId: { kind: 'person', name: '负责人', nameEn: 'Owner' } },
      run: (ctx, { id }, { ownerId }) => assignTask(ctx, id, ownerId),
    }),
    action({
      key: 'task.comment',
      on: 'task',
      may: 'task:read',
      name: '写评论',
      nameEn: 'Write a comment',
      params: z.object({ text: z.string().trim().min(1).max(4000) }),
      asks: { text: { kind: 'text', name: '内容', nameEn: 'Text' } },
      run: async (ctx, { id }, { text }) => commentOn(ctx, await talkOfTask(ctx, id), { text, mentionIds: [] }),
    }),
    action({
      key: 'task.finish',
      on: 'task',
      may: 'task:write',
      name: '完成待办',
      nameEn: 'Finish it',
      params: z.object({ result: z.string().trim().max(4000).default('') }),
      asks: { result: { kind: 'text', name: '结果', nameEn: 'Result', optional: true } },
      run: (ctx, { id }, { result }) => finishTask(ctx, id, result),
    }),
  ],
}
