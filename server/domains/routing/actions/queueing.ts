import { sql } from 'kysely'
import type * as z from 'zod'
import type { Channel } from '#contract/interactions.ts'
import type { CallBack, SkillDemand } from '#contract/routing.ts'
import { lastAgentOf } from '#domains/interactions/index.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { lockContact, openOfferOf, unqueue, type WaitingRow } from '../agents.ts'
import { type Demanding, numberedOf, placeOf, queueById } from '../lanes.ts'
import { offerOf, wakeAgent, wakeContact } from '../match.ts'
import { after, aheadWeight, breathSeconds, lastAgentDays, needsAfter, priorityOf, refusedSeconds } from '../rules.ts'
import { fallDue } from './due.ts'

export type NewWaiting = {
  interactionId: string
  conversationId?: string | null
  channel: Channel
  queueId: string
  customerId: string | null
  customerName: string
  tier: string | null
  subject: string
  /** Left out: the agent who last answered this customer. Null: nobody is preferred. */
  preferredAgentId?: string | null
  onlyAgentId?: string
  onlyUntil?: Date
  priority?: number
  /** Before everybody, whatever their value: whoever was cut off in the middle of a talk. */
  ahead?: boolean
  /** Beside what the queue demands. */
  demands?: z.output<typeof SkillDemand>[]
  /** Whose agents are preferred when no agent of the customer's own is. */
  preferredTeamId?: string | null
  waitedSince?: Date
  /** Nobody is on the line: whoever takes it calls them back. */
  callBack?: CallBack | null
}

/** A contact starts to wait. One that already waits waits anew (a transfer somewhere else); one in an agent's hand stays there until another takes it. */
export async function enqueue(ctx: Ctx, contact: NewWaiting): Promise<void> {
  const [queue, { handling, waiting }] = await Promise.all([queueById(ctx, contact.queueId), lockContact(ctx, contact.interactionId)])
  if (queue.channel !== contact.channel) throw new Refusal('invalid', 'queue.other_channel', { channel: queue.channel })
  if (waiting) await withdraw(ctx, waiting)
  const heldBy = handling?.agentId ?? null
  const enqueuedAt = contact.waitedSince ?? ctx.now
  const onlyPreferred = contact.onlyAgentId !== undefined
  const extra = await numberedOf(ctx, contact.demands ?? [])
  const needs = needsAfter([...queue.numbered, ...extra], 0)
  const preferredAgentId =
    contact.onlyAgentId ?? (await preferredOf(ctx, queue, needs, contact, heldBy)) ?? (await ofTeam(ctx, queue, needs, contact, heldBy))
  const waits = {
    enqueuedAt,
    enteredAt: ctx.now,
    onlyPreferred,
    preferredUntil:
      preferredAgentId === null ? null : onlyPreferred ? (contact.onlyUntil ?? after(ctx.now, 60)) : after(ctx.now, queue.preferSeconds),
    notForUntil: null,
    been: [queue.id],
    extra,
  }
  await ctx.db
    .insertInto('routing.waiting')
    .values({
      ...waits,
      ...(await placeOf(ctx, queue, waits)),
      extra: JSON.stringify(extra),
      id: contact.interactionId,
      conversationId: contact.conversationId ?? null,
      channel: contact.channel,
      queueId: queue.id,
      offeredTo: null,
      priority: priorityOf(contact.tier, contact.priority) + (contact.ahead ? aheadWeight : 0),
      preferredAgentId,
      heldBy,
      notFor: heldBy === null ? [] : [heldBy],
      customerId: contact.customerId,
      customerName: contact.customerName,
      tier: contact.tier,
      subject: contact.subject,
      callBackSince: contact.callBack?.since ?? null,
      callBackTries: contact.callBack?.tries ?? 0,
    })
    .execute()
  wakeContact(ctx, contact.interactionId)
}

/** Whoever waits hung up and is to be called back; the agent for whom it rings sees it at once. */
export async function awaitsCallBack(ctx: Ctx, interactionId: string, { since, tries }: CallBack): Promise<void> {
  const row = await ctx.db
    .updateTable('routing.waiting')
    .set({ callBackSince: since, callBackTries: tries })
    .where('id', '=', interactionId)
    .returningAll()
    .executeTakeFirst()
  const offer = row && (await openOfferOf(ctx, interactionId))
  if (!row || !offer) return wakeContact(ctx, interactionId)
  const { name: queueName } = await queueById(ctx, offer.queueId)
  ctx.tell(`user:${offer.agentId}`, 'offer.ringing', offerOf(offer, { ...row, queueName }))
}

/**
 * The agent a customer knows is preferred for a while, if that agent is ready, works this queue and fits; being full just now is no obstacle,
 * a place may come free. The contact is then reserved to that agent until the seconds are over or the agent stops being ready.
 */
async function preferredOf(
  ctx: Ctx,
  queue: Demanding,
  needs: number[],
  contact: NewWaiting,
  heldBy: string | null,
): Promise<string | null> {
  if (queue.preferSeconds === 0) return null
  const wanted =
    contact.preferredAgentId === undefined && contact.customerId
      ? await lastAgentOf(ctx, contact.customerId, lastAgentDays)
      : contact.preferredAgentId
  if (!wanted || wanted === heldBy) return null
  const { rows } = await sql`select 1 from routing.presence p
    join routing.agent_queue m on m.tenant_id = ${ctx.tenantId} and m.agent_id = p.id and m.queue_id = ${queue.id}
    join routing.load l on l.tenant_id = ${ctx.tenantId} and l.agent_id = p.id and l.channel = ${queue.channel} and l.capacity > 0
    where p.tenant_id = ${ctx.tenantId} and p.id = ${wanted} and p.state = 'ready' and ${needs}::int[] <@ p.has`.execute(ctx.db)
  return rows.length > 0 ? wanted : null
}

/** The longest idle of the preferred team who could take it just now. */
async function ofTeam(
  ctx: Ctx,
  queue: Demanding,
  needs: number[],
  { preferredTeamId }: NewWaiting,
  heldBy: string | null,
): Promise<string | null> {
  if (!preferredTeamId || queue.preferSeconds === 0) return null
  const { rows } = await sql<{ id: string }>`select p.id from routing.agent_queue m
    join routing.presence p on p.tenant_id = ${ctx.tenantId} and p.id = m.agent_id and p.state = 'ready' and p.ringing is null
    join identity.fact_person f on f.tenant_id = ${ctx.tenantId} and f.id = m.agent_id and f.team_id = ${preferredTeamId}
    join routing.free_place l on l.tenant_id = ${ctx.tenantId} and l.agent_id = m.agent_id and l.channel = ${queue.channel}
    where m.tenant_id = ${ctx.tenantId} and m.queue_id = ${queue.id} and ${needs}::int[] <@ p.has and p.id is distinct from ${heldBy}::uuid
    order by p.idle_since, p.id limit 1`.execute(ctx.db)
  return rows[0]?.id ?? null
}

/** The contact no longer waits: the customer went, or the talk ended. Whoever it rings for is free again. */
export async function leaveQueue(ctx: Ctx, interactionId: string): Promise<boolean> {
  const there = await ctx.db.selectFrom('routing.waiting').select('id').where('id', '=', interactionId).executeTakeFirst()
  if (!there) return false
  const { waiting } = await lockContact(ctx, interactionId)
  return waiting !== undefined && withdraw(ctx, waiting)
}

export async function withdraw(ctx: Ctx, waiting: WaitingRow): Promise<true> {
  const rang = await unqueue(ctx, waiting, 'withdrawn')
  if (rang !== null) wakeAgent(ctx, rang)
  return true
}

/** Back to its old place. Whoever refused or missed it is passed over for a while, the shorter when nobody else fits. */
export async function putBack(ctx: Ctx, interactionId: string, agentId: string, why: 'declined' | 'missed' | 'returned'): Promise<void> {
  const row = await ctx.db.selectFrom('routing.waiting').selectAll().where('id', '=', interactionId).forUpdate().executeTakeFirst()
  if (!row) return
  const base = { state: 'waiting' as const, offeredTo: null }
  if (row.onlyPreferred) {
    // A hand-over that was refused or missed is over; what follows locks the conversation, so it is work of its own.
    await ctx.db
      .updateTable('routing.waiting')
      .set({ ...base, notFor: [...row.notFor, agentId], preferredUntil: ctx.now, dueAt: ctx.now })
      .where('id', '=', row.id)
      .execute()
    ctx.afterCommit('return a contact handed over', house => fallDue(house, ctx.tenantId, interactionId, why === 'returned' ? 'late' : why))
    return
  }
  const queue = await queueById(ctx, row.queueId)
  const notFor = why === 'returned' ? row.notFor : [...row.notFor, agentId]
  const others = await anyoneElse(ctx, row, notFor)
  const waits = {
    ...row,
    notForUntil: why === 'returned' ? row.notForUntil : after(ctx.now, others ? refusedSeconds : breathSeconds),
    ...(row.preferredAgentId === agentId ? { preferredAgentId: null, preferredUntil: null } : {}),
  }
  const { preferredAgentId, preferredUntil, notForUntil } = waits
  const place = await placeOf(ctx, queue, waits)
  await ctx.db
    .updateTable('routing.waiting')
    .set({ ...base, ...place, notFor, notForUntil, preferredAgentId, preferredUntil })
    .where('id', '=', row.id)
    .execute()
  wakeContact(ctx, interactionId)
}

/** Is another agent ready who fits, though perhaps full just now? */
async function anyoneElse(ctx: Ctx, row: WaitingRow, notFor: string[]): Promise<boolean> {
  const { rows } = await sql`select 1 from routing.agent_queue m
    join routing.presence p on p.tenant_id = ${ctx.tenantId} and p.id = m.agent_id and p.state = 'ready'
    join routing.lane l on l.tenant_id = ${ctx.tenantId} and l.id = ${row.laneId} and l.needs <@ p.has
    join routing.load c on c.tenant_id = ${ctx.tenantId} and c.agent_id = p.id and c.channel = ${row.channel} and c.capacity > 0
    where m.tenant_id = ${ctx.tenantId} and m.queue_id = ${row.queueId} and not (p.id = any(${notFor}::uuid[])) limit 1`.execute(ctx.db)
  return rows.length > 0
}
