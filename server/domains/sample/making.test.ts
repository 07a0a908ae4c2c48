import { afterAll, beforeAll, expect, test } from 'vitest'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { makeSample } from './making.ts'

let house: TestHouse
let tenantId: string
beforeAll(async () => {
  house = await openHouse()
  tenantId = await makeSample(house.house, house.url, { size: 'S', language: 'zh', now: house.now() })
})
afterAll(() => house.close())

test('every account of the sign-in page signs in', async () => {
  const welcome = await house.app.inject({ url: '/api/welcome', headers: { 'x-huiyin-tenant': 'qingyuan' } })
  const { accounts } = welcome.json()
  expect(accounts.map((a: { login: string }) => a.login)).toEqual(['agent', 'agent2', 'lead', 'supervisor', 'field', 'admin'])
  for (const { login, password } of accounts) {
    const reply = await house.app.inject({
      method: 'POST',
      url: '/api/session',
      payload: { tenant: 'qingyuan', login, password, bearer: true },
    })
    expect([login, reply.statusCode, reply.json().tenant?.id]).toEqual([login, 200, tenantId])
  }
})
