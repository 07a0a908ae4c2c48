import { afterAll, beforeAll, expect, test } from 'vitest'
import { NewCustomer } from '#contract/customers.ts'
import { addCustomer } from '#domains/customers/index.ts'
import { openInteraction } from '#domains/interactions/index.ts'
import { callRated } from '#domains/voice/events.ts'
import { newId } from '#kernel/ids.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { csat, listRatings } from './queries.ts'

let house: TestHouse
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

const agentId = newId()
const queueId = newId()

/** A call whose caller was asked to rate by key. */
const asked = () =>
  house.work(async ctx => {
    const customerId = (await addCustomer(ctx, NewCustomer.parse({ name: '周敏' }))).id
    const { id: interactionId } = await openInteraction(ctx, {
      channel: 'phone', direction: 'in', customerId, queueId, subject: '', source: 'line', state: 'waiting',
    }) // biome-ignore format: one call
    const id = newId()
    await ctx.db
      .insertInto('voice.call')
      .values({
        id, interactionId, direction: 'in', stage: 'over', line: 'practice', numberId: null, flowId: null, flowVersion: null, caller: '13800006021',
        called: '96116', customerId, customerName: '周敏', queueId, agentId, startedAt: ctx.now, answeredAt: ctx.now, endedAt: ctx.now, cause: 'normal',
        worstMos: null, ratingAsked: true, dueAt: null, clientId: null, machine: '{}',
      }) // biome-ignore format: one row
      .execute()
    return { id, interactionId, customerId }
  })
const key = async (call: Awaited<ReturnType<typeof asked>>, score: number) => {
  await house.work(ctx => ctx.emit(callRated, call, { score, agentId, queueId }))
  await house.settle()
}

test('what a caller keys in is the rating of the contact, once; a low one opens a win-back task; whoever said nothing was asked too', async () => {
  const [good, bad] = [await asked(), await asked()]
  await asked()
  await key(good, 5)
  await key(good, 1)
  await key(bad, 1)
  const { rows } = await house.work(ctx => listRatings(ctx, {}))
  expect(rows.map(r => [r.interactionId, r.score, r.agentId, r.customerId]).sort()).toEqual(
    [
      [good.interactionId, 5, agentId, good.customerId],
      [bad.interactionId, 1, agentId, bad.customerId],
    ].sort(),
  )
  const tasks = await house.work(ctx => ctx.db.selectFrom('tasks.task').select(['kind', 'matterId', 'customerId']).execute())
  expect(tasks).toEqual([{ kind: 'winback', matterId: bad.interactionId, customerId: bad.customerId }])
  expect(await house.work(ctx => csat(ctx))).toMatchObject({ n: 2, asked: 3 })
})
