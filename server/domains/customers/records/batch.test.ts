import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { NewCustomer } from '#contract/customers.ts'
import { NewMerge } from '#contract/duplicates.ts'
import { RecordKind, records } from '#contract/records.ts'
import type { Actor } from '#kernel/access.ts'
import { newId } from '#kernel/ids.ts'
import { asSystem } from '#kernel/react.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { explained } from '#testing/plans.ts'
import { addCustomer } from '../actions.ts'
import { mergeCustomers } from '../duplicates/merging.ts'
import { takeBatch } from '../feed/batch.ts'
import { changeRecord } from './actions.ts'
import { takeRecords, upsertRecord } from './batch.ts'
import { addKind, kinds } from './kinds.ts'
import { recordsChanged } from './queries.ts'

let house: TestHouse
const kind = { meter: '', car: '' }
beforeAll(async () => {
  house = await openHouse()
  const add = (more: object) => house.work(ctx => addKind(ctx, RecordKind.parse(more)))
  kind.meter = (
    await add({
      name: '水表',
      code: 'METER',
      fields: [
        { key: 'dn', label: '口径', type: 'number', required: true },
        { key: 'remote', label: '远传', type: 'yesno' },
      ],
    })
  ).id
  kind.car = (await add({ name: '车辆', code: 'CAR' })).id
  await house.work(ctx =>
    takeBatch(
      ctx,
      ['a', 'b', 'c'].map(n => ({ extId: `crm-${n}`, number: `N-${n}`, name: `户 ${n}` })),
    ),
  )
})
afterAll(() => house.close())

const batch = (items: unknown[], actor?: Actor) => house.work(ctx => takeRecords(ctx, items), actor)
const row = (id: string | null | undefined) =>
  house.work(ctx =>
    ctx.db
      .selectFrom('customers.record')
      .selectAll()
      .where('id', '=', id ?? '')
      .executeTakeFirstOrThrow(),
  )
const whoIs = async (extId: string) =>
  (await house.work(ctx => ctx.db.selectFrom('customers.customer').select('id').where('extId', '=', extId).executeTakeFirstOrThrow())).id
const meter = (n: string, more: object = {}) => ({
  extId: `m-${n}`,
  kindCode: 'METER',
  number: n,
  customerExtId: 'crm-a',
  fields: { dn: 20 },
  ...more,
})

describe('a batch of records', () => {
  test('adds, changes, gives away, ends and leaves as it is; the same items again change nothing', async () => {
    const items = [
      meter('1', { since: '2020-01-01T00:00:00+08:00', note: '𠮷㐂' }),
      { kindId: kind.car, number: '粤 b12345', customerNumber: 'N-b' },
      meter('3', { customerExtId: undefined, customerId: await whoIs('crm-c'), endedAt: '2099-01-01T00:00:00Z' }),
    ]
    const first = await batch(items)
    expect(first).toMatchObject({ added: 3, refused: 0 })
    const [one, car] = first.results.map(r => r.id)
    expect(await row(one)).toMatchObject({ customerId: await whoIs('crm-a'), extId: 'm-1', fields: { dn: 20 }, note: '𠮷㐂', version: 1 })
    expect(await row(car)).toMatchObject({ number: '粤B12345', extId: null, customerId: await whoIs('crm-b') })
    expect(await batch(items)).toMatchObject({ same: 3, changed: 0 })
    expect((await row(one)).version).toBe(1)

    const third = await batch([
      { extId: 'm-1', fields: { remote: true }, customerNumber: 'N-b', endedAt: '2026-01-01T00:00:00Z' },
      { kindCode: 'CAR', number: '粤B12345', extId: 'car-1' },
      { extId: 'm-3', endedAt: null },
    ])
    expect(third).toMatchObject({ changed: 3 })
    expect(await row(one)).toMatchObject({ customerId: await whoIs('crm-b'), fields: { dn: 20, remote: true }, version: 2 })
    expect((await row(car)).extId).toBe('car-1')
    expect(await house.said('record.added')).toHaveLength(3)
    expect((await house.said('record.changed')).map(d => d.fields)).toEqual([['remote'], ['extId']])
    expect((await house.said('record.moved')).map(d => [d.from === null, d.to === null])).toEqual([
      [true, false],
      [false, true],
    ])
    expect(await house.said('record.ended')).toHaveLength(2)
    expect(await house.said('record.reopened')).toHaveLength(1)
  })

  test('refuses what is wrong one by one and takes the rest', async () => {
    const there = (await batch([meter('there'), meter('there-2')])).results[0]?.id
    const retired = await house.work(ctx => addKind(ctx, RecordKind.parse({ name: '旧', code: 'OLD' })))
    await house.work(ctx => kinds.retire(ctx, retired.id, true))
    const { results } = await batch([
      meter('10', { customerExtId: 'nobody' }),
      { ...meter('11'), customerExtId: undefined },
      meter('12', { kindCode: 'NONE' }),
      meter('13', { kindCode: 'OLD', fields: {} }),
      meter('14', { number: '   ' }),
      meter('15', { number: undefined }),
      meter('16', { fields: {} }),
      meter('17', { fields: { dn: 20, odd: 1 } }),
      meter('18', { note: 'a\u0000b' }),
      meter('19', { since: '0000-01-01T00:00:00Z' }),
      meter('20', { since: '2026-01-01T00:00:00Z', endedAt: '2025-01-01T00:00:00Z' }),
      { id: newId(), note: 'x' },
      { id: there, extId: 'm-there-2' },
      { id: there, version: 9, note: 'x' },
      { extId: 'm-there', number: 'there-2' },
      { extId: 'm-there', kindCode: 'CAR' },
      { extId: 'other', kindCode: 'METER', number: 'there' },
      'no object',
      meter('good'),
    ])
    expect(results.map(r => [r.code, r.field])).toEqual([
      ['customer.not_found', 'customerExtId'],
      ['record.customer_missing', 'customerNumber'],
      ['record_kind.not_found', 'kindCode'],
      ['record_kind.retired', 'kindId'],
      ['input.invalid', 'number'],
      ['record.number_missing', 'number'],
      ['record.field_invalid', 'fields.dn'],
      ['record.field_invalid', 'fields.odd'],
      ['input.unstorable_text', 'note'],
      ['input.invalid', 'since'],
      ['record.ended_before_it_began', 'endedAt'],
      ['record.not_found', 'id'],
      ['record.ext_taken', 'extId'],
      ['record.changed_meanwhile', 'version'],
      ['record.number_taken', 'number'],
      ['record.kind_fixed', 'kindId'],
      ['record.ext_other', 'extId'],
      ['input.invalid', null],
      [null, null],
    ])
    expect(records.batch.body.safeParse({ items: Array(1001).fill(meter('1')) }).success).toBe(false)
  })

  test('items of one record are taken one after the other; what it gave up is free from the next call on', async () => {
    const { results } = await batch([meter('tw'), { extId: 'm-tw', number: 'tw2' }, { extId: 'm-tw', note: '后' }])
    expect(results.map(r => r.did)).toEqual(['added', 'changed', 'changed'])
    expect(await row(results[0]?.id)).toMatchObject({ number: 'TW2', note: '后', version: 1 })
    const renamed = [{ extId: 'm-tw', number: 'tw3' }, meter('new', { number: 'tw2' })]
    expect((await batch(renamed)).results.map(r => r.did ?? r.code)).toEqual(['changed', 'record.number_taken'])
    expect((await batch(renamed)).results.map(r => r.did)).toEqual(['same', 'added'])
  })

  test('many at once, with the same records in each, add each once', async () => {
    const items = Array.from({ length: 40 }, (_, n) => meter(`race-${n}`))
    const all = await Promise.all([batch(items), batch(items), batch([...items].reverse())])
    expect(all.reduce((sum, one) => sum + one.added, 0)).toBe(40)
    expect(all.reduce((sum, one) => sum + one.same, 0)).toBe(80)
  })

  test('a file that was merged is written to as the one it became; of who was erased nothing is taken', async () => {
    const made = await house.work(ctx =>
      takeBatch(ctx, [
        { extId: 'kept', name: '留' },
        { extId: 'gone', number: 'GONE', name: '去' },
        { extId: 'erased', name: '删' },
      ]),
    )
    const [kept = '', gone = '', erased = ''] = made.results.map(r => r.id ?? '')
    const before = await batch([meter('of-gone', { customerExtId: 'gone' })])
    await house.work(ctx => mergeCustomers(ctx, NewMerge.parse({ keptId: kept, goneId: gone, keptVersion: 1, goneVersion: 1 })))
    const again = await batch([
      meter('of-gone', { customerExtId: 'gone' }),
      meter('late', { customerExtId: undefined, customerNumber: 'GONE' }),
      meter('later', { customerExtId: undefined, customerId: gone }),
    ])
    expect(again.results.map(r => r.did)).toEqual(['same', 'added', 'added'])
    expect(again.results[0]?.id).toBe(before.results[0]?.id)
    for (const { id } of again.results) expect((await row(id)).customerId).toBe(kept)
    await house.house.control.query('update customers.customer set erased_at = now(), ext_id = null where id = $1', [erased])
    const refused = await batch([meter('x', { customerExtId: undefined, customerId: erased }), meter('y', { customerExtId: 'erased' })])
    expect(refused.results.map(r => r.code)).toEqual(['customer.not_found', 'customer.not_found'])
  })

  test('reaches only what its key may change, and never another tenant’s', async () => {
    const own = house.user({
      grants: new Map([
        ['customer:read', 'own'],
        ['customer:write', 'own'],
      ]),
    })
    const { results } = await batch([meter('1', { customerExtId: undefined, note: '改' }), meter('mine')], own)
    expect(results.map(r => r.code)).toEqual(['record.not_found', 'customer.not_found'])
    const id = (await batch([meter('ours')])).results[0]?.id
    const theirs = await asSystem(house.house, house.otherTenantId, async ctx => {
      await addKind(ctx, RecordKind.parse({ name: '表', code: 'METER' }))
      await addCustomer(ctx, NewCustomer.parse({ name: '别家', number: 'X-1' }))
      return takeRecords(ctx, [
        { id, note: '偷' },
        meter('ours'),
        { ...meter('ours', { fields: {} }), customerExtId: undefined, customerNumber: 'X-1' },
      ])
    })
    expect(theirs.results.map(r => r.did ?? r.code)).toEqual(['record.not_found', 'customer.not_found', 'added'])
  })
})

test('one by its external id: creates, changes, says so, and refuses as a call', async () => {
  const put = (body: Record<string, unknown>) => house.work(ctx => upsertRecord(ctx, 'gis/1', body))
  const body = { kindCode: 'METER', number: 'G1', customerNumber: 'N-a', fields: { dn: 15 } }
  expect(await put(body)).toMatchObject({ did: 'added', record: { number: 'G1', extId: 'gis/1' } })
  expect(await put(body)).toMatchObject({ did: 'same' })
  expect(await put({ note: '改' })).toMatchObject({ did: 'changed', record: { note: '改', version: 2 } })
  await expect(put({ version: 1, note: 'x' })).rejects.toMatchObject({ kind: 'conflict', code: 'record.changed_meanwhile' })
  await expect(put({ customerNumber: 'none' })).rejects.toMatchObject({ kind: 'not_found', code: 'customer.not_found' })
})

test('a thousand take as many statements as ten, find theirs by index, and are quick', async () => {
  const query = vi.spyOn(pg.Client.prototype, 'query')
  const items = (n: number, more: object) => Array.from({ length: n }, (_, k) => meter(`n-${n}-${k}`, more))
  const sent = async (n: number, more: object, did: object) => {
    query.mockClear()
    const began = performance.now()
    expect(await batch(items(n, more))).toMatchObject(did)
    return { count: query.mock.calls.length, ms: Math.round(performance.now() - began) }
  }
  const times: number[] = []
  for (const [more, did] of [
    [{}, 'added'],
    [{ note: '改', customerExtId: 'crm-b' }, 'changed'],
    [{ note: '改', customerExtId: 'crm-b' }, 'same'],
  ] as const) {
    const [few, many] = [await sent(10, more, { [did]: 10 }), await sent(1000, more, { [did]: 1000 })]
    expect(many.count).toBe(few.count)
    times.push(many.ms)
  }
  query.mockRestore()
  console.log(`1,000 records: added in ${times[0]} ms, changed in ${times[1]} ms, left in ${times[2]} ms`)
  expect(Math.max(...times)).toBeLessThan(10_000)
  const fill = async (text: string, values: unknown[]) => house.house.control.query(text, values)
  await fill(
    `insert into customers.customer (tenant_id, id, number, ext_id, kind, name, since)
      select $1, gen_random_uuid(), 'P' || n, 'p-' || n, 'person', '多', now() from generate_series(1, 5000) n`,
    [house.tenantId],
  )
  await fill(
    `insert into customers.record (tenant_id, id, kind_id, customer_id, number, ext_id, since)
      select $1, gen_random_uuid(), $2, $3, 'F' || n, 'f-' || n, now() from generate_series(1, 20000) n`,
    [house.tenantId, kind.car, await whoIs('crm-b')],
  )
  await fill('analyze customers.record', [])
  await fill('analyze customers.customer', [])
  const { indexes, scanned, read } = await explained(house, house.user(), ctx =>
    takeRecords(ctx, [
      { extId: 'f-1', customerExtId: 'p-1' },
      { kindCode: 'CAR', number: 'F77', customerNumber: 'P7' },
    ]),
  )
  expect(indexes).toEqual(expect.arrayContaining(['record_ext', 'record_pkey', 'customer_ext']))
  expect(scanned.filter(table => table !== 'record_kind')).toEqual([])
  expect(read).toBeLessThan(100)
})

test('the feed tells what changed of records by any door, by its index, and only to who sees every customer', async () => {
  const settled = async () => {
    const { rows } = await house.house.control.query('select pg_current_xact_id()::text as now')
    const isOver = async () =>
      (await house.house.control.query('select pg_snapshot_xmin(pg_current_snapshot()) > $1::xid8 as over', [rows[0].now])).rows[0].over
    await expect.poll(isOver).toBe(true)
  }
  const feed = (after?: string, actor?: Actor) => house.work(ctx => recordsChanged(ctx, { after, size: 1000 }), actor)
  const end = async (after?: string): Promise<string> => {
    const page = await feed(after)
    return page.more ? end(page.next) : page.next
  }
  const made = await batch([meter('f1'), meter('f2'), meter('f3')])
  const [first = ''] = made.results.map(r => r.id ?? '')
  await settled()
  const next = await end()
  await house.work(ctx => changeRecord(ctx, first, { version: 1, note: '改' }))
  await batch([meter('f2'), meter('f3', { customerExtId: 'crm-b' })])
  await settled()
  expect((await feed(next)).rows.map(row => [row.extId, row.version])).toEqual([
    ['m-f1', 2],
    ['m-f3', 2],
  ])
  const { indexes, scanned } = await explained(house, house.user(), ctx => recordsChanged(ctx, { after: next, size: 50 }))
  expect(indexes).toContain('record_feed')
  expect(scanned).toEqual([])
  const own = house.user({ grants: new Map([['customer:read', 'own']]) })
  await expect(feed(undefined, own)).rejects.toMatchObject({ code: 'customer.feed_sees_all' })
})
