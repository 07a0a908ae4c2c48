import type { Offer } from '#contract/routing.ts'
import { markAnswered } from '#domains/interactions/index.ts'
import { asUser } from '#kernel/access.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { endOffer, type HandlingRow, hold, letGo, lockAgents, lockContact, type OfferRow, unqueue, type WaitingRow } from '../agents.ts'
import { handlerOf } from '../contacts.ts'
import { offerDeclined, offerMissed } from '../events.ts'
import { offerOf, wakeAgent, wakeTaking } from '../match.ts'
import { tellPresence } from '../queries.ts'
import { becomes } from './presence.ts'
import { putBack } from './queueing.ts'

/** Takes the contact that rings. */
export async function acceptOffer(ctx: Ctx, id: string): Promise<Offer> {
  const offer = await myOffer(ctx, id)
  await handlerOf(offer.channel)?.lock?.(ctx, offer.interactionId)
  const [{ waiting, handling }, queueName] = await Promise.all([
    lockContact(ctx, offer.interactionId, [offer.agentId]),
    nameOf(ctx, offer.queueId),
  ])
  if (waiting?.offeredTo !== offer.agentId) throw await over(ctx, id)
  await give(ctx, waiting, handling, offer.agentId)
  return offerOf(offer, { ...waiting, queueName })
}

/** Gives it back to its old place in the queue. */
export async function declineOffer(ctx: Ctx, id: string): Promise<{ id: string }> {
  const offer = await myOffer(ctx, id)
  await lockAgents(ctx, [offer.agentId])
  if (!(await endOffer(ctx, id, 'declined'))) throw await over(ctx, id)
  await ctx.emit(
    offerDeclined,
    { id: offer.interactionId, interactionId: offer.interactionId },
    { agentId: offer.agentId, queueId: offer.queueId },
  )
  await putBack(ctx, offer.interactionId, offer.agentId, 'declined')
  wakeAgent(ctx, offer.agentId)
  return { id }
}

/** It rang in vain. After so many in a row the agent is set aside, so that the next customer does not ring at an empty desk. */
export async function missOffer(ctx: Ctx, offer: OfferRow): Promise<void> {
  const agent = (await lockAgents(ctx, [offer.agentId])).get(offer.agentId)
  if (!agent || !(await endOffer(ctx, offer.id, 'missed'))) return
  const misses = agent.misses + 1
  await ctx.db.updateTable('routing.presence').set({ misses }).where('id', '=', agent.id).execute()
  await ctx.emit(
    offerMissed,
    { id: offer.interactionId, interactionId: offer.interactionId },
    { agentId: agent.id, queueId: offer.queueId, misses },
  )
  await putBack(ctx, offer.interactionId, agent.id, 'missed')
  if (misses >= agent.missesAllowed) await becomes(ctx, { ...agent, ringing: null }, { state: 'busy', reasonId: null, why: 'missed' })
  else wakeAgent(ctx, agent.id)
}

/** An agent takes a waiting contact by hand, out of turn: that it waits is enough, but nobody else may be ringing for it. */
export async function takeWaiting(ctx: Ctx, interactionId: string, agentId: string): Promise<void> {
  const seen = await ctx.db.selectFrom('routing.waiting').select('channel').where('id', '=', interactionId).executeTakeFirst()
  if (!seen) throw new Refusal('conflict', 'routing.not_waiting')
  await handlerOf(seen.channel)?.lock?.(ctx, interactionId)
  const { waiting, handling } = await lockContact(ctx, interactionId, [agentId])
  if (!waiting) throw new Refusal('conflict', 'routing.not_waiting')
  if (waiting.heldBy === agentId) throw new Refusal('conflict', 'routing.already_yours')
  if (waiting.offeredTo !== null && waiting.offeredTo !== agentId) throw new Refusal('conflict', 'routing.offered_elsewhere')
  if (waiting.onlyPreferred && waiting.preferredAgentId !== agentId) throw new Refusal('conflict', 'routing.handed_to_other')
  await give(ctx, waiting, handling, agentId)
}

/** The contact passes into the agent's hand, out of whoever's it was; everyone concerned is locked. */
async function give(ctx: Ctx, waiting: WaitingRow, before: HandlingRow | undefined, agentId: string): Promise<void> {
  const { id, channel, queueId } = waiting
  await unqueue(ctx, waiting, 'accepted')
  if (before) letGo(ctx, before)
  await hold(ctx, { id, channel, queueId }, agentId, 'refuse')
  await markAnswered(ctx, id, agentId)
  await handlerOf(channel)?.accepted(ctx, { interactionId: id, agentId, queueId })
  await Promise.all([tellPresence(ctx, agentId), wakeTaking(ctx, agentId)])
  if (!before || before.agentId === agentId) return
  await tellPresence(ctx, before.agentId)
  wakeAgent(ctx, before.agentId)
}

async function myOffer(ctx: Ctx, id: string): Promise<OfferRow> {
  const { id: agentId } = asUser(ctx.actor)
  const offer = found(
    await ctx.db.selectFrom('routing.offer').selectAll().where('id', '=', id).where('agentId', '=', agentId).executeTakeFirst(),
    'offer',
    id,
  )
  if (offer.outcome !== null) throw new Refusal('gone', 'offer.over', { outcome: offer.outcome })
  return offer
}

async function over(ctx: Ctx, id: string): Promise<Refusal> {
  const ended = await ctx.db.selectFrom('routing.offer').select('outcome').where('id', '=', id).executeTakeFirst()
  return new Refusal('gone', 'offer.over', { outcome: ended?.outcome ?? null })
}

const nameOf = async (ctx: Ctx, id: string): Promise<string> =>
  (await ctx.db.selectFrom('routing.queue').select('name').where('id', '=', id).executeTakeFirst())?.name ?? ''
