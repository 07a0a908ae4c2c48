import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Condition, type Group } from '#contract/conditions.ts'
import { NewCustomer } from '#contract/customers.ts'
import { NewSegment } from '#contract/segments.ts'
import { newId } from '#kernel/ids.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { addCustomer, changeCustomer } from '../actions.ts'
import { listCustomers } from '../queries.ts'
import { addSegment, changeSegment, retireSegment } from './actions.ts'
import { applyActive, applyNow } from './applying.ts'
import { checkCondition } from './compile.ts'
import { changeLadder, previewLadder } from './ladders.ts'
import { patiently } from './patience.ts'
import { listSegments, segmentsOf, shownCount } from './queries.ts'
import { placeByHand, release, standingsOf } from './standing.ts'
import { readLadder } from './steps.ts'

let house: TestHouse
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

const customer = (more: Record<string, unknown>) => house.work(ctx => addCustomer(ctx, NewCustomer.parse(more)))
const all = (...of: Group['of']) => Condition.parse({ match: 'all', of })
const inDistrict = (district: string) => all({ field: 'district', op: 'equals', value: [district] })
const inSegment = (id: string) => all({ field: 'segments', op: 'hasAny', value: [id] })
const segment = (name: string, condition: ReturnType<typeof all>) =>
  house.work(ctx => addSegment(ctx, NewSegment.parse({ name, condition })))

describe('a segment', () => {
  test('holds whom its condition holds for, when it is asked; its shown count is a minute old at most', async () => {
    const { id } = await segment('北片', inDistrict('北片'))
    const one = await customer({ name: '甲', district: '北片' })
    expect(await house.work(ctx => shownCount(ctx, id))).toMatchObject({ count: 1 })
    await customer({ name: '乙', district: '北片' })
    expect(await house.work(ctx => segmentsOf(ctx, one.id))).toEqual([id])
    expect((await house.work(ctx => listCustomers(ctx, { segment: id }))).rows.map(c => c.name)).toEqual(['乙', '甲'])
    expect((await house.work(ctx => listCustomers(ctx, { segment: id, q: '甲' }))).rows.map(c => c.name)).toEqual(['甲'])
    expect(await house.work(ctx => shownCount(ctx, id))).toMatchObject({ count: 1 })
    expect((await house.work(ctx => listSegments(ctx, false))).find(s => s.id === id)?.count).toBe(1)
    await house.pass(1.1)
    expect((await house.work(ctx => listSegments(ctx, false))).find(s => s.id === id)?.count).toBeNull()
    expect(await house.work(ctx => shownCount(ctx, id))).toMatchObject({ count: 2 })
  })

  test('tells whoever sees less of those they see', async () => {
    const { id } = await segment('南片', inDistrict('南片'))
    await customer({ name: '别人的', district: '南片' })
    const carer = house.user({ grants: new Map([['customer:read', 'own'], ['customer:write', 'own']] as const) }) // biome-ignore format: one line reads better
    expect(await house.work(ctx => shownCount(ctx, id), carer)).toMatchObject({ count: 0 })
    expect((await house.work(ctx => listSegments(ctx, false), carer)).every(s => s.count === null)).toBe(true)
    expect((await house.work(ctx => listCustomers(ctx, { segment: id }), carer)).rows).toEqual([])
  })

  test('is refused in a circle, however long, and with what a list cannot know', async () => {
    const a = await segment('圈一', inDistrict('圈'))
    const b = await segment('圈二', inSegment(a.id))
    const change = (id: string, condition: ReturnType<typeof all>, version = 1) =>
      house.work(ctx => changeSegment(ctx, id, { version, condition }))
    await expect(change(a.id, inSegment(b.id))).rejects.toMatchObject({ code: 'segment.circle' })
    await expect(change(a.id, inSegment(a.id))).rejects.toMatchObject({ code: 'segment.circle' })
    const wrong = (field: string, op: string, value: unknown) =>
      house.work(ctx => checkCondition(ctx, Condition.parse({ of: [{ field, op, value }] }), null))
    for (const [field, op, value, reason] of [
      ['tier', 'changed', null, 'operator'],
      ['nothing', 'is', ['x'], 'unknown_field'],
      ['contacts', 'atLeast', 1, 'unknown_field'],
      ['contacts@0', 'atLeast', 1, 'unknown_field'],
      ['ticketsOpen@30', 'atLeast', 1, 'unknown_field'],
      ['since', 'olderThan', { minutes: 5, working: true, calendarId: null }, 'operator'],
      ['segments', 'filled', null, 'operator'],
      ['segments', 'hasAny', [newId()], 'value'],
    ] as const)
      await expect(wrong(field, op, value), `${field} ${op}`).rejects.toMatchObject({
        code: 'segment.condition_wrong',
        facts: { field, reason },
      })
    await expect(house.work(ctx => retireSegment(ctx, a.id, true))).rejects.toMatchObject({ code: 'segment.in_use', facts: { by: '圈二' } })
    await house.work(ctx => retireSegment(ctx, b.id, true))
    await house.work(ctx => retireSegment(ctx, a.id, true))
    await expect(house.work(ctx => retireSegment(ctx, b.id, false))).rejects.toMatchObject({ code: 'segment.condition_wrong' })
  })

  test('is changed by one at a time, and has a name of its own', async () => {
    const one = await segment('唯一', inDistrict('甲'))
    await expect(segment('唯一', inDistrict('乙'))).rejects.toMatchObject({ code: 'segment.taken' })
    const write = (note: string) => house.work(ctx => changeSegment(ctx, one.id, { version: 1, note }))
    const both = await Promise.allSettled([write('左'), write('右')])
    expect(both.map(b => b.status).sort()).toEqual(['fulfilled', 'rejected'])
    await expect(write('再')).rejects.toMatchObject({ code: 'segment.changed_meanwhile' })
  })

  test('that takes too long to count says so', async () => {
    const slow = house.work(ctx => patiently(ctx, 1, () => import('kysely').then(({ sql }) => sql`select pg_sleep(3)`.execute(ctx.db))))
    await expect(slow).rejects.toMatchObject({ code: 'segment.too_slow', facts: { seconds: 1 } })
  })

  test('of segments of segments without end is refused', async () => {
    let last = await segment('深 0', all(...Array.from({ length: 6 }, () => ({ field: 'district', op: 'equals' as const, value: ['深'] }))))
    const deeper = async () => {
      for (let n = 1; n < 8; n++)
        last = await segment(
          `深 ${n}`,
          all(...Array.from({ length: 4 }, () => ({ field: 'segments', op: 'hasAny' as const, value: [last.id] }))),
        )
    }
    await expect(deeper()).rejects.toMatchObject({ code: 'segment.too_deep' })
  })
})

describe('a ladder', () => {
  const stageOf = async (id: string) => (await house.work(ctx => standingsOf(ctx, id))).standings.find(s => s.kind === 'stage')
  const setTiers = (over: number, active = true) =>
    house.work(async ctx => {
      const { version } = await readLadder(ctx, 'tier')
      const step = (key: string, name: string, condition: unknown) => ({ key, name, nameEn: '', advice: '', adviceEn: '', condition })
      return changeLadder(ctx, 'tier', {
        version,
        active,
        steps: [
          step('key', '重点', null),
          step('gold', '金卡', all({ field: 'tags', op: 'hasAny', value: ['大户'] }, { field: 'contacts@30', op: 'atMost', value: over })),
          step('silver', '银卡', all({ field: 'tags', op: 'hasAny', value: ['中户'] })),
        ] as never,
      })
    })

  test('moves by rule what it previewed, keeps what was set by hand, and tells who moved whom and why', async () => {
    const [big, middle, small, hand] = [
      await customer({ name: '大', tags: ['大户'] }),
      await customer({ name: '中', tags: ['中户'] }),
      await customer({ name: '小' }),
      await customer({ name: '手', tags: ['大户'] }),
    ]
    const person = house.user()
    const { version, steps } = await setTiers(5)
    await house.work(ctx => changeCustomer(ctx, hand.id, { version: 1, tier: 'key' }), person)
    const preview = await house.work(ctx => previewLadder(ctx, 'tier', steps))
    expect(preview).toMatchObject({
      moves: [
        { was: 'normal', becomes: 'gold', customers: 1 },
        { was: 'normal', becomes: 'silver', customers: 1 },
      ],
      pinned: 1,
    })
    await house.work(ctx => applyNow(ctx, 'tier', version))
    await house.settle()
    const tierOf = async (id: string) => (await house.work(ctx => standingsOf(ctx, id))).standings[0]?.step
    expect([await tierOf(big.id), await tierOf(middle.id), await tierOf(small.id), await tierOf(hand.id)]).toEqual([
      'gold',
      'silver',
      'normal',
      'key',
    ])
    expect(await house.said('ladder.applied')).toContainEqual({ kind: 'tier', moved: 2 })
    expect(await house.said('customer.moved')).toContainEqual({
      kind: 'tier',
      was: 'normal',
      becomes: 'gold',
      name: '金卡',
      nameEn: '',
      way: 'rule',
      pinned: false,
    })
    expect((await house.work(ctx => standingsOf(ctx, big.id))).history).toMatchObject([
      { was: 'normal', becomes: 'gold', way: 'rule', why: '金卡' },
    ])

    // Released, the night decides again.
    await house.work(ctx => release(ctx, hand.id, 'tier'), person)
    await house.work(applyActive)
    await house.settle()
    expect(await tierOf(hand.id)).toBe('gold')
    expect((await house.work(ctx => standingsOf(ctx, hand.id))).history.map(h => [h.way, h.becomes])).toEqual([
      ['rule', 'gold'],
      ['person', 'key'],
    ])
  })

  test('of stages is set by hand with a reason, and refuses what it does not know', async () => {
    const { id } = await customer({ name: '阶段' })
    const person = house.user()
    await house.work(ctx => placeByHand(ctx, id, 'stage', { step: 'at_risk', reason: '说要换供应商' }), person)
    expect(await stageOf(id)).toMatchObject({ step: 'at_risk', pinned: { reason: '说要换供应商' } })
    await expect(house.work(ctx => placeByHand(ctx, id, 'stage', { step: 'nowhere', reason: '?' }))).rejects.toThrow('ladder.step_unknown')
    const { version, steps } = await house.work(ctx => readLadder(ctx, 'stage'))
    const write = (next: typeof steps) => house.work(ctx => changeLadder(ctx, 'stage', { version, active: false, steps: next }))
    await expect(write(steps.filter(s => s.key !== 'at_risk'))).rejects.toMatchObject({ code: 'ladder.step_taken' })
    const self = all({ field: 'stage', op: 'is', value: ['new'] })
    await expect(write(steps.map(s => ({ ...s, condition: self })))).rejects.toMatchObject({ code: 'ladder.asks_itself' })
    await expect(write([...steps, ...steps])).rejects.toMatchObject({ code: 'ladder.step_twice' })
    expect(await write(steps)).toMatchObject({ version: version + 1 })
    await expect(write(steps)).rejects.toMatchObject({ code: 'ladder.changed_meanwhile' })
  })
})
