import { sql } from 'kysely'
import { system } from '#kernel/access.ts'
import { tenantsWhere } from '#kernel/directory.ts'
import type { House } from '#kernel/house.ts'
import { startLoop } from '#kernel/loop.ts'
import { asSystem } from '#kernel/react.ts'
import { type Ctx, work } from '#kernel/work.ts'
import { fallDue, flowByLoad, refreshDue } from './actions/due.ts'
import { endWrap } from './actions/handling.ts'
import { missOffer } from './actions/offers.ts'
import { becomes } from './actions/presence.ts'
import { lockAgents, type OfferRow } from './agents.ts'
import { matchAgent, matchContact, planByIndex } from './match.ts'
import { after, goneSeconds } from './rules.ts'

const batch = 200
const tickMs = 1000
/** Every so many ticks everyone is matched again: the net under a process that died between its two looks. With its own time it stays within five seconds. */
const netEvery = 4

/** All that falls due now in every tenant, and the net. Any number of processes may sweep at once. */
export async function sweep(house: House, withNet = true, going = () => true): Promise<void> {
  const due = await tenantsDue(house)
  const idle = withNet ? await tenantsWhere(house.control, 'tenants with ready agents', withReady) : []
  for (const tenantId of new Set([...due, ...idle])) {
    if (!going()) return
    if (due.includes(tenantId)) await sweepDue(house, tenantId)
    if (withNet) await catchStuck(house, tenantId)
  }
}

/** The tenants that have such rows, one probe of the index for each of them, however many rows they have. */
const having = (table: string, where = 'true') => `(with recursive t as (
    (select tenant_id from ${table} where ${where} order by tenant_id limit 1)
    union all
    select (select r.tenant_id from ${table} r where r.tenant_id > t.tenant_id and ${where} order by r.tenant_id limit 1) from t where t.tenant_id is not null)
  select tenant_id from t where tenant_id is not null)`

const withReady = having('routing.presence', `state = 'ready' and ringing is null`)
const withDue = `select tenant_id from ${having('routing.waiting')} w
  union select tenant_id from routing.offer where ended_at is null and deadline <= $1
  union select tenant_id from routing.handling where wrap_until <= $1
  union select tenant_id from routing.console where seen_at < $2`
/** Where nobody waits, rings, wraps up for too long or has gone, nothing falls due. */
const tenantsDue = (house: House): Promise<string[]> => {
  const now = house.clock()
  return tenantsWhere(house.control, 'tenants with something due', withDue, [now, after(now, -goneSeconds)])
}

async function sweepDue(house: House, tenantId: string): Promise<void> {
  const due = await asSystem(house, tenantId, async ctx => {
    await planByIndex(ctx)
    const [offers, wraps, gone, waiting] = await Promise.all([ringing(ctx), wrapsOver(ctx), consolesGone(ctx), anyDue(ctx)])
    return { offers, wraps, gone, waiting }
  })
  for (const offer of due.offers) await attempt(house, 'a missed offer', () => work(house, system(tenantId), ctx => missOffer(ctx, offer)))
  for (const id of due.wraps) await attempt(house, 'the end of a wrap-up', () => endWrap(house, tenantId, id))
  for (const id of due.gone) await attempt(house, 'an agent who has gone', () => work(house, system(tenantId), ctx => goOffline(ctx, id)))
  for (let more = due.waiting; more; ) {
    const { changed, singly } = await asSystem(house, tenantId, ctx => refreshDue(ctx, batch))
    for (const id of singly) await attempt(house, 'a contact that fell due', () => fallDue(house, tenantId, id, 'late'))
    for (const id of changed) await attempt(house, 'matching a contact', () => matchContact(house, tenantId, id))
    more = changed.length + singly.length === batch && changed.length > 0
  }
  await attempt(house, 'overflow by load', () => flowByLoad(house, tenantId))
}

/** One failure must not keep the rest of a sweep from happening; the next sweep tries again. */
async function attempt(house: House, what: string, fn: () => Promise<unknown>): Promise<void> {
  try {
    await fn()
  } catch (error) {
    house.log.error({ err: error, what }, 'a step of the routing sweep failed')
  }
}

const ringing = (ctx: Ctx): Promise<OfferRow[]> =>
  ctx.db
    .selectFrom('routing.offer')
    .selectAll()
    .where('endedAt', 'is', null)
    .where('deadline', '<=', ctx.now)
    .orderBy('deadline')
    .limit(batch)
    .execute()

async function wrapsOver(ctx: Ctx): Promise<string[]> {
  const rows = await ctx.db
    .selectFrom('routing.handling')
    .select('id')
    .where('wrapUntil', '<=', ctx.now)
    .where('wrapUntil', 'is not', null)
    .limit(batch)
    .execute()
  return rows.map(r => r.id)
}

async function consolesGone(ctx: Ctx): Promise<string[]> {
  const rows = await ctx.db
    .selectFrom('routing.console')
    .select('agentId')
    .where('seenAt', '<', after(ctx.now, -goneSeconds))
    .limit(batch)
    .execute()
  return rows.map(r => r.agentId)
}

async function anyDue(ctx: Ctx): Promise<boolean> {
  const { rows } =
    await sql`select 1 from routing.waiting where tenant_id = ${ctx.tenantId} and state = 'waiting' and due_at is not null and due_at <= ${ctx.now} limit 1`.execute(
      ctx.db,
    )
  return rows.length > 0
}

/** The console has been gone too long: what rings goes back, and nothing more is offered. The row goes too, until a console is seen again. */
async function goOffline(ctx: Ctx, agentId: string): Promise<void> {
  const agent = (await lockAgents(ctx, [agentId])).get(agentId)
  const gone = await ctx.db
    .deleteFrom('routing.console')
    .where('agentId', '=', agentId)
    .where('seenAt', '<', after(ctx.now, -goneSeconds))
    .returning('agentId')
    .executeTakeFirst()
  if (gone && agent && agent.state !== 'offline') await becomes(ctx, agent, { state: 'offline', reasonId: null, why: 'gone' })
}

/** Contacts that wait beside a fitting free agent, and free agents who stand nowhere: left by a process that died between its two looks. */
async function catchStuck(house: House, tenantId: string): Promise<void> {
  const { agents, contacts } = await asSystem(house, tenantId, async ctx => {
    await planByIndex(ctx)
    const [nowhere, waiting] = await Promise.all([agentsNowhere(ctx), contactsBeside(ctx)])
    return { agents: nowhere, contacts: waiting }
  })
  for (const id of agents) await attempt(house, 'matching an agent', () => matchAgent(house, tenantId, id))
  for (const id of contacts) await attempt(house, 'matching a contact', () => matchContact(house, tenantId, id))
}

const agentsNowhere = async (ctx: Ctx): Promise<string[]> => {
  const { rows } = await sql<{ id: string }>`select p.id from routing.presence p
    where p.tenant_id = ${ctx.tenantId} and p.state = 'ready' and p.ringing is null and (
      exists (select 1 from routing.agent_queue m
        join routing.queue q on q.tenant_id = ${ctx.tenantId} and q.id = m.queue_id
        join routing.free_place l on l.tenant_id = ${ctx.tenantId} and l.agent_id = m.agent_id and l.channel = q.channel
        left join routing.idle i on i.tenant_id = ${ctx.tenantId} and i.agent_id = m.agent_id and i.queue_id = m.queue_id
        where m.tenant_id = ${ctx.tenantId} and m.agent_id = p.id and i.agent_id is null)
      or exists (select 1 from routing.waiting w
        join routing.free_place l on l.tenant_id = ${ctx.tenantId} and l.agent_id = p.id and l.channel = w.channel
        where w.tenant_id = ${ctx.tenantId} and w.preferred_agent_id = p.id and w.state = 'waiting'))
    limit ${batch}`.execute(ctx.db)
  return rows.map(r => r.id)
}

const contactsBeside = async (ctx: Ctx): Promise<string[]> => {
  const { rows } = await sql<{ id: string }>`select w.id from routing.lane l
    cross join lateral (select x.id, x.not_for from routing.waiting x where x.tenant_id = ${ctx.tenantId} and x.lane_id = l.id and x.state = 'waiting' and x.preferred_agent_id is null
      order by x.priority desc, x.enqueued_at, x.id limit 4) w
    where l.tenant_id = ${ctx.tenantId} and exists (select 1 from routing.idle i
      join routing.presence p on p.tenant_id = ${ctx.tenantId} and p.id = i.agent_id and p.state = 'ready' and p.ringing is null
      where i.tenant_id = ${ctx.tenantId} and i.queue_id = l.queue_id and l.needs <@ i.has and not (i.agent_id = any(w.not_for)))
    limit ${batch}`.execute(ctx.db)
  return rows.map(r => r.id)
}

type Routing = { stop: () => Promise<void> }

/** The consoles that are connected to this process: written down when they come, and every few seconds again. */
export function startConsoles(house: House): Routing {
  const consoles = new Map<string, Set<string>>()
  house.live.onPresence(async (_, actor, online) => {
    if (actor.kind !== 'user') return
    const here = consoles.get(actor.tenantId) ?? new Set<string>()
    consoles.set(actor.tenantId, here)
    if (online) here.add(actor.id)
    else here.delete(actor.id)
    if (online) await seen(house, actor.tenantId, [actor.id])
  })
  let running: Promise<void> | null = null
  const tick = async () => {
    for (const [tenantId, here] of consoles) if (here.size > 0) await seen(house, tenantId, [...here].sort())
  }
  const timer = setInterval(() => {
    running ??= tick()
      .catch(error => house.log.warn({ err: error }, 'the consoles that are here could not be written down'))
      .finally(() => {
        running = null
      })
  }, tickMs * netEvery)
  timer.unref()
  return {
    stop: async () => {
      clearInterval(timer)
      await running
    },
  }
}

/** The loop of this process: what falls due, and every few seconds the net. */
export function startRouting(house: House): Routing {
  let tick = 0
  return startLoop(house, 'the routing sweep could not reach the database and tries again', async going => {
    await sweep(house, tick++ % netEvery === 0, going)
    return tickMs
  })
}

/** Only agents are written down; a console of someone who works no contacts need not be watched. */
const seen = (house: House, tenantId: string, agentIds: string[]): Promise<unknown> =>
  asSystem(house, tenantId, ctx =>
    sql`insert into routing.console (tenant_id, agent_id, seen_at)
      select p.tenant_id, p.id, ${ctx.now} from routing.presence p where p.tenant_id = ${ctx.tenantId} and p.id = any(${agentIds}::uuid[]) order by p.id
      on conflict (tenant_id, agent_id) do update set seen_at = excluded.seen_at`.execute(ctx.db),
  )
