import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { NewOpportunity, opportunities } from '#contract/sales.ts'
import { addCustomer } from '#domains/customers/index.ts'
import type { Actor } from '#kernel/access.ts'
import { newId } from '#kernel/ids.ts'
import { asSystem } from '#kernel/react.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { explained } from '#testing/plans.ts'
import { changeOpportunity, convertOpportunity, openOpportunity } from './actions.ts'
import { takeOpportunities, upsertOpportunity } from './batch.ts'
import { courseOf, opportunityById } from './queries.ts'
import { layStages } from './stages.ts'

let house: TestHouse
const who = { a: '', b: '', gone: '' }
beforeAll(async () => {
  house = await openHouse()
  await house.settle()
  for (const key of ['a', 'b', 'gone'] as const) who[key] = await customer(key)
  await house.house.control.query(`update customers.customer set ext_id = 'crm-' || number`)
})
afterAll(() => house.close())

const customer = async (number: string) =>
  (
    await house.work(ctx =>
      addCustomer(ctx, {
        ...{ number, name: `户 ${number}`, kind: 'person', tier: 'normal', phone: null, email: null },
        ...{ address: '', district: '', postCode: '', note: '', tags: [], care: [] },
      }),
    )
  ).id
const batch = (items: unknown[], actor?: Actor) => house.work(ctx => takeOpportunities(ctx, items), actor)
const row = (id: string | null | undefined) =>
  house.work(ctx =>
    ctx.db
      .selectFrom('sales.opportunity')
      .selectAll()
      .where('id', '=', id ?? '')
      .executeTakeFirstOrThrow(),
  )
const course = async (id: string | null | undefined) =>
  (await house.work(ctx => courseOf(ctx, id ?? ''))).map(step => [step.fromId === null, step.note]).reverse()
const lead = (n: string, more: object = {}) => ({ extId: `web-${n}`, title: `报装 ${n}`, name: '沈工', ...more })

describe('a batch of leads and opportunities', () => {
  test('opens, changes, takes to another stage and leaves as it is; the same items again change nothing', async () => {
    const items = [
      lead('1', { phone: '138 1234 6021', email: 'a@b.cn', value: 500, source: 'campaign', expectedOn: '2026-12-31', note: '𠮷㐂=1+1' }),
      { extId: 'web-2', title: '扩容', customerExtId: 'crm-a', name: '不留', phone: '13900001111', stage: '方案报价' },
      lead('3', { stage: 'Lost', stageNote: '价格' }),
    ]
    const agent = house.user()
    const first = await batch(items, agent)
    expect(first).toMatchObject({ added: 3, refused: 0 })
    const [one, two, three] = first.results.map(r => r.id)
    expect(await row(one)).toMatchObject({
      phone: '+8613812346021',
      phoneTyped: '138 1234 6021',
      value: 500,
      state: 'open',
      ownerId: agent.id,
    })
    expect(await row(two)).toMatchObject({ customerId: who.a, name: '', phone: null, state: 'open' })
    expect(await row(three)).toMatchObject({ state: 'lost', lostReason: '价格', closedAt: expect.any(Date), version: 1 })
    expect(await course(three)).toEqual([
      [true, ''],
      [false, '价格'],
    ])
    expect(await batch(items)).toMatchObject({ same: 3 })
    expect((await row(two)).version).toBe(1)

    const shown = await house.work(ctx => opportunityById(ctx, one ?? ''))
    expect(shown.phone).toBe('138****6021')
    const third = await batch([
      { extId: 'web-1', phone: shown.phone, email: shown.email, title: '报装改', stage: '赢单', value: 900 },
      { id: two, extId: 'erp-2', ownerId: null },
    ])
    expect(third).toMatchObject({ changed: 2 })
    expect(await row(one)).toMatchObject({ phone: '+8613812346021', email: 'a@b.cn', title: '报装改', state: 'won', version: 2 })
    expect(await row(two)).toMatchObject({ extId: 'erp-2', ownerId: null })
    expect(await house.said('opportunity.opened')).toHaveLength(3)
    expect((await house.said('opportunity.changed')).map(d => d.fields)).toEqual([
      ['title', 'value'],
      ['extId', 'ownerId'],
    ])
    expect((await house.said('opportunity.moved')).map(d => d.state)).toEqual(['open', 'lost', 'won'])
    expect((await house.work(ctx => changeOpportunity(ctx, one ?? '', { version: 2, note: '手改' }))).version).toBe(3)
  })

  test('refuses what is wrong one by one and takes the rest', async () => {
    const [one, other] = (await batch([lead('there'), lead('there-2', { customerNumber: 'a' })])).results.map(r => r.id)
    const { results } = await batch([
      { title: '没有编号', name: '甲' },
      { extId: 'x1', name: '甲' },
      { extId: 'x2', title: '谁的' },
      lead('x3', { customerNumber: 'nobody' }),
      lead('x4', { stage: '没有' }),
      lead('x5', { stage: '丢单' }),
      lead('x6', { ownerId: newId() }),
      lead('x7', { phone: '1'.repeat(30) }),
      lead('x7b', { email: 'z***@b.cn' }),
      lead('x8', { note: 'a\u0000' }),
      lead('x9', { value: -1 }),
      { id: newId(), title: 'x' },
      { id: one, extId: 'web-there-2' },
      { id: one, version: 7, title: 'x' },
      { extId: 'web-there', customerNumber: 'a' },
      { id: other, customerNumber: 'b' },
      lead('there', { name: '' }),
      7,
      lead('good'),
    ])
    expect(results.map(r => [r.code, r.field])).toEqual([
      ['opportunity.identity_missing', 'extId'],
      ['input.invalid', 'title'],
      ['opportunity.whose', 'name'],
      ['customer.not_found', 'customerNumber'],
      ['opportunity.stage_unknown', 'stage'],
      ['opportunity.why_lost', 'stageNote'],
      ['opportunity.owner_unknown', 'ownerId'],
      ['customer.phone_invalid', 'phone'],
      ['customer.email_invalid', 'email'],
      ['input.unstorable_text', 'note'],
      ['input.invalid', 'value'],
      ['opportunity.not_found', 'id'],
      ['opportunity.ext_taken', 'extId'],
      ['opportunity.changed_meanwhile', 'version'],
      ['opportunity.convert_apart', 'customerNumber'],
      ['opportunity.customer_fixed', 'customerNumber'],
      ['opportunity.whose', 'name'],
      ['input.invalid', null],
      [null, null],
    ])
    expect(opportunities.batch.body.safeParse({ items: Array(1001).fill(lead('1')) }).success).toBe(false)
  })

  test('a lead that has become a customer stays theirs when it is told again, with no second copy of their number', async () => {
    const item = lead('turned', { phone: '13700002222' })
    const id = (await batch([item])).results[0]?.id ?? ''
    await house.work(ctx => convertOpportunity(ctx, id, { customerId: null, anyway: false, version: 1 }))
    expect(await batch([item])).toMatchObject({ same: 1 })
    expect(await row(id)).toMatchObject({ name: '', phone: null, version: 2, customerId: expect.any(String) })
  })

  test('items of one are taken one after the other; many at once open each once', async () => {
    const { results } = await batch([lead('tw'), { extId: 'web-tw', stage: '已联系' }, { extId: 'web-tw', stage: '赢单', stageNote: '签' }])
    expect(results.map(r => r.did)).toEqual(['added', 'changed', 'changed'])
    expect(await course(results[0]?.id)).toEqual([
      [true, ''],
      [false, ''],
      [false, '签'],
    ])
    const items = Array.from({ length: 40 }, (_, n) => lead(`race-${n}`))
    const all = await Promise.all([batch(items), batch(items), batch([...items].reverse())])
    expect(all.reduce((sum, one) => sum + one.added, 0)).toBe(40)
    expect(all.reduce((sum, one) => sum + one.same, 0)).toBe(80)
  })

  test('of a merged customer it is the kept one’s, of an erased one nothing is taken', async () => {
    const before = (await batch([lead('m', { customerNumber: 'gone' })])).results[0]?.id
    await house.house.control.query('update customers.customer set merged_into = $1 where id = $2', [who.b, who.gone])
    const { results } = await batch([
      lead('m', { customerNumber: 'gone' }),
      lead('m', { customerNumber: 'b' }),
      lead('m2', { customerId: who.gone }),
    ])
    expect(results.map(r => r.did)).toEqual(['same', 'same', 'added'])
    expect([results[0]?.id, (await row(results[2]?.id)).customerId]).toEqual([before, who.b])
    const erased = await customer('erased')
    const id = (await batch([lead('e', { customerId: erased })])).results[0]?.id
    await house.house.control.query('update customers.customer set erased_at = now() where id = $1', [erased])
    const after = await batch([lead('e', { customerId: erased }), lead('e'), { id, note: 'x' }])
    expect(after.results.map(r => r.code)).toEqual(['customer.not_found', 'opportunity.erased', 'opportunity.erased'])
  })

  test('reaches only what its key may change, finds again what it brought, and never another tenant’s', async () => {
    const own = house.user({
      id: newId(),
      key: true,
      grants: new Map([
        ['opportunity:read', 'own'],
        ['opportunity:write', 'own'],
      ]),
    })
    expect((await batch([lead('1'), lead('k', { customerNumber: 'a' })], own)).results.map(r => r.code)).toEqual([
      'opportunity.not_found',
      'customer.not_found',
    ])
    expect(await batch([lead('mine')], own)).toMatchObject({ added: 1 })
    expect(await batch([lead('mine')], own)).toMatchObject({ same: 1 })
    const id = (await batch([lead('1')])).results[0]?.id
    const theirs = await asSystem(house.house, house.otherTenantId, async ctx => {
      await layStages(ctx)
      return takeOpportunities(ctx, [{ id, title: '偷' }, lead('1'), lead('z', { customerNumber: 'a' })])
    })
    expect(theirs.results.map(r => r.did ?? r.code)).toEqual(['opportunity.not_found', 'added', 'customer.not_found'])
  })
})

test('one by its external id: opens, changes, says so, and refuses as a call', async () => {
  const put = (body: Record<string, unknown>) => house.work(ctx => upsertOpportunity(ctx, 'site/7?😀', body))
  expect(await put({ title: '新', name: '甲', phone: '13812340000' })).toMatchObject({
    did: 'added',
    opportunity: { extId: 'site/7?😀', phone: '138****0000' },
  })
  expect(await put({ title: '新', name: '甲', phone: '13812340000' })).toMatchObject({ did: 'same' })
  expect(await put({ stage: '赢单' })).toMatchObject({ did: 'changed', opportunity: { state: 'won' } })
  await expect(put({ version: 1, note: 'x' })).rejects.toMatchObject({ kind: 'conflict', code: 'opportunity.changed_meanwhile' })
  await expect(put({ customerNumber: 'none' })).rejects.toMatchObject({ kind: 'not_found', code: 'customer.not_found' })
  expect((await house.work(ctx => openOpportunity(ctx, NewOpportunity.parse({ title: '手', name: '乙' })))).extId).toBeNull()
})

test('a thousand take as many statements as ten, find theirs by index, and are quick', async () => {
  const query = vi.spyOn(pg.Client.prototype, 'query')
  const sent = async (n: number, more: object, did: object) => {
    const items = Array.from({ length: n }, (_, k) => lead(`n-${n}-${k}`, { customerNumber: 'a', ...more }))
    query.mockClear()
    const began = performance.now()
    expect(await batch(items)).toMatchObject(did)
    return { count: query.mock.calls.length, ms: Math.round(performance.now() - began) }
  }
  const times: number[] = []
  for (const [more, did] of [
    [{}, 'added'],
    [{ note: '改', stage: '赢单' }, 'changed'],
    [{ note: '改' }, 'same'],
  ] as const) {
    const [few, many] = [await sent(10, more, { [did]: 10 }), await sent(1000, more, { [did]: 1000 })]
    expect(many.count).toBe(few.count)
    times.push(many.ms)
  }
  query.mockRestore()
  console.log(`1,000 opportunities: added in ${times[0]} ms, changed in ${times[1]} ms, left in ${times[2]} ms`)
  expect(Math.max(...times)).toBeLessThan(10_000)
  await house.house.control.query(
    `insert into sales.opportunity (tenant_id, id, title, name, stage_id, state, source, ext_id, opened_at, changed_at)
      select $1, gen_random_uuid(), '多', '多', gen_random_uuid(), 'open', 'other', 'f-' || n, now(), now() from generate_series(1, 20000) n`,
    [house.tenantId],
  )
  await house.house.control.query('analyze sales.opportunity')
  const { indexes, scanned, read } = await explained(house, house.user(), ctx =>
    takeOpportunities(ctx, [{ extId: 'f-1' }, { extId: 'f-2' }]),
  )
  expect(indexes).toEqual(expect.arrayContaining(['opportunity_ext', 'opportunity_pkey']))
  expect(scanned).not.toContain('opportunity')
  expect(read).toBeLessThan(100)
})
