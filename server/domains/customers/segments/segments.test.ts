import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Condition, type Group } from '#contract/conditions.ts'
import { NewCustomer } from '#contract/customers.ts'
import { NewSegment } from '#contract/segments.ts'
import { newId } from '#kernel/ids.ts'
import type { Ctx } from '#kernel/work.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { addCustomer } from '../actions.ts'
import { listCustomers } from '../queries.ts'
import { addSegment, changeSegment, retireSegment } from './actions.ts'
import { checkCondition } from './compile.ts'
import { segmentCounts } from './counts.ts'
import { offeredFields } from './fields.ts'
import { inTime, patiently } from './patience.ts'
import { listSegments, segmentsOf, segmentsShown, shownCount } from './queries.ts'

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
    const carer = house.user({
      grants: new Map([
        ['customer:read', 'own'],
        ['customer:write', 'own'],
      ] as const),
    })
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
    // Told by its name, not by its key.
    await expect(wrong('tier', 'is', null)).rejects.toMatchObject({ facts: { name: '等级', nameEn: 'Tier', reason: 'value' } })
    await expect(wrong('contacts@30', 'atLeast', null)).rejects.toMatchObject({ facts: { name: '接触次数', nameEn: 'Contacts' } })
    const amounts = (await house.work(offeredFields)).filter(field => field.money).map(field => field.key)
    expect(amounts.sort()).toEqual(['balanceDue', 'billed', 'overdueAmount'])
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

  test('that takes too long where that is an answer leaves the work as it was, and a later failure its own reason', async () => {
    const slowly = (ctx: Ctx) => sql`select pg_sleep(2)`.execute(ctx.db)
    const begin = async (ctx: Ctx) => {
      await sql`set local statement_timeout = 300`.execute(ctx.db)
      expect(await inTime(ctx, 8, () => slowly(ctx))).toBeNull()
    }
    const later = house.work(async ctx => {
      await begin(ctx)
      await sql`select 1 / 0`.execute(ctx.db)
    })
    await expect(later).rejects.toMatchObject({ code: '22012' })
  })

  test('is counted among some customers with the others, unless it cannot be asked or nobody would wait', async () => {
    const one = await segment('数得到', inDistrict('数'))
    const circle = await segment('数不了', inDistrict('数'))
    await house.house.control.query('update customers.segment set condition = $1 where id = $2', [inSegment(circle.id), circle.id])
    const { id } = await customer({ name: '数', district: '数' })
    const counts = await house.work(ctx => segmentCounts(ctx, sql`select ${id}::uuid`))
    expect(counts?.map(({ key, count }) => [key, count])).toContainEqual([one.id, 1])
    expect(counts?.map(({ key }) => key)).not.toContain(circle.id)
    const slow = house.work(async ctx => {
      await sql`set local statement_timeout = 300`.execute(ctx.db)
      return segmentCounts(ctx, sql`select ${id}::uuid from pg_sleep(2)`)
    })
    expect(await slow).toBeNull()
    await house.house.control.query('update customers.segment set retired = true where id = $1', [circle.id])
  })

  test('is one of many: what all of them ask is never too much to say which a customer is in', async () => {
    const many = (n: number) =>
      all(...Array.from({ length: 20 }, (_, k) => ({ field: 'district', op: 'lacks' as const, value: [`${n} ${k}`] })))
    const ids: string[] = []
    for (let n = 0; n < 22; n++) ids.push((await segment(`多 ${n}`, many(n))).id)
    const one = await customer({ name: '众', district: '众' })
    const other = await customer({ name: '寡', district: '3 7 区' })
    expect(await house.work(ctx => segmentsOf(ctx, one.id))).toEqual(expect.arrayContaining(ids))
    const shown = await house.work(ctx => segmentsShown(ctx, other.id))
    expect(ids.filter(id => !shown.some(s => s.id === id))).toEqual([ids[3]])
    for (const id of ids) await house.work(ctx => retireSegment(ctx, id, true))
  })

  test('is not made so long that whoever names it is too long', async () => {
    const leaf = { field: 'district', op: 'equals' as const, value: ['长'] }
    const long = (n: number) => all(...Array.from({ length: n }, () => leaf))
    const base = await segment('底', long(2))
    const top = await segment(
      '顶',
      all(...Array.from({ length: 18 }, () => ({ field: 'segments', op: 'hasAny' as const, value: [base.id] }))),
    )
    const longer = house.work(ctx => changeSegment(ctx, base.id, { version: 1, condition: Condition.parse({ of: [long(20), long(20)] }) }))
    await expect(longer).rejects.toMatchObject({ code: 'segment.too_deep_in', facts: { name: '顶', most: 400 } })
    // One that was saved before this was looked at is in nobody's way.
    await house.house.control.query('update customers.segment set condition = $1 where id = $2', [
      { match: 'all', of: [long(20), long(20)] },
      base.id,
    ])
    const one = await customer({ name: '长', district: '长' })
    const known = await house.work(ctx => segmentsOf(ctx, one.id))
    expect([known.includes(base.id), known.includes(top.id)]).toEqual([true, false])
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
