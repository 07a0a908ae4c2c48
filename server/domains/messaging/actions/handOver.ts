import type * as z from 'zod'
import { conversationCan, type conversations } from '#contract/messaging.ts'
import { personName } from '#domains/identity/index.ts'
import { markAnswered } from '#domains/interactions/index.ts'
import { enqueue, leaveQueue, nameQueues, reassign, release } from '#domains/routing/index.ts'
import { asUser } from '#kernel/access.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import {
  conversationAccepted,
  conversationHanding,
  conversationHandingFailed,
  conversationTakenOver,
  conversationTransferred,
} from '../events.ts'
import { handingSeconds, replyMinutes } from '../rules.ts'
import { lockMine, lockVisible, take } from './answer.ts'
import { placesMoved } from './places.ts'
import { about, type Conversation, change, changedHands, lockByInteraction, note, say, stateChanged } from './say.ts'
import { watchSilence } from './silence.ts'

const nobody = { handingToAgent: null, handingToQueue: null, handingNote: '' }

/** Asks another agent or a queue to take the talk. It stays in hand until the other side has taken it. */
export async function transfer(
  ctx: Ctx,
  id: string,
  { agentId: toAgent, queueId: toQueue, note: words }: z.output<typeof conversations.transfer.body>,
): Promise<void> {
  const agentId = toAgent ?? null
  const queueId = toQueue ?? null
  const c = await lockMine(ctx, id)
  const me = asUser(ctx.actor)
  if (!conversationCan.transfer(c)) throw new Refusal('conflict', 'conversation.not_open', { state: c.state })
  if (agentId === me.id) throw new Refusal('invalid', 'conversation.transfer_to_self')
  const queue = queueId ?? c.queueId
  if (!queue) throw new Refusal('conflict', 'conversation.without_queue')
  if (queueId) await nameQueues(ctx, [queueId], [c.channel])
  const target = agentId && found(await personName(ctx, agentId), 'person', agentId)
  // Asked again after a lost answer: it was heard the first time.
  if ((agentId ?? queueId) !== null && c.handingToAgent === agentId && c.handingToQueue === queueId && c.handingNote === words) return
  await withdrawHanding(ctx, c)
  await change(ctx, c, { handingToAgent: agentId, handingToQueue: queueId, handingNote: words })
  await enqueue(ctx, {
    interactionId: c.interactionId,
    conversationId: c.id,
    channel: c.channel,
    queueId: queue,
    customerId: c.customerId,
    customerName: c.customerName,
    tier: c.tier,
    subject: c.subject,
    ...(agentId ? { onlyAgentId: agentId, onlyUntil: new Date(ctx.now.getTime() + handingSeconds * 1000) } : {}),
  })
  await internal(ctx, c, 'handing', words, agentId ? { agentName: target } : { queueId: queue })
  await ctx.emit(conversationHanding, about(c), { fromAgentId: me.id, toAgentId: agentId, toQueueId: queueId })
  stateChanged(ctx, c)
}

/** Takes back what was asked and not answered yet. */
export async function withdrawHanding(ctx: Ctx, c: Conversation): Promise<void> {
  if (!c.handingToAgent && !c.handingToQueue) return
  await leaveQueue(ctx, c.interactionId)
  await change(ctx, c, nobody)
}

/** Seen by colleagues only. */
const internal = (ctx: Ctx, c: Conversation, code: string, text = '', facts: Record<string, unknown> = {}) => {
  const by = ctx.actor.kind === 'user' ? ctx.actor : { id: null, name: '' }
  return say(ctx, c, { author: by.id ? 'agent' : 'system', authorId: by.id, authorName: by.name, kind: 'note', code, text, facts })
}

type Taken = { interactionId: string; agentId: string; queueId: string }

/** An agent took the offer: the first to answer, or the one it was handed over to. Runs in the transaction of accepting. */
export async function accepted(ctx: Ctx, { interactionId, agentId, queueId }: Taken): Promise<void> {
  const c = await lockByInteraction(ctx, interactionId)
  const fromAgentId = c.agentId
  const agentName = found(await personName(ctx, agentId), 'person', agentId)
  await change(ctx, c, {
    state: 'active',
    agentId,
    queueId,
    answeredAt: c.answeredAt ?? ctx.now,
    ...nobody,
    ...(fromAgentId && fromAgentId !== agentId ? { givenBy: fromAgentId } : {}),
    snoozedUntil: null,
    placeTold: null,
    replyDue: c.lastAuthor === 'customer' ? new Date(ctx.now.getTime() + replyMinutes * 60_000) : c.replyDue,
  })
  if (fromAgentId && fromAgentId !== agentId) {
    ctx.tell(`user:${fromAgentId}`, 'state', { conversationId: c.id, state: c.state })
    await note(ctx, c, 'transferred', { agentName })
    await ctx.emit(conversationTransferred, about(c), { fromAgentId, agentId, queueId })
  } else {
    await note(ctx, c, 'accepted', { agentName })
    await ctx.emit(conversationAccepted, about(c), { agentId, queueId })
    await placesMoved(ctx, queueId)
  }
  await watchSilence(ctx, c, new Date(ctx.now.getTime() + 60_000))
  stateChanged(ctx, c)
  changedHands(ctx, c)
}

/** Nobody took the hand-over in time: the talk stays where it is, and whoever asked is told. */
export async function expired(
  ctx: Ctx,
  { interactionId, why }: { interactionId: string; why: 'declined' | 'missed' | 'late' },
): Promise<void> {
  const c = await lockByInteraction(ctx, interactionId)
  if (c.state !== 'active' || c.agentId === null || (!c.handingToAgent && !c.handingToQueue)) return
  const { handingToAgent, handingToQueue } = c
  await change(ctx, c, nobody)
  await internal(ctx, c, 'handing_failed', '', { why })
  await ctx.emit(conversationHandingFailed, about(c), { fromAgentId: c.agentId, toAgentId: handingToAgent, toQueueId: handingToQueue })
  stateChanged(ctx, c)
}

/** It waits in another queue now. */
export async function overflowed(ctx: Ctx, { interactionId, queueId }: { interactionId: string; queueId: string }): Promise<void> {
  const c = await lockByInteraction(ctx, interactionId)
  if (c.state !== 'waiting') return
  const fromQueueId = c.queueId
  await change(ctx, c, { queueId, placeTold: null })
  await placesMoved(ctx, fromQueueId)
  await placesMoved(ctx, queueId)
}

/** A supervisor takes the talk into their own hands. */
export async function takeOver(ctx: Ctx, id: string): Promise<void> {
  const c = await lockVisible(ctx, id, 'conversation:supervise')
  const me = asUser(ctx.actor)
  if (c.agentId === me.id) return
  if (c.state === 'waiting' || c.state === 'left') return take(ctx, id, 'conversation:supervise')
  if (c.state === 'wrap' && c.agentId !== null) return inheritWrapUp(ctx, c, c.agentId)
  if (c.state !== 'active' || c.agentId === null) throw new Refusal('conflict', 'conversation.not_open', { state: c.state })
  const fromAgentId = c.agentId
  await withdrawHanding(ctx, c)
  await reassign(ctx, c.interactionId, fromAgentId, me.id)
  await markAnswered(ctx, c.interactionId, me.id)
  await change(ctx, c, { agentId: me.id, givenBy: fromAgentId })
  ctx.tell(`user:${fromAgentId}`, 'state', { conversationId: c.id, state: c.state })
  await note(ctx, c, 'taken_over', { agentName: me.name })
  await ctx.emit(conversationTakenOver, about(c), { fromAgentId, agentId: me.id })
  stateChanged(ctx, c)
  changedHands(ctx, c)
}

/** Whoever talked is gone without wrapping up: someone else says reason and outcome. The contact stays that of the agent who handled it. */
async function inheritWrapUp(ctx: Ctx, c: Conversation, fromAgentId: string): Promise<void> {
  const me = asUser(ctx.actor)
  await release(ctx, c.interactionId, fromAgentId)
  await change(ctx, c, { agentId: me.id, givenBy: fromAgentId })
  ctx.tell(`user:${fromAgentId}`, 'state', { conversationId: c.id, state: c.state })
  await ctx.emit(conversationTakenOver, about(c), { fromAgentId, agentId: me.id })
  stateChanged(ctx, c)
  changedHands(ctx, c)
}
