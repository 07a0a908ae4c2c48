import type * as z from 'zod'
import type { TaskItem, tasks } from '#contract/tasks.ts'
import { actorId } from '#kernel/access.ts'
import { newId } from '#kernel/ids.ts'
import { found } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { taskListed, taskTicked } from '../events.ts'
import { itemsOf, lockTask } from '../queries.ts'
import { about, mustBeOpen } from './tasks.ts'

export async function addItems(ctx: Ctx, taskId: string, items: readonly { text: string; required: boolean }[]): Promise<void> {
  if (items.length === 0) return
  await ctx.db
    .insertInto('tasks.item')
    .values(items.map(({ text, required }, position) => ({ id: newId(), taskId, position, text, required, doneAt: null, doneById: null })))
    .execute()
}

/** The list as it is to be: what keeps its id keeps its tick, what is missing goes, the rest is new. */
export async function setItems(ctx: Ctx, id: string, { items }: z.output<typeof tasks.setItems.body>): Promise<TaskItem[]> {
  const task = await lockTask(ctx, id)
  mustBeOpen(task)
  const before = await itemsOf(ctx, id)
  const kept = new Map(before.map(item => [item.id, item]))
  const rows = items.map((item, position) => {
    const was = item.id === undefined ? null : found(kept.get(item.id), 'task_item', item.id)
    return {
      id: was?.id ?? newId(),
      taskId: id,
      position,
      text: item.text,
      required: item.required,
      doneAt: was?.doneAt ?? null,
      doneById: was?.doneById ?? null,
    }
  })
  await ctx.db.deleteFrom('tasks.item').where('taskId', '=', id).execute()
  if (rows.length > 0) await ctx.db.insertInto('tasks.item').values(rows).execute()
  await ctx.emit(taskListed, { id, customerId: task.customerId }, { ...about(task), items: rows.length })
  return rows.map(({ taskId: _, position: __, ...item }) => item)
}

export async function tickItem(ctx: Ctx, id: string, itemId: string, done: boolean): Promise<TaskItem> {
  const task = await lockTask(ctx, id)
  mustBeOpen(task)
  const item = found(
    (await itemsOf(ctx, id)).find(i => i.id === itemId),
    'task_item',
    itemId,
  )
  if ((item.doneAt !== null) === done) return item
  const set = { doneAt: done ? ctx.now : null, doneById: done ? actorId(ctx.actor) : null }
  await Promise.all([
    ctx.db.updateTable('tasks.item').set(set).where('id', '=', itemId).execute(),
    ctx.emit(taskTicked, { id, customerId: task.customerId }, { ...about(task), done }, { item: item.text }),
  ])
  return { ...item, ...set }
}
