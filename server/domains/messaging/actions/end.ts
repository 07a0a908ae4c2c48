import type * as z from 'zod'
import { conversationCan, type conversations } from '#contract/messaging.ts'
import { markAbandoned, markEnded, markWrapped } from '#domains/interactions/index.ts'
import { leaveQueue, release, startWrap } from '#domains/routing/index.ts'
import { asUser } from '#kernel/access.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { conversationAbandoned, conversationEnded, conversationWrapped } from '../events.ts'
import { lockMine } from './answer.ts'
import { withdrawHanding } from './handOver.ts'
import { placesMoved } from './places.ts'
import { about, type Conversation, change, note, stateChanged } from './say.ts'
import { watchSilence } from './silence.ts'

/** The agent ends the talk. A left message that nobody needs to answer is closed the same way. */
export async function endConversation(ctx: Ctx, id: string): Promise<void> {
  const c = await lockMine(ctx, id)
  if (!conversationCan.end(c)) throw new Refusal('conflict', 'conversation.not_open', { state: c.state })
  await finish(ctx, c, 'agent')
}

/** The talk is over; the agent keeps the place until wrap-up is done. */
export async function finish(ctx: Ctx, c: Conversation, by: 'agent' | 'customer' | 'silence'): Promise<void> {
  await withdrawHanding(ctx, c)
  await markEnded(ctx, c.interactionId)
  if (c.agentId) await startWrap(ctx, c.interactionId)
  await change(ctx, c, { state: c.agentId ? 'wrap' : 'done', endedAt: ctx.now, replyDue: null, snoozedUntil: null })
  await note(ctx, c, 'ended', { by })
  await watchSilence(ctx, c, null)
  await ctx.emit(conversationEnded, about(c), { by, agentId: c.agentId })
  stateChanged(ctx, c)
}

/** The customer goes before anyone answered. */
export async function abandon(ctx: Ctx, c: Conversation): Promise<void> {
  await leaveQueue(ctx, c.interactionId)
  await markAbandoned(ctx, c.interactionId)
  await change(ctx, c, { state: 'abandoned', endedAt: ctx.now, replyDue: null })
  await note(ctx, c, 'abandoned')
  await watchSilence(ctx, c, null)
  await ctx.emit(conversationAbandoned, about(c), { waitedSeconds: Math.round((ctx.now.getTime() - c.startedAt.getTime()) / 1000) })
  await placesMoved(ctx, c.queueId)
  stateChanged(ctx, c)
}

export async function wrapUp(
  ctx: Ctx,
  id: string,
  { reasonId, outcomeId, note: words }: z.output<typeof conversations.wrapUp.body>,
): Promise<void> {
  const c = await lockMine(ctx, id)
  if (!conversationCan.wrapUp(c)) throw new Refusal('conflict', 'conversation.not_in_wrap_up', { state: c.state })
  await markWrapped(ctx, c.interactionId, { reasonId, outcomeId, note: words })
  await release(ctx, c.interactionId, asUser(ctx.actor).id)
  await change(ctx, c, { state: 'done', reasonId, replyDue: null, unread: 0, agentRead: c.lastSeq })
  await ctx.emit(conversationWrapped, about(c), { reasonId, outcomeId, agentId: c.agentId })
  stateChanged(ctx, c)
}
