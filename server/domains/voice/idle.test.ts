import pg from 'pg'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { sweep } from '#domains/routing/sweep.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { openTelephone, type Telephone } from '#testing/telephone.ts'
import { sweepCalls } from './clocks.ts'
import { startTaking, takeEverywhere } from './taking.ts'

let house: TestHouse
let phone: Telephone
beforeAll(async () => {
  house = await openHouse()
  phone = await openTelephone(house)
})
afterAll(async () => {
  await phone.close()
  await house.close()
})

/** What one second of a process costs in which nothing happens, with the net. */
async function statements(): Promise<number> {
  const said = vi.spyOn(pg.Client.prototype, 'query')
  try {
    await sweep(house.house)
    await sweepCalls(house.house)
    await takeEverywhere(house.house)
    return said.mock.calls.length
  } finally {
    said.mockRestore()
  }
}

test('organisations in which nobody calls and nobody works cost nothing, however many they are', async () => {
  const few = await statements()
  // Four questions, each with its beginning and its end.
  expect(few).toBeLessThanOrEqual(12)
  await house.house.control.query(
    `insert into kernel.directory (kind, key, tenant_id) select 'slug', 'idle-' || g, gen_random_uuid() from generate_series(1, 300) g`,
  )
  expect(await statements()).toBe(few)
})

test('a call that waits costs its own organisation and no other', async () => {
  const queueId = await phone.queue({ name: '热线', channel: 'phone' })
  await phone.number('95001', await phone.flow({ first: 'q', nodes: [{ key: 'q', name: '排队', kind: 'queue', queueId }] }))
  const at = await phone.rings('13800001111', '95001')
  if (!at) throw new Error('turned away')
  await phone.told(at, { kind: 'answered', leg: at.leg })
  const data = vi.spyOn(house.house, 'data')
  await sweep(house.house)
  await sweepCalls(house.house)
  expect(new Set(data.mock.calls.map(([tenantId]) => tenantId))).toEqual(new Set([house.tenantId]))
  data.mockRestore()
  await phone.line.back([])
})

test('a process whose ear failed at the start listens all the same', async () => {
  const { control } = house.house
  let failures = 0
  // The database goes away between the connection and what is said on it first.
  const failing = new Proxy(control, {
    get: (pool, name) =>
      name !== 'connect'
        ? Reflect.get(pool, name, pool)
        : async () => {
            const client = await pool.connect()
            if (failures++ > 0) return client
            vi.spyOn(client, 'query').mockImplementationOnce(() => Promise.reject(new Error('the database is away')))
            return client
          },
  })
  const taking = startTaking({ ...house.house, control: failing })
  const listening = async () =>
    (await control.query(`select from pg_stat_activity where datname = current_database() and query like 'listen %'`)).rowCount
  try {
    await expect.poll(listening, { timeout: 10_000 }).toBe(1)
  } finally {
    await taking.stop()
  }
  await expect.poll(listening, { timeout: 10_000 }).toBe(0)
})
