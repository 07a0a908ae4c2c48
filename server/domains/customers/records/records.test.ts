import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { NewCustomer } from '#contract/customers.ts'
import { NewRecord, RecordKind } from '#contract/records.ts'
import type { Actor } from '#kernel/access.ts'
import { newId } from '#kernel/ids.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { explained } from '#testing/plans.ts'
import { addCustomer } from '../actions.ts'
import { addRecord, changeRecord, endRecord, moveRecord, reopenRecord } from './actions.ts'
import { addKind, changeKind, kinds } from './kinds.ts'
import { findRecords, recordsOf } from './queries.ts'

let house: TestHouse
let meter: string
let car: string
const who = { chen: '', li: '' }
beforeAll(async () => {
  house = await openHouse()
  meter = (
    await house.work(ctx =>
      addKind(
        ctx,
        RecordKind.parse({
          name: '水表',
          nameEn: 'Meter',
          code: 'METER',
          fields: [
            { key: 'dn', label: '口径', type: 'choice', required: true, options: [{ value: '20', label: 'DN20' }] },
            { key: 'remote', label: '远传', type: 'yesno' },
          ],
        }),
      ),
    )
  ).id
  car = (await house.work(ctx => addKind(ctx, RecordKind.parse({ name: '车辆', code: 'CAR' })))).id
  who.chen = (await house.work(ctx => addCustomer(ctx, NewCustomer.parse({ name: '陈雨桐' })))).id
  who.li = (await house.work(ctx => addCustomer(ctx, NewCustomer.parse({ name: '李国强' })))).id
})
afterAll(() => house.close())

const add = (customerId: string, more: Record<string, unknown>, actor?: Actor) =>
  house.work(ctx => addRecord(ctx, customerId, NewRecord.parse({ kindId: meter, fields: { dn: '20' }, ...more })), actor)
const find = (number: string, more: { ended?: boolean; kindId?: string } = {}, actor?: Actor) =>
  house.work(async ctx => (await findRecords(ctx, { number, ...more })).map(row => row.number), actor)

describe('a record', () => {
  test('of one who has more than are listed is found by a part of its number', async () => {
    const { id } = await house.work(ctx => addCustomer(ctx, NewCustomer.parse({ name: '万表物业' })))
    await house.work(ctx =>
      sql`insert into customers.record (tenant_id, id, kind_id, customer_id, number, since)
        select ${ctx.tenantId}, gen_random_uuid(), ${meter}, ${id}, lpad(n::text, 6, '0'), ${ctx.now} from generate_series(1, 600) n`.execute(
        ctx.db,
      ),
    )
    expect(await house.work(ctx => recordsOf(ctx, id))).toHaveLength(500)
    const found = await house.work(ctx => recordsOf(ctx, id, { number: '0599' }))
    expect(found.map(row => row.number)).toEqual(['000599'])
    expect(await house.work(ctx => recordsOf(ctx, id, { number: '5%9' }))).toEqual([])
  })

  test('is added, changed, given away, ended and goes on, each told on the time line without its number', async () => {
    const one = await add(who.chen, { number: ' 1024 0087 7718 ', fields: { dn: '20', remote: true }, note: '=HYPERLINK("x") 😀𠮷㐂' })
    expect(one).toMatchObject({
      number: '102400877718',
      fields: { dn: '20', remote: true },
      note: '=HYPERLINK("x") 😀𠮷㐂',
      version: 1,
      endedAt: null,
    })
    const changed = await house.work(ctx => changeRecord(ctx, one.id, { version: 1, fields: { dn: '20' } }))
    expect(changed).toMatchObject({ fields: { dn: '20' }, version: 2, note: one.note })
    const moved = await house.work(ctx => moveRecord(ctx, one.id, { customerId: who.li, version: 2 }))
    expect((await house.work(ctx => recordsOf(ctx, who.chen))).map(r => r.id)).not.toContain(one.id)
    const ended = await house.work(ctx => endRecord(ctx, one.id, { version: moved.version }))
    expect(ended.endedAt).not.toBeNull()
    await expect(house.work(ctx => endRecord(ctx, one.id, { version: ended.version }))).rejects.toThrow('record.ended_already')
    const open = await house.work(ctx => reopenRecord(ctx, one.id, { version: ended.version }))
    expect(open).toMatchObject({ endedAt: null, version: 5 })
    const said = [
      await house.said('record.added'),
      await house.said('record.changed'),
      await house.said('record.moved'),
      await house.said('record.ended'),
    ]
    expect(said.map(all => all.length)).toEqual([1, 1, 2, 1])
    expect(JSON.stringify(said)).not.toContain('7718')
  })

  test('of two editors the slower is told, and saving what stands there changes nothing', async () => {
    const one = await add(who.chen, { number: 'V1' })
    expect(await house.work(ctx => changeRecord(ctx, one.id, { version: 1, number: 'v1', fields: { dn: '20' } }))).toMatchObject({
      version: 1,
    })
    await house.work(ctx => changeRecord(ctx, one.id, { version: 1, note: '先' }))
    await expect(house.work(ctx => changeRecord(ctx, one.id, { version: 1, note: '后' }))).rejects.toMatchObject({
      code: 'record.changed_meanwhile',
      facts: { version: 2 },
    })
    const both = await Promise.allSettled(['甲', '乙'].map(note => house.work(ctx => changeRecord(ctx, one.id, { version: 2, note }))))
    expect(both.filter(r => r.status === 'fulfilled')).toHaveLength(1)
  })

  test.each<[string, Record<string, unknown>, string]>([
    ['a number that another of its kind has', { number: 'dup 1' }, 'record.number_taken'],
    ['an external id that another has', { number: 'D2', extId: 'gis-1' }, 'record.ext_taken'],
    ['nothing but spaces', { number: '\u3000x' }, ''],
    ['a missing field', { number: 'D3', fields: {} }, 'record.field_invalid'],
    ['a choice that is none', { number: 'D4', fields: { dn: '999' } }, 'record.field_invalid'],
    ['a field of no form', { number: 'D5', fields: { dn: '20', colour: 1 } }, 'record.field_invalid'],
    ['a kind that is none', { number: 'D6', kindId: newId() }, 'record_kind.not_found'],
  ])('with %s', async (_, more, code) => {
    await add(who.chen, { number: 'DUP1', extId: 'gis-1' }).catch(() => {})
    const tried = add(who.li, more)
    if (code === '') expect((await tried).number).toBe('X')
    else await expect(tried).rejects.toMatchObject({ code })
  })

  test('may bear the number of one of another kind; a retired kind takes no more', async () => {
    await add(who.chen, { number: 'SAME' })
    await add(who.chen, { number: 'SAME', kindId: car, fields: {} })
    await house.work(ctx => kinds.retire(ctx, car, true))
    await expect(add(who.chen, { number: 'NEXT', kindId: car, fields: {} })).rejects.toMatchObject({ code: 'record_kind.retired' })
    await house.work(ctx => kinds.retire(ctx, car, false))
  })

  test('cannot have ended before it began', async () => {
    const one = await add(who.chen, { number: 'E1' })
    await expect(house.work(ctx => endRecord(ctx, one.id, { version: 1, at: new Date('2001-01-01') }))).rejects.toThrow(
      'record.ended_before_it_began',
    )
  })
})

describe('found by number', () => {
  test('by its beginning and by its last four, however typed; ended ones only when asked for', async () => {
    await add(who.chen, { number: '浙A·9K351', kindId: car, fields: {} })
    expect(await find('浙Ａ')).toEqual(['浙A·9K351'])
    expect(await find('k351')).toEqual(['浙A·9K351'])
    expect(await find('351')).toEqual([])
    expect(await find('浙A', { kindId: meter })).toEqual([])
    for (const odd of ['%', '_', '\\', "' or 1=1"]) expect(await find(odd)).toEqual([])
    const gone = await add(who.li, { number: 'GONE-7788' })
    await house.work(ctx => endRecord(ctx, gone.id, { version: 1 }))
    expect([await find('7788'), await find('7788', { ended: true })]).toEqual([[], ['GONE-7788']])
  })

  test('only with customers whom one sees, and through the index', async () => {
    const own = house.user({
      grants: new Map([
        ['customer:read', 'own'],
        ['customer:write', 'own'],
      ]),
    })
    expect(await find('浙A', {}, own)).toEqual([])
    await expect(house.as(own).work(ctx => recordsOf(ctx, who.chen))).rejects.toThrow('customer.not_found')
    await expect(add(who.chen, { number: 'N1' }, own)).rejects.toThrow('customer.not_found')
    const [first] = await house.work(ctx => recordsOf(ctx, who.chen))
    await expect(house.as(own).work(ctx => changeRecord(ctx, first?.id ?? '', { version: 1, note: 'x' }))).rejects.toThrow(
      'record.not_found',
    )
    await house.house.control.query(
      `insert into customers.record (tenant_id, id, kind_id, customer_id, number, since) select $1, gen_random_uuid(), $2, $3, 'Z' || n || 'X' || n, now() from generate_series(1, 20000) n`,
      [house.tenantId, car, who.li],
    )
    await house.house.control.query('analyze customers.record')
    const { indexes, scanned, read } = await explained(house, house.user(), ctx => findRecords(ctx, { number: 'Z1999' }))
    expect(indexes.join(', ')).toMatch(/record_start.*record_end|record_end.*record_start/)
    expect(scanned).toEqual([])
    expect(read).toBeLessThan(500)
  })
})

test('a kind whose form makes no sense is refused', async () => {
  const form = RecordKind.parse({ name: '合同', code: 'DEAL', fields: [{ key: 'a', label: '种', type: 'choice' }] })
  await expect(house.work(ctx => addKind(ctx, form))).rejects.toMatchObject({ code: 'form.options_missing' })
  await expect(house.work(ctx => changeKind(ctx, meter, { fields: form.fields }))).rejects.toMatchObject({ code: 'form.options_missing' })
  await expect(house.work(ctx => addKind(ctx, RecordKind.parse({ name: '又一种', code: 'METER' })))).rejects.toMatchObject({
    code: 'catalog.taken',
  })
})

test('of two who change a kind the second is told, and what both said stands', async () => {
  const seen = (await house.work(ctx => kinds.list(ctx, false))).find(kind => kind.id === meter)
  const change = (said: { name?: string; nameEn?: string; position?: number; edition?: string | undefined }) =>
    house.work(ctx => changeKind(ctx, meter, said))
  const first = await change({ nameEn: 'Water meter', edition: seen?.edition })
  expect(first.edition).not.toBe(seen?.edition)
  await expect(change({ nameEn: 'Meter', edition: seen?.edition })).rejects.toMatchObject({ code: 'catalog.changed_meanwhile' })
  expect(await change({ name: '水表表具', edition: first.edition })).toMatchObject({ name: '水表表具', nameEn: 'Water meter' })
  // Whoever says no edition, as a program that sets one thing, is not asked.
  expect(await change({ position: 7 })).toMatchObject({ position: 7, nameEn: 'Water meter' })
})
