import type { Channel } from '#contract/interactions.ts'
import { newId } from '#kernel/ids.ts'
import type { Ctx } from '#kernel/work.ts'
import { type AgentRow, endOffer, type HandlingRow, hold, letGo, lockAgents } from '../agents.ts'
import { notIdle, wakeAgent } from '../match.ts'
import { tellPresence } from '../queries.ts'
import { after } from '../rules.ts'
import { putBack } from './queueing.ts'

type Contact = { interactionId: string; channel: Channel }

/** Who of those that are not to have it has a part in the contact, and whether the phone still rings for it. */
export type Parts = ReadonlyMap<string, 'rings' | 'talks'>

/** Whoever is asked, or hears along, is as busy as with a contact of their own. Who is not named has no part any more; a wrap-up goes on. */
export async function setParts(ctx: Ctx, { interactionId, channel }: Contact, parts: Parts): Promise<void> {
  const known = await partsIn(ctx, interactionId)
  const agents = await lockAgents(ctx, [...known.map(part => part.agentId), ...parts.keys()])
  const had = new Map((await partsIn(ctx, interactionId)).map(part => [part.agentId, part]))
  for (const [agentId, part] of had)
    if (part.wrapSince === null && !parts.has(agentId)) {
      letGo(ctx, part)
      await tellPresence(ctx, agentId)
      wakeAgent(ctx, agentId)
    }
  for (const [agentId, how] of parts) {
    const rings = how === 'rings'
    const part = had.get(agentId)
    // Asked again while wrapping up: that comes first.
    if (part?.wrapSince) letGo(ctx, part)
    if (part && part.wrapSince === null) {
      if (part.rings === rings) continue
      await ctx.db.updateTable('routing.handling').set({ rings, since: ctx.now }).where('id', '=', part.id).execute()
    } else {
      await giveBack(ctx, agents.get(agentId), channel)
      await hold(ctx, { id: newId(), channel, queueId: null, partOf: interactionId, rings }, agentId, 'uncounted')
      await notIdle(ctx, agentId)
    }
    await tellPresence(ctx, agentId)
  }
}

/** What rings on the same channel cannot be taken meanwhile, and is no miss. */
async function giveBack(ctx: Ctx, agent: AgentRow | undefined, channel: Channel): Promise<void> {
  if (!agent || agent.ringing === null) return
  const rings = await ctx.db.selectFrom('routing.offer').select('channel').where('id', '=', agent.ringing).executeTakeFirst()
  const offer = rings?.channel === channel ? await endOffer(ctx, agent.ringing, 'returned') : undefined
  if (offer) await putBack(ctx, offer.interactionId, agent.id, 'returned')
}

/** Another goes on with the contact; whoever had it wraps up their own part for as long as its queue grants. */
export async function wrapPart(ctx: Ctx, { interactionId, channel }: Contact, agentId: string, queueId: string | null): Promise<void> {
  const queue = queueId
    ? await ctx.db.selectFrom('routing.queue').select('wrapSeconds').where('id', '=', queueId).executeTakeFirst()
    : undefined
  const seconds = queue?.wrapSeconds ?? 0
  await lockAgents(ctx, [agentId])
  if (seconds === 0 || (await partsIn(ctx, interactionId)).some(part => part.agentId === agentId)) return
  const part = { id: newId(), channel, queueId: null, partOf: interactionId, wrapUntil: after(ctx.now, seconds) }
  await hold(ctx, part, agentId, 'uncounted')
  await notIdle(ctx, agentId)
  await tellPresence(ctx, agentId)
}

/** The agent is done with wrapping up a part; false when there was none. */
export async function endPart(ctx: Ctx, interactionId: string, agentId: string): Promise<boolean> {
  await lockAgents(ctx, [agentId])
  const part = (await partsIn(ctx, interactionId)).find(p => p.agentId === agentId && p.wrapSince !== null)
  if (!part) return false
  letGo(ctx, part)
  await tellPresence(ctx, agentId)
  wakeAgent(ctx, agentId)
  return true
}

const partsIn = (ctx: Ctx, interactionId: string): Promise<HandlingRow[]> =>
  ctx.db.selectFrom('routing.handling').selectAll().where('partOf', '=', interactionId).orderBy('agentId').execute()
