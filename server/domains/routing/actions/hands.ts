import type * as z from 'zod'
import { type OwnPresence, type routing, Word } from '#contract/routing.ts'
import { asUser } from '#kernel/access.ts'
import { newId } from '#kernel/ids.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { handExplained, handLowered, handRaised, wordRead, wordSaid } from '../events.ts'
import { mayRun, presenceOf, tellPresence } from '../queries.ts'
import { mostWords } from '../rules.ts'
import { lockOrSeat } from './presence.ts'

/** The agent asks for a leader, about a contact in hand or in general; or no longer does. */
export async function raiseHand(ctx: Ctx, { up, interactionId, words }: z.output<typeof routing.raise.body>): Promise<OwnPresence> {
  const { id } = asUser(ctx.actor)
  const { handRaisedAt: raised } = await lockOrSeat(ctx, id)
  if (!up) await lower(ctx, id, 'agent')
  else {
    if (interactionId !== null) {
      const mine = await ctx.db
        .selectFrom('routing.handling')
        .select('id')
        .where('id', '=', interactionId)
        .where('agentId', '=', id)
        .executeTakeFirst()
      found(mine, 'contact', interactionId)
    }
    await ctx.db
      .updateTable('routing.presence')
      .set({ handRaisedAt: raised ?? ctx.now, handInteractionId: interactionId, handWords: words })
      .where('id', '=', id)
      .execute()
    await ctx.emit(raised === null ? handRaised : handExplained, { id, interactionId }, { interactionId })
    await tellPresence(ctx, id)
  }
  return presenceOf(ctx, id)
}

/** A leader has come. */
export async function lowerHand(ctx: Ctx, agentId: string): Promise<{ agentId: string }> {
  await lockLed(ctx, agentId)
  await lower(ctx, agentId, 'leader')
  return { agentId }
}

async function lower(ctx: Ctx, agentId: string, by: 'agent' | 'leader'): Promise<void> {
  const lowered = await ctx.db
    .updateTable('routing.presence')
    .set({ handRaisedAt: null, handInteractionId: null, handWords: '' })
    .where('id', '=', agentId)
    .where('handRaisedAt', 'is not', null)
    .returning('id')
    .executeTakeFirst()
  if (!lowered) return
  await ctx.emit(handLowered, { id: agentId }, { by })
  await tellPresence(ctx, agentId)
}

/** Stands on the agent's console until it is read. The words are personal values of the event: they may name a customer. */
export async function sayWord(ctx: Ctx, agentId: string, text: string): Promise<{ id: string }> {
  const me = asUser(ctx.actor)
  await lockLed(ctx, agentId)
  const unread = await ctx.db
    .selectFrom('routing.word')
    .select('id')
    .where('agentId', '=', agentId)
    .where('readAt', 'is', null)
    .limit(mostWords)
    .execute()
  if (unread.length >= mostWords) throw new Refusal('conflict', 'word.too_many', { most: mostWords })
  const word = { id: newId(), text, sentAt: ctx.now }
  await ctx.db
    .insertInto('routing.word')
    .values({ ...word, agentId, fromId: me.id, readAt: null })
    .execute()
  await ctx.emit(wordSaid, { id: agentId }, { wordId: word.id }, { text })
  ctx.tell(`user:${agentId}`, 'word.said', Word.encode({ ...word, fromName: me.name }))
  return { id: word.id }
}

export async function readWord(ctx: Ctx, id: string): Promise<{ id: string }> {
  const { id: agentId } = asUser(ctx.actor)
  const word = ctx.db.selectFrom('routing.word').select('readAt').where('id', '=', id).where('agentId', '=', agentId)
  if (found(await word.forUpdate().executeTakeFirst(), 'word', id).readAt !== null) return { id }
  await ctx.db.updateTable('routing.word').set({ readAt: ctx.now }).where('id', '=', id).execute()
  await ctx.emit(wordRead, { id: agentId }, { wordId: id })
  return { id }
}

async function lockLed(ctx: Ctx, agentId: string): Promise<void> {
  const led = await mayRun(ctx, 'routing:supervise', agentId)
  const agent = ctx.db.selectFrom('routing.presence').select('id').where('id', '=', agentId).forUpdate()
  found(led ? await agent.executeTakeFirst() : undefined, 'agent', agentId)
}
