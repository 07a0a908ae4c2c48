import { sql } from 'kysely'
import { Queue } from '#contract/routing.ts'
import { calendarOf } from '#domains/identity/index.ts'
import { catalogChanged } from '#kernel/catalog.ts'
import { differenceOf } from '#kernel/difference.ts'
import { newId } from '#kernel/ids.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { demanding, type QueueRow } from '../lanes.ts'
import { matchContact } from '../match.ts'
import { checkUnnamed, nameQueues } from '../naming.ts'
import { refresh } from './due.ts'
import { skillNumbers } from './staffing.ts'

// Queues graduated from a catalog: a changed demand moves whoever waits to other lanes.

export async function listQueues(ctx: Ctx, retired: boolean): Promise<QueueRow[]> {
  let rows = ctx.db.selectFrom('routing.queue').selectAll().orderBy('position').orderBy('id')
  if (!retired) rows = rows.where('retired', '=', false)
  return rows.execute()
}

export async function addQueue(ctx: Ctx, queue: Queue): Promise<QueueRow> {
  const id = newId()
  await check(ctx, id, queue)
  await ctx.db
    .insertInto('routing.queue')
    .values({ id, ...stored(queue) })
    .execute()
  return told(ctx, id, 'added', {})
}

export async function changeQueue(ctx: Ctx, id: string, changes: Partial<Queue>): Promise<QueueRow> {
  const before = await lockQueue(ctx, id)
  const next = Queue.parse({ ...before, ...changes })
  await check(ctx, id, next)
  const waits = await ctx.db.selectFrom('routing.waiting').select('id').where('queueId', '=', id).limit(1).executeTakeFirst()
  if (next.channel !== before.channel) {
    if (waits) throw new Refusal('conflict', 'queue.in_use')
    await checkUnnamed(ctx, id)
  }
  await ctx.db.updateTable('routing.queue').set(stored(next)).where('id', '=', id).execute()
  const stands = differenceOf(before, next, ['demands', 'overflowQueueId', 'overflowSeconds'])
  if (waits && Object.keys(stands).length > 0) await standAnew(ctx, id)
  return told(ctx, id, 'changed', before)
}

/** Nothing sends contacts to a retired queue any more; whoever waits in it is still served. */
export async function retireQueue(ctx: Ctx, id: string, retired: boolean): Promise<QueueRow> {
  const before = await lockQueue(ctx, id)
  if (retired) await checkUnnamed(ctx, id)
  else if (before.overflowQueueId !== null) await nameQueues(ctx, [before.overflowQueueId], [before.channel])
  await ctx.db.updateTable('routing.queue').set({ retired }).where('id', '=', id).execute()
  return told(ctx, id, retired ? 'retired' : 'restored', before)
}

/** Everybody who waits stands by the new rules at once, at the old age. */
async function standAnew(ctx: Ctx, id: string): Promise<void> {
  const queue = await demanding(ctx, await lockQueue(ctx, id))
  const rows = await ctx.db.selectFrom('routing.waiting').selectAll().where('queueId', '=', id).orderBy('id').forUpdate().execute()
  for (const row of rows) await refresh(ctx, row, queue)
  ctx.afterCommit('match a queue whose rules changed', async house => {
    for (const row of rows) await matchContact(house, ctx.tenantId, row.id)
  })
}

async function check(ctx: Ctx, id: string, queue: Queue): Promise<void> {
  if (queue.calendarId !== null) await calendarOf(ctx, queue.calendarId)
  await skillNumbers(
    ctx,
    queue.demands.map(d => d.skillId),
  )
  if (queue.overflowQueueId === null) return
  if (queue.overflowQueueId === id) throw new Refusal('invalid', 'queue.overflow_to_itself')
  await nameQueues(ctx, [queue.overflowQueueId], [queue.channel])
}

/** A list goes to jsonb as text, or it would be taken for a PostgreSQL array. */
const stored = (queue: Queue) => ({ ...queue, demands: sql<Queue['demands']>`${JSON.stringify(queue.demands)}::jsonb` })

const lockQueue = async (ctx: Ctx, id: string): Promise<QueueRow> =>
  found(await ctx.db.selectFrom('routing.queue').selectAll().where('id', '=', id).forUpdate().executeTakeFirst(), 'queue', id)

async function told(ctx: Ctx, id: string, act: 'added' | 'changed' | 'retired' | 'restored', before: object): Promise<QueueRow> {
  const row = await lockQueue(ctx, id)
  const changes = differenceOf(before, row, Object.keys(Queue.shape))
  await ctx.emit(catalogChanged, { id }, { table: 'routing.queue', act, name: row.name, changes })
  return row
}
