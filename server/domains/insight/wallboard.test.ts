import { io } from 'socket.io-client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Wallboard } from '#contract/insight.ts'
import { dateIn, startOfDay } from '#kernel/calendar.ts'
import { newId } from '#kernel/ids.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { showWallboard } from './live.ts'
import { wallboard } from './queries.ts'
import { figuresOf, noSums } from './rules.ts'

let house: TestHouse
let queueId: string
let otherQueueId: string
/** Noon of today on the wall of the tenant. */
let noon: Date
beforeAll(async () => {
  house = await openHouse()
  queueId = newId()
  otherQueueId = newId()
  const start = startOfDay('Asia/Shanghai', dateIn('Asia/Shanghai', house.now()))
  noon = new Date(start.getTime() + 12 * 3_600_000)
  await house.pass((noon.getTime() + 3_600_000 - house.now().getTime()) / 60_000)
  for (const [id, name, target, short] of [
    [queueId, '报修', 20, 5],
    [otherQueueId, '账务', 60, 0],
  ] as const)
    await house.house.control.query(
      `insert into routing.queue (tenant_id, id, name, target_seconds, short_abandon_seconds) values ($1, $2, $3, $4, $5)`,
      [house.tenantId, id, name, target, short],
    )
})
afterAll(() => house.close())

type Case = {
  queue?: string
  at?: Date
  state: string
  wait?: number
  talk?: number
  wrap?: number
  channel?: string
  queued?: boolean
  direction?: string
}
const agentId = newId()

/** A contact by its marks of time: so many seconds of waiting, talking, wrapping up. */
async function contact({ queue = queueId, at = noon, state, wait, talk, wrap, channel = 'chat', queued = true, direction = 'in' }: Case) {
  const later = (from: Date | null, seconds: number | undefined) =>
    from === null || seconds === undefined ? null : new Date(from.getTime() + seconds * 1000)
  const answered = state === 'abandoned' ? null : later(at, wait)
  const ended = state === 'abandoned' ? later(at, wait) : later(answered, talk)
  await house.house.control.query(
    `insert into interactions.interaction (tenant_id, id, channel, direction, state, queue_id, agent_id, started_at, queued_at, answered_at, ended_at, wrapped_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      house.tenantId,
      newId(),
      channel,
      direction,
      state,
      queue,
      answered ? agentId : null,
      at,
      queued ? at : null,
      answered,
      ended,
      later(ended, wrap),
    ],
  )
}
const clear = () => house.house.control.query('delete from interactions.interaction where tenant_id = $1', [house.tenantId])
const board = () => house.work(wallboard)

test('figures by the table of cases', async () => {
  const cases: [string, Case[], Partial<Wallboard['today']>][] = [
    ['nothing yet', [], { offered: 0, serviceLevel: null, abandonRate: null, asaSeconds: null, ahtSeconds: null }],
    [
      'answered in time',
      [{ state: 'done', wait: 20, talk: 100, wrap: 20 }],
      { offered: 1, answered: 1, answeredInTarget: 1, serviceLevel: 1, abandonRate: 0, asaSeconds: 20, ahtSeconds: 120 },
    ],
    ['answered late', [{ state: 'done', wait: 20.001, talk: 100, wrap: 20 }], { answered: 1, answeredInTarget: 0, serviceLevel: 0 }],
    [
      'gone at once: a short abandon counts nowhere',
      [
        { state: 'abandoned', wait: 4.9 },
        { state: 'done', wait: 3, talk: 1, wrap: 1 },
      ],
      { offered: 2, shortAbandoned: 1, abandoned: 0, serviceLevel: 1, abandonRate: 0 },
    ],
    [
      'gone after T: counts in both',
      [
        { state: 'abandoned', wait: 5 },
        { state: 'done', wait: 3, talk: 1, wrap: 1 },
      ],
      { abandoned: 1, shortAbandoned: 0, serviceLevel: 0.5, abandonRate: 0.5 },
    ],
    ['a message left out of hours does not wait', [{ state: 'left', queued: false }], { offered: 0, left: 1, serviceLevel: null }],
    [
      'still talking: answered, not yet handled',
      [{ state: 'active', wait: 10 }],
      { offered: 1, answered: 1, serviceLevel: 1, asaSeconds: 10, ahtSeconds: null },
    ],
    ['still wrapping up: not yet handled', [{ state: 'wrap', wait: 10, talk: 60 }], { answered: 1, ahtSeconds: null }],
    ['still waiting within Y: not decided', [{ state: 'waiting', at: new Date(0) }], { offered: 1, serviceLevel: null, abandonRate: 0 }],
    ['still waiting beyond Y: missed', [{ state: 'waiting' }], { offered: 1, serviceLevel: 0 }],
    [
      'every queue by its own Y and T',
      [
        { queue: otherQueueId, state: 'done', wait: 55, talk: 5, wrap: 5 },
        { state: 'done', wait: 55, talk: 5, wrap: 5 },
        { queue: otherQueueId, state: 'abandoned', wait: 1 },
      ],
      { offered: 3, answeredInTarget: 1, serviceLevel: 1 / 3, abandoned: 1, abandonRate: 1 / 3 },
    ],
    ['contacts of ours to the customer do not count', [{ state: 'done', wait: 1, talk: 1, wrap: 1, direction: 'out' }], { offered: 0 }],
    [
      'a call recorded without a queue was not offered',
      [{ state: 'done', wait: 0, talk: 60, wrap: 9, channel: 'phone', queued: false }],
      { offered: 0, answered: 0, ahtSeconds: null },
    ],
  ]
  for (const [name, contacts, expected] of cases) {
    await clear()
    for (const c of contacts) await contact(c.at?.getTime() === 0 ? { ...c, at: new Date(house.now().getTime() - 5_000) } : c)
    const { today } = await board()
    const seen = Object.fromEntries(Object.entries(today).filter(([key]) => key in expected))
    expect([name, seen]).toEqual([
      name,
      Object.fromEntries(
        Object.entries(expected).map(([key, value]) => [key, typeof value === 'number' ? expect.closeTo(value, 3) : value]),
      ),
    ])
  }
})

test('the day begins at midnight of the tenant, whatever the clock of the server says', async () => {
  await clear()
  const midnight = new Date(noon.getTime() - 12 * 3_600_000)
  await contact({ state: 'done', at: new Date(midnight.getTime() - 1), wait: 1, talk: 1, wrap: 1 })
  await contact({ state: 'done', at: midnight, wait: 1, talk: 1, wrap: 1 })
  await contact({ state: 'done', at: new Date(midnight.getTime() + 3_599_000), wait: 1, talk: 1, wrap: 1 })
  await contact({ state: 'waiting' })
  const { day, today, hours, channels } = await board()
  expect(day).toBe(dateIn('Asia/Shanghai', noon))
  expect(today.offered).toBe(3)
  expect(hours[0]).toEqual({ hour: 0, offered: 2, answered: 2, waiting: 0 })
  // Not answered yet is not unanswered.
  expect(hours.filter(h => h.waiting > 0)).toMatchObject([{ offered: 1, answered: 0, waiting: 1 }])
  expect(hours.length).toBe(14)
  expect(channels).toEqual([{ channel: 'chat', count: 3 }])
})

test('queues show their own figures and another tenant nothing of them', async () => {
  await clear()
  await contact({ state: 'done', wait: 1, talk: 1, wrap: 1 })
  const { queues, definition } = await board()
  expect(queues.map(q => [q.name, q.offered, q.serviceLevel])).toEqual([
    ['报修', 1, 1],
    ['账务', 0, null],
  ])
  expect(definition.en).toContain('Service level = answered within Y seconds')
  const other = await house.work(wallboard, { kind: 'system', tenantId: house.otherTenantId })
  expect([other.today.offered, other.queues]).toEqual([0, []])
})

test('nothing is divided by nothing', () => {
  expect(figuresOf(noSums)).toEqual({ serviceLevel: null, abandonRate: null, asaSeconds: null, ahtSeconds: null })
  expect(figuresOf({ ...noSums, offered: 3, shortAbandoned: 3 }).serviceLevel).toBeNull()
})

test('watchers get the snapshot; nobody else, and nobody without the permission', async () => {
  expect(await showWallboard(house.house, house.tenantId)).toBe(false)
  await house.app.listen({ port: 0, host: '127.0.0.1' })
  const address = house.app.server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  house.house.authenticate.s = async (ctx, secret) =>
    ctx.tenantId === house.tenantId ? house.user({}, secret.startsWith('may') ? ['insight:read'] : ['ticket:read']) : null
  const watch = (secret: string) =>
    new Promise<{ granted: unknown; socket: ReturnType<typeof io> }>(resolve => {
      const socket = io(`http://127.0.0.1:${address.port}`, {
        path: '/api/socket',
        auth: { token: `s.${house.tenantId.replaceAll('-', '')}.${secret.padEnd(30, 'x')}` },
        transports: ['websocket'],
      })
      socket.emit('watch', ['wallboard'], (granted: unknown) => resolve({ granted, socket }))
    })
  const [may, mayNot] = await Promise.all([watch('may'), watch('not')])
  expect([may.granted, mayNot.granted]).toEqual([['wallboard'], []])
  const pushed = new Promise(resolve => may.socket.once('push', (topic, name, payload) => resolve([topic, name, payload.today.offered])))
  expect(await showWallboard(house.house, house.tenantId)).toBe(true)
  expect(await pushed).toEqual(['wallboard', 'wallboard', 1])
  may.socket.close()
  mayNot.socket.close()
})
