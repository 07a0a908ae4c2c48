import { afterAll, beforeAll, expect, test } from 'vitest'
import { Queue } from '#contract/routing.ts'
import { RoutingRule } from '#contract/routingRules.ts'
import { changeWidget, retireWidget } from '#domains/messaging/widgets.ts'
import type { Ctx } from '#kernel/work.ts'
import { setTheDesk, type TheDesk } from '#testing/chat.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { addQueue, changeQueue, retireQueue } from './actions/queues.ts'
import { addRule, changeRule, retireRule } from './ruleBook.ts'

let house: TestHouse
let desk: TheDesk
beforeAll(async () => {
  house = await openHouse()
  desk = await setTheDesk(house)
})
afterAll(() => house.close())

type Naming = (ctx: Ctx) => Promise<unknown>
const does = <T>(fn: (ctx: Ctx) => Promise<T>) => house.work(fn)
const queue = async (name: string, more: Partial<Queue> = {}) => (await does(ctx => addQueue(ctx, Queue.parse({ name, ...more })))).id
const told = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    ({ code, facts }: { code: string; facts: object }) => ({ code, facts }),
  )
const codeOf = (work: Promise<unknown>) => work.then(() => 'done', (error: { code: string }) => error.code) // biome-ignore format: one line reads better
const retires = (id: string) => told(does(ctx => retireQueue(ctx, id, true)))

test('a queue is not retired, nor changes its channel, while anything sends contacts to it; the refusal says what', async () => {
  const named = await queue('账务')
  const choices = [{ key: 'bill', label: '水费', labelEn: '', queueId: named, reasonId: null }]
  await does(ctx => changeWidget(ctx, desk.widget.id, { choices }))
  const { id: rule } = await does(ctx => addRule(ctx, RoutingRule.parse({ name: '贵宾', conditions: {}, queueId: named })))
  const from = await queue('咨询', { overflowQueueId: named })
  const by = [
    { noun: 'choice', name: '官网 › 水费' },
    { noun: 'overflow', name: '咨询' },
    { noun: 'rule', name: '贵宾' },
  ]
  expect(await retires(named)).toEqual({ code: 'queue.named', facts: { by } })
  expect(await told(does(ctx => changeQueue(ctx, named, { channel: 'mail' })))).toEqual({ code: 'queue.named', facts: { by } })

  // What is retired itself sends nobody.
  await does(ctx => retireRule(ctx, rule, true))
  await does(ctx => retireQueue(ctx, from, true))
  await does(ctx => changeWidget(ctx, desk.widget.id, { queueId: named, choices: [] }))
  expect(await retires(named)).toEqual({ code: 'queue.named', facts: { by: [{ noun: 'widget', name: '官网' }] } })
  await does(ctx => retireWidget(ctx, desk.widget.id, true))
  expect(await retires(named)).toBe('done')

  // And none of them comes back to a queue that is gone.
  const back = [
    does(ctx => retireWidget(ctx, desk.widget.id, false)),
    does(ctx => retireRule(ctx, rule, false)),
    does(ctx => retireQueue(ctx, from, false)),
  ]
  expect(await Promise.all(back.map(told))).toEqual(back.map(() => ({ code: 'queue.retired', facts: { name: '账务' } })))
  await does(ctx => retireQueue(ctx, named, false))
  await does(ctx => retireWidget(ctx, desk.widget.id, false))
  await does(ctx => changeWidget(ctx, desk.widget.id, { queueId: desk.ids.water }))
})

test('a retired queue is named nowhere anew: not by a widget, a choice, a rule or another queue', async () => {
  const gone = await queue('旧队列')
  const { id: rule } = await does(ctx => addRule(ctx, RoutingRule.parse({ name: '新规则', conditions: {} })))
  const from = await queue('新队列')
  await does(ctx => retireQueue(ctx, gone, true))
  const choices = [{ key: 'old', label: '旧', labelEn: '', queueId: gone, reasonId: null }]
  const namings: Naming[] = [
    ctx => changeWidget(ctx, desk.widget.id, { queueId: gone }),
    ctx => changeWidget(ctx, desk.widget.id, { choices }),
    ctx => addRule(ctx, RoutingRule.parse({ name: '旧', conditions: {}, queueId: gone })),
    ctx => changeRule(ctx, rule, { queueId: gone }),
    ctx => changeQueue(ctx, from, { overflowQueueId: gone }),
  ]
  for (const naming of namings) expect(await codeOf(does(naming))).toBe('queue.retired')
})

test('of retiring a queue and naming it at the same moment, one gives way', async () => {
  const from = await queue('并发')
  const namings: ((id: string) => Naming)[] = [
    id => ctx => changeWidget(ctx, desk.widget.id, { queueId: id }),
    id => ctx => addRule(ctx, RoutingRule.parse({ name: id, conditions: {}, queueId: id })),
    id => ctx => changeQueue(ctx, from, { overflowQueueId: id }),
  ]
  for (let round = 0; round < 24; round++) {
    const id = await queue(`第 ${round} 个`)
    const naming = namings[round % 3]
    if (!naming) continue
    const both = [does(ctx => retireQueue(ctx, id, true)), does(naming(id))].map(codeOf)
    expect([
      ['done', 'queue.retired'],
      ['queue.named', 'done'],
    ]).toContainEqual(await Promise.all(both))
  }
})
