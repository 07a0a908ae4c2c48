import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { NewCustomer } from '#contract/customers.ts'
import { OwnField } from '#contract/ownFields.ts'
import type { Actor } from '#kernel/access.ts'
import { newId } from '#kernel/ids.ts'
import { asSystem } from '#kernel/react.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { addCustomer } from '../actions.ts'
import { identify } from '../identify.ts'
import { addField } from '../own/fields.ts'
import { takeBatch, upsert } from './batch.ts'

let house: TestHouse
beforeAll(async () => {
  house = await openHouse()
  await house.work(ctx => addField(ctx, OwnField.parse({ key: 'pump', field: { label: '泵房', type: 'text', longest: 4 } })))
})
afterAll(() => house.close())

const batch = (items: unknown[], actor?: Actor) => house.work(ctx => takeBatch(ctx, items), actor)
const row = async (id: string | null | undefined) =>
  house.work(ctx =>
    ctx.db
      .selectFrom('customers.customer')
      .selectAll()
      .where('id', '=', id ?? '')
      .executeTakeFirstOrThrow(),
  )
const wrongs = async (items: unknown[]) => (await batch(items)).results.map(r => [r.code, r.field])
const count = async () => Number((await house.house.control.query('select count(*) as n from customers.customer')).rows[0].n)

describe('a batch', () => {
  test('adds, changes and leaves as it is; the same items again change nothing', async () => {
    const items = [
      {
        extId: 'crm-1',
        name: '陈雨桐',
        phone: '13812346021',
        email: 'Chen@Water.cn',
        tags: ['代扣', 'a,b"\\{}'],
        care: ['elderly'],
        own: { pump: 'P-17' },
      },
      { extId: 'crm-2', number: 'H-2', name: '=HYPERLINK("http://x") 😀', note: '𠮷田㐂一' },
      { number: 'H-3', name: "'; drop table customers.customer; --", address: '海棠里 3 幢' },
    ]
    const first = await batch(items)
    expect(first).toMatchObject({ added: 3, changed: 0, same: 0, refused: 0 })
    const one = await row(first.results[0]?.id)
    expect(one).toMatchObject({
      extId: 'crm-1', phone: '+8613812346021', email: 'chen@water.cn', tags: ['代扣', 'a,b"\\{}'], care: ['elderly'], fields: { pump: 'P-17' }, version: 1, tier: 'normal',
    }) // biome-ignore format: one line per thing
    expect(await row(first.results[1]?.id)).toMatchObject({ name: '=HYPERLINK("http://x") 😀', note: '𠮷田㐂一', number: 'H-2' })
    expect((await house.work(ctx => identify(ctx, { phone: '138 1234 6021' })))?.id).toBe(one.id)

    const second = await batch(items)
    expect(second).toMatchObject({ added: 0, changed: 0, same: 3, refused: 0 })
    expect(second.results.map(r => r.id)).toEqual(first.results.map(r => r.id))
    expect(await row(one.id)).toEqual(one)

    const third = await batch([
      { extId: 'crm-1', phone: '13900001111', tags: [] },
      { number: 'H-3', extId: 'crm-3' },
    ])
    expect(third).toMatchObject({ changed: 2 })
    expect(await row(one.id)).toMatchObject({
      name: '陈雨桐',
      phone: '+8613900001111',
      tags: [],
      version: 2,
      email: 'chen@water.cn',
      fields: { pump: 'P-17' },
    })
    expect(await house.work(ctx => identify(ctx, { phone: '13812346021' }))).toBeNull()
    expect(await row(third.results[1]?.id)).toMatchObject({ extId: 'crm-3', number: 'H-3' })
    expect((await house.said('customer.changed')).map(d => d.fields)).toEqual(expect.arrayContaining([['tags', 'phone'], ['extId']]))
    expect(await house.said('customer.added')).toHaveLength(3)
  })

  test('refuses what is wrong one by one and takes the rest', async () => {
    const before = await count()
    const { id: there } = (await batch([{ extId: 'there', number: 'T-1', name: '在册' }])).results[0] ?? {}
    expect(
      await wrongs([
        { extId: 'bad-1', name: '三十位', phone: '138123460211381234602113812346' },
        { extId: 'bad-2', name: '空\u0000字' },
        { extId: 'bad-3', name: '半个字\ud83d' },
        { extId: 'bad-4' },
        { name: '谁也不是' },
        { extId: 'bad-5', name: '甲', tier: 'platinum' },
        { extId: 'bad-6', name: '甲', email: 'no' },
        { extId: 'bad-7', name: '甲', own: { pump: 'P-171' } },
        { extId: 'bad-8', name: '甲', own: { secret: 1 } },
        { id: newId(), name: '甲' },
        { id: there, number: 'T-2' },
        { extId: 'other', number: 'T-1', name: '甲' },
        { id: there, version: 9, name: '甲' },
        'not an object',
        { extId: 'good', name: '好的' },
      ]),
    ).toEqual([
      ['customer.phone_invalid', 'phone'],
      ['input.unstorable_text', 'name'],
      ['input.unstorable_text', 'name'],
      ['customer.name_missing', 'name'],
      ['customer.identity_missing', 'extId'],
      ['input.invalid', 'tier'],
      ['input.invalid', 'email'],
      ['customer.field_invalid', 'own.pump'],
      ['customer.field_invalid', 'own.secret'],
      ['customer.not_found', 'id'],
      ['customer.number_fixed', 'number'],
      ['customer.ext_other', 'extId'],
      ['customer.changed_meanwhile', 'version'],
      ['input.invalid', null],
      [null, null],
    ])
    expect(await count()).toBe(before + 2)
  })

  test('two items of one customer are taken one after the other', async () => {
    const { results } = await batch([
      { extId: 'twin', name: '双', phone: '13700001111' },
      { extId: 'twin', name: '双双', note: '后到' },
      { extId: 'twin', phone: '12' },
    ])
    expect(results.map(r => r.did ?? r.code)).toEqual(['added', 'changed', 'customer.phone_invalid'])
    expect(await row(results[0]?.id)).toMatchObject({ name: '双双', phone: '+8613700001111', note: '后到', version: 1 })
  })

  test('many at once, with the same customers in each, add each once', async () => {
    const items = Array.from({ length: 40 }, (_, n) => ({ extId: `race-${n}`, name: `并发 ${n}` }))
    const all = await Promise.all([batch(items), batch(items), batch([...items].reverse())])
    expect(all.reduce((sum, one) => sum + one.added, 0)).toBe(40)
    expect(all.reduce((sum, one) => sum + one.same, 0)).toBe(80)
  })

  test('a number that somebody takes meanwhile costs only its item', async () => {
    const { results } = await house.work(async ctx => {
      await asSystem(house.house, house.tenantId, other => addCustomer(other, NewCustomer.parse({ name: '快手', number: 'M-1' })))
      return takeBatch(ctx, [{ number: 'M-2', name: '慢' }])
    })
    expect(results[0]?.did).toBe('added')
  })

  test('reaches only customers whom its key may change, and never another tenant’s', async () => {
    const own = house.user({
      grants: new Map([
        ['customer:read', 'own'],
        ['customer:write', 'own'],
      ]),
    })
    expect((await batch([{ extId: 'crm-1', name: '改' }], own)).results[0]).toMatchObject({ code: 'customer.not_found', id: null })
    const mine = await batch([{ extId: 'mine', name: '我的' }], own)
    expect(await row(mine.results[0]?.id)).toMatchObject({ ownerId: own.id })
    const theirs = await asSystem(house.house, house.otherTenantId, ctx => takeBatch(ctx, [{ extId: 'crm-1', name: '别家' }]))
    expect(theirs).toMatchObject({ added: 1 })
    const id = theirs.results[0]?.id
    expect((await batch([{ id, name: '偷' }])).results[0]).toMatchObject({ code: 'customer.not_found' })
  })

  test('who was merged is written to as the one they became, by whatever the gone file is known by', async () => {
    const { results } = await batch([
      { extId: 'kept', name: '留' },
      { extId: 'gone', number: 'G-1', name: '去' },
    ])
    const [kept = '', gone = ''] = results.map(result => result.id ?? '')
    await house.house.control.query('update customers.customer set merged_into = $1 where id = $2', [kept, gone])
    const again = await batch([
      { extId: 'gone', name: '改' },
      { number: 'G-1', note: '又' },
      { id: gone, district: '城东' },
      { extId: 'gone', number: 'G-1', tags: ['甲'] },
    ])
    expect(again.results).toMatchObject([0, 1, 2, 3].map(() => ({ id: kept, did: 'changed', code: null })))
    expect(await row(kept)).toMatchObject({ extId: 'kept', name: '改', note: '又', district: '城东', tags: ['甲'], mergedInto: null })
    expect(await row(gone)).toMatchObject({ extId: 'gone', name: '去', mergedInto: kept })
    // The same once more changes nothing; what is somebody else's stays refused.
    expect(await batch([{ extId: 'gone', name: '改' }])).toMatchObject({ same: 1 })
    expect((await batch([{ id: kept, extId: 'crm-1' }])).results[0]).toMatchObject({ code: 'customer.ext_taken' })
  })
})

describe('by external id', () => {
  test('creates, changes, and says so', async () => {
    const put = (body: Record<string, unknown>) => house.work(ctx => upsert(ctx, 'erp/7', body))
    expect(await put({ name: '王芳', phone: '13612345678' })).toMatchObject({
      did: 'added',
      customer: { name: '王芳', phone: '136****5678' },
    })
    expect(await put({ name: '王芳', phone: '136****5678' })).toMatchObject({ did: 'same' })
    expect(await put({ tier: 'gold' })).toMatchObject({ did: 'changed', customer: { tier: 'gold', version: 2 } })
    await expect(put({ phone: '1' })).rejects.toMatchObject({ kind: 'invalid', code: 'customer.phone_invalid', facts: { field: 'phone' } })
    await expect(put({ version: 1, name: 'x' })).rejects.toMatchObject({ kind: 'conflict', code: 'customer.changed_meanwhile' })
  })
})

test('a thousand take as many statements as ten', async () => {
  const query = vi.spyOn(pg.Client.prototype, 'query')
  const sent = async (items: unknown[]) => {
    query.mockClear()
    await batch(items)
    return query.mock.calls.length
  }
  const items = (n: number, more: object) =>
    Array.from({ length: n }, (_, k) => ({ extId: `n-${n}-${k}`, name: `数 ${k}`, phone: '13812340000', ...more }))
  const changed = { phone: '13812349999', note: '改' }
  for (const more of [{}, changed, changed, { ...changed, tier: 'gold' }]) {
    const [few, many] = [await sent(items(10, more)), await sent(items(300, more))]
    expect(many).toBe(few)
    expect(few).toBeGreaterThan(5)
    expect(few).toBeLessThan(20)
  }
  query.mockRestore()
  expect((await house.said('customer.changed')).filter(d => String(d.fields) === 'note,phone')).toHaveLength(310)
})

test('a thousand in one call are quick', async () => {
  const items = Array.from({ length: 1000 }, (_, n) => ({
    extId: `bulk-${n}`,
    name: `客户 ${n}`,
    phone: `138${String(n).padStart(8, '0')}`,
    address: '海棠里',
  }))
  const took = async (fn: () => Promise<unknown>) => {
    const began = performance.now()
    await fn()
    return Math.round(performance.now() - began)
  }
  const added = await took(async () => expect(await batch(items)).toMatchObject({ added: 1000 }))
  const same = await took(async () => expect(await batch(items)).toMatchObject({ same: 1000 }))
  const changed = await took(async () => expect(await batch(items.map(i => ({ ...i, note: '改' })))).toMatchObject({ changed: 1000 }))
  const moved = await took(async () => expect(await batch(items.map(i => ({ ...i, tier: 'gold' })))).toMatchObject({ changed: 1000 }))
  console.log(`1,000 items: added in ${added} ms, changed in ${changed} ms, moved in ${moved} ms, left in ${same} ms`)
  expect(Math.max(added, changed, moved, same)).toBeLessThan(10_000)
})
