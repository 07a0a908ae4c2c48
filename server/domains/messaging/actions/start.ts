import type * as z from 'zod'
import { Tier } from '#contract/customers.ts'
import type { widget as doors, Message, NewMessage, WidgetState } from '#contract/messaging.ts'
import { identify } from '#domains/customers/index.ts'
import { openInteraction } from '#domains/interactions/index.ts'
import { enqueue, type Way, wayOf } from '#domains/routing/index.ts'
import { addWorkingMinutes } from '#kernel/calendar.ts'
import { heeds } from '#kernel/heeds.ts'
import { newId } from '#kernel/ids.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { conversationRated, conversationStarted, customerWrote } from '../events.ts'
import { messageByClient } from '../queries.ts'
import { clean, goneMinutes, isOver, leftReplyMinutes, mayRate, previewOf, visitorMayWrite } from '../rules.ts'
import { attached, beginWaiting } from './answer.ts'
import { abandon, finish } from './end.ts'
import { about, type Conversation, change, lockConversation, note, say, stateChanged } from './say.ts'
import { watchSilence } from './silence.ts'
import { calendarFor, hours, stateOf, thisVisitor, type Visitor, type Widget, widgetOf } from './visit.ts'

type State = z.output<typeof WidgetState>
type Start = z.output<typeof doors.start.body>

/** The visitor says what it is about: the contact is recorded and waits for an agent, or is left as a message when nobody is there. */
export async function startConversation(ctx: Ctx, body: Start): Promise<State> {
  const { conversationId } = await thisVisitor(ctx)
  const current = conversationId && (await lockConversation(ctx, conversationId))
  // Two tabs may begin at once: the second finds what the first has made.
  const visitor = await thisVisitor(ctx, true)
  if (visitor.conversationId !== conversationId) {
    if (visitor.conversationId && (await messageByClient(ctx, visitor.conversationId, body.clientId))) return stateOf(ctx, visitor)
    throw new Refusal('conflict', 'conversation.already_open')
  }
  if (current) {
    if (await messageByClient(ctx, current.id, body.clientId)) return stateOf(ctx, visitor)
    if (!isOver(current.state)) throw new Refusal('conflict', 'conversation.already_open')
  }
  const widget = await widgetOf(ctx, visitor)
  const choice = body.choice === undefined ? undefined : widget.choices.find(c => c.key === body.choice)
  if (body.choice !== undefined && !choice) throw new Refusal('invalid', 'widget.choice_unknown', { choice: body.choice })

  const known = await whoIsIt(ctx, visitor, body)
  const label = choice ? (visitor.language === 'en' && choice.labelEn ? choice.labelEn : choice.label) : ''
  const text = clean(body.text) || label
  const { customerId, tier } = known
  const way = await wayOf(ctx, { channel: 'chat', widgetId: widget.id, choice: choice?.key ?? null, customerId, tier: tierOf(tier), text })
  const queueId = way?.queueId ?? choice?.queueId ?? widget.queueId
  const { open } = await hours(ctx, widget, queueId)
  const c = await record(ctx, known, widget, {
    open,
    queueId,
    reasonId: choice?.reasonId ?? null,
    subject: label || previewOf(text, null),
  })
  const { id: visitorId, name, phone, email } = known
  await ctx.db
    .updateTable('messaging.visitor')
    .set({ conversationId: c.id, name, phone, email, customerId: known.customerId, knownBy: known.knownBy })
    .where('id', '=', visitorId)
    .execute()
  await say(ctx, c, { author: 'customer', authorId: visitorId, authorName: c.customerName, kind: 'text', text, clientId: body.clientId })
  await ctx.emit(
    conversationStarted,
    about(c),
    { queueId: c.queueId ?? widget.queueId, left: !open, known: known.knownBy ?? 'anonymous', ruleId: way?.ruleId ?? null },
    personal({ name, phone, email }),
  )
  if (open) await admit(ctx, c, way)
  else await leaveMessage(ctx, c, widget)
  return stateOf(ctx, { ...known, conversationId: c.id }, widget)
}

type Known = Visitor & { tier: string | null; customerName: string }

/** Signed by the site, else by the phone or e-mail given now, else nobody we know. */
async function whoIsIt(ctx: Ctx, visitor: Visitor, body: Start): Promise<Known> {
  const told = { name: clean(body.name ?? '') || visitor.name, phone: body.phone || visitor.phone, email: body.email || visitor.email }
  const customer = await identify(ctx, visitor.customerId ? { customerId: visitor.customerId } : { phone: told.phone, email: told.email })
  const knownBy = visitor.knownBy ?? (customer ? 'given' : null)
  return {
    ...visitor,
    ...told,
    customerId: customer?.id ?? null,
    knownBy,
    tier: customer?.tier ?? null,
    customerName: customer?.name ?? told.name,
  }
}

const tierOf = (tier: string | null) => Tier.nullable().catch(null).parse(tier)

type Recorded = { open: boolean; queueId: string; reasonId: string | null; subject: string }

async function record(ctx: Ctx, visitor: Known, widget: Widget, { open, queueId, reasonId, subject }: Recorded): Promise<Conversation> {
  const { customerId, customerName, tier, page } = visitor
  const state = open ? 'waiting' : 'left'
  const interaction = await openInteraction(ctx, {
    channel: 'chat',
    direction: 'in',
    customerId,
    queueId,
    subject,
    source: `widget:${widget.key}`,
    state,
    reasonId,
  })
  const c: Conversation = {
    id: newId(),
    interactionId: interaction.id,
    channel: 'chat',
    state,
    visitorId: visitor.id,
    queueId,
    agentId: null,
    customerId,
    customerName,
    tier,
    subject,
    page,
    preview: '',
    lastSeq: 0,
    lastAt: ctx.now,
    lastAuthor: null,
    customerRead: 0,
    agentRead: 0,
    unread: 0,
    startedAt: ctx.now,
    answeredAt: null,
    endedAt: null,
    replyDue: null,
    snoozedUntil: null,
    reasonId,
    handingToAgent: null,
    handingToQueue: null,
    handingNote: '',
    givenBy: null,
    placeTold: null,
    estimateTold: null,
    rating: null,
    ratedAt: null,
  }
  await ctx.db.insertInto('messaging.conversation').values(c).execute()
  return c
}

async function admit(ctx: Ctx, c: Conversation, way: Way | null): Promise<void> {
  await enqueue(ctx, {
    interactionId: c.interactionId,
    conversationId: c.id,
    channel: c.channel,
    queueId: found(c.queueId, 'queue', c.id),
    customerId: c.customerId,
    customerName: c.customerName,
    tier: c.tier,
    subject: c.subject,
    ...(way ? { priority: way.priority, demands: way.demands, preferredTeamId: way.teamId } : {}),
  })
  await watchSilence(ctx, c, new Date(ctx.now.getTime() + goneMinutes.waiting * 60_000))
}

async function leaveMessage(ctx: Ctx, c: Conversation, widget: Widget): Promise<void> {
  const [calendar, { opensAt }] = await Promise.all([calendarFor(ctx, widget, c.queueId), hours(ctx, widget, c.queueId)])
  await change(ctx, c, { replyDue: opensAt && addWorkingMinutes(ctx.now, leftReplyMinutes, calendar) })
  await note(ctx, c, 'left', { opensAt })
}

const personal = (values: Record<string, string | null>) =>
  Object.fromEntries(Object.entries(values).filter((e): e is [string, string] => Boolean(e[1])))

/** The talk this browser is in, locked. */
async function lockCurrent(ctx: Ctx): Promise<{ visitor: Visitor; c: Conversation }> {
  const visitor = await thisVisitor(ctx)
  if (!visitor.conversationId) throw new Refusal('conflict', 'conversation.none')
  return { visitor, c: await lockConversation(ctx, visitor.conversationId) }
}

export async function visitorSays(ctx: Ctx, { text, fileId, clientId }: z.output<typeof NewMessage>): Promise<Message> {
  const { visitor, c } = await lockCurrent(ctx)
  const before = await messageByClient(ctx, c.id, clientId)
  if (before) return before
  if (!visitorMayWrite(c.state)) throw new Refusal('conflict', 'conversation.over', { state: c.state })
  const file = await attached(ctx, c, fileId)
  const message = await say(ctx, c, {
    author: 'customer',
    authorId: visitor.id,
    authorName: c.customerName,
    kind: file ? 'file' : 'text',
    text: clean(text),
    clientId,
    ...(file ? { file } : {}),
  })
  if (heeds(ctx.house, ctx.tenantId, customerWrote.name)) await ctx.emit(customerWrote, { id: c.id }, {})
  // A message left in the night goes on as a contact once somebody is there again.
  if (c.state === 'left' && (await hours(ctx, await widgetOf(ctx, visitor), c.queueId)).open) {
    await beginWaiting(ctx, c)
    await watchSilence(ctx, c, new Date(ctx.now.getTime() + goneMinutes.waiting * 60_000))
    stateChanged(ctx, c)
  }
  return message
}

export async function visitorReads(ctx: Ctx, seq: number): Promise<void> {
  const { c } = await lockCurrent(ctx)
  const upTo = Math.min(seq, c.lastSeq)
  if (upTo <= c.customerRead) return
  await change(ctx, c, { customerRead: upTo })
  ctx.tell(`conversation:${c.id}`, 'read', { conversationId: c.id, by: 'customer', seq: upTo })
}

/** Gives up waiting, or ends the talk. A message that was left stays with us. */
export async function visitorLeaves(ctx: Ctx): Promise<State> {
  const { visitor, c } = await lockCurrent(ctx)
  if (c.state === 'waiting') await abandon(ctx, c)
  else if (c.state === 'active') await finish(ctx, c, 'customer')
  return stateOf(ctx, visitor)
}

export async function visitorRates(ctx: Ctx, { score, words }: z.output<typeof doors.rate.body>): Promise<State> {
  const { visitor, c } = await lockCurrent(ctx)
  // The same rating sent again, because the first answer was lost.
  if (c.rating === score) return stateOf(ctx, visitor)
  if (!mayRate(c)) throw new Refusal('conflict', c.rating === null ? 'conversation.not_rateable' : 'conversation.already_rated')
  await change(ctx, c, { rating: score, ratedAt: ctx.now })
  await note(ctx, c, 'rated', { score })
  const { interactionId, customerId, agentId, queueId } = c
  await ctx.emit(conversationRated, about(c), { interactionId, customerId, agentId, queueId, score }, personal({ words: clean(words) }))
  return stateOf(ctx, visitor)
}
