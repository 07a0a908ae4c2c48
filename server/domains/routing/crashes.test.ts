import fc from 'fast-check'
import type pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { lockInteraction, openInteraction } from '#domains/interactions/index.ts'
import { system, type User } from '#kernel/access.ts'
import { newPool } from '#kernel/db.ts'
import type { House } from '#kernel/house.ts'
import { Refusal } from '#kernel/refusal.ts'
import { type Ctx, work } from '#kernel/work.ts'
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
import { startRouting, sweep } from './sweep.ts'

// Server processes over one database that die: each is a house of its own with connections of its own.

let house: TestHouse
let desk: ReturnType<typeof openDesk>
let truths: ReturnType<typeof truthsOf>
beforeAll(async () => {
  house = await openHouse()
  desk = openDesk(house)
  truths = truthsOf(house)
  registerContacts({ channel: 'chat', lock: lockInteraction, accepted: async () => {} })
})
afterAll(() => house.close())

type Process = { house: House; pool: pg.Pool; name: string; dead: boolean; kill: () => Promise<void>; rest: () => Promise<void> }
let made = 0

/** `works`: how many transactions it begins before it is gone; so it may end between an act and its matching, or between the two looks. */
function start(works = Number.POSITIVE_INFINITY): Process {
  const name = `routing process ${++made}`
  const pool = newPool(house.url, 6, name)
  const process: Process = {
    name,
    pool,
    dead: false,
    house: {
      ...house.house,
      background: new Set(),
      data: () => {
        if (--works < 0) process.dead = true
        if (process.dead) throw new Error('this process is dead')
        return pool
      },
    },
    // The database ends what the process had under way, as it does when the other end of a connection is gone.
    kill: async () => {
      process.dead = true
      await house.house.control.query('select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1', [name])
    },
    rest: async () => {
      while (process.house.background.size > 0) await Promise.all(process.house.background)
    },
  }
  return process
}

const as = (process: Process, user: User | null) => ({
  work: <T>(fn: (ctx: Ctx) => Promise<T>) => work(process.house, user ?? system(house.tenantId), fn),
})
const go = (process: Process, user: User, state: 'ready' | 'break') =>
  as(process, user).work(ctx => chooseState(ctx, { state, reasonId: null }))
const ringing = async (user: User) => (await house.as(user).work(mine)).offers[0]
const arrive = (process: Process, queueId: string, tier: string | null) =>
  as(process, null).work(async ctx => {
    const { id } = await openInteraction(ctx, {
      channel: 'chat', direction: 'in', customerId: null, queueId, subject: '', source: 'test', state: 'waiting',
    }) // biome-ignore format: one line reads better
    await enqueue(ctx, { interactionId: id, channel: 'chat', queueId, customerId: null, customerName: '', tier, subject: '' })
    return id
  })

/** So many at a time. A dead process says nothing more; of the others only a clear refusal may come. */
async function together<T>(width: number, items: readonly T[], act: (item: T) => Promise<unknown>, processes: readonly Process[]) {
  const queue = [...items]
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (let item = queue.shift(); item !== undefined; item = queue.shift())
        await act(item).catch(error => {
          if (!(error instanceof Refusal) && !processes.some(p => p.dead)) throw error
        })
    }),
  )
}

/** Everyone goes home: nothing may ring any more. */
async function tidy(staffed: readonly User[], processes: readonly Process[]) {
  for (const user of staffed) await house.as(user).work(ctx => chooseState(ctx, { state: 'offline', reasonId: null }))
  await desk.rest()
  const { rows } = await house.house.control.query('select id from routing.offer where ended_at is null and agent_id = any($1::uuid[])', [
    staffed.map(u => u.id),
  ])
  expect(rows).toEqual([])
  await Promise.all(processes.map(p => p.pool.end()))
}

const Act = actOf('arrive', 'arrive', 'arrive', 'accept', 'accept', 'accept', 'decline', 'free', 'free', 'leave', 'toggle', 'die')

test('processes are killed in the middle of anything: nobody twice, never too many, every offer ends, and the net leaves nobody stuck', {
  timeout: 60_000 + proving(60_000),
}, async () => {
  const over = Date.now() + proving(3000)
  let kills = 0
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(8, 16),
      agentsOf(4, 10),
      fc.array(Act, { minLength: 60, maxLength: 160 }),
      async (width, agents, acts) => {
        if (Date.now() > over) return
        const { queues, staffed } = await raceScene(desk, agents, 'ready')
        const all = [start(), start(), start()]
        const living = [...all]
        const contacts: string[] = []
        const away = new Set<string>()
        await together(
          width,
          acts,
          async ({ kind, queue, tier, pick }) => {
            const process = living[pick % living.length]
            const user = staffed[pick % staffed.length]
            const contact = contacts[pick % Math.max(1, contacts.length)]
            if (!process || !user) return
            if (kind === 'arrive') contacts.push(await arrive(process, queues[queue] ?? '', tier))
            else if (kind === 'accept' || kind === 'decline') {
              const offer = await ringing(user)
              if (offer)
                await as(process, user).work<unknown>(ctx => (kind === 'accept' ? acceptOffer(ctx, offer.id) : declineOffer(ctx, offer.id)))
            } else if ((kind === 'free' || kind === 'leave') && contact)
              await as(process, null).work<unknown>(async ctx => {
                await lockInteraction(ctx, contact)
                return kind === 'free' ? release(ctx, contact) : leaveQueue(ctx, contact)
              })
            else if (kind === 'toggle') {
              const back = away.delete(user.id)
              if (!back) away.add(user.id)
              await go(process, user, back ? 'ready' : 'break')
            } else if (kind === 'die') {
              const next = start()
              all.push(next)
              living.splice(living.indexOf(process), 1, next)
              kills++
              await process.kill()
            }
          },
          all,
        )
        await Promise.all(all.map(p => p.rest()))
        await truths.always()
        await sweep(house.house)
        await desk.rest()
        await truths.atRest()
        // Nobody answers what rings: it ends at its deadline.
        await house.pass(1)
        await sweep(house.house)
        await desk.rest()
        await truths.overdue()
        await truths.atRest()
        await tidy(staffed, all)
      },
    ),
    { numRuns: proving(100) },
  )
  expect(kills).toBeGreaterThan(0)
})

// A process killed inside a transaction gives back what it had chosen, and others have passed it by; so order is proved with processes that end between transactions.
test('processes end between an act and its two looks: after the net nothing older is left behind by anybody', {
  timeout: 60_000 + proving(60_000),
}, async () => {
  const over = Date.now() + proving(2500)
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(8, 16),
      agentsOf(4, 10),
      fc.array(fc.tuple(fc.nat(1), fc.constantFrom(null, null, 'gold')), { minLength: 12, maxLength: 30 }),
      fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 4, maxLength: 4 }),
      async (width, agents, arrivals, lives) => {
        if (Date.now() > over) return
        const { queues, staffed } = await raceScene(desk, agents, 'offline')
        const all = lives.map(n => start(n))
        const sure = start()
        for (const [queue, tier] of arrivals) await arrive(sure, queues[queue] ?? '', tier)
        await sure.rest()
        await together(
          width,
          [...staffed.entries()],
          async ([i, user]) => {
            const process = all[i % all.length]
            // A console whose server is gone asks another.
            await (process ? go(process, user, 'ready') : Promise.reject(new Error('nobody'))).catch(() => go(sure, user, 'ready'))
          },
          [],
        )
        await Promise.all([...all, sure].map(p => p.rest()))
        await truths.always()
        await truths.order()
        await sweep(house.house)
        await desk.rest()
        await truths.atRest()
        await truths.order()
        await tidy(staffed, [...all, sure])
      },
    ),
    { numRuns: proving(100) },
  )
})

test.runIf(process.env.PROVE === '1')(
  'by the clock nobody waits longer than a second beside a fitting free agent, and five after a process died',
  { timeout: 180_000 },
  async () => {
    const { queues, staffed } = await raceScene(
      desk,
      Array.from({ length: 24 }, (_, i) => ({ capacity: 1 + (i % 2), skilled: i % 3 > 0, queues: 1 + (i % 2) })),
      'ready',
    )
    const loops = [start(), start()]
    const sweeping = loops.map(p => startRouting(p.house))
    const since = new Map<string, number>()
    let longest = 0
    let going = true
    const watch = (async () => {
      while (going) {
        const now = Date.now()
        const stuck = new Set(await truths.stuck())
        for (const pair of stuck) longest = Math.max(longest, now - (since.get(pair) ?? now))
        for (const pair of since.keys()) if (!stuck.has(pair)) since.delete(pair)
        for (const pair of stuck) if (!since.has(pair)) since.set(pair, now)
        await truths.always()
        await new Promise(resolve => setTimeout(resolve, 50))
      }
    })()
    const buried: Promise<void>[] = []
    const bury = (process: Process) => process.rest().then(() => process.pool.end())
    const phase = async (seconds: number, mortal: boolean) => {
      longest = 0
      let process = start()
      const until = Date.now() + seconds * 1000
      await Promise.all(
        Array.from({ length: 8 }, async (_, lane) => {
          for (let n = 0; Date.now() < until; n++) {
            if (process.dead) {
              buried.push(bury(process))
              process = start(mortal ? 5 + ((n * 7 + lane) % 40) : undefined)
            }
            const mine = process
            const user = staffed[(n * 8 + lane * 5) % staffed.length]
            try {
              await arrive(mine, queues[(n + lane) % 2] ?? '', n % 5 === 0 ? 'gold' : null)
              const offer = user && (await ringing(user))
              if (offer) {
                await as(mine, user).work(ctx => acceptOffer(ctx, offer.id))
                await as(mine, null).work(ctx => release(ctx, offer.interactionId))
              }
              if (mortal && lane === 0 && n % 40 === 39) await mine.kill()
            } catch (error) {
              if (!(error instanceof Refusal) && !mine.dead) throw error
            }
            await new Promise(resolve => setTimeout(resolve, 20))
          }
        }),
      )
      await new Promise(resolve => setTimeout(resolve, 6000))
      buried.push(bury(process))
      return longest
    }
    let calm = 0
    let dying = 0
    try {
      calm = await phase(20, false)
      dying = await phase(40, true)
    } finally {
      going = false
      await watch
      for (const loop of sweeping) await loop.stop()
      await Promise.all(buried)
    }
    console.info(`longest beside a free agent: ${calm} ms; after deaths: ${dying} ms`)
    expect(calm).toBeLessThan(1000)
    expect(dying).toBeLessThan(5000)
    await tidy(staffed, loops)
  },
)
