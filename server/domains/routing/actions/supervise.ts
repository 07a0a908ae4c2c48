import { sql } from 'kysely'
import type * as z from 'zod'
import type { waiting } from '#contract/routing.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { lockAgents, type WaitingRow } from '../agents.ts'
import { contactGiven, contactMoved, contactPrioritised } from '../events.ts'
import { queueById } from '../lanes.ts'
import { wakeContact } from '../match.ts'
import { mayRun } from '../queries.ts'
import { after, aheadWeight, givenSeconds, isAhead } from '../rules.ts'
import { leads } from '../waiting.ts'
import { lockChannel, lockWaiting, moveWaiting } from './due.ts'

type Settled = z.output<typeof waiting.move.reply>
const about = (row: WaitingRow) => ({ id: row.id, customerId: row.customerId, interactionId: row.id })

/**
 * Each contact by itself: what is refused for one, because it was answered meanwhile, is done for the others.
 * Locked as everywhere: what the channels keep of them, then the agent, then their places.
 */
async function each(ctx: Ctx, ids: readonly string[], agentId: string | null, act: (row: WaitingRow) => Promise<void>): Promise<Settled> {
  const settled: Settled = { done: [], refused: [] }
  const sorted = [...new Set(ids)].sort()
  for (const id of sorted) await lockChannel(ctx, id)
  await lockAgents(ctx, [agentId])
  for (const id of sorted) {
    try {
      await act(await lockLed(ctx, id))
      settled.done.push(id)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      settled.refused.push({ id, code: error.code, facts: error.facts })
    }
  }
  return settled
}

/** A contact that waits in a queue the actor leads. While it rings, whoever it rings for decides. */
async function lockLed(ctx: Ctx, id: string): Promise<WaitingRow> {
  const row = await lockWaiting(ctx, id)
  if (!row || !(await leads(ctx, row.queueId))) throw new Refusal('not_found', 'routing.not_waiting', { id })
  if (row.state !== 'waiting') throw new Refusal('conflict', 'routing.offered_elsewhere')
  if (row.onlyPreferred) throw new Refusal('conflict', 'routing.handed_to_other')
  return row
}

/** To another queue of the same channel, at the old age. */
export async function moveContacts(ctx: Ctx, { ids, queueId }: z.output<typeof waiting.move.body>): Promise<Settled> {
  const queue = await queueById(ctx, queueId)
  if (queue.retired) throw new Refusal('not_found', 'queue.not_found', { id: queueId })
  return each(ctx, ids, null, async row => {
    if (row.channel !== queue.channel) throw new Refusal('invalid', 'queue.other_channel', { channel: row.channel })
    if (row.queueId === queueId) return
    await ctx.emit(contactMoved, about(row), await moveWaiting(ctx, row, queueId))
    wakeContact(ctx, row.id)
  })
}

/** Ahead of everyone, whatever their value; or back to its own place. Among those put ahead, age decides. */
export async function prioritise(ctx: Ctx, { ids, ahead }: z.output<typeof waiting.prioritise.body>): Promise<Settled> {
  return each(ctx, ids, null, async row => {
    if (isAhead(row.priority) === ahead) return
    const priority = row.priority + (ahead ? aheadWeight : -aheadWeight)
    await ctx.db.updateTable('routing.waiting').set({ priority }).where('id', '=', row.id).execute()
    await ctx.emit(contactPrioritised, about(row), { ahead })
    wakeContact(ctx, row.id)
  })
}

/** Reserved to one agent, whatever the skills demanded; after a minute they are anyone's again. The agent cannot leave in between. */
export async function giveContacts(ctx: Ctx, { ids, agentId }: z.output<typeof waiting.give.body>): Promise<Settled> {
  if (!(await mayRun(ctx, 'routing:supervise', agentId))) throw new Refusal('not_found', 'agent.not_found', { id: agentId })
  return each(ctx, ids, agentId, async row => {
    if (row.heldBy === agentId) throw new Refusal('conflict', 'routing.already_yours')
    await checkTakes(ctx, agentId, row.channel)
    const until = after(ctx.now, givenSeconds)
    await ctx.db
      .updateTable('routing.waiting')
      .set({
        preferredAgentId: agentId,
        preferredUntil: until,
        dueAt: row.dueAt !== null && row.dueAt < until ? row.dueAt : until,
        notFor: row.notFor.filter(a => a !== agentId),
      })
      .where('id', '=', row.id)
      .execute()
    await ctx.emit(contactGiven, about(row), { agentId })
    wakeContact(ctx, row.id)
  })
}

/** The agent, who is locked, is ready and serves the channel. */
async function checkTakes(ctx: Ctx, agentId: string, channel: WaitingRow['channel']): Promise<void> {
  const { rows } = await sql<{ state: string; serves: boolean }>`select p.state, exists (select 1 from routing.load l
      where l.tenant_id = ${ctx.tenantId} and l.agent_id = p.id and l.channel = ${channel} and l.capacity > 0) as serves
    from routing.presence p where p.tenant_id = ${ctx.tenantId} and p.id = ${agentId}`.execute(ctx.db)
  const agent = found(rows[0], 'agent', agentId)
  if (agent.state !== 'ready') throw new Refusal('conflict', 'agent.not_ready')
  if (!agent.serves) throw new Refusal('conflict', 'agent.not_staffed', { channel })
}
