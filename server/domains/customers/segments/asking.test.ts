import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { RuleBody } from '#contract/automation.ts'
import { Condition, type Group, type Leaf } from '#contract/conditions.ts'
import { NewCustomer } from '#contract/customers.ts'
import { OwnField } from '#contract/ownFields.ts'
import { RoutingRule } from '#contract/routingRules.ts'
import { addRule as addAutomation, retireRule as retireAutomation } from '#domains/automation/actions.ts'
import { addRule, changeRule, retireRule } from '#domains/routing/ruleBook.ts'
import { newId } from '#kernel/ids.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { addCustomer } from '../actions.ts'
import { addField, changeField, retireField } from '../own/fields.ts'
import { addSegment, changeSegment, retireSegment } from './actions.ts'
import { applyNow, applyTo } from './applying.ts'
import { segmentCounts } from './counts.ts'
import { changeLadder, previewLadder } from './ladders.ts'
import { segmentMembers, segmentsOf, shownCount, tryCondition } from './queries.ts'
import { standingsOf } from './standing.ts'
import { readLadder } from './steps.ts'

let house: TestHouse
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

const sqlOf = (id: string) => sql`select ${id}::uuid`
const asks = (...of: Group['of']) => Condition.parse({ match: 'all', of })
const leaf = (field: string, op: Leaf['op'], value: Leaf['value'] = null): Leaf => ({ field, op, value })
const segment = (name: string, condition: ReturnType<typeof asks>) =>
  house.work(ctx => addSegment(ctx, { name, nameEn: '', note: '', condition }))
const field = (key: string) => house.work(ctx => addField(ctx, OwnField.parse({ key, field: { label: `字段 ${key}`, type: 'text' } })))
const customer = (name: string) => house.work(ctx => addCustomer(ctx, NewCustomer.parse({ name })))
const close = (one: Awaited<ReturnType<typeof field>>, seenBy = [newId()]) =>
  house.work(ctx => changeField(ctx, one.id, { field: { ...one.field, seenBy } }))
const retire = (id: string) => house.work(ctx => retireField(ctx, id, true))
const rule = (name: string, condition: Group) =>
  house.work(ctx => addAutomation(ctx, { name, trigger: 'customer.changed', body: RuleBody.parse({ condition }) }))
const ladder = async (step: string, condition: ReturnType<typeof asks>) => {
  const { version, steps } = await house.work(ctx => readLadder(ctx, 'tier'))
  const next = steps.map(one => (one.key === step ? { ...one, condition } : { ...one, condition: null }))
  return house.work(ctx => changeLadder(ctx, 'tier', { version, active: true, steps: next }))
}

describe('a field of the organisation’s own', () => {
  test('is neither closed to roles nor retired while a segment, a step or a rule asks about it, and says which', async () => {
    const one = await field('special')
    const { id } = await segment('非特殊户', asks(leaf('own.special', 'lacks', ['是'])))
    await ladder('gold', asks(leaf('own.special', 'empty')))
    const made = await rule('特殊户改动', asks(leaf('own.special', 'empty')))
    const refused = { code: 'own_field.in_use', facts: { label: '字段 special', by: '非特殊户、金卡、特殊户改动' } }
    await expect(close(one)).rejects.toMatchObject(refused)
    await expect(retire(one.id)).rejects.toMatchObject(refused)
    // What changes for nobody who asks is still changed.
    await house.work(ctx => changeField(ctx, one.id, { field: { ...one.field, label: '特殊', writtenBy: [newId()] } }))
    await house.work(ctx => retireSegment(ctx, id, true))
    await ladder('gold', asks(leaf('tags', 'hasAny', ['大户'])))
    await expect(retire(one.id)).rejects.toMatchObject({ facts: { by: '特殊户改动' } })
    await house.work(ctx => retireAutomation(ctx, made.id, true))
    await close(one)
    await retire(one.id)
    // Where it is already closed nobody asks.
    await expect(house.work(ctx => retireSegment(ctx, id, false))).rejects.toMatchObject({ code: 'segment.condition_wrong' })
  })

  test('that is gone all the same makes what asks it unasked: nobody is in the segment, and whoever stands on the step stays', async () => {
    const one = await field('lost')
    const there = await customer('在')
    const { id } = await segment('不是甲', asks(leaf('own.lost', 'lacks', ['甲'])))
    const around = await segment('引用', asks(leaf('segments', 'hasNone', [id])))
    const { steps } = await ladder('key', asks(leaf('own.lost', 'empty')))
    const { version } = await house.work(ctx => readLadder(ctx, 'tier'))
    expect(await house.work(ctx => segmentsOf(ctx, there.id, [id]))).toEqual([id])
    await house.house.control.query('update customers.own_field set retired = true where id = $1', [one.id])
    expect(await house.work(ctx => segmentsOf(ctx, there.id, [id, around.id]))).toEqual([])
    const gone = { code: 'segment.field_gone' }
    await expect(house.work(ctx => shownCount(ctx, id))).rejects.toMatchObject(gone)
    await expect(house.work(ctx => segmentMembers(ctx, around.id, null, 10))).rejects.toMatchObject(gone)
    await expect(
      house.work(ctx => tryCondition(ctx, { condition: asks(leaf('segments', 'hasAny', [id])), id: null })),
    ).rejects.toMatchObject(gone)
    expect((await house.work(ctx => segmentCounts(ctx, sqlOf(there.id))))?.map(({ key }) => key)).not.toContain(id)
    await expect(house.work(ctx => previewLadder(ctx, 'tier', steps))).rejects.toMatchObject({ code: 'segment.condition_wrong' })
    expect(await house.work(ctx => applyTo(ctx, 'tier', [there.id], false))).toBe(0)
    await house.work(ctx => applyNow(ctx, 'tier', version))
    await house.settle()
    expect(await house.work(ctx => readLadder(ctx, 'tier'))).toMatchObject({ unasked: ['key'] })
    expect((await house.work(ctx => standingsOf(ctx, there.id))).standings[0]).toMatchObject({ step: 'normal' })
    // It is mended where it stands; who names it is in nobody's way.
    await house.work(ctx => changeSegment(ctx, id, { version: 1, condition: asks(leaf('district', 'lacks', ['甲'])) }))
    expect(await house.work(ctx => segmentsOf(ctx, there.id, [id]))).toEqual([id])
  })
})

test('a segment is not retired while a rule of routing or of automation asks for it, and a rule asks for none that is', async () => {
  const { id } = await segment('协议', asks(leaf('tags', 'hasAny', ['协议'])))
  const { id: other } = await segment('别的', asks(leaf('tags', 'hasAny', ['别的'])))
  const routed = (name: string, segmentIds: string[]) =>
    house.work(ctx => addRule(ctx, RoutingRule.parse({ name, conditions: { segmentIds } })))
  const first = await routed('协议优先', [other, id])
  const made = await rule('非协议', { match: 'any', of: [{ match: 'all', of: [leaf('segments', 'hasNone', [id])] }] })
  await rule('另一条', asks(leaf('segments', 'hasAny', [other])))
  const away = () => house.work(ctx => retireSegment(ctx, id, true))
  await expect(away()).rejects.toMatchObject({ code: 'segment.in_use', facts: { by: '非协议、协议优先' } })
  await house.work(ctx => retireAutomation(ctx, made.id, true))
  await expect(away()).rejects.toMatchObject({ facts: { by: '协议优先' } })
  await house.work(ctx => retireRule(ctx, first.id, true))
  await away()
  const missing = { code: 'segment.not_found' }
  await expect(house.work(ctx => retireRule(ctx, first.id, false))).rejects.toMatchObject(missing)
  await expect(routed('又一条', [id])).rejects.toMatchObject(missing)
  await expect(house.work(ctx => changeRule(ctx, first.id, { priority: 3 }))).rejects.toMatchObject(missing)
})

test('whoever was erased is in no segment', async () => {
  const { id } = await segment('全体', asks())
  const gone = await customer('已删')
  await house.house.control.query('update customers.customer set erased_at = now() where id = $1', [gone.id])
  expect(await house.work(ctx => segmentMembers(ctx, id, null, 1_000))).not.toContain(gone.id)
  expect(await house.work(ctx => segmentsOf(ctx, gone.id, [id]))).toEqual([])
  expect(await house.work(ctx => segmentCounts(ctx, sqlOf(gone.id)))).toEqual([])
})
