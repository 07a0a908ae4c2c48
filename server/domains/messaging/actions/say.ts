import type { Selectable } from 'kysely'
import * as z from 'zod'
import { Message } from '#contract/messaging.ts'
import type { FileCard } from '#kernel/files.ts'
import { newId } from '#kernel/ids.ts'
import { found } from '#kernel/refusal.ts'
import type { Tables } from '#kernel/tables.ts'
import type { Ctx } from '#kernel/work.ts'
import { previewOf, replyMinutes, toldToCustomer } from '../rules.ts'

export type Conversation = Selectable<Tables['messaging.conversation']>

export const lockConversation = async (ctx: Ctx, id: string): Promise<Conversation> =>
  found(
    await ctx.db.selectFrom('messaging.conversation').selectAll().where('id', '=', id).forUpdate().executeTakeFirst(),
    'conversation',
    id,
  )

export const lockByInteraction = async (ctx: Ctx, interactionId: string): Promise<Conversation> =>
  found(
    await ctx.db.selectFrom('messaging.conversation').selectAll().where('interactionId', '=', interactionId).forUpdate().executeTakeFirst(),
    'conversation',
    interactionId,
  )

/** Changes the locked row, in the database and in hand. */
export async function change(ctx: Ctx, c: Conversation, set: Partial<Omit<Conversation, 'id'>>): Promise<void> {
  Object.assign(c, set)
  await ctx.db.updateTable('messaging.conversation').set(set).where('id', '=', c.id).execute()
}

export const about = (c: Conversation) => ({ id: c.id, customerId: c.customerId, interactionId: c.interactionId })

type Said = Pick<Message, 'author' | 'authorId' | 'authorName' | 'kind'> & {
  text?: string
  file?: FileCard
  code?: string
  facts?: Record<string, unknown>
  clientId?: string
}

/**
 * Writes the next message of a conversation whose row the caller holds locked (and which is kept in step here).
 * Seqs have no gaps and their order is the order of commits: a reader who has seen n has seen everything before n.
 */
export async function say(ctx: Ctx, c: Conversation, said: Said): Promise<Message> {
  const message: Message = {
    id: newId(),
    conversationId: c.id,
    seq: c.lastSeq + 1,
    text: '',
    code: null,
    facts: null,
    clientId: newId(),
    ...said,
    file: said.file ?? null,
    sentAt: ctx.now,
  }
  const { file, facts, ...row } = message
  await Promise.all([
    ctx.db
      .insertInto('messaging.message')
      .values({ ...row, fileId: file?.id ?? null, facts: facts && JSON.stringify(facts) })
      .execute(),
    change(ctx, c, { lastSeq: message.seq, ...marks(ctx, c, message) }),
  ])
  announce(ctx, c, message)
  return message
}

/** What the house itself says, as a code that every reader sees in their own language. */
export const note = (ctx: Ctx, c: Conversation, code: string, facts: Record<string, unknown> = {}): Promise<Message> =>
  say(ctx, c, { author: 'system', authorId: null, authorName: '', kind: 'notice', code, facts })

function marks(ctx: Ctx, c: Conversation, m: Message): Partial<Conversation> {
  if (m.kind === 'note' || m.author === 'system') return {}
  const talked = { lastAt: ctx.now, lastAuthor: m.author, preview: previewOf(m.text, m.file) }
  if (m.author === 'agent') return { ...talked, replyDue: null, agentRead: m.seq, unread: 0 }
  return {
    ...talked,
    customerRead: m.seq,
    unread: c.unread + 1,
    snoozedUntil: null,
    replyDue: c.replyDue ?? new Date(ctx.now.getTime() + replyMinutes * 60_000),
  }
}

/** The words travel with the push; who missed it asks for what came after the last seq. Notes never travel to a visitor. */
function announce(ctx: Ctx, c: Conversation, message: Message): void {
  const payload = z.encode(Message, message)
  ctx.tell(`conversation:${c.id}`, 'message.sent', payload)
  if (c.agentId) ctx.tell(`user:${c.agentId}`, 'message.sent', payload)
  if (c.visitorId && message.kind !== 'note') ctx.tell(`visitor:${c.visitorId}`, 'message.sent', toldToCustomer(payload))
}

/** In other hands now: colleagues who may no longer see the talk hear it no more. */
export const changedHands = (ctx: Ctx, c: Conversation): void =>
  ctx.afterCommit('leave a talk that changed hands', house => house.live.review(house, ctx.tenantId, `conversation:${c.id}`))

/** Both sides learn that the conversation stands differently; each asks for what it may know. */
export function stateChanged(ctx: Ctx, c: Conversation): void {
  const payload = { conversationId: c.id, state: c.state }
  ctx.tell(`conversation:${c.id}`, 'state', payload)
  if (c.visitorId) ctx.tell(`visitor:${c.visitorId}`, 'state', payload)
}
