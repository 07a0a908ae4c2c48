import { sql } from 'kysely'
import type * as z from 'zod'
import type { OwnPresence, routing } from '#contract/routing.ts'
import { asUser } from '#kernel/access.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { type AgentRow, endOffer, lockAgents } from '../agents.ts'
import { handLowered, presenceChanged, shiftChanged } from '../events.ts'
import { notIdle, wakeAgent, wakeContact } from '../match.ts'
import { mayRun, presenceOf, tellPresence, within } from '../queries.ts'
import { putBack } from './queueing.ts'

type Choice = z.output<typeof routing.setMine.body>
/** `shift`: told once for all of them by whoever changed the shift. */
type Becoming = Choice & { why: 'chosen' | 'forced' | 'missed' | 'gone' | 'unreachable' | 'reachable' | 'shift' }

export async function chooseState(ctx: Ctx, choice: Choice): Promise<OwnPresence> {
  const { id } = asUser(ctx.actor)
  const agent = await lockOrSeat(ctx, id)
  await becomes(ctx, agent, { ...(await checked(ctx, choice)), why: 'chosen' })
  return presenceOf(ctx, id)
}

/** A supervisor sets the state of an agent in scope. */
export async function forceState(ctx: Ctx, agentId: string, choice: Choice): Promise<OwnPresence> {
  if (!(await mayRun(ctx, 'routing:supervise', agentId))) throw new Refusal('not_found', 'agent.not_found', { id: agentId })
  const agent = found((await lockAgents(ctx, [agentId])).get(agentId), 'agent', agentId)
  await becomes(ctx, agent, { ...(await checked(ctx, choice)), why: 'forced' })
  return presenceOf(ctx, agentId)
}

/** A shift begins or ends: all of them or none, told as one event. */
export async function changeShift(ctx: Ctx, { agentIds, ...choice }: z.output<typeof routing.shift.body>): Promise<{ changed: number }> {
  const ids = [...new Set(agentIds)]
  const led = await sql<{
    id: string
  }>`select f.id from identity.fact_person f where f.tenant_id = ${ctx.tenantId} and f.id = any(${ids}::uuid[])
    and ${within(ctx, 'routing:supervise')}`.execute(ctx.db)
  const mine = new Set(led.rows.map(r => r.id))
  const { state, reasonId } = await checked(ctx, choice)
  const agents = await lockAgents(ctx, ids)
  const changing: AgentRow[] = []
  for (const id of ids) {
    const agent = found(mine.has(id) ? agents.get(id) : undefined, 'agent', id)
    if (agent.state !== state || agent.reasonId !== reasonId) changing.push(agent)
  }
  for (const agent of changing) await becomes(ctx, agent, { state, reasonId, why: 'shift' })
  await ctx.emit(shiftChanged, { id: asUser(ctx.actor).id }, { to: state, reasonId, agentIds: ids, changed: changing.length })
  return { changed: changing.length }
}

/** The one place where an agent's state changes; the agent is locked. Leaving `ready` gives back what rings and what was reserved. */
export async function becomes(
  ctx: Ctx,
  agent: AgentRow,
  { state, reasonId, why }: Becoming,
  unreachable: string | null = null,
): Promise<void> {
  const changed = agent.state !== state || agent.reasonId !== reasonId
  if (state !== 'ready') {
    if (agent.ringing !== null) {
      const offer = await endOffer(ctx, agent.ringing, 'returned')
      if (offer) await putBack(ctx, offer.interactionId, agent.id, 'returned')
    }
    await notIdle(ctx, agent.id)
  }
  await ctx.db
    .updateTable('routing.presence')
    .set({
      state,
      reasonId,
      ...(changed ? { since: ctx.now } : {}),
      ...(state === 'ready' && agent.state !== 'ready' ? { idleSince: ctx.now } : {}),
      ...(why === 'missed' ? { missed: true } : { missed: false, misses: 0 }),
      unreachable,
      ...(state === 'offline' ? { handRaisedAt: null, handInteractionId: null, handWords: '' } : {}),
    })
    .where('id', '=', agent.id)
    .execute()
  if (state !== 'ready') await releasePreferences(ctx, agent.id)
  if (changed && why !== 'shift') await ctx.emit(presenceChanged, { id: agent.id }, { from: agent.state, to: state, reasonId, why })
  if (state === 'offline' && agent.handRaisedAt !== null) await ctx.emit(handLowered, { id: agent.id }, { by: 'offline' })
  await tellPresence(ctx, agent.id)
  if (state === 'ready') wakeAgent(ctx, agent.id)
}

/** The agent's phone cannot be reached on this line: nothing more is offered until it is back, or the agent, or a leader, says otherwise. */
export async function setAside(ctx: Ctx, agentId: string, line: string): Promise<void> {
  const agent = (await lockAgents(ctx, [agentId])).get(agentId)
  if (agent?.state === 'ready') await becomes(ctx, agent, { state: 'busy', reasonId: null, why: 'unreachable' }, line)
}

/** Whoever was set aside for it, and has done nothing about it since, is ready as before. */
export async function phoneIsBack(ctx: Ctx, agentId: string, line: string): Promise<void> {
  const agent = (await lockAgents(ctx, [agentId])).get(agentId)
  if (agent?.unreachable === line && agent.state === 'busy') await becomes(ctx, agent, { state: 'ready', reasonId: null, why: 'reachable' })
}

/** Contacts reserved to an agent who is no longer ready are anyone's. A hand-over keeps waiting for its agent until its time is over. */
async function releasePreferences(ctx: Ctx, agentId: string): Promise<void> {
  const reserved = await ctx.db
    .selectFrom('routing.waiting')
    .select('id')
    .where('preferredAgentId', '=', agentId)
    .where('onlyPreferred', '=', false)
    .where('state', '=', 'waiting')
    .orderBy('id')
    .forUpdate()
    .execute()
  for (const { id } of reserved) {
    await ctx.db.updateTable('routing.waiting').set({ preferredAgentId: null, preferredUntil: null }).where('id', '=', id).execute()
    wakeContact(ctx, id)
  }
}

/** Whoever may work contacts has a state, also before anyone staffed them. */
export async function lockOrSeat(ctx: Ctx, id: string): Promise<AgentRow> {
  const there = (await lockAgents(ctx, [id])).get(id)
  if (there) return there
  await ctx.db
    .insertInto('routing.presence')
    .values({
      id,
      reasonId: null,
      ringing: null,
      since: ctx.now,
      idleSince: ctx.now,
      handRaisedAt: null,
      handInteractionId: null,
      unreachable: null,
    })
    .onConflict(c => c.columns(['id']).doNothing())
    .execute()
  return found((await lockAgents(ctx, [id])).get(id), 'agent', id)
}

async function checked(ctx: Ctx, { state, reasonId }: Choice): Promise<Choice> {
  if (reasonId === null || state === 'ready' || state === 'offline') return { state, reasonId: null }
  const reason = await ctx.db.selectFrom('routing.presenceReason').select('state').where('id', '=', reasonId).executeTakeFirst()
  if (found(reason, 'presence_reason', reasonId).state !== state) throw new Refusal('invalid', 'presence.reason_mismatch', { state })
  return { state, reasonId }
}
