import type * as z from 'zod'
import type { tasks } from '#contract/tasks.ts'
import { newId } from '#kernel/ids.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { taskBatch } from '../events.ts'
import { assignTask, changeTask, finishTask, reopenTask } from './tasks.ts'

type Asked = z.output<typeof tasks.bulk.body>
type Outcome = z.output<typeof tasks.bulk.reply>['rows'][number]

/** The same done to several. What one refuses stops none of the others: every act decides before it writes. */
export async function bulkTasks(ctx: Ctx, { ids, act }: Asked): Promise<{ rows: Outcome[] }> {
  const batchId = newId()
  const rows: Outcome[] = []
  // In one order, so that two who choose the same tasks never wait for one another.
  for (const id of [...new Set(ids)].sort())
    try {
      await one(ctx, id, act, { batchId })
      rows.push({ id, code: null, facts: {} })
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      rows.push({ id, code: error.code, facts: error.facts })
    }
  const done = rows.filter(r => r.code === null).length
  if (done > 0)
    await ctx.emit(
      taskBatch,
      { id: batchId },
      { act: act.do, done, refused: rows.length - done, ownerId: act.do === 'give' ? act.ownerId : null },
    )
  return { rows: ids.flatMap(id => rows.find(r => r.id === id) ?? []) }
}

function one(ctx: Ctx, id: string, act: Asked['act'], batch: { batchId: string }): Promise<unknown> {
  if (act.do === 'give') return assignTask(ctx, id, act.ownerId, batch)
  if (act.do === 'finish') return finishTask(ctx, id, act.result, batch)
  if (act.do === 'reopen') return reopenTask(ctx, id, batch)
  return changeTask(ctx, id, { dueAt: act.dueAt, minutes: act.minutes, reason: '' }, batch)
}
