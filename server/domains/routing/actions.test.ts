import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { joinCustomer, markEnded } from '#domains/interactions/index.ts'
import type { User } from '#kernel/access.ts'
import { openDesk } from '#testing/desk.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { reassign, release, startWrap } from './actions/handling.ts'
import { acceptOffer, declineOffer, takeWaiting } from './actions/offers.ts'
import { chooseState, forceState } from './actions/presence.ts'
import { enqueue, leaveQueue } from './actions/queueing.ts'
import { changeQueue } from './actions/queues.ts'
import { staff } from './actions/staffing.ts'
import { registerContacts } from './contacts.ts'
import { mine, placeInQueue, presenceOf, pulse } from './queries.ts'
import { startRouting, sweep } from './sweep.ts'

let house: TestHouse
let desk: ReturnType<typeof openDesk>
let heard: string[] = []
let people: User[] = []
beforeAll(async () => {
  house = await openHouse()
  desk = openDesk(house)
})
afterAll(() => house.close())
beforeEach(() => {
  heard = []
  registerContacts({
    channel: 'chat',
    accepted: async (_, { agentId }) => heard.push(`accepted ${name(agentId)}`),
    expired: async (_, { agentId, why }) => heard.push(`expired ${name(agentId)} ${why}`),
    overflowed: async () => heard.push('overflowed'),
  })
})
// Everyone goes home after a test, so that nobody of it takes the contacts of the next.
afterEach(async () => {
  for (const user of people) await goes(user, 'offline')
  people = []
})

const name = (id: string) => people.find(p => p.id === id)?.name ?? 'somebody'
const agent: typeof desk.agent = async (...args) => {
  const user = await desk.agent(...args)
  people.push(user)
  return user
}
const rung = async (user: User) => (await house.as(user).work(mine)).offers
const rings = async (user: User) => (await rung(user)).map(o => o.interactionId)
const seconds = async (n: number) => {
  await house.pass(n / 60)
  await sweep(house.house)
  await desk.rest()
}
const accepts = async (user: User) => {
  const [offer] = await rung(user)
  if (!offer) throw new Error(`nothing rings for ${user.name}`)
  const accepted = await house.as(user).work(ctx => acceptOffer(ctx, offer.id))
  await desk.rest()
  return accepted
}
const declines = async (user: User) => {
  const [offer] = await rung(user)
  if (!offer) throw new Error(`nothing rings for ${user.name}`)
  await house.as(user).work(ctx => declineOffer(ctx, offer.id))
  await desk.rest()
}
const goes = async (user: User, state: 'ready' | 'busy' | 'break' | 'offline') => {
  await house.as(user).work(ctx => chooseState(ctx, { state, reasonId: null }))
  await desk.rest()
}
const does = async <T>(fn: Parameters<typeof house.work<T>>[0]) => {
  const result = await house.work(fn)
  await desk.rest()
  return result
}
const interaction = (id: string) =>
  house.work(ctx => ctx.db.selectFrom('interactions.interaction').selectAll().where('id', '=', id).executeTakeFirstOrThrow())
const load = async (user: User) => (await house.work(ctx => presenceOf(ctx, user.id))).load[0]

describe('who is offered what', () => {
  test('the agent who has been idle longest is offered the contact, and accepting answers it', async () => {
    const queue = await desk.queue()
    const first = await agent('甲', [queue])
    const second = await agent('乙', [queue])
    const contact = await desk.contact(queue)
    const later = await desk.contact(queue)
    const [offer] = await rung(first)
    expect(offer).toMatchObject({ interactionId: contact, queueName: '用水咨询', customerName: '访客', subject: '停水', preferred: false })
    expect(await rings(second)).toEqual([later])
    await accepts(first)
    expect(heard).toEqual(['accepted 甲'])
    expect(await interaction(contact)).toMatchObject({ state: 'active', agentId: first.id, answeredAt: expect.any(Date) })
    expect(await load(first)).toEqual({ channel: 'chat', capacity: 1, used: 1 })
    await expect(house.as(first).work(ctx => acceptOffer(ctx, offer?.id ?? ''))).rejects.toMatchObject({ code: 'offer.over', kind: 'gone' })
  })

  test('an agent with several places gets one ring at a time and never more than the places', async () => {
    const queue = await desk.queue()
    const user = await agent('甲', [queue], { capacity: 2 })
    const contacts = [await desk.contact(queue), await desk.contact(queue), await desk.contact(queue)]
    expect(await rings(user)).toEqual([contacts[0]])
    await accepts(user)
    expect(await rings(user)).toEqual([contacts[1]])
    await accepts(user)
    expect(await rings(user)).toEqual([])
    await does(ctx => release(ctx, contacts[0] ?? ''))
    expect(await rings(user)).toEqual([contacts[2]])
  })

  test('whoever was just given a contact is last in line for the next', async () => {
    const queue = await desk.queue()
    const first = await agent('甲', [queue], { capacity: 3 })
    const second = await agent('乙', [queue], { capacity: 3 })
    await desk.contact(queue)
    await accepts(first)
    await desk.contact(queue)
    expect([await rings(first), await rings(second)]).toEqual([[], [expect.any(String)]])
  })

  test('value goes first, then given priority, then age', async () => {
    const queue = await desk.queue()
    const normal = await desk.contact(queue, { tier: 'normal' })
    const urgent = await desk.contact(queue, { tier: 'normal', priority: 9 })
    const gold = await desk.contact(queue, { tier: 'gold' })
    const older = await desk.contact(queue, { tier: 'gold', waitedSince: new Date(house.now().getTime() - 60_000) })
    const user = await agent('甲', [queue])
    const order: string[] = []
    for (let i = 0; i < 4; i++) {
      const { interactionId } = await accepts(user)
      order.push(interactionId)
      await does(ctx => release(ctx, interactionId))
    }
    expect(order).toEqual([older, gold, urgent, normal])
  })

  test('a demand keeps out who lacks the skill, and relaxes while the contact waits', async () => {
    const skill = await desk.skill('水质')
    const queue = await desk.queue({ demands: [{ skillId: skill, level: 3, relaxAfter: 30 }] })
    const without = await agent('甲', [queue])
    const junior = await agent('乙', [queue], { skills: [{ skillId: skill, level: 2 }] })
    const contact = await desk.contact(queue)
    expect([await rings(without), await rings(junior)]).toEqual([[], []])
    await seconds(31)
    expect([await rings(without), await rings(junior)]).toEqual([[], [contact]])
    await declines(junior)
    await seconds(60)
    expect(await rings(without)).toEqual([contact])
  })

  test('changed demands of a queue hold at once for whoever waits', async () => {
    const skill = await desk.skill('英语')
    const queue = await desk.queue({ demands: [{ skillId: skill, level: 5, relaxAfter: 0 }] })
    const user = await agent('甲', [queue])
    const contact = await desk.contact(queue)
    expect(await rings(user)).toEqual([])
    await does(ctx => changeQueue(ctx, queue, { demands: [] }))
    expect(await rings(user)).toEqual([contact])
  })
})

describe('refused and missed', () => {
  test('a declined contact keeps its place and goes to somebody else, not back to the same agent', async () => {
    const queue = await desk.queue()
    const first = await agent('甲', [queue])
    const contact = await desk.contact(queue)
    const second = await agent('乙', [queue])
    await declines(first)
    expect([await rings(first), await rings(second)]).toEqual([[], [contact]])
    const waiting = await house.work(ctx =>
      ctx.db.selectFrom('routing.waiting').select('enqueuedAt').where('id', '=', contact).executeTakeFirstOrThrow(),
    )
    expect(waiting.enqueuedAt).toEqual((await interaction(contact)).queuedAt)
  })

  test('when everybody else is full it waits a minute before it rings at the same desk again', async () => {
    const queue = await desk.queue()
    const full = await agent('甲', [queue])
    await desk.contact(queue)
    await accepts(full)
    const user = await agent('乙', [queue])
    const contact = await desk.contact(queue)
    await declines(user)
    await seconds(50)
    expect(await rings(user)).toEqual([])
    await seconds(11)
    expect(await rings(user)).toEqual([contact])
  })

  test('when nobody else fits it comes back after a breath', async () => {
    const queue = await desk.queue()
    const user = await agent('甲', [queue])
    const contact = await desk.contact(queue)
    await declines(user)
    expect(await rings(user)).toEqual([])
    await seconds(6)
    expect(await rings(user)).toEqual([contact])
  })

  test('after so many missed offers in a row the agent is set aside', async () => {
    const queue = await desk.queue({ ringSeconds: 20 })
    const user = await agent('甲', [queue], { missesAllowed: 2 })
    const contact = await desk.contact(queue)
    await seconds(21)
    expect(await house.work(ctx => presenceOf(ctx, user.id))).toMatchObject({ state: 'ready', missed: false })
    await seconds(6)
    expect(await rings(user)).toEqual([contact])
    await seconds(21)
    expect(await house.work(ctx => presenceOf(ctx, user.id))).toMatchObject({ state: 'busy', missed: true })
    expect((await house.said('presence.changed')).at(-1)).toEqual({ from: 'ready', to: 'busy', reasonId: null, why: 'missed' })
    await seconds(70)
    expect(await rings(user)).toEqual([])
    const other = await agent('乙', [queue])
    expect(await rings(other)).toEqual([contact])
    await goes(user, 'ready')
    expect(await house.work(ctx => presenceOf(ctx, user.id))).toMatchObject({ state: 'ready', missed: false })
  })

  test('leaving while it rings gives the contact back and frees nobody else', async () => {
    const queue = await desk.queue()
    const first = await agent('甲', [queue])
    const contact = await desk.contact(queue)
    const second = await agent('乙', [queue])
    await goes(first, 'break')
    expect([await rings(first), await rings(second)]).toEqual([[], [contact]])
  })

  test('a customer who goes while it rings frees the agent for the next', async () => {
    const queue = await desk.queue()
    const user = await agent('甲', [queue])
    const contact = await desk.contact(queue)
    const next = await desk.contact(queue)
    expect(await does(ctx => leaveQueue(ctx, contact))).toBe(true)
    expect(await does(ctx => leaveQueue(ctx, contact))).toBe(false)
    expect(await rings(user)).toEqual([next])
  })
})

describe('the agent a customer knows', () => {
  const knowing = async (more = {}) => {
    const queue = await desk.queue({ preferSeconds: 20, ...more })
    const idle = await agent('甲', [queue])
    const known = await agent('乙', [queue])
    return { queue, idle, known }
  }

  test('is preferred before whoever is idle longer', async () => {
    const { queue, idle, known } = await knowing()
    const contact = await desk.contact(queue, { preferredAgentId: known.id })
    expect(await rung(known)).toMatchObject([{ interactionId: contact, preferred: true }])
    expect(await rings(idle)).toEqual([])
  })

  test('keeps the contact reserved while full, until the seconds are over', async () => {
    const { queue, idle, known } = await knowing()
    await goes(idle, 'break')
    await desk.contact(queue)
    await accepts(known)
    await goes(idle, 'ready')
    const contact = await desk.contact(queue, { preferredAgentId: known.id })
    expect(await rings(idle)).toEqual([])
    await seconds(21)
    expect(await rings(idle)).toEqual([contact])
  })

  test('is not waited for when not ready, and no longer when leaving', async () => {
    const { queue, idle, known } = await knowing()
    await goes(idle, 'break')
    const held = await desk.contact(queue)
    await accepts(known)
    await goes(idle, 'ready')
    const contact = await desk.contact(queue, { preferredAgentId: known.id })
    await goes(known, 'break')
    expect(await rings(idle)).toEqual([contact])
    await accepts(idle)
    await does(ctx => release(ctx, contact))
    const another = await desk.contact(queue, { preferredAgentId: known.id })
    expect(await rings(idle)).toEqual([another])
    await does(ctx => release(ctx, held))
  })

  test('is found by itself from who answered this customer last', async () => {
    const { queue, idle, known } = await knowing()
    const customerId = crypto.randomUUID()
    const before = await desk.contact(queue, { preferredAgentId: known.id })
    await accepts(known)
    await does(async ctx => {
      await ctx.db.updateTable('interactions.interaction').set({ customerId }).where('id', '=', before).execute()
      await markEnded(ctx, before)
      await release(ctx, before)
    })
    const contact = await desk.contact(queue, { customerId })
    expect([await rings(idle), await rings(known)]).toEqual([[], [contact]])
  })
})

test('a customer who becomes known while waiting is called by name and waits by value', async () => {
  const queue = await desk.queue()
  const older = await desk.contact(queue)
  const contact = await desk.contact(queue)
  const { rows } = await house.house.control.query(
    `insert into customers.customer (tenant_id, id, number, name, kind, tier, since) values ($1, gen_random_uuid(), 'Q-1', '王淑芬', 'person', 'key', now()) returning id`,
    [house.tenantId],
  )
  await does(ctx => joinCustomer(ctx, contact, rows[0].id))
  await house.settle()
  const user = await agent('甲', [queue])
  expect(await rung(user)).toMatchObject([{ interactionId: contact, customerName: '王淑芬', tier: 'key' }])
  await does(ctx => leaveQueue(ctx, older))
})

describe('overflow', () => {
  test('after its seconds the contact moves to the other queue at its old age, and not back', async () => {
    const main = await desk.queue({ name: '报修' })
    const spare = await desk.queue({ name: '溢出', overflowQueueId: main, overflowSeconds: 30 })
    await does(ctx => changeQueue(ctx, main, { overflowQueueId: spare, overflowSeconds: 60 }))
    const user = await agent('甲', [spare])
    const contact = await desk.contact(main)
    await seconds(50)
    expect(await rings(user)).toEqual([])
    await seconds(11)
    expect(await rings(user)).toEqual([contact])
    expect(await interaction(contact)).toMatchObject({ queueId: spare, state: 'waiting' })
    expect(heard).toEqual(['overflowed'])
    await goes(user, 'break')
    await seconds(120)
    const row = await house.work(ctx =>
      ctx.db.selectFrom('routing.waiting').selectAll().where('id', '=', contact).executeTakeFirstOrThrow(),
    )
    expect(row).toMatchObject({ queueId: spare, enqueuedAt: (await interaction(contact)).queuedAt, been: [main, spare] })
  })
})

describe('in hand', () => {
  test('wrap-up holds the place until it is done or its seconds are over', async () => {
    const queue = await desk.queue({ wrapSeconds: 30 })
    const user = await agent('甲', [queue])
    const contact = await desk.contact(queue)
    await accepts(user)
    await does(ctx => startWrap(ctx, contact))
    const next = await desk.contact(queue)
    expect(await house.work(ctx => presenceOf(ctx, user.id))).toMatchObject({ state: 'wrap', load: [{ used: 1 }] })
    const seen = await house.house.control.query(`select state from routing.fact_presence where agent_id = $1`, [user.id])
    expect(seen.rows).toEqual([{ state: 'wrap' }])
    expect(await rings(user)).toEqual([])
    await seconds(31)
    expect(await rings(user)).toEqual([next])
    await does(ctx => release(ctx, contact))
    expect(await load(user)).toMatchObject({ used: 0 })
  })

  test('a hand-over rings only for its agent; taken, the place moves with it', async () => {
    const queue = await desk.queue()
    const from = await agent('甲', [queue])
    const contact = await desk.contact(queue)
    await accepts(from)
    const other = await agent('乙', [queue])
    const to = await agent('丙', [])
    await does(ctx =>
      enqueue(ctx, {
        interactionId: contact,
        channel: 'chat',
        queueId: queue,
        customerId: null,
        customerName: '',
        tier: null,
        subject: '',
        onlyAgentId: to.id,
      }),
    )
    expect([await rings(other), await rings(to)]).toEqual([[], [contact]])
    expect(await load(from)).toMatchObject({ used: 1 })
    await accepts(to)
    expect([await load(from), await load(to)]).toMatchObject([{ used: 0 }, { used: 1 }])
    expect(await interaction(contact)).toMatchObject({ state: 'active', agentId: to.id })
    expect(heard).toEqual(['accepted 甲', 'accepted 丙'])
  })

  test.each([
    ['refused', async (to: User) => declines(to), 'expired 乙 declined'],
    ['not answered in time', async () => seconds(31), 'expired 乙 missed'],
    ['left by its agent', async (to: User) => goes(to, 'break'), 'expired 乙 late'],
  ])('a hand-over that is %s stays where it was', async (_, act, told) => {
    const queue = await desk.queue()
    const from = await agent('甲', [queue])
    const contact = await desk.contact(queue)
    await accepts(from)
    const to = await agent('乙', [queue])
    await does(ctx =>
      enqueue(ctx, {
        interactionId: contact,
        channel: 'chat',
        queueId: queue,
        customerId: null,
        customerName: '',
        tier: null,
        subject: '',
        onlyAgentId: to.id,
      }),
    )
    await act(to)
    expect(heard).toEqual(['accepted 甲', told])
    expect([await load(from), await load(to)]).toMatchObject([{ used: 1 }, { used: 0 }])
    expect(await house.work(ctx => placeInQueue(ctx, contact))).toBeNull()
  })

  test('a contact handed to its queue is never offered to the one who hands it over', async () => {
    const queue = await desk.queue()
    const from = await agent('甲', [queue], { capacity: 3 })
    const contact = await desk.contact(queue)
    await accepts(from)
    await does(ctx =>
      enqueue(ctx, {
        interactionId: contact,
        channel: 'chat',
        queueId: queue,
        customerId: null,
        customerName: '',
        tier: null,
        subject: '',
      }),
    )
    await seconds(5)
    expect(await rings(from)).toEqual([])
    const other = await agent('乙', [queue])
    await declines(other)
    await seconds(61)
    expect([await rings(from), await rings(other)]).toEqual([[], [contact]])
  })

  test('a supervisor who is not staffed takes over without a place', async () => {
    const queue = await desk.queue()
    const from = await agent('甲', [queue])
    const contact = await desk.contact(queue)
    const next = await desk.contact(queue)
    await accepts(from)
    const boss = await desk.person('主管')
    await does(ctx => reassign(ctx, contact, from.id, boss.id))
    expect(await rings(from)).toEqual([next])
    await does(ctx => release(ctx, contact, boss.id))
    expect(await load(from)).toMatchObject({ used: 0 })
  })

  test('taking by hand refuses what rings elsewhere and what is beyond capacity', async () => {
    const queue = await desk.queue()
    const first = await agent('甲', [queue])
    const ringing = await desk.contact(queue)
    const second = await agent('乙', [], { state: 'offline' })
    await expect(house.work(ctx => takeWaiting(ctx, ringing, second.id))).rejects.toMatchObject({ code: 'routing.offered_elsewhere' })
    await does(ctx => takeWaiting(ctx, ringing, first.id))
    const waiting = await desk.contact(queue)
    await expect(house.work(ctx => takeWaiting(ctx, waiting, first.id))).rejects.toMatchObject({ code: 'routing.over_capacity' })
    await does(ctx => takeWaiting(ctx, waiting, second.id))
    await expect(house.work(ctx => takeWaiting(ctx, waiting, second.id))).rejects.toMatchObject({ code: 'routing.not_waiting' })
    expect(heard).toEqual(['accepted 甲', 'accepted 乙'])
  })

  test('places that are taken or promised cannot be staffed away', async () => {
    const queue = await desk.queue()
    const user = await agent('甲', [queue])
    await desk.contact(queue)
    const none = { missesAllowed: 3, channels: [], skills: [], queueIds: [queue] }
    await expect(house.work(ctx => staff(ctx, user.id, none))).rejects.toMatchObject({ code: 'staffing.in_use' })
    await accepts(user)
    await expect(house.work(ctx => staff(ctx, user.id, none))).rejects.toMatchObject({
      code: 'staffing.in_use',
      facts: { channel: 'chat', used: 1 },
    })
  })
})

describe('presence', () => {
  test('a reason must be one of that state, and only a change is announced', async () => {
    const user = await agent('甲', [await desk.queue()])
    const reasonId = await house.work(async ctx => {
      const id = crypto.randomUUID()
      await ctx.db.insertInto('routing.presenceReason').values({ id, name: '用餐', state: 'break' }).execute()
      return id
    })
    await expect(house.as(user).work(ctx => chooseState(ctx, { state: 'busy', reasonId }))).rejects.toMatchObject({
      code: 'presence.reason_mismatch',
    })
    const before = (await house.said('presence.changed')).length
    await house.as(user).work(ctx => chooseState(ctx, { state: 'break', reasonId }))
    await house.as(user).work(ctx => chooseState(ctx, { state: 'break', reasonId }))
    expect((await house.said('presence.changed')).slice(before)).toEqual([{ from: 'ready', to: 'break', reasonId, why: 'chosen' }])
    await house.work(ctx => forceState(ctx, user.id, { state: 'ready', reasonId: null }))
    expect((await house.said('presence.changed')).at(-1)).toMatchObject({ to: 'ready', why: 'forced' })
  })

  test('an agent whose console has been gone for half a minute is offline, and what rings goes back', async () => {
    const queue = await desk.queue()
    const user = await agent('甲', [queue])
    const contact = await desk.contact(queue)
    await house.work(ctx => ctx.db.insertInto('routing.console').values({ agentId: user.id, seenAt: ctx.now }).execute())
    await seconds(25)
    expect(await rings(user)).toEqual([contact])
    await seconds(6)
    expect(await house.work(ctx => presenceOf(ctx, user.id))).toMatchObject({ state: 'offline', missed: false })
    const other = await agent('乙', [queue])
    expect(await rings(other)).toEqual([contact])
  })
})

test('place, estimate and pulse tell the same story', async () => {
  const queue = await desk.queue({ name: '脉搏' })
  const user = await agent('甲', [queue], { capacity: 2 })
  await desk.contact(queue)
  await accepts(user)
  await desk.contact(queue)
  await accepts(user)
  const [first, second] = [await desk.contact(queue), await desk.contact(queue)]
  expect(await house.work(ctx => placeInQueue(ctx, first))).toEqual({ position: 1, estimate: 150 })
  expect(await house.work(ctx => placeInQueue(ctx, second))).toEqual({ position: 2, estimate: 300 })
  const row = (await house.work(pulse)).find(q => q.queueId === queue)
  expect(row).toMatchObject({ name: '脉搏', waiting: 2, ready: 1, handling: 2, longestSince: (await interaction(first)).queuedAt })
  await goes(user, 'break')
  expect(await house.work(ctx => placeInQueue(ctx, second))).toEqual({ position: 2, estimate: null })
})

test('the loop does by itself what falls due, and stops when asked', async () => {
  const queue = await desk.queue({ ringSeconds: 20 })
  const first = await agent('甲', [queue])
  const contact = await desk.contact(queue)
  const second = await agent('乙', [queue])
  await house.pass(0.5)
  const loop = startRouting(house.house)
  await expect.poll(() => rings(second), { timeout: 5000 }).toEqual([contact])
  await loop.stop()
  expect(await rings(first)).toEqual([])
})
