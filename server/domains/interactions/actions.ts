import { type Selectable, sql } from 'kysely'
import type * as z from 'zod'
import type { Channel, Direction } from '#contract/interactions.ts'
import { touch } from '#domains/customers/index.ts'
import { newId } from '#kernel/ids.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import type { Tables } from '#kernel/tables.ts'
import type { Ctx } from '#kernel/work.ts'
import * as said from './events.ts'
import { afterEnd, mayBecome, type State } from './rules.ts'
import { checkWords } from './wordsOfWrapUp.ts'

export type InteractionRow = Selectable<Tables['interactions.interaction']>

export type NewInteraction = {
  id?: string
  channel: Channel
  direction: z.output<typeof Direction>
  customerId: string | null
  queueId: string | null
  subject: string
  source: string
  state: 'waiting' | 'active' | 'left'
  agentId?: string | null
  reasonId?: string | null
  /** Nobody of us has answered yet, although it is active: a call in its flow, or one that still rings at the customer's. */
  unanswered?: true
}

export async function openInteraction(ctx: Ctx, { unanswered, ...opened }: NewInteraction): Promise<InteractionRow> {
  const row = {
    ...{ id: newId(), agentId: null, reasonId: null },
    ...opened,
    startedAt: ctx.now,
    queuedAt: opened.state === 'waiting' ? ctx.now : null,
    answeredAt: opened.state === 'active' && !unanswered ? ctx.now : null,
    endedAt: null,
    wrappedAt: null,
    outcomeId: null,
    note: '',
    rating: null,
    leftAt: null,
  }
  const { channel, direction, queueId, source, state } = row
  await Promise.all([
    ctx.db.insertInto('interactions.interaction').values(row).execute(),
    ctx.emit(said.interactionOpened, about(row), { channel, direction, queueId, source, state }),
    row.customerId ? touch(ctx, row.customerId) : null,
  ])
  return row
}

/** A message left earlier, or a call at the end of its flow, starts to wait for an agent. */
export async function markWaiting(ctx: Ctx, id: string, queueId?: string): Promise<InteractionRow> {
  const before = await lockInteraction(ctx, id)
  if (before.state === 'waiting') return before
  const queuedAt = before.leftAt === null ? (before.queuedAt ?? ctx.now) : ctx.now
  const row = move(ctx, before, 'waiting', { queuedAt, leftAt: null, queueId: queueId ?? before.queueId })
  await ctx.emit(said.interactionQueued, about(row), { channel: row.channel, queueId: row.queueId })
  return row
}

/** It overflowed, or was handed over, to another queue. */
export async function moveToQueue(ctx: Ctx, id: string, queueId: string): Promise<InteractionRow> {
  const before = await lockInteraction(ctx, id)
  if (before.queueId === queueId) return before
  const row = change(ctx, before, { queueId })
  await ctx.emit(said.interactionMoved, about(row), { channel: row.channel, queueId, fromQueueId: before.queueId })
  return row
}

export async function markAnswered(ctx: Ctx, id: string, agentId: string): Promise<InteractionRow> {
  const before = await lockInteraction(ctx, id)
  if (before.state === 'active' && before.agentId === agentId && before.answeredAt !== null) return before
  const row = move(ctx, before, 'active', { agentId, answeredAt: before.answeredAt ?? ctx.now })
  await ctx.emit(said.interactionAnswered, about(row), {
    ...whom(row),
    waitedSeconds: seconds(row.queuedAt, row.answeredAt),
    again: before.answeredAt !== null,
  })
  return row
}

/** Whoever took it was never heard: it waits again as if nobody had. */
export async function markUnanswered(ctx: Ctx, id: string): Promise<InteractionRow> {
  const before = await lockInteraction(ctx, id)
  if (before.state !== 'active') return before
  const row = move(ctx, before, 'waiting', { agentId: null, answeredAt: null, queuedAt: before.queuedAt ?? ctx.now })
  await ctx.emit(said.interactionQueued, about(row), { channel: row.channel, queueId: row.queueId })
  return row
}

/** Nobody was there, and a message was left for a queue. */
export async function markLeft(ctx: Ctx, id: string, queueId: string): Promise<InteractionRow> {
  const before = await lockInteraction(ctx, id)
  const row = move(ctx, before, 'left', { queueId, endedAt: ctx.now, leftAt: ctx.now })
  await ctx.emit(said.interactionLeft, about(row), { channel: row.channel, queueId })
  return row
}

/** The message was heard, and what it asked for is done: the contact is, by whoever did it. One that was taken up as a talk meanwhile goes its own way. */
export async function markMessageDone(ctx: Ctx, id: string, agentId: string | null): Promise<void> {
  const before = await lockInteraction(ctx, id)
  if (before.state !== 'left') return
  const row = move(ctx, before, 'done', { agentId, wrappedAt: ctx.now })
  await ctx.emit(said.interactionWrapped, about(row), { ...whom(row), reasonId: row.reasonId, outcomeId: row.outcomeId })
}

/** The talk is over; wrap-up follows when somebody had answered. */
export async function markEnded(ctx: Ctx, id: string): Promise<InteractionRow> {
  const before = await lockInteraction(ctx, id)
  if (before.state === 'wrap' || before.state === 'done') return before
  const row = move(ctx, before, afterEnd(before.agentId), { endedAt: ctx.now })
  await ctx.emit(said.interactionEnded, about(row), whom(row))
  return row
}

export async function markWrapped(
  ctx: Ctx,
  id: string,
  { reasonId, outcomeId, note }: { reasonId: string | null; outcomeId: string | null; note: string },
): Promise<InteractionRow> {
  const before = await lockInteraction(ctx, id)
  await checkWords(ctx, before, { reasonId, outcomeId })
  const row = move(ctx, before, 'done', {
    endedAt: before.endedAt ?? ctx.now,
    wrappedAt: ctx.now,
    reasonId: reasonId ?? before.reasonId,
    outcomeId,
    note,
  })
  await ctx.emit(said.interactionWrapped, about(row), { ...whom(row), reasonId: row.reasonId, outcomeId })
  return row
}

/** Whoever handed the contact over writes down their part; reason and outcome stay with whoever goes on. */
export async function writeAlong(
  ctx: Ctx,
  id: string,
  { reasonId, note }: { reasonId: string | null; note: string },
): Promise<InteractionRow> {
  const before = await lockInteraction(ctx, id)
  await checkWords(ctx, before, { reasonId, outcomeId: null })
  const row = change(ctx, before, {
    reasonId: before.reasonId ?? reasonId,
    note: [before.note, note].filter(text => text !== '').join('\n'),
  })
  await ctx.emit(said.interactionNoted, about(row), { ...whom(row), reasonId: row.reasonId })
  return row
}

/** The customer went before anyone answered. */
export async function markAbandoned(ctx: Ctx, id: string): Promise<InteractionRow> {
  const before = await lockInteraction(ctx, id)
  if (before.state === 'abandoned') return before
  const row = move(ctx, before, 'abandoned', { endedAt: ctx.now })
  await ctx.emit(said.interactionAbandoned, about(row), {
    channel: row.channel,
    queueId: row.queueId,
    waitedSeconds: seconds(row.queuedAt, ctx.now),
  })
  return row
}

/** Only now it is known whose contact this is. */
export async function joinCustomer(ctx: Ctx, id: string, customerId: string): Promise<InteractionRow> {
  const before = await lockInteraction(ctx, id)
  if (before.customerId === customerId) return before
  const row = change(ctx, before, { customerId })
  await Promise.all([ctx.emit(said.interactionJoined, about(row), { fromCustomerId: before.customerId }), touch(ctx, customerId)])
  return row
}

export async function rateInteraction(ctx: Ctx, id: string, score: number): Promise<InteractionRow> {
  const before = await lockInteraction(ctx, id)
  const row = change(ctx, before, { rating: score })
  await ctx.emit(said.interactionRated, about(row), { score, agentId: row.agentId })
  return row
}

const about = (row: InteractionRow) => ({ id: row.id, customerId: row.customerId, interactionId: row.id })
const whom = ({ channel, queueId, agentId }: InteractionRow) => ({ channel, queueId, agentId })
const seconds = (from: Date | null, to: Date | null) => (from && to ? Math.max(0, Math.round((to.getTime() - from.getTime()) / 1000)) : 0)

export async function lockInteraction(ctx: Ctx, id: string): Promise<InteractionRow> {
  const { rows } =
    await sql<InteractionRow>`select * from interactions.interaction where tenant_id = ${ctx.tenantId} and id = ${id} for update`.execute(
      ctx.db,
    )
  return found(rows[0], 'interaction', id)
}

function move(ctx: Ctx, row: InteractionRow, to: State, marks: Partial<Kept>): InteractionRow {
  if (!mayBecome(row.state, to)) throw new Refusal('conflict', 'interaction.state', { state: row.state, wanted: to })
  return change(ctx, row, { ...marks, state: to })
}

type Kept = Omit<InteractionRow, 'id' | 'channel' | 'direction' | 'subject' | 'source' | 'startedAt'>
function change(ctx: Ctx, before: InteractionRow, set: Partial<Kept>): InteractionRow {
  const row = { ...before, ...set }
  const { id, state, customerId, queueId, agentId, queuedAt, answeredAt, endedAt, wrappedAt, reasonId, outcomeId, note, rating, leftAt } =
    row
  ctx.write`update interactions.interaction set state = ${state}, customer_id = ${customerId}, queue_id = ${queueId}, agent_id = ${agentId},
    queued_at = ${queuedAt}, answered_at = ${answeredAt}, ended_at = ${endedAt}, wrapped_at = ${wrappedAt}, reason_id = ${reasonId}, outcome_id = ${outcomeId},
    note = ${note}, rating = ${rating}, left_at = ${leftAt} where tenant_id = ${ctx.tenantId} and id = ${id}`
  return row
}
