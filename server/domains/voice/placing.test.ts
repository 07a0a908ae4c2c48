import { afterAll, beforeAll, expect, test } from 'vitest'
import { NewCustomer } from '#contract/customers.ts'
import { addCustomer } from '#domains/customers/index.ts'
import { outlook } from '#domains/customers/outlook/queries.ts'
import { addLeftAlone } from '#domains/customers/privacy/leavingAlone.ts'
import { reachOf } from '#domains/customers/reaching.ts'
import { newId } from '#kernel/ids.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { openTelephone, type Telephone } from '#testing/telephone.ts'
import { place } from './placing.ts'

const customer = (name: string, number: string) => house.work(ctx => addCustomer(ctx, NewCustomer.parse({ name, phone: number })))

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

test('who wants to be left alone is called when it is said what for, and then for a matter of theirs alone', async () => {
  const me = await idle('齐')
  const { id } = await customer('静安', '13900003330')
  const call = (more: Partial<Parameters<typeof place>[1]>) =>
    house.as(me).work(ctx => place(ctx, { customerId: id, clientId: newId(), ...more }))
  await expect(call({ purpose: 'marketing' })).rejects.toThrow('call.no_consent')
  await house.work(ctx => addLeftAlone(ctx, { values: ['139 0000 3330'], until: null, reason: '' }))
  await expect(call({})).rejects.toThrow('call.purpose_asked')
  await expect(call({ customerId: undefined, number: '13900003330' })).rejects.toThrow('call.purpose_asked')
  await expect(call({ purpose: 'marketing' })).rejects.toThrow('call.do_not_disturb')
  await expect(call({ purpose: 'survey' })).rejects.toThrow('call.do_not_disturb')
  await call({ purpose: 'service' })
  expect(await house.said('call.placed')).toContainEqual(expect.objectContaining({ agentId: me.id, purpose: 'service' }))
  await phone.rest()
})

test('that a number is on the register is told with the customer', async () => {
  const { id } = await customer('静宁', '13900003340')
  const seen = () => house.work(async ctx => [await outlook(ctx, id), await reachOf(ctx, id)] as const, house.user())
  const told = async () => (await seen()).map(one => [one.undisturbed, one.listed.phone])
  expect(await told()).toEqual([
    [null, null],
    [null, null],
  ])
  await house.work(ctx => addLeftAlone(ctx, { values: ['13900003340'], until: null, reason: '' }))
  expect(await told()).toEqual([
    [null, { until: null }],
    [null, { until: null }],
  ])
})
