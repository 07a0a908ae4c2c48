import { sql } from 'kysely'
import type * as z from 'zod'
import { type Task, taskCan, type tasks } from '#contract/tasks.ts'
import { calendarOfPlace, personName } from '#domains/identity/index.ts'
import { actorId } from '#kernel/access.ts'
import { addWorkingMinutes } from '#kernel/calendar.ts'
import { newId } from '#kernel/ids.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import { bigrams } from '#kernel/search.ts'
import type { Ctx } from '#kernel/work.ts'
import { taskAssigned, taskChanged, taskDue, taskFinished, taskOpened, taskOverdue, taskReopened } from '../events.ts'
import { mustBePeople, mustBeThere } from '../matters.ts'
import { type Held, itemsOf, type Kept, lockTask, selectTasks, shown, taskWritten } from '../queries.ts'
import { dueTimer, isLate, openItems } from '../rules.ts'
import { addItems } from './checklist.ts'
import { addWatchers } from './watching.ts'

/** `kind` and `facts` let the console say it in the reader's language; `title` is for whoever has no words for the kind. */
export type NewTask = {
  kind: string
  title: string
  text: string
  matter: { noun: string; id: string } | null
  customerId: string | null
  ownerId: string | null
  departmentId: string | null
  /** An instant, or so much working time of whoever has it. */
  dueAt: Date | { minutes: number } | null
  facts: Record<string, unknown>
  deputyId?: string | null
  items?: readonly { text: string; required: boolean }[]
  watcherIds?: readonly string[]
}

export async function openTask(ctx: Ctx, { matter, items = [], watcherIds = [], ...task }: NewTask): Promise<Task> {
  const id = newId()
  if (task.ownerId !== null) found(await personName(ctx, task.ownerId), 'person', task.ownerId)
  const dueAt = await dueOf(ctx, task.dueAt, task)
  await ctx.db
    .insertInto('tasks.task')
    .values({
      id,
      ...task,
      dueAt,
      matterNoun: matter?.noun ?? null,
      matterId: matter?.id ?? null,
      openedById: actorId(ctx.actor),
      openedAt: ctx.now,
      tsv: bigrams(task.title),
    })
    .execute()
  await Promise.all([
    addItems(ctx, id, items),
    addWatchers(ctx, id, watcherIds),
    ctx.emit(taskOpened, { id, customerId: task.customerId }, { kind: task.kind, ownerId: task.ownerId, matter }),
    ctx.at(dueAt, taskDue, { id, clock: 'due' }, {}),
  ])
  return taskWritten(ctx, id)
}

/** Working time runs by the hours of the department that has it, or of its owner's. */
async function dueOf(ctx: Ctx, due: NewTask['dueAt'], place: Pick<NewTask, 'departmentId' | 'ownerId'>): Promise<Date | null> {
  if (due === null || due instanceof Date) return due
  return addWorkingMinutes(ctx.now, due.minutes, await calendarOfPlace(ctx, { departmentId: place.departmentId, personId: place.ownerId }))
}

export async function openOwnTask(ctx: Ctx, { minutes, ...body }: z.output<typeof tasks.open.body>): Promise<Task> {
  const known = (from: string, id: string) =>
    sql`select 1 from ${sql.table(from)} where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.db).then(r => r.rows[0])
  if (body.customerId !== null) found(await known('customers.fact_customer', body.customerId), 'customer', body.customerId)
  if (body.departmentId !== null) found(await known('identity.fact_department', body.departmentId), 'department', body.departmentId)
  if (body.matter !== null) await mustBeThere(ctx, body.matter)
  await mustBePeople(ctx, [body.ownerId, body.deputyId, ...body.watcherIds])
  mustDiffer(body.ownerId, body.deputyId)
  return openTask(ctx, { ...body, dueAt: minutes === undefined ? body.dueAt : { minutes }, kind: 'todo', facts: {} })
}

function mustDiffer(ownerId: string | null, deputyId: string | null): void {
  if (ownerId !== null && ownerId === deputyId) throw new Refusal('invalid', 'task.own_deputy')
}

type Batch = { batchId?: string }

export async function assignTask(ctx: Ctx, id: string, ownerId: string, batch: Batch = {}): Promise<Task> {
  const [task, ownerName] = await Promise.all([lockTask(ctx, id), personName(ctx, ownerId)])
  mustBeOpen(task)
  found(ownerName, 'person', ownerId)
  const after = { ...task, ownerId, ownerName, deputyId: task.deputyId === ownerId ? null : task.deputyId }
  await Promise.all([
    ctx.db.updateTable('tasks.task').set({ ownerId, deputyId: after.deputyId }).where('id', '=', id).execute(),
    ctx.emit(taskAssigned, { id, customerId: task.customerId }, { ...about(task), ...batch, ownerId }),
  ])
  return shown(after, ctx.now)
}

export async function changeTask(
  ctx: Ctx,
  id: string,
  { reason, minutes, ...body }: z.output<typeof tasks.change.body>,
  batch: Batch = {},
): Promise<Task> {
  const task = await lockTask(ctx, id)
  mustBeOpen(task)
  const dueAt = minutes !== undefined ? await dueOf(ctx, { minutes }, task) : body.dueAt === undefined ? task.dueAt : body.dueAt
  const next = {
    title: body.title ?? task.title,
    text: body.text ?? task.text,
    deputyId: body.deputyId === undefined ? task.deputyId : body.deputyId,
    dueAt,
  }
  if (next.deputyId !== task.deputyId) await mustBePeople(ctx, [next.deputyId])
  mustDiffer(task.ownerId, next.deputyId)
  const fields = (['title', 'text', 'deputyId', 'dueAt'] as const).filter(key => String(next[key]) !== String(task[key]))
  if (fields.length === 0) return shown(task, ctx.now)
  const after = { ...task, ...next }
  const late = isLate(after, ctx.now)
  await Promise.all([
    ctx.db
      .updateTable('tasks.task')
      .set({ ...next, late, tsv: bigrams(next.title) })
      .where('id', '=', id)
      .execute(),
    ctx.emit(
      taskChanged,
      { id, customerId: task.customerId },
      { ...about(task), ...batch, fields, ...(fields.includes('dueAt') ? { dueAt: dueAt?.toISOString() ?? null } : {}) },
      {
        ...(reason ? { reason } : {}),
        ...(fields.includes('title') ? { title: task.title } : {}),
        ...(fields.includes('text') ? { text: task.text } : {}),
        ...(fields.includes('dueAt') && task.dueAt ? { dueAt: task.dueAt.toISOString() } : {}),
      },
    ),
    ctx.at(dueTimer({ ...after, late }), taskDue, { id, clock: 'due' }, {}),
  ])
  return shown({ ...after, late }, ctx.now)
}

export async function finishTask(ctx: Ctx, id: string, result: string, batch: Batch = {}): Promise<Task> {
  const task = await lockTask(ctx, id)
  mustBeOpen(task)
  const left = openItems(await itemsOf(ctx, id))
  if (left.length > 0) throw new Refusal('conflict', 'task.items_open', { title: task.title, n: left.length, item: left[0]?.text })
  const late = isLate(task, ctx.now)
  await Promise.all([
    ctx.db.updateTable('tasks.task').set({ result, doneAt: ctx.now, late }).where('id', '=', id).execute(),
    ctx.emit(taskFinished, { id, customerId: task.customerId }, { ...about(task), ...batch, late }),
    ctx.at(null, taskDue, { id, clock: 'due' }, {}),
  ])
  return shown({ ...task, result, doneAt: ctx.now, late }, ctx.now)
}

export async function reopenTask(ctx: Ctx, id: string, batch: Batch = {}): Promise<Task> {
  const task = await lockTask(ctx, id)
  if (task.doneAt === null) throw new Refusal('conflict', 'task.not_done', { title: task.title })
  const again = { ...task, result: '', doneAt: null }
  const late = isLate(again, ctx.now)
  await Promise.all([
    ctx.db.updateTable('tasks.task').set({ result: '', doneAt: null, late }).where('id', '=', id).execute(),
    ctx.emit(taskReopened, { id, customerId: task.customerId }, { ...about(task), ...batch }),
    ctx.at(dueTimer({ ...again, late }), taskDue, { id, clock: 'due' }, {}),
  ])
  return shown({ ...again, late }, ctx.now)
}

/** The timer says it is due; the row decides. Once. */
export async function markTaskOverdue(ctx: Ctx, id: string): Promise<void> {
  const task = await selectTasks(ctx).where('t.id', '=', id).forUpdate('t').executeTakeFirst()
  const due = task && dueTimer(task)
  if (!task || !due) return
  if (due > ctx.now) {
    await ctx.at(due, taskDue, { id, clock: 'due' }, {})
    return
  }
  await Promise.all([
    ctx.db.updateTable('tasks.task').set({ late: true }).where('id', '=', id).execute(),
    ctx.emit(taskOverdue, { id, customerId: task.customerId }, about(task)),
  ])
}

export function mustBeOpen(task: Kept): void {
  if (!taskCan.finish(task)) throw new Refusal('conflict', 'task.already_done', { title: task.title })
}

export const about = (task: Kept | Held) => ({
  kind: task.kind,
  ownerId: task.ownerId,
  matter: task.matterNoun === null || task.matterId === null ? null : { noun: task.matterNoun, id: task.matterId },
  ...('standsIn' in task && task.standsIn && task.ownerId !== null ? { forId: task.ownerId } : {}),
})
