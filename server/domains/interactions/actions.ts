import type { Selectable } from 'kysely'
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
}

export async function openInteraction(ctx: Ctx, opened: NewInteraction): Promise<InteractionRow> {
  const row = {
    ...{ id: newId(), agentId: null, reasonId: null },
    ...opened,
    startedAt: ctx.now,
    queuedAt: opened.state === 'waiting' ? ctx.now : null,
    answeredAt: opened.state === 'active' ? ctx.now : null,
    endedAt: null,
    wrappedAt: null,
    outcomeId: null,
    note: '',
    rating: null,
  }
  const { channel, direction, queueId, source, state } = row
  await Promise.all([
    ctx.db.insertInto('interactions.interaction').values(row).execute(),
    ctx.emit(said.interactionOpened, about(row), { channel, direction, queueId, source, state }),
    row.customerId ? touch(ctx, row.customerId) : null,
  ])
  return row
}

/** A message left earlier starts to wait for an agent. */
export async function markWaiting(ctx: Ctx, id: string, queueId?: string): Promise<InteractionRow> {
  const before = await lockInteraction(ctx, id)
  if (before.state === 'waiting') return before
  const row = await move(ctx, before, 'waiting', { queuedAt: before.queuedAt ?? ctx.now, queueId: queueId ?? before.queueId })
  await ctx.emit(said.interactionQueued, about(row), { channel: row.channel, queueId: row.queueId })
  return row
}

/** It overflowed, or was handed over, to another queue. */
export async function moveToQueue(ctx: Ctx, id: string, queueId: string): Promise<InteractionRow> {
  const before = await lockInteraction(ctx, id)
  if (before.queueId === queueId) return before
  const row = await change(ctx, before, { queueId })
  await ctx.emit(said.interactionMoved, about(row), { channel: row.channel, queueId, fromQueueId: before.queueId })
  return row
}

export async function markAnswered(ctx: Ctx, id: string, agentId: string): Promise<InteractionRow> {
  const before = await lockInteraction(ctx, id)
  if (before.state === 'active' && before.agentId === agentId) return before
  const row = await move(ctx, before, 'active', { agentId, answeredAt: before.answeredAt ?? ctx.now })
  await ctx.emit(said.interactionAnswered, about(row), {
    ...whom(row),
    waitedSeconds: seconds(row.queuedAt, row.answeredAt),
    again: before.answeredAt !== null,
  })
  return row
}

/** The talk is over; wrap-up follows when somebody had answered. */
export async function markEnded(ctx: Ctx, id: string): Promise<InteractionRow> {
  const before = await lockInteraction(ctx, id)
  if (before.state === 'wrap' || before.state === 'done') return before
  const row = await move(ctx, before, afterEnd(before.agentId), { endedAt: ctx.now })
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
  const row = await move(ctx, before, 'done', {
    endedAt: before.endedAt ?? ctx.now,
    wrappedAt: ctx.now,
    reasonId: reasonId ?? before.reasonId,
    outcomeId,
    note,
  })
  await ctx.emit(said.interactionWrapped, about(row), { ...whom(row), reasonId: row.reasonId, outcomeId })
  return row
}

/** The customer went before anyone answered. */
export async function markAbandoned(ctx: Ctx, id: string): Promise<InteractionRow> {
  const before = await lockInteraction(ctx, id)
  if (before.state === 'abandoned') return before
  const row = await move(ctx, before, 'abandoned', { endedAt: ctx.now })
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
  const row = await change(ctx, before, { customerId })
  await Promise.all([ctx.emit(said.interactionJoined, about(row), { fromCustomerId: before.customerId }), touch(ctx, customerId)])
  return row
}

export async function rateInteraction(ctx: Ctx, id: string, score: number): Promise<InteractionRow> {
  const before = await lockInteraction(ctx, id)
  const row = await change(ctx, before, { rating: score })
  await ctx.emit(said.interactionRated, about(row), { score, agentId: row.agentId })
  return row
}

const about = (row: InteractionRow) => ({ id: row.id, customerId: row.customerId, interactionId: row.id })
const whom = ({ channel, queueId, agentId }: InteractionRow) => ({ channel, queueId, agentId })
const seconds = (from: Date | null, to: Date | null) => (from && to ? Math.max(0, Math.round((to.getTime() - from.getTime()) / 1000)) : 0)

export const lockInteraction = async (ctx: Ctx, id: string): Promise<InteractionRow> =>
  found(
    await ctx.db.selectFrom('interactions.interaction').selectAll().where('id', '=', id).forUpdate().executeTakeFirst(),
    'interaction',
    id,
  )

async function move(ctx: Ctx, row: InteractionRow, to: State, marks: Partial<InteractionRow>): Promise<InteractionRow> {
  if (!mayBecome(row.state, to)) throw new Refusal('conflict', 'interaction.state', { state: row.state, wanted: to })
  return change(ctx, row, { ...marks, state: to })
}

async function change(ctx: Ctx, row: InteractionRow, set: Partial<InteractionRow>): Promise<InteractionRow> {
  await ctx.db.updateTable('interactions.interaction').set(set).where('id', '=', row.id).execute()
  return { ...row, ...set }
}
