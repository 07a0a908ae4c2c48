import { type RawBuilder, sql } from 'kysely'
import type * as z from 'zod'
import type { Permission } from '#contract/endpoint.ts'
import type { Offer, OwnPresence, QueuePulse, routing, Word } from '#contract/routing.ts'
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

type PresenceRow = Omit<OwnPresence, 'state'> & {
  talking: number
  wrapping: number
  wrapSince: Date | null
  callingSince: Date | null
  ringingSince: Date | null
  callWrapSince: Date | null
}

export async function presences(ctx: Ctx, which: RawBuilder<unknown>): Promise<OwnPresence[]> {
  const { rows } =
    await sql<PresenceRow>`select p.id as "agentId", coalesce(f.name, '') as "agentName", f.team_id as "teamId", p.state as chosen, p.reason_id as "reasonId", p.since, p.missed, p.unreachable is not null as unreachable, p.hand_raised_at as "handRaisedAt",
      p.hand_interaction_id as "handInteractionId", p.hand_words as "handWords", h.talking, h.wrapping, h.wrap_since as "wrapSince",
      h.calling_since as "callingSince", coalesce(h.ringing_since, o.offered_at) as "ringingSince", h.call_wrap_since as "callWrapSince",
      (select coalesce(json_agg(json_build_object('channel', l.channel, 'capacity', l.capacity, 'used', l.used) order by l.channel), '[]')
        from routing.load l where l.tenant_id = ${ctx.tenantId} and l.agent_id = p.id) as load
    from routing.presence p
    left join identity.fact_person f on f.tenant_id = ${ctx.tenantId} and f.id = p.id
    left join routing.offer o on o.tenant_id = ${ctx.tenantId} and o.id = p.ringing and o.ended_at is null and o.channel = 'phone'
    cross join lateral (select count(*) filter (where x.wrap_since is null)::int as talking, count(*) filter (where x.wrap_since is not null)::int as wrapping, min(x.wrap_since) as wrap_since,
        min(x.since) filter (where x.channel = 'phone' and x.wrap_since is null and not x.rings) as calling_since, min(x.since) filter (where x.rings) as ringing_since,
        min(x.wrap_since) filter (where x.channel = 'phone') as call_wrap_since
      from routing.handling x where x.tenant_id = ${ctx.tenantId} and x.agent_id = p.id) h
    where p.tenant_id = ${ctx.tenantId} and ${which} order by f.name, p.id`.execute(ctx.db)
  return rows.map(({ talking, wrapping, wrapSince, callingSince, ringingSince, callWrapSince, ...row }) => {
    const phone = { calling: callingSince !== null, ringing: ringingSince !== null, wrapping: callWrapSince !== null }
    const state = shownState(row.chosen, talking, wrapping, phone)
    const began =
      state === 'call' ? callingSince : state === 'ringing' ? ringingSince : state === 'wrap' ? (callWrapSince ?? wrapSince) : null
    return { ...row, state, since: began && (state !== 'wrap' || began > row.since) ? began : row.since }
  })
}

export const presenceOf = async (ctx: Ctx, agentId: string): Promise<OwnPresence> =>
  found((await presences(ctx, sql`p.id = ${agentId}`))[0], 'agent', agentId)

/** Of the agents that are chosen by name, of whom there may be thousands. */
export const named = (q: string | undefined): RawBuilder<unknown> =>
  q ? sql`position(${q.toLowerCase()} in lower(f.name)) > 0` : sql`true`

/** Whom a contact of the channel can be handed to: at work, not me; who has a place comes first. */
export async function colleagues(ctx: Ctx, { q, channel }: z.output<typeof routing.colleagues.query>): Promise<OwnPresence[]> {
  const { rows } = await sql<{ id: string }>`select p.id from routing.presence p
    join routing.load l on l.tenant_id = ${ctx.tenantId} and l.agent_id = p.id and l.channel = ${channel} and l.capacity > 0
    join identity.fact_person f on f.tenant_id = ${ctx.tenantId} and f.id = p.id
    where p.tenant_id = ${ctx.tenantId} and p.state <> 'offline' and p.id <> ${asUser(ctx.actor).id} and ${named(q)}
    order by (p.state = 'ready' and exists (select 1 from routing.free_place v
      where v.tenant_id = ${ctx.tenantId} and v.agent_id = p.id and v.channel = l.channel)) desc, p.state = 'ready' desc, f.name, p.id limit 50`.execute(
    ctx.db,
  )
  return presences(ctx, sql`p.id = any(${rows.map(row => row.id)}::uuid[])`)
}

/** Shows the agent what others see now; after every change of state or load. */
export async function tellPresence(ctx: Ctx, agentId: string): Promise<void> {
  const [presence] = await presences(ctx, sql`p.id = ${agentId}`)
  if (presence) ctx.tell(`user:${agentId}`, 'presence.changed', presence)
}

/** My state, what rings for me and what my leader said: asked again after every reload, so that nothing is lost. */
export async function mine(ctx: Ctx): Promise<{ presence: OwnPresence; offers: Offer[]; words: Word[] }> {
  const me = asUser(ctx.actor)
  const [[presence], offers, words] = await Promise.all([
    presences(ctx, sql`p.id = ${me.id}`),
    ctx.db
      .selectFrom('routing.offer as o')
      .innerJoin('routing.waiting as w', 'w.id', 'o.interactionId')
      .innerJoin('routing.queue as q', 'q.id', 'o.queueId')
      .select(['o.id', 'o.interactionId', 'o.channel', 'o.queueId', 'o.preferred', 'o.offeredAt', 'o.deadline', 'q.name as queueName'])
      .select(['w.enqueuedAt', 'w.customerId', 'w.customerName', 'w.tier', 'w.subject', 'w.conversationId', 'w.onlyPreferred'])
      .select(['w.callBackSince', 'w.callBackTries'])
      .where('o.agentId', '=', me.id)
      .where('o.endedAt', 'is', null)
      .execute(),
    unreadWords(ctx, me.id),
  ])
  const nobodyYet: OwnPresence = {
    agentId: me.id,
    agentName: me.name,
    teamId: me.teamId,
    state: 'offline',
    chosen: 'offline',
    reasonId: null,
    since: ctx.now,
    missed: false,
    unreachable: false,
    load: [],
    handRaisedAt: null,
    handInteractionId: null,
    handWords: '',
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
