import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Condition } from '#contract/conditions.ts'
import { NewCustomer } from '#contract/customers.ts'
import { NewMerge } from '#contract/duplicates.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { openTables } from '#testing/tables.ts'
import { addCustomer } from '../actions.ts'
import { mergeCustomers, partCustomers } from '../duplicates/merging.ts'
import { takeBatch } from '../feed/batch.ts'
import { oneCustomer } from '../queries.ts'
import { applyActive } from './applying.ts'
import { changeLadder } from './ladders.ts'
import { placeByHand, standingsOf } from './standing.ts'
import { readLadder } from './steps.ts'

let house: TestHouse
let me: Awaited<ReturnType<Awaited<ReturnType<typeof openTables>>['as']>>
beforeAll(async () => {
  house = await openHouse()
  me = await (await openTables(house, '/customers')).as('张敏')
})
afterAll(() => house.close())

const add = (more: Record<string, unknown>, by = house.user()) => house.work(ctx => addCustomer(ctx, NewCustomer.parse(more)), by)
const idOf = async (number: string) =>
  (await house.work(ctx => ctx.db.selectFrom('customers.customer').select('id').where('number', '=', number).executeTakeFirstOrThrow())).id
const standing = async (id: string) => {
  const { standings, history } = await house.work(ctx => standingsOf(ctx, id))
  const [tier] = standings
  const pin = tier?.pinned
  return { tier: tier?.step, pin: pin ? [pin.way, pin.reason] : null, moves: history.map(h => [h.way, h.was, h.becomes, h.byName]) }
}
/** Tiers are kept by rule: everybody is of silver. */
const byRule = (active: boolean) =>
  house.work(async ctx => {
    const { version, steps } = await readLadder(ctx, 'tier')
    const next = steps.map(step => ({ ...step, condition: step.key === 'silver' ? Condition.parse({}) : null }))
    await changeLadder(ctx, 'tier', { version, active, steps: next })
  })
const night = async () => {
  await house.work(applyActive)
  await house.settle()
}
const put = (id: string, step: string, reason: string) => house.work(ctx => placeByHand(ctx, id, 'tier', { step, reason }), house.user())

describe('a tier that is written', () => {
  test('by an import is history and stays by night; taken back, it is as it was, pin and all', async () => {
    await byRule(false)
    for (const n of [1, 2, 3]) await add({ name: `导 ${n}`, number: `I-${n}` })
    const [one, two, three] = [await idOf('I-1'), await idOf('I-2'), await idOf('I-3')]
    await put(two, 'gold', '老客户')
    await byRule(true)
    const { run } = await me.imported('编号,姓名,等级\nI-1,导 1,重点\nI-2,导 2,重点\nI-3,导 3,普通\nI-4,导 4,金卡\n', { onMatch: 'update' })
    expect(run.outcome).toMatchObject({ made: 1, changed: 3 })
    const four = await idOf('I-4')
    expect(await standing(one)).toEqual({ tier: 'key', pin: ['import', ''], moves: [['import', 'normal', 'key', '张敏']] })
    expect(await standing(two)).toMatchObject({ tier: 'key', pin: ['import', ''] })
    expect((await standing(two)).moves[0]).toEqual(['import', 'gold', 'key', '张敏'])
    // What says what was so already is no move; whoever comes in on a tier of their own stays there.
    expect(await standing(three)).toEqual({ tier: 'normal', pin: null, moves: [] })
    expect(await standing(four)).toEqual({ tier: 'gold', pin: ['import', ''], moves: [] })
    await night()
    expect(await Promise.all([one, two, three, four].map(async id => (await standing(id)).tier))).toEqual(['key', 'key', 'silver', 'gold'])

    const { id } = await me.takeBack(run)
    expect((await me.over(id)).run.outcome).toMatchObject({ removed: 1, restored: 2 })
    expect(await standing(one)).toEqual({
      ...{ tier: 'normal', pin: null },
      moves: [
        ['taken_back', 'key', 'normal', '张敏'],
        ['import', 'normal', 'key', '张敏'],
      ],
    })
    expect(await standing(two)).toMatchObject({ tier: 'gold', pin: ['person', '老客户'] })
    await night()
    expect([(await standing(one)).tier, (await standing(two)).tier]).toEqual(['silver', 'gold'])
  })

  test('by an import stays only while tiers are kept by rule, and renews the pin that is there', async () => {
    await byRule(false)
    const [free, held] = [await add({ name: '无规则', number: 'F-1' }), await add({ name: '有锁', number: 'F-2' })]
    await put(held.id, 'gold', '老客户')
    await me.imported('编号,姓名,等级\nF-1,无规则,重点\nF-2,有锁,重点\n', { onMatch: 'update' })
    expect(await standing(free.id)).toMatchObject({ tier: 'key', pin: null, moves: [['import', 'normal', 'key', '张敏']] })
    expect(await standing(held.id)).toMatchObject({ tier: 'key', pin: ['import', ''] })
  })

  test('by another system is history, stays by night and is announced', async () => {
    await byRule(true)
    const batch = (tier: string) =>
      house.work(
        ctx =>
          takeBatch(ctx, [
            { extId: 'b-1', name: '批一', tier },
            { extId: 'b-2', name: '批二' },
          ]),
        house.user({ key: true }),
      )
    const [one, two] = (await batch('gold')).results.map(r => r.id ?? '')
    expect(await standing(one ?? '')).toEqual({ tier: 'gold', pin: ['feed', ''], moves: [] })
    const told = (await house.said('customer.moved')).length
    await batch('key')
    await batch('key')
    expect(await standing(one ?? '')).toMatchObject({ tier: 'key', pin: ['feed', ''], moves: [['feed', 'gold', 'key', null]] })
    expect((await house.said('customer.moved')).slice(told)).toMatchObject([{ was: 'gold', becomes: 'key', way: 'feed', pinned: true }])
    await night()
    expect([(await standing(one ?? '')).tier, (await standing(two ?? '')).tier]).toEqual(['key', 'silver'])
  })

  test('when a person adds somebody stays too; what the house itself adds is the rules’', async () => {
    await byRule(true)
    const [hand, plain] = [await add({ name: '手', tier: 'key' }), await add({ name: '常' })]
    const own = await house.work(ctx => addCustomer(ctx, NewCustomer.parse({ name: '自', tier: 'key' })))
    await night()
    expect(await Promise.all([hand, plain, own].map(async ({ id }) => (await standing(id)).tier))).toEqual(['key', 'silver', 'silver'])
  })

  test('by a merging, and by taking it apart, is history', async () => {
    await byRule(false)
    const [kept, gone] = [await add({ name: '留' }), await add({ name: '并' })]
    await put(gone.id, 'key', '大客户')
    const version = async (id: string) => (await house.work(ctx => oneCustomer(ctx, id))).version
    const asked = { keptId: kept.id, goneId: gone.id, keptVersion: await version(kept.id), goneVersion: await version(gone.id) }
    const merge = await house.work(ctx => mergeCustomers(ctx, NewMerge.parse({ ...asked, choices: { tier: 'gone' } })))
    expect(await standing(kept.id)).toMatchObject({ tier: 'key', pin: ['person', '大客户'] })
    expect((await standing(kept.id)).moves[0]).toEqual(['merged', 'normal', 'key', null])
    await house.work(ctx => partCustomers(ctx, merge.id, { differ: true }))
    expect(await standing(kept.id)).toMatchObject({ tier: 'normal', pin: null })
    expect((await standing(kept.id)).moves.map(([way]) => way)).toEqual(['parted', 'merged'])
  })
})
