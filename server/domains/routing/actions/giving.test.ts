import { expect, test } from 'vitest'
import { Refusal } from '#kernel/refusal.ts'
import { routingStage } from '#testing/stage.ts'
import { truthsOf } from '#testing/truths.ts'
import { release } from './handling.ts'
import { forceState } from './presence.ts'
import { leaveQueue } from './queueing.ts'
import { giveContacts } from './supervise.ts'

const s = routingStage()
const settled = async (works: Promise<unknown>[]) => {
  for (const one of await Promise.allSettled(works)) if (one.status === 'rejected' && !(one.reason instanceof Refusal)) throw one.reason
}
/** Whom a contact that waits is kept for, and for whom it rings, though they are away. */
const keptForAway = async () =>
  (
    await s.house.house.control.query(
      `select w.id, p.state from routing.waiting w join routing.presence p on p.tenant_id = w.tenant_id and p.id in (w.preferred_agent_id, w.offered_to)
       where w.tenant_id = $1 and not w.only_preferred and p.state <> 'ready'`,
      [s.house.tenantId],
    )
  ).rows

test('two leaders who give at once, while the agent leaves and comes back, keep nothing for somebody who is away and offer nothing beyond the places', async () => {
  const queue = await s.desk.queue()
  const [one, other] = [await s.agent('甲', [queue], { state: 'offline' }), await s.agent('乙', [], { state: 'offline' })]
  const { atRest } = truthsOf(s.house)
  for (let round = 0; round < 40; round++) {
    await s.goes(other, 'ready')
    const [first, second] = [await s.desk.contact(queue), await s.desk.contact(queue)]
    const give = (to: string, ...ids: string[]) => s.house.work(ctx => giveContacts(ctx, { ids, agentId: to }))
    const away = s.house.work(ctx => forceState(ctx, other.id, { state: 'break', reasonId: null }))
    await settled([give(other.id, first, second), give(other.id, second), give(other.id, first), away])
    await s.desk.rest()
    expect(await keptForAway()).toEqual([])
    await atRest()
    // The same contact to two agents at once: one of them has it.
    await s.goes(one, 'ready')
    await s.goes(other, 'ready')
    await settled([give(one.id, first, second), give(other.id, second, first), give(one.id, second), give(other.id, first)])
    await s.desk.rest()
    await atRest()
    const rung = [...(await s.rings(one)), ...(await s.rings(other))]
    expect(new Set(rung).size).toBe(rung.length)
    for (const user of [one, other]) if ((await s.rings(user)).length > 0) await s.accepts(user)
    await s.goes(one, 'offline')
    for (const id of [first, second])
      await s.does(async ctx => {
        await leaveQueue(ctx, id)
        await release(ctx, id)
      })
  }
})
