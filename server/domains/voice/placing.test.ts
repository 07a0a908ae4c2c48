import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '#kernel/ids.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { openTelephone, type Telephone } from '#testing/telephone.ts'
import { place } from './placing.ts'

let house: TestHouse
let phone: Telephone
beforeAll(async () => {
  house = await openHouse()
  phone = await openTelephone(house)
  const flowId = await phone.flow({ first: 'end', nodes: [{ key: 'end', name: '挂机', kind: 'hangup', sound: {} }] })
  await phone.number('95000', flowId, { outbound: true })
})
afterAll(async () => {
  await phone.close()
  await house.close()
})

const idle = (name: string) => phone.agent(name, [], { channels: [{ channel: 'phone', capacity: 1, weight: 0 }], state: 'offline' })

test('a call that is asked for twice in the same moment is one', async () => {
  const me = await idle('陆')
  const clientId = newId()
  const placed = await Promise.all(
    Array.from({ length: 4 }, () => house.as(me).work(ctx => place(ctx, { number: '13900001111', clientId }))),
  )
  expect(new Set(placed.map(call => call.id)).size).toBe(1)
  await phone.rest()
})

test('of several calls that an agent places in the same moment one goes out', async () => {
  const me = await idle('叶')
  const placed = await Promise.allSettled(
    Array.from({ length: 4 }, (_, n) => house.as(me).work(ctx => place(ctx, { number: `1390000222${n}`, clientId: newId() }))),
  )
  expect(placed.map(p => (p.status === 'fulfilled' ? 'placed' : p.reason.code)).sort()).toEqual([
    'call.busy',
    'call.busy',
    'call.busy',
    'placed',
  ])
  await phone.rest()
  expect(await phone.handling(me.id)).toHaveLength(1)
})
