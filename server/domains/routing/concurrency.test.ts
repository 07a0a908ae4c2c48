import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { lockInteraction } from '#domains/interactions/index.ts'
import type { User } from '#kernel/access.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { openDesk } from '#testing/desk.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { actOf, agentsOf, raceScene } from '#testing/races.ts'
import { proving, truthsOf } from '#testing/truths.ts'
import { release } from './actions/handling.ts'
import { acceptOffer, declineOffer } from './actions/offers.ts'
import { chooseState } from './actions/presence.ts'
import { enqueue, leaveQueue } from './actions/queueing.ts'
import { registerContacts } from './contacts.ts'
import { mine } from './queries.ts'
import { sweep } from './sweep.ts'

let house: TestHouse
let desk: ReturnType<typeof openDesk>
let checkAtRest: () => Promise<void>
let checkOrder: () => Promise<void>
beforeAll(async () => {
  house = await openHouse()
  desk = openDesk(house)
  registerContacts({ channel: 'chat', lock: lockInteraction, accepted: async () => {} })
  const truths = truthsOf(house)
  checkAtRest = truths.atRest
  checkOrder = truths.order
})
afterAll(() => house.close())

/** Eight of something at a time. Only a clear refusal may come of a race; a deadlock would be a bug. */
async function byEight<T>(items: readonly T[], act: (item: T) => Promise<unknown>) {
  const queue = [...items]
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (let item = queue.shift(); item !== undefined; item = queue.shift())
        await act(item).catch(error => {
          if (!(error instanceof Refusal)) throw error
        })
    }),
  )
}

/** As every channel does: its own row first. */
const changing = (contact: string, fn: (ctx: Ctx) => Promise<unknown>) =>
  house.work(async ctx => {
    await lockInteraction(ctx, contact)
    await fn(ctx)
  })
const go = (user: User, state: 'ready' | 'break') => house.as(user).work(ctx => chooseState(ctx, { state, reasonId: null }))
const ringing = async (user: User) => (await house.as(user).work(mine)).offers[0]
const arrive = (queueId: string, id: string, tier: string | null) =>
  house.work((ctx: Ctx) =>
    enqueue(ctx, { interactionId: id, channel: 'chat', queueId, customerId: null, customerName: '', tier, subject: '' }),
  )

/** A contact of routing's own: interactions are left out, so that the races are between matchers alone. */
async function opened(queueId: string, tier: string | null, wait: boolean): Promise<string> {
  const id = await recorded(queueId)
  await arrive(queueId, id, tier)
  if (wait) await desk.rest()
  return id
}

async function recorded(queueId: string): Promise<string> {
  const id = crypto.randomUUID()
  await house.work(ctx =>
    ctx.db
      .insertInto('interactions.interaction')
      .values({
        id,
        channel: 'chat',
        direction: 'in',
        state: 'waiting',
        customerId: null,
        queueId,
        agentId: null,
        startedAt: ctx.now,
        queuedAt: ctx.now,
        answeredAt: null,
        endedAt: null,
        wrappedAt: null,
        reasonId: null,
        outcomeId: null,
        rating: null,
      })
      .execute(),
  )
  return id
}

const pause = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms))

const tidy = async (staffed: readonly User[]) => {
  for (const user of staffed) await go(user, 'break')
  await desk.rest()
}

const Act = actOf('arrive', 'arrive', 'arrive', 'accept', 'accept', 'decline', 'free', 'free', 'leave', 'toggle', 'sweep')

// As many runs as a few seconds allow. An interrupted run would go on beside the next test, so those left over do nothing instead.
test('whatever arrives, is accepted, refused, freed and left at once: nobody twice, never too many, nothing stuck', {
  timeout: 60_000 + proving(60_000),
}, async () => {
  const over = Date.now() + proving(2500)
  await fc.assert(
    fc.asyncProperty(agentsOf(3, 8), fc.array(Act, { minLength: 40, maxLength: 120 }), async (agents, acts) => {
      if (Date.now() > over) return
      const { queues, staffed } = await raceScene(desk, agents, 'ready')
      const contacts: string[] = []
      const away = new Set<string>()
      await byEight(acts, async ({ kind, queue, tier, pick }) => {
        const user = staffed[pick % staffed.length]
        const contact = contacts[pick % Math.max(1, contacts.length)]
        if (!user) return
        if (kind === 'arrive') contacts.push(await opened(queues[queue] ?? '', tier, false))
        else if (kind === 'accept' || kind === 'decline') {
          const offer = await ringing(user)
          if (offer)
            await house.as(user).work<unknown>(ctx => (kind === 'accept' ? acceptOffer(ctx, offer.id) : declineOffer(ctx, offer.id)))
        } else if (kind === 'free' && contact) await changing(contact, ctx => release(ctx, contact))
        else if (kind === 'leave' && contact) await changing(contact, ctx => leaveQueue(ctx, contact))
        else if (kind === 'sweep') await sweep(house.house)
        else if (kind === 'toggle') {
          if (away.delete(user.id)) await go(user, 'ready')
          else {
            away.add(user.id)
            await go(user, 'break')
          }
        }
      })
      await desk.rest()
      await checkAtRest()
      await tidy(staffed)
    }),
    { numRuns: proving(100) },
  )
})

test('agents who get free at the same moment take the oldest of the most valuable, and leave nothing older behind', {
  timeout: 60_000 + proving(60_000),
}, async () => {
  const over = Date.now() + proving(2500)
  await fc.assert(
    fc.asyncProperty(
      agentsOf(3, 8),
      fc.array(fc.tuple(fc.nat(1), fc.constantFrom(null, null, 'gold')), { minLength: 10, maxLength: 30 }),
      async (agents, arrivals) => {
        if (Date.now() > over) return
        const { queues, staffed } = await raceScene(desk, agents, 'offline')
        for (const [queue, tier] of arrivals) await opened(queues[queue] ?? '', tier, true)
        await byEight(staffed, user => go(user, 'ready'))
        await desk.rest()
        await checkOrder()
        for (let round = 0; round < 3; round++) {
          await byEight(staffed, async user => {
            const offer = await ringing(user)
            if (offer) await house.as(user).work(ctx => acceptOffer(ctx, offer.id))
            if (offer && round > 0) await house.work(ctx => release(ctx, offer.interactionId))
          })
          await desk.rest()
          await checkAtRest()
          await checkOrder()
        }
        await tidy(staffed)
      },
    ),
    { numRuns: proving(100) },
  )
})

test('a contact and the only agent for it who come at the same moment do not miss one another', {
  timeout: 60_000 + proving(60_000),
}, async () => {
  const pairs = await Promise.all(
    Array.from({ length: 12 }, async (_, i) => {
      const queue = await desk.queue()
      return { queue, user: await desk.agent(`坐席${i}`, [queue], { state: 'offline' }) }
    }),
  )
  const over = Date.now() + proving(2000)
  while (Date.now() < over) {
    // The window is a millisecond wide: the ready agent looks while the contact arrives.
    for (const { queue, user } of pairs) {
      const id = await recorded(queue)
      await Promise.all([
        pause(Math.random() * 8).then(() => arrive(queue, id, null)),
        pause(Math.random() * 4).then(() => go(user, 'ready')),
      ])
    }
    await desk.rest()
    await checkAtRest()
    for (const { user } of pairs) expect(await ringing(user)).toBeDefined()
    await byEight(pairs, async ({ user }) => {
      const offer = await ringing(user)
      if (offer) await changing(offer.interactionId, ctx => leaveQueue(ctx, offer.interactionId))
      await go(user, 'break')
    })
    await desk.rest()
  }
})
