import { type RawBuilder, sql } from 'kysely'
import type * as z from 'zod'
import type { Permission } from '#contract/endpoint.ts'
import type { Offer, Presence, QueuePulse, Staffing, Word } from '#contract/routing.ts'
import { asUser, scopeOf } from '#kernel/access.ts'
import { found } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { offerOf } from './match.ts'
import { shownState } from './rules.ts'

/** Which agents the actor's permission reaches, over `f` (identity.fact_person). */
export function within(ctx: Ctx, permission: Permission): RawBuilder<unknown> {
  const scope = scopeOf(ctx.actor, permission)
  if (scope === 'all') return sql`true`
  if (scope === null || ctx.actor.kind !== 'user') return sql`false`
  const { id, teamId, departmentId } = ctx.actor
  if (scope === 'own') return sql`f.id = ${id}`
  return scope === 'team' ? sql`f.team_id = ${teamId}` : sql`f.department_id = ${departmentId}`
}

export async function mayRun(ctx: Ctx, permission: Permission, agentId: string): Promise<boolean> {
  const { rows } =
    await sql`select 1 from identity.fact_person f where f.tenant_id = ${ctx.tenantId} and f.id = ${agentId} and ${within(ctx, permission)}`.execute(
      ctx.db,
    )
  return rows.length > 0
}

type PresenceRow = Omit<Presence, 'state'> & {
  state: 'ready' | 'busy' | 'break' | 'offline'
  talking: number
  wrapping: number
  wrapSince: Date | null
}

export async function presences(ctx: Ctx, which: RawBuilder<unknown>): Promise<Presence[]> {
  const { rows } =
    await sql<PresenceRow>`select p.id as "agentId", coalesce(f.name, '') as "agentName", f.team_id as "teamId", p.state, p.reason_id as "reasonId", p.since, p.missed, p.hand_raised_at as "handRaisedAt",
      h.talking, h.wrapping, h.wrap_since as "wrapSince",
      (select coalesce(json_agg(json_build_object('channel', l.channel, 'capacity', l.capacity, 'used', l.used) order by l.channel), '[]')
        from routing.load l where l.tenant_id = ${ctx.tenantId} and l.agent_id = p.id) as load
    from routing.presence p
    left join identity.fact_person f on f.tenant_id = ${ctx.tenantId} and f.id = p.id
    cross join lateral (select count(*) filter (where x.wrap_since is null)::int as talking, count(*) filter (where x.wrap_since is not null)::int as wrapping, min(x.wrap_since) as wrap_since
      from routing.handling x where x.tenant_id = ${ctx.tenantId} and x.agent_id = p.id) h
    where p.tenant_id = ${ctx.tenantId} and ${which} order by f.name collate kernel.zh, p.id`.execute(ctx.db)
  return rows.map(({ talking, wrapping, wrapSince, ...row }) => {
    const state = shownState(row.state, talking, wrapping)
    return { ...row, state, since: state === 'wrap' && wrapSince && wrapSince > row.since ? wrapSince : row.since }
  })
}

export const presenceOf = async (ctx: Ctx, agentId: string): Promise<Presence> =>
  found((await presences(ctx, sql`p.id = ${agentId}`))[0], 'agent', agentId)

/** Whom a contact can be handed to: everyone at work but me. */
export const colleagues = (ctx: Ctx): Promise<Presence[]> => presences(ctx, sql`p.state <> 'offline' and p.id <> ${asUser(ctx.actor).id}`)

/** Shows the agent what others see now; after every change of state or load. */
export async function tellPresence(ctx: Ctx, agentId: string): Promise<void> {
  const [presence] = await presences(ctx, sql`p.id = ${agentId}`)
  if (presence) ctx.tell(`user:${agentId}`, 'presence.changed', presence)
}

/** My state, what rings for me and what my leader said: asked again after every reload, so that nothing is lost. */
export async function mine(ctx: Ctx): Promise<{ presence: Presence; offers: Offer[]; words: Word[] }> {
  const me = asUser(ctx.actor)
  const [[presence], offers, words] = await Promise.all([
    presences(ctx, sql`p.id = ${me.id}`),
    ctx.db
      .selectFrom('routing.offer as o')
      .innerJoin('routing.waiting as w', 'w.id', 'o.interactionId')
      .innerJoin('routing.queue as q', 'q.id', 'o.queueId')
      .select(['o.id', 'o.interactionId', 'o.channel', 'o.queueId', 'o.preferred', 'o.offeredAt', 'o.deadline', 'q.name as queueName'])
      .select(['w.enqueuedAt', 'w.customerId', 'w.customerName', 'w.tier', 'w.subject', 'w.conversationId'])
      .where('o.agentId', '=', me.id)
      .where('o.endedAt', 'is', null)
      .execute(),
    unreadWords(ctx, me.id),
  ])
  const nobodyYet: Presence = {
    agentId: me.id,
    agentName: me.name,
    teamId: me.teamId,
    state: 'offline',
    reasonId: null,
    since: ctx.now,
    missed: false,
    load: [],
    handRaisedAt: null,
  }
  return { presence: presence ?? nobodyYet, offers: offers.map(o => offerOf(o, o)), words }
}

async function unreadWords(ctx: Ctx, agentId: string): Promise<Word[]> {
  const { rows } = await sql<Word>`select w.id, coalesce(f.name, '') as "fromName", w.text, w.sent_at as "sentAt" from routing.word w
    left join identity.fact_person f on f.tenant_id = ${ctx.tenantId} and f.id = w.from_id
    where w.tenant_id = ${ctx.tenantId} and w.agent_id = ${agentId} and w.read_at is null order by w.id`.execute(ctx.db)
  return rows
}

type Pulse = z.output<typeof QueuePulse>

export async function pulse(ctx: Ctx): Promise<Pulse[]> {
  const { rows } =
    await sql<Pulse>`select queue_id as "queueId", name, waiting, longest_since as "longestSince", ready, handling from routing.fact_pulse
    where tenant_id = ${ctx.tenantId} and (not retired or waiting > 0) order by position, queue_id`.execute(ctx.db)
  return rows
}

type StaffingRow = Staffing & { agentName: string }

export async function listStaffing(ctx: Ctx, agentId?: string): Promise<StaffingRow[]> {
  const { rows } =
    await sql<StaffingRow>`select p.id as "agentId", coalesce(f.name, '') as "agentName", p.misses_allowed as "missesAllowed",
      (select coalesce(json_agg(json_build_object('channel', l.channel, 'capacity', l.capacity, 'weight', l.weight) order by l.channel), '[]')
        from routing.load l where l.tenant_id = ${ctx.tenantId} and l.agent_id = p.id) as channels,
      (select coalesce(json_agg(json_build_object('skillId', s.skill_id, 'level', s.level) order by s.skill_id), '[]')
        from routing.agent_skill s where s.tenant_id = ${ctx.tenantId} and s.agent_id = p.id) as skills,
      (select coalesce(json_agg(m.queue_id order by m.queue_id), '[]')
        from routing.agent_queue m where m.tenant_id = ${ctx.tenantId} and m.agent_id = p.id) as "queueIds"
    from routing.presence p left join identity.fact_person f on f.tenant_id = ${ctx.tenantId} and f.id = p.id
    where p.tenant_id = ${ctx.tenantId} and ${agentId ? sql`p.id = ${agentId}` : within(ctx, 'routing:supervise')}
    order by f.name collate kernel.zh, p.id`.execute(ctx.db)
  return rows
}
