import { type RawBuilder, type Selectable, sql } from 'kysely'
import type { Channel } from '#contract/interactions.ts'
import type { Offer } from '#contract/routing.ts'
import type { House } from '#kernel/house.ts'
import { newId } from '#kernel/ids.ts'
import { asSystem } from '#kernel/react.ts'
import type { Tables } from '#kernel/tables.ts'
import type { Ctx } from '#kernel/work.ts'
import { freeChannels, lockAgents } from './agents.ts'
import { after } from './rules.ts'

type WaitingRow = Selectable<Tables['routing.waiting']>
type Agent = { id: string; has: number[] }

/** Matching begins after the commit of its cause and in a transaction of its own. */
export const wakeAgent = (ctx: Ctx, agentId: string): void =>
  ctx.afterCommit('find a contact for an agent', house => matchAgent(house, ctx.tenantId, agentId))
export const wakeContact = (ctx: Ctx, interactionId: string): void =>
  ctx.afterCommit('find an agent for a contact', house => matchContact(house, ctx.tenantId, interactionId))

/**
 * An agent may have become free. Look, commit the idle rows, look again: a contact that arrived in between saw no idle row yet,
 * and our first look did not see the contact.
 */
export async function matchAgent(house: House, tenantId: string, agentId: string, isIdle = false): Promise<void> {
  const look = (first: boolean) =>
    asSystem(house, tenantId, async ctx => {
      // Sent together, answered in order: the places are read once the agent is locked.
      const [, agents, channels] = await Promise.all([planByIndex(ctx), lockAgents(ctx, [agentId]), freeChannels(ctx, agentId)])
      const agent = agents.get(agentId)
      if (agent?.state !== 'ready' || agent.ringing !== null || channels.length === 0) {
        await notIdle(ctx, agentId)
        return 'over'
      }
      if (await offerBest(ctx, agent, channels)) return 'over'
      if (first) await idle(ctx, agent, channels)
      return 'again'
    })
  if (isIdle || (await look(true)) === 'again') await look(false)
}

/** An agent, who is locked, has just taken a contact: whoever has no place left is woken when one comes free. */
export async function wakeTaking(ctx: Ctx, agentId: string): Promise<void> {
  if ((await freeChannels(ctx, agentId)).length > 0) return wakeAgent(ctx, agentId)
  ctx.write`delete from routing.idle where tenant_id = ${ctx.tenantId} and agent_id = ${agentId}`
}

/** An agent, who is locked, has just let go of a contact. The idle rows stand with this commit, so that one look after it is enough. */
export function wakeFreed(ctx: Ctx, agentId: string): void {
  ctx.write`delete from routing.idle where tenant_id = ${ctx.tenantId} and agent_id = ${agentId}`
  ctx.write`insert into routing.idle (tenant_id, agent_id, queue_id, idle_since, has)
    select m.tenant_id, m.agent_id, m.queue_id, p.idle_since, p.has from routing.presence p
    join routing.agent_queue m on m.tenant_id = ${ctx.tenantId} and m.agent_id = p.id
    join routing.queue q on q.tenant_id = ${ctx.tenantId} and q.id = m.queue_id
    join routing.free_place l on l.tenant_id = ${ctx.tenantId} and l.agent_id = p.id and l.channel = q.channel
    where p.tenant_id = ${ctx.tenantId} and p.id = ${agentId} and p.state = 'ready' and p.ringing is null`
  ctx.afterCommit('find a contact for an agent', house => matchAgent(house, ctx.tenantId, agentId, true))
}

/**
 * A contact waits: wake the agent who has been idle longest and fits. The agent then takes the best of everything that waits for it,
 * which may be an older contact; so nobody is overtaken, and there is one place where offers are made.
 * The first look passes over agents that someone else is deciding about; the second waits for one of them. They are two transactions:
 * a scan keeps the lock of every agent it found unfit, and whoever waits while holding those deadlocks.
 */
export async function matchContact(house: House, tenantId: string, interactionId: string): Promise<void> {
  const passed: string[] = []
  const look = (lock: (ctx: Ctx, contact: Contact) => Promise<Agent | 'changed' | undefined>) =>
    asSystem(house, tenantId, async ctx => {
      const [, { rows }] = await Promise.all([
        planByIndex(ctx),
        sql<Contact>`select w.queue_id, w.channel, w.preferred_agent_id, w.not_for, l.needs from routing.waiting w
          join routing.lane l on l.tenant_id = ${ctx.tenantId} and l.id = w.lane_id
          where w.tenant_id = ${ctx.tenantId} and w.id = ${interactionId} and w.state = 'waiting'`.execute(ctx.db),
      ])
      const [contact] = rows
      if (!contact) return 'over'
      const agent = await lock(ctx, contact)
      if (agent === undefined) return 'nobody'
      if (agent === 'changed') return 'again'
      const channels = await freeChannels(ctx, agent.id)
      const taken = channels.length > 0 ? await offerBest(ctx, agent, channels) : null
      if (taken === interactionId) return 'over'
      if (taken === null) passed.push(agent.id)
      return 'again'
    })
  for (let round = 0; round < 20; round++) {
    let found = await look((ctx, contact) => fitting(ctx, contact, passed, sql`for update of p skip locked`))
    if (found === 'nobody')
      found = await look(async (ctx, contact) => {
        const busy = await fitting(ctx, contact, passed, sql``)
        const now = busy && (await lockAgents(ctx, [busy.id])).get(busy.id)
        return now && (now.state !== 'ready' || now.ringing !== null) ? 'changed' : now
      })
    if (found !== 'again') return
  }
}

type Contact = Pick<WaitingRow, 'queueId' | 'channel' | 'preferredAgentId' | 'notFor'> & { needs: number[] }

async function fitting(ctx: Ctx, contact: Contact, passed: string[], lock: RawBuilder<unknown>): Promise<Agent | undefined> {
  const { queueId, channel, preferredAgentId, notFor, needs } = contact
  const { rows } = preferredAgentId
    ? await sql<Agent>`select p.id, p.has from routing.presence p
        where p.tenant_id = ${ctx.tenantId} and p.id = ${preferredAgentId} and p.state = 'ready' and p.ringing is null
          and not (p.id = any(${[...notFor, ...passed]}::uuid[]))
          and exists (select 1 from routing.free_place l where l.tenant_id = ${ctx.tenantId} and l.agent_id = p.id and l.channel = ${channel})
        ${lock}`.execute(ctx.db)
    : await sql<Agent>`select p.id, p.has from routing.idle i join routing.presence p on p.tenant_id = ${ctx.tenantId} and p.id = i.agent_id
        where i.tenant_id = ${ctx.tenantId} and i.queue_id = ${queueId} and ${needs}::int[] <@ i.has and p.state = 'ready' and p.ringing is null
          and not (i.agent_id = any(${[...notFor, ...passed]}::uuid[]))
        order by i.idle_since, i.agent_id limit 1 ${lock}`.execute(ctx.db)
  return rows[0]
}

type Best = WaitingRow & { queueName: string; ringSeconds: number }

/** Offers the best contact that waits for this locked agent: value, then own customers, then age. Returns whose turn it is, or null. */
async function offerBest(ctx: Ctx, agent: Agent, channels: Channel[]): Promise<string | null> {
  const { rows } = await bestFor(ctx, agent, channels).execute(ctx.db)
  const best = rows[0]
  if (!best) return null
  const offer = {
    id: newId(),
    interactionId: best.id,
    agentId: agent.id,
    queueId: best.queueId,
    channel: best.channel,
    preferred: best.preferredAgentId !== null,
    offeredAt: ctx.now,
    deadline: after(ctx.now, best.ringSeconds),
  }
  ctx.write`update routing.waiting set state = 'offered', offered_to = ${agent.id} where tenant_id = ${ctx.tenantId} and id = ${best.id}`
  ctx.write`insert into routing.offer (tenant_id, id, interaction_id, agent_id, queue_id, channel, preferred, offered_at, deadline)
    values (${ctx.tenantId}, ${offer.id}, ${best.id}, ${agent.id}, ${best.queueId}, ${best.channel}, ${offer.preferred}, ${ctx.now}, ${offer.deadline})`
  ctx.write`update routing.presence set ringing = ${offer.id} where tenant_id = ${ctx.tenantId} and id = ${agent.id}`
  ctx.write`delete from routing.idle where tenant_id = ${ctx.tenantId} and agent_id = ${agent.id}`
  ctx.tell(`user:${agent.id}`, 'offer.ringing', offerOf(offer, best))
  return best.id
}

/** As many matchers may have locked the head of a lane; with fewer looked at, the next in it would be passed over for a lesser contact elsewhere. */
const perLane = 16

/** The top of every lane that fits, no lock; then lock only the one chosen. Locking inside would lock the head of every queue and let others overtake. */
export const bestFor = (ctx: Pick<Ctx, 'tenantId'>, { id, has }: Agent, channels: readonly Channel[]) => sql<Best>`
  select w.*, q.name as queue_name, q.ring_seconds
  from (
    (select w.id, w.lane_id, w.preferred_agent_id, w.priority, w.enqueued_at from routing.waiting w
      where w.tenant_id = ${ctx.tenantId} and w.preferred_agent_id = ${id} and w.state = 'waiting' and w.channel = any(${channels}::text[])
        and not (${id}::uuid = any(w.not_for))
      order by w.priority desc, w.enqueued_at, w.id limit ${perLane})
    union all
    (select c.id, c.lane_id, null::uuid, c.priority, c.enqueued_at from routing.agent_queue m
      join routing.queue q on q.tenant_id = ${ctx.tenantId} and q.id = m.queue_id and q.channel = any(${channels}::text[])
      join routing.lane l on l.tenant_id = ${ctx.tenantId} and l.queue_id = m.queue_id and l.needs <@ ${has}::int[]
      cross join lateral (select w.id, w.lane_id, w.priority, w.enqueued_at from routing.waiting w
        where w.tenant_id = ${ctx.tenantId} and w.lane_id = l.id and w.state = 'waiting' and w.preferred_agent_id is null and not (${id}::uuid = any(w.not_for))
        order by w.priority desc, w.enqueued_at, w.id limit ${perLane}) c
      where m.tenant_id = ${ctx.tenantId} and m.agent_id = ${id})
    order by priority desc, preferred_agent_id nulls last, enqueued_at, id limit ${4 * perLane}
  ) c
  join routing.waiting w on w.tenant_id = ${ctx.tenantId} and w.id = c.id
  join routing.queue q on q.tenant_id = ${ctx.tenantId} and q.id = w.queue_id
  where w.state = 'waiting' and w.lane_id = c.lane_id and w.preferred_agent_id is not distinct from c.preferred_agent_id
  order by c.priority desc, c.preferred_agent_id nulls last, c.enqueued_at, c.id limit 1 for update of w skip locked`

type Ringing = { id: string; interactionId: string; channel: Channel; queueId: string; preferred: boolean; offeredAt: Date; deadline: Date }
type Caller = Pick<
  WaitingRow,
  'enqueuedAt' | 'customerId' | 'customerName' | 'tier' | 'subject' | 'conversationId' | 'onlyPreferred' | 'callBackSince' | 'callBackTries'
> & {
  queueName: string
}

export const offerOf = (offer: Ringing, caller: Caller): Offer => ({
  id: offer.id,
  interactionId: offer.interactionId,
  channel: offer.channel,
  queueId: offer.queueId,
  queueName: caller.queueName,
  offeredAt: offer.offeredAt,
  deadline: offer.deadline,
  waitedSince: caller.enqueuedAt,
  customerId: caller.customerId,
  customerName: caller.customerName,
  tier: caller.tier,
  subject: caller.subject,
  preferred: offer.preferred,
  given: caller.onlyPreferred,
  conversationId: caller.conversationId,
  callBack: caller.callBackSince && { since: caller.callBackSince, tries: caller.callBackTries },
})

export const notIdle = (ctx: Ctx, agentId: string): Promise<unknown> =>
  ctx.db.deleteFrom('routing.idle').where('agentId', '=', agentId).execute()

/** One idle row per queue whose channel still has a place. */
async function idle(ctx: Ctx, agent: Agent & { idleSince: Date }, channels: readonly Channel[]): Promise<void> {
  await Promise.all([
    notIdle(ctx, agent.id),
    sql`insert into routing.idle (tenant_id, agent_id, queue_id, idle_since, has)
      select m.tenant_id, m.agent_id, m.queue_id, ${agent.idleSince}, ${agent.has}::int[] from routing.agent_queue m
      join routing.queue q on q.tenant_id = ${ctx.tenantId} and q.id = m.queue_id and q.channel = any(${channels}::text[])
      where m.tenant_id = ${ctx.tenantId} and m.agent_id = ${agent.id}`.execute(ctx.db),
  ])
}

/** Statistics taken while the queue was empty would plan sequential scans over a full one; these tables are only ever asked by index. */
export const planByIndex = (ctx: Ctx): Promise<unknown> =>
  sql`select set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true),
    set_config('enable_bitmapscan', 'off', true), set_config('plan_cache_mode', 'force_generic_plan', true)`.execute(ctx.db)
