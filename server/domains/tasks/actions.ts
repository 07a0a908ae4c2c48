import { sql } from 'kysely'
import type * as z from 'zod'
import { type Task, taskCan, type tasks } from '#contract/tasks.ts'
import { personName } from '#domains/identity/index.ts'
import { actorId } from '#kernel/access.ts'
import { newId } from '#kernel/ids.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { taskAssigned, taskDue, taskFinished, taskOpened, taskOverdue, taskReopened } from './events.ts'
import { type Kept, lockTask, selectTasks, shown, taskWritten } from './queries.ts'
import { dueTimer, isLate } from './rules.ts'

/** `kind` and `facts` let the console say it in the reader's language; `title` is for whoever has no words for the kind. */
export type NewTask = {
  kind: string
  title: string
  text: string
  matter: { noun: string; id: string } | null
  customerId: string | null
  ownerId: string | null
  departmentId: string | null
  dueAt: Date | null
  facts: Record<string, unknown>
}

export async function openTask(ctx: Ctx, { matter, ...task }: NewTask): Promise<Task> {
  const id = newId()
  if (task.ownerId !== null) found(await personName(ctx, task.ownerId), 'person', task.ownerId)
  await Promise.all([
    ctx.db
      .insertInto('tasks.task')
      .values({
        id,
        ...task,
        matterNoun: matter?.noun ?? null,
        matterId: matter?.id ?? null,
        openedById: actorId(ctx.actor),
        openedAt: ctx.now,
      })
      .execute(),
    ctx.emit(taskOpened, { id, customerId: task.customerId }, { kind: task.kind, ownerId: task.ownerId, matter }),
    ctx.at(task.dueAt, taskDue, { id, clock: 'due' }, {}),
  ])
  return taskWritten(ctx, id)
}

export async function openOwnTask(ctx: Ctx, body: z.output<typeof tasks.open.body>): Promise<Task> {
  if (body.customerId !== null) {
    const known = await sql`select 1 from customers.fact_customer where tenant_id = ${ctx.tenantId} and id = ${body.customerId}`.execute(
      ctx.db,
    )
    found(known.rows[0], 'customer', body.customerId)
  }
  return openTask(ctx, { ...body, kind: 'todo', departmentId: null, facts: {} })
}

export async function assignTask(ctx: Ctx, id: string, ownerId: string): Promise<Task> {
  const [task, ownerName] = await Promise.all([lockTask(ctx, id), personName(ctx, ownerId)])
  if (!taskCan.finish(task)) throw new Refusal('conflict', 'task.already_done', { title: task.title })
  found(ownerName, 'person', ownerId)
  await Promise.all([
    ctx.db.updateTable('tasks.task').set({ ownerId }).where('id', '=', id).execute(),
    ctx.emit(taskAssigned, { id, customerId: task.customerId }, { ...about(task), ownerId }),
  ])
  return shown({ ...task, ownerId, ownerName }, ctx.now)
}

export async function finishTask(ctx: Ctx, id: string, result: string): Promise<Task> {
  const task = await lockTask(ctx, id)
  if (!taskCan.finish(task)) throw new Refusal('conflict', 'task.already_done', { title: task.title })
  const late = isLate(task, ctx.now)
  await Promise.all([
    ctx.db.updateTable('tasks.task').set({ result, doneAt: ctx.now, late }).where('id', '=', id).execute(),
    ctx.emit(taskFinished, { id, customerId: task.customerId }, { ...about(task), late }),
    ctx.at(null, taskDue, { id, clock: 'due' }, {}),
  ])
  return shown({ ...task, result, doneAt: ctx.now, late }, ctx.now)
}

export async function reopenTask(ctx: Ctx, id: string): Promise<Task> {
  const task = await lockTask(ctx, id)
  if (task.doneAt === null) throw new Refusal('conflict', 'task.not_done', { title: task.title })
  const again = { ...task, result: '', doneAt: null }
  const late = isLate(again, ctx.now)
  await Promise.all([
    ctx.db.updateTable('tasks.task').set({ result: '', doneAt: null, late }).where('id', '=', id).execute(),
    ctx.emit(taskReopened, { id, customerId: task.customerId }, about(task)),
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

const about = (task: Kept) => ({
  kind: task.kind,
  ownerId: task.ownerId,
  matter: task.matterNoun === null || task.matterId === null ? null : { noun: task.matterNoun, id: task.matterId },
})
