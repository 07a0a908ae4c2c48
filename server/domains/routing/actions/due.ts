import { sql } from 'kysely'
import { moveToQueue } from '#domains/interactions/index.ts'
import type { House } from '#kernel/house.ts'
import { asSystem } from '#kernel/react.ts'
import type { Ctx } from '#kernel/work.ts'
import type { WaitingRow } from '../agents.ts'
import { handlerOf } from '../contacts.ts'
import { loadFlows } from '../estimate.ts'
import { contactOverflowed } from '../events.ts'
import { type Demanding, placeOf, queueById } from '../lanes.ts'
import { matchContact, planByIndex } from '../match.ts'
import { type FlowReason, overflowAt } from '../rules.ts'

/** What changes by itself for many contacts at once: preferences and refusals run out, demands relax. Tells which must be looked at singly. */
export async function refreshDue(ctx: Ctx, limit: number): Promise<{ changed: string[]; singly: string[] }> {
  const { rows } =
    await sql<WaitingRow>`select * from routing.waiting where tenant_id = ${ctx.tenantId} and state = 'waiting' and due_at <= ${ctx.now}
    order by due_at limit ${limit} for update skip locked`.execute(ctx.db)
  const queues = new Map<string, Demanding>()
  const changed: string[] = []
  const singly: string[] = []
  for (const row of rows) {
    const queue = queues.get(row.queueId) ?? (await queueById(ctx, row.queueId))
    queues.set(row.queueId, queue)
    const flowsAt = overflowAt(row, queue)
    if (row.onlyPreferred || (flowsAt && flowsAt <= ctx.now)) singly.push(row.id)
    else {
      await refresh(ctx, row, queue)
      changed.push(row.id)
    }
  }
  return { changed, singly }
}

/** Writes what is true of a waiting contact now; also after the demands of its queue were changed. The row is locked. */
export async function refresh(ctx: Ctx, row: WaitingRow, queue: Demanding): Promise<void> {
  const past = (at: Date | null) => at !== null && at <= ctx.now
  const kept = {
    ...(past(row.preferredUntil) && !row.onlyPreferred ? { preferredAgentId: null, preferredUntil: null } : {}),
    ...(past(row.notForUntil) ? { notFor: row.heldBy === null ? [] : [row.heldBy], notForUntil: null } : {}),
  }
  const place = await placeOf(ctx, queue, { ...row, ...kept })
  await ctx.db
    .updateTable('routing.waiting')
    .set({ ...kept, ...place })
    .where('id', '=', row.id)
    .execute()
}

/** One contact whose hour has struck: a hand-over nobody answered ends, a contact that waited too long overflows. */
export async function fallDue(house: House, tenantId: string, interactionId: string, why: 'declined' | 'missed' | 'late'): Promise<void> {
  const moved = await asSystem(house, tenantId, async ctx => {
    const seen = await ctx.db.selectFrom('routing.waiting').select('channel').where('id', '=', interactionId).executeTakeFirst()
    if (!seen) return false
    const handler = handlerOf(seen.channel)
    await handler?.lock?.(ctx, interactionId)
    const row = await ctx.db
      .selectFrom('routing.waiting')
      .selectAll()
      .where('id', '=', interactionId)
      .where('state', '=', 'waiting')
      .where('dueAt', '<=', ctx.now)
      .forUpdate()
      .executeTakeFirst()
    if (!row) return false
    if (row.onlyPreferred && row.preferredAgentId !== null) {
      await ctx.db.deleteFrom('routing.waiting').where('id', '=', interactionId).execute()
      await handler?.expired?.(ctx, { interactionId, agentId: row.preferredAgentId, queueId: row.queueId, why })
      return false
    }
    const from = await queueById(ctx, row.queueId)
    const flowsAt = overflowAt(row, from)
    if (from.overflowQueueId === null || flowsAt === null || flowsAt > ctx.now) return false
    await overflow(ctx, row, from.overflowQueueId, 'wait')
    return true
  })
  if (moved) await matchContact(house, tenantId, interactionId)
}

/** Too many wait, or too long, or nobody is there: whoever stands behind the last place that may stay goes to the other queue. */
export async function flowByLoad(house: House, tenantId: string): Promise<void> {
  const over = await asSystem(house, tenantId, async ctx => {
    await planByIndex(ctx)
    return loadFlows(ctx)
  })
  for (const { id, queueId, why } of over) {
    const moved = await asSystem(house, tenantId, async ctx => {
      const row = await lockWaiting(ctx, id)
      if (row?.state !== 'waiting' || row.queueId !== queueId || row.onlyPreferred) return false
      const { overflowQueueId } = await queueById(ctx, queueId)
      if (overflowQueueId === null || row.been.includes(overflowQueueId)) return false
      await overflow(ctx, row, overflowQueueId, why)
      return true
    })
    if (moved) await matchContact(house, tenantId, id)
  }
}

/** The channel's own row of the contact first, then its place. */
export async function lockWaiting(ctx: Ctx, id: string): Promise<WaitingRow | undefined> {
  await lockChannel(ctx, id)
  return ctx.db.selectFrom('routing.waiting').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
}

export async function lockChannel(ctx: Ctx, id: string): Promise<void> {
  const seen = await ctx.db.selectFrom('routing.waiting').select('channel').where('id', '=', id).executeTakeFirst()
  if (seen) await handlerOf(seen.channel)?.lock?.(ctx, id)
}

/** Keeps its priority and its age; only the time in this queue begins anew. */
async function overflow(ctx: Ctx, row: WaitingRow, queueId: string, why: FlowReason): Promise<void> {
  const fact = await moveWaiting(ctx, row, queueId)
  await ctx.emit(contactOverflowed, { id: row.id, customerId: row.customerId, interactionId: row.id }, { ...fact, why })
}

/** Into another queue at the old age and priority, with what that queue demands; by overflow or by a leader. The row is locked. */
export async function moveWaiting(ctx: Ctx, row: WaitingRow, queueId: string): Promise<{ fromQueueId: string; queueId: string }> {
  const queue = await queueById(ctx, queueId)
  const waits = {
    ...row,
    enteredAt: ctx.now,
    preferredAgentId: null,
    preferredUntil: null,
    notFor: row.heldBy === null ? [] : [row.heldBy],
    notForUntil: null,
    been: [...row.been, queueId],
  }
  const { enteredAt, preferredAgentId, preferredUntil, notFor, notForUntil, been } = waits
  await ctx.db
    .updateTable('routing.waiting')
    .set({ enteredAt, preferredAgentId, preferredUntil, notFor, notForUntil, been, queueId, ...(await placeOf(ctx, queue, waits)) })
    .where('id', '=', row.id)
    .execute()
  if (row.heldBy === null) await moveToQueue(ctx, row.id, queueId)
  const fact = { fromQueueId: row.queueId, queueId }
  await handlerOf(row.channel)?.overflowed?.(ctx, { interactionId: row.id, ...fact })
  return fact
}
