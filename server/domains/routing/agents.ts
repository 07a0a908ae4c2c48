import { type Selectable, sql } from 'kysely'
import type { Channel } from '#contract/interactions.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Tables } from '#kernel/tables.ts'
import type { Ctx } from '#kernel/work.ts'

export type AgentRow = Selectable<Tables['routing.presence']>
export type HandlingRow = Selectable<Tables['routing.handling']>
export type OfferRow = Selectable<Tables['routing.offer']>
export type WaitingRow = Selectable<Tables['routing.waiting']>

/** Every decision about agents locks them first, in one order; then what waits. Whoever keeps to it cannot deadlock. */
export async function lockAgents(ctx: Ctx, ids: readonly (string | null | undefined)[]): Promise<Map<string, AgentRow>> {
  const wanted = [...new Set(ids.filter(id => typeof id === 'string'))].sort()
  if (wanted.length === 0) return new Map()
  const rows = await ctx.db.selectFrom('routing.presence').selectAll().where('id', 'in', wanted).orderBy('id').forUpdate().execute()
  return new Map(rows.map(row => [row.id, row]))
}

/**
 * A contact with everyone locked whom it concerns: who has it in hand, whom it rings for, and `others`. Whom that is can only be known
 * after locking; when it was somebody else, every lock is let go before looking anew.
 */
export async function lockContact(
  ctx: Ctx,
  id: string,
  others: readonly (string | null)[] = [],
): Promise<{ handling?: HandlingRow; waiting?: WaitingRow }> {
  for (;;) {
    const [[held, waits]] = await Promise.all([standing(ctx, id, false), sql`savepoint looking`.execute(ctx.db)])
    if (!held && !waits) return {}
    await lockAgents(ctx, [held?.agentId, waits?.offeredTo, ...others])
    const [handling, waiting] = await standing(ctx, id, true)
    if (handling?.agentId === held?.agentId && waiting?.offeredTo === waits?.offeredTo) return { handling, waiting }
    await sql`rollback to savepoint looking`.execute(ctx.db)
  }
}

async function standing(ctx: Ctx, id: string, lock: boolean): Promise<[HandlingRow | undefined, WaitingRow | undefined]> {
  const waiting = ctx.db.selectFrom('routing.waiting').selectAll().where('id', '=', id)
  return Promise.all([
    ctx.db.selectFrom('routing.handling').selectAll().where('id', '=', id).executeTakeFirst(),
    (lock ? waiting.forUpdate() : waiting).executeTakeFirst(),
  ])
}

const openOfferOf = (ctx: Ctx, interactionId: string): Promise<OfferRow | undefined> =>
  ctx.db.selectFrom('routing.offer').selectAll().where('interactionId', '=', interactionId).where('endedAt', 'is', null).executeTakeFirst()

/** Takes a contact that is locked out of the queue. Tells for whom it rang. */
export async function unqueue(ctx: Ctx, { id, offeredTo }: WaitingRow, outcome: 'accepted' | 'withdrawn'): Promise<string | null> {
  await ctx.db.deleteFrom('routing.waiting').where('id', '=', id).execute()
  const offer = offeredTo === null ? undefined : await openOfferOf(ctx, id)
  if (offer) await endOffer(ctx, offer.id, outcome)
  return offeredTo
}

/** Ends an offer that still rings; undefined when it no longer does. The agent is locked. */
export async function endOffer(ctx: Ctx, id: string, outcome: NonNullable<OfferRow['outcome']>): Promise<OfferRow | undefined> {
  const offer = await ctx.db
    .updateTable('routing.offer')
    .set({ endedAt: ctx.now, outcome })
    .where('id', '=', id)
    .where('endedAt', 'is', null)
    .returningAll()
    .executeTakeFirst()
  if (!offer) return undefined
  await ctx.db.updateTable('routing.presence').set({ ringing: null }).where('id', '=', offer.agentId).execute()
  ctx.tell(`user:${offer.agentId}`, 'offer.ended', { id, interactionId: offer.interactionId, outcome })
  return offer
}

export async function freeChannels(ctx: Ctx, agentId: string): Promise<Channel[]> {
  const rows = await ctx.db.selectFrom('routing.freePlace').select('channel').where('agentId', '=', agentId).execute()
  return rows.map(r => r.channel)
}

type Held = { id: string; channel: Channel; queueId: string | null }

/** Puts a contact in the hand of an agent who is locked. A place promised to an offer that rings is not given away. */
export async function hold(ctx: Ctx, contact: Held, agentId: string, beyondCapacity: 'refuse' | 'uncounted'): Promise<void> {
  const taken = await sql`update routing.load l set used = used + 1
    where l.tenant_id = ${ctx.tenantId} and l.agent_id = ${agentId} and l.channel = ${contact.channel}
      and l.used + (select count(*) from routing.offer o where o.tenant_id = ${ctx.tenantId} and o.agent_id = ${agentId} and o.ended_at is null
        and o.channel = ${contact.channel} and o.interaction_id <> ${contact.id}) < l.capacity
      and (l.weight = 0 or l.weight + (select sum(x.used * x.weight + case when exists (select 1 from routing.offer o where o.tenant_id = ${ctx.tenantId}
          and o.agent_id = ${agentId} and o.ended_at is null and o.channel = x.channel and o.interaction_id <> ${contact.id}) then x.weight else 0 end)
        from routing.load x where x.tenant_id = ${ctx.tenantId} and x.agent_id = ${agentId}) <= 100)
    returning l.agent_id`.execute(ctx.db)
  const counted = taken.rows.length > 0
  if (!counted && beyondCapacity === 'refuse' && (await isStaffed(ctx, agentId, contact.channel)))
    throw new Refusal('conflict', 'routing.over_capacity', { channel: contact.channel })
  await Promise.all([
    ctx.db
      .insertInto('routing.handling')
      .values({ ...contact, agentId, since: ctx.now, counted, wrapSince: null, wrapUntil: null })
      .execute(),
    // Whoever was just given a contact is the last in line for the next one.
    ctx.db.updateTable('routing.presence').set({ misses: 0, idleSince: ctx.now }).where('id', '=', agentId).execute(),
    sql`update routing.idle set idle_since = ${ctx.now} where tenant_id = ${ctx.tenantId} and agent_id = ${agentId}`.execute(ctx.db),
  ])
}

/** Takes a contact out of the hand of an agent who is locked, and frees the place it held. */
export async function letGo(ctx: Ctx, { id, agentId, channel, counted }: HandlingRow): Promise<void> {
  await Promise.all([
    ctx.db.deleteFrom('routing.handling').where('id', '=', id).execute(),
    counted
      ? sql`update routing.load set used = used - 1 where tenant_id = ${ctx.tenantId} and agent_id = ${agentId} and channel = ${channel}`.execute(
          ctx.db,
        )
      : null,
    ctx.db.updateTable('routing.presence').set({ idleSince: ctx.now }).where('id', '=', agentId).execute(),
  ])
}

const isStaffed = async (ctx: Ctx, agentId: string, channel: Channel): Promise<boolean> =>
  (await ctx.db
    .selectFrom('routing.load')
    .select('capacity')
    .where('agentId', '=', agentId)
    .where('channel', '=', channel)
    .where('capacity', '>', 0)
    .executeTakeFirst()) !== undefined
