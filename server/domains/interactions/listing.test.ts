import { afterAll, beforeAll, expect, test } from 'vitest'
import { addCustomer } from '#domains/customers/index.ts'
import { newId } from '#kernel/ids.ts'
import type { Ctx } from '#kernel/work.ts'
import { openDesk } from '#testing/desk.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { explained } from '#testing/plans.ts'
import { listInteractions } from './queries.ts'

let house: TestHouse
const ids = { wang: '', zhao: '', queue: '', agent: newId() }
const day = 86_400_000
const customer = {
  kind: 'person' as const,
  tier: 'normal' as const,
  email: null,
  address: '',
  district: '',
  postCode: '',
  note: '',
  tags: [],
  care: [],
}

/** The subjects of what a query finds. */
const found = async (query: Parameters<typeof listInteractions>[1], who = house.user()) =>
  (await house.work(ctx => listInteractions(ctx, query), who)).rows.map(i => i.subject)

beforeAll(async () => {
  house = await openHouse()
  ids.queue = await openDesk(house).queue()
  ids.wang = (await house.work(ctx => addCustomer(ctx, { ...customer, name: '王小芳', phone: '13800138222' }))).id
  ids.zhao = (await house.work(ctx => addCustomer(ctx, { ...customer, name: '赵大海', phone: null }))).id
  // At noon in Shanghai, so that no day ends while this runs.
  const noon = (Math.floor((house.now().getTime() + 8 * 3_600_000) / day) + 1.5) * day - 8 * 3_600_000
  await house.pass((noon - house.now().getTime()) / 60_000)
  const dawn = new Date(noon - day / 2)
  const minute = 60_000
  const contact = (subject: string, startedAt: Date, more: object = {}) => ({
    ...{
      id: newId(),
      channel: 'chat' as const,
      direction: 'in' as const,
      state: 'done' as const,
      customerId: null,
      queueId: null,
      agentId: null,
    },
    ...{ subject, source: '', startedAt, queuedAt: null, answeredAt: null, endedAt: null, wrappedAt: null },
    ...{ reasonId: null, outcomeId: null, note: '', rating: null },
    ...more,
  })
  const talked = (from: Date, minutes: number) => ({ answeredAt: from, endedAt: new Date(from.getTime() + minutes * minute) })
  await house.work(ctx =>
    ctx.db
      .insertInto('interactions.interaction')
      .values([
        contact('today', dawn, { customerId: ids.wang, agentId: ids.agent, ...talked(dawn, 5) }),
        contact('yesterday', new Date(dawn.getTime() - 1), {
          channel: 'phone',
          customerId: ids.zhao,
          queueId: ids.queue,
          state: 'abandoned',
        }),
        contact('six days ago', new Date(dawn.getTime() - 6 * day), { customerId: ids.wang, ...talked(dawn, 30) }),
        contact('seven days ago', new Date(dawn.getTime() - 6 * day - 1), { agentId: ids.agent, ...talked(dawn, 12) }),
      ])
      .execute(),
  )
})
afterAll(() => house.close())

test('contacts are found by what became of them, where, by whom and when', async () => {
  expect(await found({})).toEqual(['today', 'yesterday', 'six days ago', 'seven days ago'])
  expect(await found({ sort: 'time' })).toEqual(['seven days ago', 'six days ago', 'yesterday', 'today'])
  expect(await found({ state: 'abandoned' })).toEqual(['yesterday'])
  expect(await found({ channel: 'phone', queueId: ids.queue })).toEqual(['yesterday'])
  expect(await found({ agentId: ids.agent })).toEqual(['today', 'seven days ago'])
  const dayBefore = (await house.work(ctx => listInteractions(ctx, {}))).rows[0]?.startedAt ?? new Date()
  expect(await found({ since: dayBefore })).toEqual(['today'])
  expect(await found({ until: dayBefore, since: new Date(dayBefore.getTime() - day) })).toEqual(['yesterday'])
})

test('the last days begin on the wall of the organisation', async () => {
  expect(await found({ days: 1 })).toEqual(['today'])
  expect(await found({ days: 2 })).toEqual(['today', 'yesterday'])
  expect(await found({ days: 7 })).toEqual(['today', 'yesterday', 'six days ago'])
})

test('the longest talk stands first, those that never were one last', async () => {
  expect(await found({ sort: '-duration' })).toEqual(['six days ago', 'seven days ago', 'today', 'yesterday'])
})

test('they are found by their customer: a name, the end of a number, nobody at all', async () => {
  expect(await found({ q: '王小芳' })).toEqual(['today', 'six days ago'])
  expect(await found({ q: '8222' })).toEqual(['today', 'six days ago'])
  expect(await found({ q: '赵大海', state: 'done' })).toEqual([])
  expect(await found({ q: '孙悟空' })).toEqual([])
})

test('whoever sees their own contacts alone finds no others, by no filter and by no name', async () => {
  const own = house.user({ id: ids.agent, grants: new Map([['interaction:read', 'own']]) })
  expect(await found({}, own)).toEqual(['today', 'seven days ago'])
  expect(await found({ state: 'abandoned' }, own)).toEqual([])
  // Of customers they may not see, they learn nothing by their names.
  expect(await found({ q: '王小芳' }, own)).toEqual([])
  const serving = house.user({
    id: ids.agent,
    grants: new Map([
      ['interaction:read', 'own'],
      ['customer:read', 'all'],
    ]),
  })
  expect(await found({ q: '王小芳' }, serving)).toEqual(['today'])
})

test('of a customer’s contacts those are told apart that come back about the same reason within seven days', async () => {
  const [leak, bill] = [newId(), newId()]
  const { id: customerId } = await house.work(ctx => addCustomer(ctx, { ...customer, name: '钱多多', phone: null }))
  const came = (subject: string, days: number, reasonId: string | null, more: object = {}) => ({
    ...{ id: newId(), channel: 'chat' as const, direction: 'in' as const, state: 'done' as const, customerId, subject, reasonId },
    ...{ queueId: null, agentId: null, source: '', queuedAt: null, answeredAt: null, endedAt: null, wrappedAt: null, outcomeId: null, note: '', rating: null },
    startedAt: new Date(house.now().getTime() - days * day),
    ...more,
  }) // biome-ignore format: as a table
  await house.work(ctx =>
    ctx.db
      .insertInto('interactions.interaction')
      .values([
        came('long ago', 9, leak),
        came('first', 6, leak, { channel: 'phone' }),
        came('of another', 5, leak, { customerId: ids.zhao }),
        came('we rang', 4, leak, { direction: 'out' }),
        came('the bill', 3, bill),
        came('no reason', 2, null),
        came('second', 1, leak),
        came('third', 0, leak),
      ])
      .execute(),
  )
  const rows = await house.work(ctx => listInteractions(ctx, { customerId }))
  const again = Object.fromEntries(rows.rows.map(row => [row.subject, row.again]))
  expect(again).toEqual({ 'long ago': 0, first: 1, 'we rang': 0, 'the bill': 0, 'no reason': 0, second: 1, third: 2 })
  expect((await house.work(ctx => listInteractions(ctx, { q: '钱多多' }))).rows.map(row => row.again)).toEqual(Array(7).fill(undefined))
})

test('each filter comes from its index', async () => {
  await house.house.control.query(
    `insert into interactions.interaction (tenant_id, id, channel, direction, state, customer_id, queue_id, agent_id, started_at)
     select $1, gen_random_uuid(), case when g % 200 = 0 then 'mail' else 'chat' end, 'in', case when g % 100 = 0 then 'left' else 'done' end, gen_random_uuid(),
       case when g % 150 = 0 then $2::uuid end, case when g % 120 = 0 then $3::uuid end, now() - g * interval '1 hour' from generate_series(1, 20000) g`,
    [house.tenantId, ids.queue, ids.agent],
  )
  await house.house.control.query('vacuum (analyze) interactions.interaction')
  const asked: [string, (ctx: Ctx) => Promise<unknown>][] = (
    [
      ['interaction_state', { state: 'left' }],
      ['interaction_channel', { channel: 'mail' }],
      ['interaction_queue', { queueId: ids.queue }],
      ['interaction_agent', { agentId: ids.agent }],
      ['interaction_newest', { days: 7 }],
      ['interaction_customer', { q: '王小芳' }],
    ] satisfies [string, Parameters<typeof listInteractions>[1]][]
  ).map(([index, query]) => [index, ctx => listInteractions(ctx, query)])
  for (const [index, fn] of asked) {
    const { indexes, scanned, read } = await explained(house, house.user(), fn)
    expect(indexes.join(', '), index).toContain(index)
    expect(scanned, index).not.toContain('interaction')
    expect(read, index).toBeLessThan(1_000)
  }
})
