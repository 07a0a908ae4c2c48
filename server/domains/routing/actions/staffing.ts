import { sql } from 'kysely'
import type * as z from 'zod'
import type { Staffing, staffing } from '#contract/routing.ts'
import { differenceOf } from '#kernel/difference.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { staffingChanged } from '../events.ts'
import { notIdle, wakeAgent } from '../match.ts'
import { mayRun, tellPresence } from '../queries.ts'
import { hasOf } from '../rules.ts'
import { staffingOf } from '../staffed.ts'
import { lockOrSeat } from './presence.ts'

type Staffed = z.output<typeof staffing.set.body>

/** Sets what an agent can do. Places that are taken, or promised to what rings, cannot be taken away. */
export async function staff(ctx: Ctx, agentId: string, { missesAllowed, channels, skills, queueIds }: Staffed): Promise<Staffing> {
  if (!(await mayRun(ctx, 'routing:configure', agentId))) throw new Refusal('not_found', 'person.not_found', { id: agentId })
  const numbers = await skillNumbers(ctx, skills.map(s => s.skillId)) // biome-ignore format: one line reads better
  await checkQueues(ctx, queueIds)
  await lockOrSeat(ctx, agentId)
  const before = await staffingOf(ctx, agentId)
  await setCapacities(ctx, agentId, channels)
  const numbered = skills.map(s => ({ number: numbers.get(s.skillId) ?? 0, level: s.level }))
  await Promise.all([
    ctx.db.deleteFrom('routing.agentSkill').where('agentId', '=', agentId).execute(),
    ctx.db.deleteFrom('routing.agentQueue').where('agentId', '=', agentId).execute(),
    ctx.db
      .updateTable('routing.presence')
      .set({ missesAllowed, has: hasOf(numbered) })
      .where('id', '=', agentId)
      .execute(),
    notIdle(ctx, agentId),
  ])
  await Promise.all([
    skills.length > 0 ? ctx.db.insertInto('routing.agentSkill').values(skills.map(s => ({ agentId, ...s }))).execute() : null,
    queueIds.length > 0 ? ctx.db.insertInto('routing.agentQueue').values([...new Set(queueIds)].map(queueId => ({ agentId, queueId }))).execute() : null,
  ]) // biome-ignore format: two inserts of one line each
  await tellPresence(ctx, agentId)
  wakeAgent(ctx, agentId)
  const staffed = await staffingOf(ctx, agentId)
  const changes = differenceOf(before, staffed, ['channels', 'skills', 'queueIds', 'missesAllowed'])
  if (Object.keys(changes).length > 0) await ctx.emit(staffingChanged, { id: agentId }, { changes })
  return staffed
}

async function setCapacities(ctx: Ctx, agentId: string, channels: Staffed['channels']): Promise<void> {
  const { rows } = await sql<{ channel: string; taken: number }>`select l.channel, l.used + (select count(*)::int from routing.offer o
      where o.tenant_id = ${ctx.tenantId} and o.agent_id = ${agentId} and o.ended_at is null and o.channel = l.channel) as taken
    from routing.load l where l.tenant_id = ${ctx.tenantId} and l.agent_id = ${agentId}`.execute(ctx.db)
  const capacity = new Map(channels.map(c => [String(c.channel), c.capacity]))
  for (const { channel, taken } of rows)
    if ((capacity.get(channel) ?? 0) < taken) throw new Refusal('conflict', 'staffing.in_use', { channel, used: taken })
  // What was taken beside others may stand beyond the whole.
  const { rows: inHand } = await sql<{
    over: boolean
  }>`select sum(l.used * c.weight) > greatest(100, max(c.beside + c.weight)) as over from routing.load l
    join unnest(${channels.map(c => c.channel)}::text[], ${channels.map(c => c.weight)}::int[], ${channels.map(c => c.beside ?? 0)}::int[]) c (channel, weight, beside)
      on c.channel = l.channel
    where l.tenant_id = ${ctx.tenantId} and l.agent_id = ${agentId} and l.used > 0`.execute(ctx.db)
  if (inHand[0]?.over) throw new Refusal('conflict', 'staffing.over_whole')
  const kept = [...new Map(channels.map(c => [c.channel, c])).values()]
  let gone = ctx.db.deleteFrom('routing.load').where('agentId', '=', agentId)
  if (kept.length > 0) gone = gone.where('channel', 'not in', kept.map(c => c.channel)) // biome-ignore format: one line reads better
  await gone.execute()
  if (kept.length === 0) return
  await ctx.db
    .insertInto('routing.load')
    .values(kept.map(c => ({ agentId, beside: 0, ...c })))
    .onConflict(c =>
      c.columns(['agentId', 'channel']).doUpdateSet(e => ({
        capacity: e.ref('excluded.capacity'),
        weight: e.ref('excluded.weight'),
        beside: e.ref('excluded.beside'),
      })),
    )
    .execute()
}

export async function skillNumbers(ctx: Ctx, ids: string[]): Promise<Map<string, number>> {
  if (new Set(ids).size !== ids.length) throw new Refusal('invalid', 'skill.twice')
  if (ids.length === 0) return new Map()
  const rows = await ctx.db.selectFrom('routing.skill').select(['id', 'number']).where('id', 'in', ids).execute()
  const numbers = new Map(rows.map(r => [r.id, r.number]))
  for (const id of ids) found(numbers.get(id), 'skill', id)
  return numbers
}

async function checkQueues(ctx: Ctx, ids: string[]): Promise<void> {
  if (ids.length === 0) return
  const rows = await ctx.db.selectFrom('routing.queue').select('id').where('id', 'in', ids).execute()
  const known = new Map(rows.map(r => [r.id, r]))
  for (const id of ids) found(known.get(id), 'queue', id)
}
