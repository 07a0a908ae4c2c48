import { afterAll, beforeAll, expect, test } from 'vitest'
import { Condition } from '#contract/conditions.ts'
import { NewCustomer } from '#contract/customers.ts'
import { RoutingRule } from '#contract/routingRules.ts'
import { addCustomer, addSegment } from '#domains/customers/index.ts'
import { newId } from '#kernel/ids.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { addRule, wayOf } from './ruleBook.ts'

let house: TestHouse
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

test('a rule takes whoever is in its segment when they come', async () => {
  const { id: segmentId } = await house.work(ctx =>
    addSegment(ctx, {
      ...{ name: '协议单位', nameEn: '', note: '' },
      condition: Condition.parse({ of: [{ field: 'tags', op: 'hasAny', value: ['协议'] }] }),
    }),
  )
  const [member, other] = await house.work(async ctx => [
    await addCustomer(ctx, NewCustomer.parse({ name: '协议客户', tags: ['协议'] })),
    await addCustomer(ctx, NewCustomer.parse({ name: '别的客户' })),
  ])
  await house.work(ctx => addRule(ctx, RoutingRule.parse({ name: '协议优先', conditions: { segmentIds: [segmentId] }, priority: 9 })))
  const way = (customerId: string | null) =>
    house.work(ctx => wayOf(ctx, { channel: 'chat', widgetId: null, choice: null, tier: null, text: '', customerId }))
  expect(await way(member?.id ?? null)).toMatchObject({ priority: 9 })
  expect([await way(other?.id ?? null), await way(newId()), await way(null)]).toEqual([null, null, null])
})
