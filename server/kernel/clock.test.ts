import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { setTheTable } from '#testing/tickets.ts'

let house: TestHouse
let table: Awaited<ReturnType<typeof setTheTable>>
beforeAll(async () => {
  house = await openHouse()
  table = await setTheTable(house)
  house.house.authenticate.s = async () => house.user()
})
afterAll(() => house.close())
afterEach(() => vi.useRealTimers())

const minute = 60_000
const year = 365 * 24 * 60 * minute
/** The clock of the machine, not only of the house. */
const jump = (ms: number) => vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + ms })
const open = () =>
  house.app.inject({
    method: 'POST',
    url: '/api/tickets',
    headers: { authorization: `Bearer s.${house.tenantId.replaceAll('-', '')}.${'a'.repeat(32)}` },
    payload: { kindId: table.ids.repair, departmentId: table.ids.crew, title: '水压不足' },
  })
const rows = async () => (await house.house.control.query<{ n: number }>('select count(*)::int as n from tickets.ticket')).rows[0]?.n
const ready = async () => (await house.app.inject('/readyz')).json()

test.each([
  ['ahead', year],
  ['behind', -2 * year],
])('a clock that is years %s is a clear refusal that writes nothing; set right, all is well', async (_, ms) => {
  expect((await open()).statusCode).toBe(200)
  expect(await ready()).toEqual({ ok: true })
  const before = await rows()

  jump(ms)
  const refused = await open()
  expect([refused.statusCode, refused.json().code]).toEqual([503, 'server.clock_wrong'])
  expect(await ready()).toEqual({ ok: false, why: 'clock' })
  expect(await rows()).toBe(before)

  vi.useRealTimers()
  expect((await open()).statusCode).toBe(200)
  expect(await ready()).toEqual({ ok: true })
  expect(await rows()).toBe((before ?? 0) + 1)
})

test('a clock that goes back half a minute under way disturbs no order: ids and numbers go on', async () => {
  const first = (await open()).json<{ id: string; number: string }>()
  jump(-minute / 2)
  const second = (await open()).json<{ id: string; number: string }>()
  vi.useRealTimers()
  const third = (await open()).json<{ id: string; number: string }>()
  expect([first.id, second.id, third.id]).toEqual([first.id, second.id, third.id].sort())
  expect(new Set([first.number, second.number, third.number]).size).toBe(3)
})
