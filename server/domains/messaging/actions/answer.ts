import type * as z from 'zod'
import type { Permission } from '#contract/endpoint.ts'
import { conversationCan, type Message, type NewMessage } from '#contract/messaging.ts'
import { customerCard, rememberIdentity } from '#domains/customers/index.ts'
import { joinCustomer, markWaiting } from '#domains/interactions/index.ts'
import { enqueue, takeWaiting } from '#domains/routing/index.ts'
import { asUser } from '#kernel/access.ts'
import { bindFile, type FileCard } from '#kernel/files.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { conversationIdentified } from '../events.ts'
import { messageByClient, reaches } from '../queries.ts'
import { clean } from '../rules.ts'
import { about, type Conversation, change, lockConversation, note, say, stateChanged } from './say.ts'

type Words = z.output<typeof NewMessage>

/** What the permission of the act does not reach, it cannot find: who may read more than they may touch touches no more. */
export async function lockVisible(ctx: Ctx, id: string, ...permissions: [Permission, ...Permission[]]): Promise<Conversation> {
  const [c, ...may] = await Promise.all([lockConversation(ctx, id), ...permissions.map(p => reaches(ctx, id, p))])
  return found(may.includes(true) ? c : undefined, 'conversation', id)
}

/** Only whoever has it in hand answers, ends and wraps up; a left message is in nobody's hand yet. */
export async function lockMine(ctx: Ctx, id: string): Promise<Conversation> {
  const c = await lockVisible(ctx, id, 'conversation:write', 'conversation:read')
  if (c.agentId === asUser(ctx.actor).id) return c
  if (c.agentId !== null || c.state !== 'left' || !(await reaches(ctx, id, 'conversation:write')))
    throw new Refusal('forbidden', 'conversation.not_yours')
  return c
}

export async function answer(ctx: Ctx, id: string, words: Words): Promise<Message> {
  const c = await lockMine(ctx, id)
  const before = await messageByClient(ctx, id, words.clientId)
  if (before) return before
  if (c.agentId === null || !conversationCan.write(c)) throw new Refusal('conflict', 'conversation.not_open', { state: c.state })
  return write(ctx, c, words, 'text')
}

export async function addNote(ctx: Ctx, id: string, words: Words): Promise<Message> {
  const c = await lockVisible(ctx, id, 'conversation:write', 'conversation:supervise')
  return (await messageByClient(ctx, id, words.clientId)) ?? write(ctx, c, words, 'note')
}

async function write(ctx: Ctx, c: Conversation, { text, fileId, clientId }: Words, kind: 'text' | 'note'): Promise<Message> {
  const { id: authorId, name: authorName } = asUser(ctx.actor)
  const file = await attached(ctx, c, fileId)
  return say(ctx, c, {
    author: 'agent',
    authorId,
    authorName,
    kind: file && kind === 'text' ? 'file' : kind,
    text: clean(text),
    clientId,
    ...(file ? { file } : {}),
  })
}

export const attached = async (ctx: Ctx, c: Conversation, fileId: string | undefined): Promise<FileCard | undefined> =>
  fileId === undefined ? undefined : bindFile(ctx, fileId, 'conversation', c.id)

/** Only the one who answers marks as read: a supervisor who looks in leaves no trace to the customer. */
export async function markRead(ctx: Ctx, id: string, seq: number): Promise<void> {
  const c = await lockVisible(ctx, id, 'conversation:read')
  const upTo = Math.min(seq, c.lastSeq)
  if (c.agentId !== asUser(ctx.actor).id || upTo <= c.agentRead) return
  const { left } = await ctx.db
    .selectFrom('messaging.message')
    .select(q => q.fn.countAll<number>().as('left'))
    .where('conversationId', '=', id)
    .where('seq', '>', upTo)
    .where('author', '=', 'customer')
    .executeTakeFirstOrThrow()
  await change(ctx, c, { agentRead: upTo, unread: left })
  const payload = { conversationId: id, by: 'agent', seq: upTo }
  ctx.tell(`conversation:${id}`, 'read', payload)
  if (c.visitorId) ctx.tell(`visitor:${c.visitorId}`, 'read', payload)
}

/** Takes a waiting contact, or a left message: it starts to wait for this agent alone and is taken at once, so that capacity counts as always. */
export async function take(ctx: Ctx, id: string, permission: Permission = 'conversation:write'): Promise<void> {
  const c = await lockVisible(ctx, id, permission)
  const me = asUser(ctx.actor)
  if (c.agentId !== null || (c.state !== 'waiting' && c.state !== 'left'))
    throw new Refusal('conflict', 'conversation.taken', { state: c.state })
  if (c.state === 'left') await beginWaiting(ctx, c, me.id)
  await takeWaiting(ctx, c.interactionId, me.id)
}

/** A left message waits for an agent: for anyone of the queue, or for the one who takes it. */
export async function beginWaiting(ctx: Ctx, c: Conversation, onlyAgentId?: string): Promise<void> {
  if (!c.queueId) throw new Refusal('conflict', 'conversation.without_queue')
  await markWaiting(ctx, c.interactionId, c.queueId)
  await change(ctx, c, { state: 'waiting' })
  await enqueue(ctx, {
    interactionId: c.interactionId,
    conversationId: c.id,
    channel: c.channel,
    queueId: c.queueId,
    customerId: c.customerId,
    customerName: c.customerName,
    tier: c.tier,
    subject: c.subject,
    ...(onlyAgentId ? { onlyAgentId, onlyUntil: new Date(ctx.now.getTime() + 10_000) } : {}),
  })
}

/** Only now it is known who this is: the agent says so. What the visitor gave as phone and e-mail is remembered for the next time. */
export async function identifyConversation(ctx: Ctx, id: string, customerId: string): Promise<void> {
  const c = await lockVisible(ctx, id, 'conversation:write', 'conversation:supervise')
  if (c.agentId !== asUser(ctx.actor).id && !(await reaches(ctx, id, 'conversation:supervise')))
    throw new Refusal('forbidden', 'conversation.not_yours')
  await join(ctx, c, customerId, 'agent')
  await note(ctx, c, 'identified', {})
}

export async function join(ctx: Ctx, c: Conversation, known: string, knownBy: 'site' | 'given' | 'agent'): Promise<void> {
  const customer = found(await customerCard(ctx, known), 'customer', known)
  const customerId = customer.id
  await joinCustomer(ctx, c.interactionId, customerId)
  await change(ctx, c, { customerId, customerName: customer.name, tier: customer.tier })
  if (c.visitorId) {
    const visitor = await ctx.db
      .updateTable('messaging.visitor')
      .set({ customerId, knownBy })
      .where('id', '=', c.visitorId)
      .returning(['phone', 'email'])
      .executeTakeFirstOrThrow()
    if (knownBy === 'agent' && visitor.phone) await rememberIdentity(ctx, customerId, 'phone', visitor.phone)
    if (knownBy === 'agent' && visitor.email) await rememberIdentity(ctx, customerId, 'email', visitor.email)
  }
  await ctx.emit(conversationIdentified, about(c), { customerId })
}

/** Set aside until a time. Whatever the customer says brings it back. */
export async function snooze(ctx: Ctx, id: string, until: Date | null): Promise<void> {
  const c = await lockMine(ctx, id)
  if (c.state !== 'active') throw new Refusal('conflict', 'conversation.not_open', { state: c.state })
  if (until && until <= ctx.now) throw new Refusal('invalid', 'conversation.snooze_past')
  await change(ctx, c, { snoozedUntil: until })
  stateChanged(ctx, c)
}
