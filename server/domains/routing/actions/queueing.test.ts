import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { joinCustomer, markEnded } from '#domains/interactions/index.ts'
import { routingStage } from '#testing/stage.ts'
import { placeInQueue } from '../estimate.ts'
import { pulse } from '../queries.ts'
import { startRouting } from '../sweep.ts'
import { release } from './handling.ts'
import { leaveQueue } from './queueing.ts'
import { changeQueue } from './queues.ts'

const s = routingStage()
const { goes, rung, agent, rings, seconds, accepts, does, interaction } = s

test('a queue that only gets another name leaves alone whoever waits in it', async () => {
  const queue = await s.desk.queue()
  const contact = await s.desk.contact(queue)
  const standing = async () =>
    (await does(ctx => sql<{ xmin: string }>`select xmin::text from routing.waiting where tenant_id = ${ctx.tenantId} and id = ${contact}`.execute(ctx.db))).rows // biome-ignore format: one question
  const before = await standing()
  await does(ctx => changeQueue(ctx, queue, { name: '改个名字', position: 9 }))
  expect(await standing()).toEqual(before)
  await does(ctx => changeQueue(ctx, queue, { demands: [], overflowSeconds: 30 }))
  expect(await standing()).not.toEqual(before)
  await does(ctx => leaveQueue(ctx, contact))
})

describe('the agent a customer knows', () => {
  const knowing = async (more = {}) => {
    const queue = await s.desk.queue({ preferSeconds: 20, ...more })
    const idle = await agent('甲', [queue])
    const known = await agent('乙', [queue])
    return { queue, idle, known }
  }

  test('is preferred before whoever is idle longer', async () => {
    const { queue, idle, known } = await knowing()
    const contact = await s.desk.contact(queue, { preferredAgentId: known.id })
    expect(await rung(known)).toMatchObject([{ interactionId: contact, preferred: true }])
    expect(await rings(idle)).toEqual([])
  })

  test('keeps the contact reserved while full, until the seconds are over', async () => {
    const { queue, idle, known } = await knowing()
    await goes(idle, 'break')
    await s.desk.contact(queue)
    await accepts(known)
    await goes(idle, 'ready')
    const contact = await s.desk.contact(queue, { preferredAgentId: known.id })
    expect(await rings(idle)).toEqual([])
    await seconds(21)
    expect(await rings(idle)).toEqual([contact])
  })

  test('is not waited for when not ready, and no longer when leaving', async () => {
    const { queue, idle, known } = await knowing()
    await goes(idle, 'break')
    const held = await s.desk.contact(queue)
    await accepts(known)
    await goes(idle, 'ready')
    const contact = await s.desk.contact(queue, { preferredAgentId: known.id })
    await goes(known, 'break')
    expect(await rings(idle)).toEqual([contact])
    await accepts(idle)
    await does(ctx => release(ctx, contact))
    const another = await s.desk.contact(queue, { preferredAgentId: known.id })
    expect(await rings(idle)).toEqual([another])
    await does(ctx => release(ctx, held))
  })

  test('is found by itself from who answered this customer last', async () => {
    const { queue, idle, known } = await knowing()
    const customerId = crypto.randomUUID()
    const before = await s.desk.contact(queue, { preferredAgentId: known.id })
    await accepts(known)
    await does(async ctx => {
      await ctx.db.updateTable('interactions.interaction').set({ customerId }).where('id', '=', before).execute()
      await markEnded(ctx, before)
      await release(ctx, before)
    })
    const contact = await s.desk.contact(queue, { customerId })
    expect([await rings(idle), await rings(known)]).toEqual([[], [contact]])
  })
})

test('a customer who becomes known while waiting is called by name and waits by value', async () => {
  const queue = await s.desk.queue()
  const older = await s.desk.contact(queue)
  const contact = await s.desk.contact(queue)
  const { rows } = await s.house.house.control.query(
    `insert into customers.customer (tenant_id, id, number, name, kind, tier, since) values ($1, gen_random_uuid(), 'Q-1', '王淑芬', 'person', 'key', now()) returning id`,
    [s.house.tenantId],
  )
  await does(ctx => joinCustomer(ctx, contact, rows[0].id))
  await s.house.settle()
  const user = await agent('甲', [queue])
  expect(await rung(user)).toMatchObject([{ interactionId: contact, customerName: '王淑芬', tier: 'key' }])
  await does(ctx => leaveQueue(ctx, older))
})

describe('overflow', () => {
  test('after its seconds the contact moves to the other queue at its old age, and not back', async () => {
    const main = await s.desk.queue({ name: '报修' })
    const spare = await s.desk.queue({ name: '溢出', overflowQueueId: main, overflowSeconds: 30 })
    await does(ctx => changeQueue(ctx, main, { overflowQueueId: spare, overflowSeconds: 60 }))
    const user = await agent('甲', [spare])
    const contact = await s.desk.contact(main)
    await seconds(50)
    expect(await rings(user)).toEqual([])
    await seconds(11)
    expect(await rings(user)).toEqual([contact])
    expect(await interaction(contact)).toMatchObject({ queueId: spare, state: 'waiting' })
    expect(s.heard).toEqual(['overflowed'])
    await goes(user, 'break')
    await seconds(120)
    const row = await s.house.work(ctx =>
      ctx.db.selectFrom('routing.waiting').selectAll().where('id', '=', contact).executeTakeFirstOrThrow(),
    )
    expect(row).toMatchObject({ queueId: spare, enqueuedAt: (await interaction(contact)).queuedAt, been: [main, spare] })
  })
})

test('place, estimate and pulse tell the same story', async () => {
  const queue = await s.desk.queue({ name: '脉搏' })
  const user = await agent('甲', [queue], { capacity: 2 })
  await s.desk.contact(queue)
  await accepts(user)
  await s.desk.contact(queue)
  await accepts(user)
  const [first, second] = [await s.desk.contact(queue), await s.desk.contact(queue)]
  expect(await s.house.work(ctx => placeInQueue(ctx, first))).toEqual({ position: 1, estimate: 150 })
  expect(await s.house.work(ctx => placeInQueue(ctx, second))).toEqual({ position: 2, estimate: 300 })
  const row = (await s.house.work(pulse)).find(q => q.queueId === queue)
  expect(row).toMatchObject({ name: '脉搏', waiting: 2, ready: 1, handling: 2, longestSince: (await interaction(first)).queuedAt })
  await goes(user, 'break')
  expect(await s.house.work(ctx => placeInQueue(ctx, second))).toEqual({ position: 2, estimate: null })
})

test('the loop does by itself what falls due, and stops when asked', async () => {
  const queue = await s.desk.queue({ ringSeconds: 20 })
  const first = await agent('甲', [queue])
  const contact = await s.desk.contact(queue)
  const second = await agent('乙', [queue])
  await s.house.pass(0.5)
  const loop = startRouting(s.house.house)
  await expect.poll(() => rings(second), { timeout: 5000 }).toEqual([contact])
  await loop.stop()
  expect(await rings(first)).toEqual([])
})

describe('overflow by load', () => {
  const queueOf = async (id: string) =>
    (await s.house.work(ctx => ctx.db.selectFrom('routing.waiting').select('queueId').where('id', '=', id).executeTakeFirstOrThrow()))
      .queueId
  const why = async () => (await s.house.said('contact.overflowed')).at(-1)?.why

  test('whoever stands behind the last place that may stay goes to the other queue', async () => {
    const spare = await s.desk.queue({ name: '溢出' })
    const main = await s.desk.queue({ overflowQueueId: spare, overflowWaiting: 2 })
    const user = await agent('甲', [spare], { capacity: 2 })
    const [first, second, third] = [await s.desk.contact(main), await s.desk.contact(main), await s.desk.contact(main)]
    await seconds(1)
    expect([await queueOf(first), await queueOf(second), await queueOf(third)]).toEqual([main, main, spare])
    expect(await rings(user)).toEqual([third])
    expect(await why()).toBe('waiting')
  })

  test('too long an estimate sends the newcomer away, and the ones before it stay', async () => {
    const spare = await s.desk.queue({ name: '溢出' })
    const main = await s.desk.queue({ overflowQueueId: spare, overflowEstimate: 400 })
    const busy = await agent('甲', [main])
    await agent('乙', [spare])
    await s.desk.contact(main)
    await accepts(busy)
    // A handling is taken to last 300 s: the first would wait 300 s, the second 600 s.
    const [first, second] = [await s.desk.contact(main), await s.desk.contact(main)]
    await seconds(1)
    expect([await queueOf(first), await queueOf(second)]).toEqual([main, spare])
    expect(await why()).toBe('estimate')
  })

  test('when the last one signs out, those who wait go where somebody is; nobody goes to an empty queue', async () => {
    const spare = await s.desk.queue({ name: '溢出' })
    const main = await s.desk.queue({ overflowQueueId: spare, overflowUnstaffed: true })
    const only = await agent('甲', [main])
    await goes(only, 'break')
    const contact = await s.desk.contact(main)
    await seconds(1)
    expect(await queueOf(contact)).toBe(main)
    await goes(only, 'offline')
    await seconds(1)
    expect(await queueOf(contact)).toBe(main)
    const other = await agent('乙', [spare])
    await seconds(1)
    expect(await rings(other)).toEqual([contact])
    expect(await why()).toBe('unstaffed')
  })
})
