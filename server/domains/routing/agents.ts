import { type RawBuilder, type Selectable, sql } from 'kysely'
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
  const { rows } = await sql<AgentRow>`select * from routing.presence where tenant_id = ${ctx.tenantId} and id in (${sql.join(wanted)})
    order by id for update`.execute(ctx.db)
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
    // Sent together, answered in order: what stands is read once the agents are locked.
    const [, locked, [handling, waiting]] = await Promise.all([
      sql`savepoint looking`.execute(ctx.db),
      lockConcerned(ctx, id, others),
      standing(ctx, id),
    ])
    if ([handling?.agentId, waiting?.offeredTo].every(agent => !agent || locked.has(agent))) return { handling, waiting }
    await sql`rollback to savepoint looking`.execute(ctx.db)
  }
}

/** Locks, in their order, those whom the contact concerns by what is seen now. Asked so that one plan serves: a list that is unfolded is planned for anew each time. */
async function lockConcerned(ctx: Ctx, id: string, others: readonly (string | null)[]): Promise<Set<string>> {
  const named = [...new Set(others.filter(other => other !== null))]
  const { rows } = await sql<{ ids: string[] }>`with concerned as materialized (select array(
        select agent_id from routing.handling where tenant_id = ${ctx.tenantId} and id = ${id}
        union all select offered_to from routing.waiting where tenant_id = ${ctx.tenantId} and id = ${id} and offered_to is not null) || ${named}::uuid[] as ids),
    locked as materialized (select id from routing.presence where tenant_id = ${ctx.tenantId} and id = any((select ids from concerned)::uuid[]) order by id for update)
    select ids, (select count(*) from locked) as locked from concerned`.execute(ctx.db)
  return new Set(rows[0]?.ids)
}

async function standing(ctx: Ctx, id: string): Promise<[HandlingRow | undefined, WaitingRow | undefined]> {
  const [handling, waiting] = await Promise.all([
    sql<HandlingRow>`select * from routing.handling where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.db),
    sql<WaitingRow>`select * from routing.waiting where tenant_id = ${ctx.tenantId} and id = ${id} for update`.execute(ctx.db),
  ])
  return [handling.rows[0], waiting.rows[0]]
}

/** Until when wrap-up keeps an agent's place, by contact; a contact that routing no longer holds is not in it. */
export async function wrapsOf(ctx: Ctx, agentId: string): Promise<Map<string, Date | null>> {
  const rows = await ctx.db.selectFrom('routing.handling').select(['id', 'partOf', 'wrapUntil']).where('agentId', '=', agentId).execute()
  return new Map(rows.map(row => [row.partOf ?? row.id, row.wrapUntil]))
}

export const openOfferOf = (ctx: Ctx, interactionId: string): Promise<OfferRow | undefined> =>
  ctx.db.selectFrom('routing.offer').selectAll().where('interactionId', '=', interactionId).where('endedAt', 'is', null).executeTakeFirst()

/** Takes a contact that is locked out of the queue. Tells for whom it rang. */
export async function unqueue(ctx: Ctx, { id, offeredTo }: WaitingRow, outcome: 'accepted' | 'withdrawn'): Promise<string | null> {
  ctx.write`delete from routing.waiting where tenant_id = ${ctx.tenantId} and id = ${id}`
  if (offeredTo !== null) await endBy(ctx, sql`interaction_id = ${id}`, outcome)
  return offeredTo
}

/** Ends an offer that still rings; undefined when it no longer does. The agent is locked. */
export const endOffer = (ctx: Ctx, id: string, outcome: Outcome): Promise<OfferRow | undefined> => endBy(ctx, sql`id = ${id}`, outcome)

type Outcome = NonNullable<OfferRow['outcome']>
async function endBy(ctx: Ctx, which: RawBuilder<unknown>, outcome: Outcome): Promise<OfferRow | undefined> {
  const { rows } = await sql<OfferRow>`update routing.offer set ended_at = ${ctx.now}, outcome = ${outcome}
    where tenant_id = ${ctx.tenantId} and ${which} and ended_at is null returning *`.execute(ctx.db)
  const [offer] = rows
  if (!offer) return undefined
  const { id, agentId, interactionId } = offer
  ctx.write`update routing.presence set ringing = null where tenant_id = ${ctx.tenantId} and id = ${agentId}`
  ctx.tell(`user:${agentId}`, 'offer.ended', { id, interactionId, outcome })
  return offer
}

export async function freeChannels(ctx: Ctx, agentId: string): Promise<Channel[]> {
  const { rows } = await sql<{
    channel: Channel
  }>`select channel from routing.free_place where tenant_id = ${ctx.tenantId} and agent_id = ${agentId}`.execute(ctx.db)
  return rows.map(r => r.channel)
}

type Held = { id: string; channel: Channel; queueId: string | null; partOf?: string; rings?: boolean; wrapUntil?: Date }

/**
 * Puts a contact in the hand of an agent who is locked. A place promised to an offer that rings is not given away.
 * `uncounted`: nobody asks whether it fits; it takes a place of its channel where there is one.
 */
export async function hold(ctx: Ctx, contact: Held, agentId: string, beyondCapacity: 'refuse' | 'uncounted'): Promise<void> {
  const taken = await sql`update routing.load l set used = used + 1
    where l.tenant_id = ${ctx.tenantId} and l.agent_id = ${agentId} and l.channel = ${contact.channel}
      and l.used + (select count(*) from routing.offer o where o.tenant_id = ${ctx.tenantId} and o.agent_id = ${agentId} and o.ended_at is null
        and o.channel = ${contact.channel} and o.interaction_id <> ${contact.id}) < l.capacity
      and (${beyondCapacity === 'uncounted'} or l.weight = 0 or (select sum(x.used * x.weight + case when exists (select 1 from routing.offer o where o.tenant_id = ${ctx.tenantId}
          and o.agent_id = ${agentId} and o.ended_at is null and o.channel = x.channel and o.interaction_id <> ${contact.id}) then x.weight else 0 end)
        from routing.load x where x.tenant_id = ${ctx.tenantId} and x.agent_id = ${agentId}) <= greatest(100 - l.weight, l.beside))
    returning l.agent_id`.execute(ctx.db)
  const counted = taken.rows.length > 0
  if (!counted && beyondCapacity === 'refuse' && (await isStaffed(ctx, agentId, contact.channel)))
    throw new Refusal('conflict', 'routing.over_capacity', { channel: contact.channel })
  const { id, channel, queueId, partOf = null, rings = false, wrapUntil = null } = contact
  ctx.write`insert into routing.handling (tenant_id, id, agent_id, channel, queue_id, since, counted, part_of, rings, wrap_since, wrap_until)
    values (${ctx.tenantId}, ${id}, ${agentId}, ${channel}, ${queueId}, ${ctx.now}, ${counted}, ${partOf}, ${rings}, ${wrapUntil ? ctx.now : null}, ${wrapUntil})`
  // Whoever was just given a contact is the last in line for the next one.
  ctx.write`update routing.presence set misses = 0, idle_since = ${ctx.now} where tenant_id = ${ctx.tenantId} and id = ${agentId}`
  ctx.write`update routing.idle set idle_since = ${ctx.now} where tenant_id = ${ctx.tenantId} and agent_id = ${agentId}`
}

/** Takes a contact out of the hand of an agent who is locked, and frees the place it held: whatever else the agent holds beyond the capacity of the channel takes it. */
export function letGo(ctx: Ctx, { id, agentId, channel, counted }: HandlingRow): void {
  ctx.write`delete from routing.handling where tenant_id = ${ctx.tenantId} and id = ${id}`
  if (counted)
    ctx.write`with heir as (update routing.handling set counted = true where tenant_id = ${ctx.tenantId} and id = (
        select h.id from routing.handling h where h.tenant_id = ${ctx.tenantId} and h.agent_id = ${agentId} and h.channel = ${channel} and not h.counted
          and h.id <> ${id} order by h.since limit 1) returning id)
      update routing.load set used = used - 1 where tenant_id = ${ctx.tenantId} and agent_id = ${agentId} and channel = ${channel}
        and not exists (select 1 from heir)`
  ctx.write`update routing.presence set idle_since = ${ctx.now} where tenant_id = ${ctx.tenantId} and id = ${agentId}`
}

const isStaffed = async (ctx: Ctx, agentId: string, channel: Channel): Promise<boolean> =>
  (await ctx.db
    .selectFrom('routing.load')
    .select('capacity')
    .where('agentId', '=', agentId)
    .where('channel', '=', channel)
    .where('capacity', '>', 0)
    .executeTakeFirst()) !== undefined
