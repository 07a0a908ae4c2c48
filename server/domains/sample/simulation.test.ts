import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { asSystem } from '#kernel/react.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { furnish, idsOf } from './furnishing.ts'

let house: TestHouse
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

test('sample traffic comes through the public door, labelled, and only to a sample centre', async () => {
  const sample = house.otherTenantId.replace(/.$/, d => (d === '0' ? '1' : '0'))
  await asSystem(house.house, sample, ctx => furnish(ctx, 'zh', idsOf('zh', house.now())))
  const as = (tenantId: string) => {
    house.house.authenticate.s = async () => house.user({ tenantId })
    return { authorization: `Bearer s.${tenantId.replaceAll('-', '')}.${'x'.repeat(30)}` }
  }
  const start = (tenantId: string) =>
    house.app.inject({ method: 'POST', url: '/api/simulation', headers: as(tenantId), payload: { minutes: 1, perMinute: 60 } })
  expect((await start(house.tenantId)).json().code).toBe('simulation.not_a_sample')
  expect((await start(sample)).json()).toMatchObject({ running: true })
  expect((await start(sample)).json().code).toBe('simulation.running')
  let rows: { source: string; state: string; name: string }[] = []
  for (let n = 0; n < 40 && rows.length === 0; n++) {
    await pause(250)
    rows = (
      await house.house.control.query(
        `select i.source, i.state, c.customer_name as name from interactions.interaction i join messaging.conversation c on c.tenant_id = i.tenant_id and c.interaction_id = i.id where i.tenant_id = $1 order by i.id`,
        [sample],
      )
    ).rows
  }
  expect(rows[0]).toEqual({ source: 'widget:qingyuan-simulation', state: 'waiting', name: expect.stringMatching(/^模拟客户 \d+$/) })
  const stop = await house.app.inject({ method: 'POST', url: '/api/simulation/end', headers: as(sample) })
  expect(stop.json()).toMatchObject({ running: false, arrived: expect.any(Number) })
  const { arrived } = stop.json()
  await pause(1_500)
  expect((await house.app.inject({ url: '/api/simulation', headers: as(sample) })).json().arrived).toBe(arrived)
})
