import { sql } from 'kysely'
import type { Channel } from '#contract/interactions.ts'
import type { House } from '#kernel/house.ts'
import { asSystem } from '#kernel/react.ts'
import { found } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { type HandlingRow, hold, letGo, lockContact } from '../agents.ts'
import { wakeAgent, wakeContact, wakeFreed } from '../match.ts'
import { tellPresence } from '../queries.ts'
import { after } from '../rules.ts'
import { withdraw } from './queueing.ts'

/** The talk ended; wrap-up keeps the place for the seconds the queue grants. A hand-over that still waits is over too. */
export async function startWrap(ctx: Ctx, interactionId: string): Promise<void> {
  const { handling, waiting } = await lockContact(ctx, interactionId)
  if (waiting) await withdraw(ctx, waiting)
  if (!handling || handling.wrapSince !== null) return
  const queue = handling.queueId
    ? await ctx.db.selectFrom('routing.queue').select('wrapSeconds').where('id', '=', handling.queueId).executeTakeFirst()
    : undefined
  const seconds = queue?.wrapSeconds ?? 0
  if (seconds === 0) return free(ctx, handling)
  await ctx.db
    .updateTable('routing.handling')
    .set({ wrapSince: ctx.now, wrapUntil: after(ctx.now, seconds) })
    .where('id', '=', interactionId)
    .execute()
  await tellPresence(ctx, handling.agentId)
}

/** The agent is done with the contact; harmless when routing no longer holds it, or another agent has it by now. */
export async function release(ctx: Ctx, interactionId: string, agentId?: string): Promise<void> {
  const { handling, waiting } = await lockContact(ctx, interactionId)
  if (!handling || (agentId !== undefined && handling.agentId !== agentId)) return
  if (waiting) await ctx.db.updateTable('routing.waiting').set({ heldBy: null }).where('id', '=', interactionId).execute()
  if (waiting) wakeContact(ctx, interactionId)
  await free(ctx, handling)
}

/** A supervisor takes over, or an agent hands over directly: the place moves. Beyond capacity, or not staffed, the contact is held without a place. */
export async function reassign(ctx: Ctx, interactionId: string, fromAgentId: string | null, toAgentId: string): Promise<void> {
  const { handling, waiting } = await lockContact(ctx, interactionId, [fromAgentId, toAgentId])
  if (waiting) await withdraw(ctx, waiting)
  if (handling?.agentId === toAgentId) return
  if (handling) await free(ctx, handling)
  const { rows } = await sql<{
    channel: Channel
    queueId: string | null
  }>`select channel, queue_id as "queueId" from interactions.fact_interaction
    where tenant_id = ${ctx.tenantId} and id = ${interactionId}`.execute(ctx.db)
  await hold(ctx, { id: interactionId, ...found(rows[0], 'interaction', interactionId) }, toAgentId, 'uncounted')
  await tellPresence(ctx, toAgentId)
  wakeAgent(ctx, toAgentId)
}

/** Wrap-up took longer than granted: the place is free again; the contact may still be wrapped up. */
export async function endWrap(house: House, tenantId: string, interactionId: string): Promise<void> {
  await asSystem(house, tenantId, async ctx => {
    const { handling } = await lockContact(ctx, interactionId)
    if (handling?.wrapUntil && handling.wrapUntil <= ctx.now) await free(ctx, handling)
  })
}

async function free(ctx: Ctx, handling: HandlingRow): Promise<void> {
  letGo(ctx, handling)
  wakeFreed(ctx, handling.agentId)
  await tellPresence(ctx, handling.agentId)
}
