import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { NewCustomer } from '#contract/customers.ts'
import { NeedItem, needs } from '#contract/needs.ts'
import { addCustomer } from '#domains/customers/index.ts'
import { addPerson } from '#domains/identity/index.ts'
import type { Actor } from '#kernel/access.ts'
import { newId } from '#kernel/ids.ts'
import { asSystem } from '#kernel/react.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { explained } from '#testing/plans.ts'
import { answerNeed, changeNeed, moveNeed } from './actions.ts'
import { voicesOf } from './askers.ts'
import { takeNeeds, upsertNeed } from './batch.ts'
import { mergeNeeds, partNeed } from './merging.ts'
import { listNeeds, needById, needsChanged } from './queries.ts'
import { speakFor } from './voices.ts'

let house: TestHouse
const who = { a: '', b: '', gone: '' }
const form = { label: '哪方面', labelEn: '', type: 'text', options: [], help: '', helpEn: '' } as const
const fields = [
  { ...form, key: 'area', required: true },
  { ...form, key: 'floor', required: false },
]
beforeAll(async () => {
  house = await openHouse()
  await house.settle()
  for (const key of ['a', 'b', 'gone'] as const) who[key] = await customer(key)
  await house.house.control.query(`update customers.customer set ext_id = 'crm-' || number`)
  await template({ name: '服务改进', nameEn: 'Service', fields: JSON.stringify(fields) })
  await template({ name: '旧的', fields: '[]', retired: true })
})
afterAll(() => house.close())

const customer = async (number: string) =>
  (await house.work(ctx => addCustomer(ctx, NewCustomer.parse({ number, name: `户 ${number}` })))).id
const template = (more: { name: string; nameEn?: string; fields: string; retired?: boolean }) =>
  house.work(ctx =>
    ctx.db
      .insertInto('needs.template')
      .values({ id: newId(), departmentId: null, ...more })
      .execute(),
  )
const batch = (items: unknown[], actor?: Actor) => house.work(ctx => takeNeeds(ctx, items), actor)
const wish = (n: string, more: object = {}) => ({
  extId: `w-${n}`,
  template: '服务改进',
  title: `夜间缴费 ${n}`,
  fields: { area: '营业厅' },
  ...more,
})
const codes = ({ results }: Awaited<ReturnType<typeof batch>>) => results.map(r => r.code ?? r.did)
const row = (id: string | null | undefined) =>
  house.work(ctx =>
    ctx.db
      .selectFrom('needs.need')
      .selectAll()
      .where('id', '=', id ?? '')
      .executeTakeFirstOrThrow(),
  )
const said = async (id: string | null | undefined) =>
  (await house.work(ctx => voicesOf(ctx, id ?? '', {}))).rows.map(v => [v.customerId, v.words]).reverse()

describe('a batch of needs', () => {
  test('writes down, changes, hears one more and leaves as it is; the same items again change nothing', async () => {
    const { id: roleId } = await house.work(ctx => ctx.db.selectFrom('identity.role').select('id').executeTakeFirstOrThrow())
    const mei = { name: '梅', login: 'mei', password: 'Deep-Water-7', roleId, departmentId: null, teamId: null }
    const ownerId = (await house.work(ctx => addPerson(ctx, mei))).id
    const items = [
      wish('1', { text: '下班后 𠮷㐂=1+1', customerExtId: 'crm-a', words: '我下班才有空', ownerId }),
      wish('2', { template: 'Service', words: '没留名字' }),
      wish('3', { template: '一般需求', fields: {} }),
    ]
    const agent = house.user()
    const first = await batch(items, agent)
    expect(first).toMatchObject({ added: 3, refused: 0 })
    const [one, two, three] = first.results.map(r => r.id)
    expect(await row(one)).toMatchObject({ extId: 'w-1', state: 'heard', voices: 1, version: 1, openedById: agent.id, ownerId })
    expect([await said(one), await said(two), await said(three)]).toEqual([[[who.a, '我下班才有空']], [[null, '没留名字']], [[null, '']]])
    expect(await batch(items)).toMatchObject({ same: 3 })

    const second = await batch([
      { id: one, fields: { floor: '二楼' }, customerNumber: 'b', words: '我也要' },
      wish('2', { customerId: who.a, words: '我说的' }),
      { extId: 'w-1', customerExtId: 'crm-a', words: '周末也行' },
      { extId: 'w-3', title: '改名' },
    ])
    expect(codes(second)).toEqual(['changed', 'changed', 'changed', 'changed'])
    expect(await row(one)).toMatchObject({ fields: { area: '营业厅', floor: '二楼' }, voices: 2, version: 2 })
    // A voice alone makes no other version of it.
    expect(await row(two)).toMatchObject({ voices: 2, version: 1 })
    expect(await said(one)).toEqual([
      [who.a, '我下班才有空\n周末也行'],
      [who.b, '我也要'],
    ])
    expect((await house.work(ctx => listNeeds(ctx, { q: '改名' }))).rows).toMatchObject([{ id: three }])
    expect(await house.said('need.captured')).toHaveLength(3)
    expect((await house.said('need.changed')).map(d => d.fields)).toEqual([['fields'], ['title']])
    expect((await house.said('need.voiced')).map(d => d.voices)).toEqual([2, 2])
  })

  test('refuses what is wrong one by one and takes the rest', async () => {
    const [one] = (await batch([wish('there'), wish('there-2')])).results.map(r => r.id)
    const { results } = await batch([
      { template: '服务改进', title: '没有编号', fields: { area: 'x' } },
      wish('x1', { title: undefined }),
      wish('x2', { template: undefined }),
      wish('x3', { template: '旧的' }),
      wish('x4', { fields: {} }),
      wish('x5', { customerNumber: 'nobody' }),
      wish('x6', { departmentId: newId() }),
      wish('x7', { ownerId: newId() }),
      wish('x8', { words: 'a\u0000' }),
      { id: newId(), title: 'x' },
      { id: one, extId: 'w-there-2' },
      { id: one, version: 7, title: 'x' },
      wish('there', { template: '一般需求' }),
      wish('there', { fields: { area: null } }),
      7,
      wish('good'),
    ])
    expect(results.map(r => [r.code, r.field])).toEqual([
      ['need.identity_missing', 'extId'],
      ['input.invalid', 'title'],
      ['need.template_unknown', 'templateId'],
      ['need.template_unknown', 'template'],
      ['need.field', 'fields.area'],
      ['customer.not_found', 'customerNumber'],
      ['department.not_found', 'departmentId'],
      ['person.not_found', 'ownerId'],
      ['input.unstorable_text', 'words'],
      ['need.not_found', 'id'],
      ['need.ext_taken', 'extId'],
      ['need.changed_meanwhile', 'version'],
      ['need.template_fixed', 'template'],
      ['need.field', 'fields.area'],
      ['input.invalid', null],
      [null, null],
    ])
    expect(needs.batch.body.safeParse({ items: Array(1001).fill(wish('1')) }).success).toBe(false)
  })

  test('who speaks for a merged one is heard in the one it became part of; to change it is refused, and its person’s merging stays', async () => {
    const [part = '', kept = ''] = (await batch([wish('part', { customerId: who.a, words: '一' }), wish('kept')])).results.map(
      r => r.id ?? '',
    )
    await house.work(ctx => mergeNeeds(ctx, part, { intoId: kept, version: 1 }))
    expect(codes(await batch([wish('part', { customerId: who.a, words: '一' })]))).toEqual(['same'])
    const after = await batch([
      wish('part', { title: '改' }),
      wish('part', { customerId: who.b, words: '二' }),
      wish('kept', { customerId: who.b, words: '三' }),
      wish('part', { customerId: who.a, words: '四' }),
    ])
    expect(codes(after)).toEqual(['need.merged', 'changed', 'changed', 'changed'])
    expect(await row(part)).toMatchObject({ mergedInto: kept, title: '夜间缴费 part', voices: 1 })
    expect(await row(kept)).toMatchObject({ voices: 3 })
    expect(await said(kept)).toEqual([
      [who.a, '一\n四'],
      [null, ''],
      [who.b, '二\n三'],
    ])
    expect(await house.work(ctx => upsertNeed(ctx, 'w-part', {}))).toMatchObject({ did: 'same', need: { id: kept } })
    await house.work(ctx => partNeed(ctx, part))
    expect(codes(await batch([wish('part', { title: '改' })]))).toEqual(['changed'])
  })

  test('two files that became one are one voice; an erased one says nothing', async () => {
    const [id] = (await batch([wish('m', { customerNumber: 'gone', words: '旧' })])).results.map(r => r.id)
    await house.house.control.query('update customers.customer set merged_into = $1 where id = $2', [who.b, who.gone])
    expect(codes(await batch([wish('m', { customerNumber: 'gone', words: '旧' }), wish('m', { customerNumber: 'b', words: '新' })]))).toEqual(['same', 'changed']) // biome-ignore format: short
    expect([(await row(id)).voices, await said(id)]).toEqual([1, [[who.b, '旧\n新']]])
    const erased = await customer('erased')
    await house.house.control.query('update customers.customer set erased_at = now() where id = $1', [erased])
    expect(codes(await batch([wish('m', { customerId: erased })]))).toEqual(['customer.not_found'])
  })

  test('many at once write each down once, and a voice counts once however it comes', async () => {
    const items = Array.from({ length: 40 }, (_, n) => wish(`race-${n}`, { customerId: who.a }))
    const all = await Promise.all([batch(items), batch(items), batch([...items].reverse())])
    expect([all.reduce((sum, one) => sum + one.added, 0), all.reduce((sum, one) => sum + one.same, 0)]).toEqual([40, 80])
    const id = all[0].results[0]?.id ?? ''
    const speak = () => house.work(ctx => speakFor(ctx, id, { customerId: who.b, interactionId: null, from: null, words: '' }))
    await Promise.all([speak(), batch([wish('race-0', { customerId: who.b })]), speak(), batch([wish('race-0', { customerId: who.b })])])
    expect([(await row(id)).voices, (await said(id)).length]).toEqual([2, 2])
  })

  test('reaches only what its key may change, finds again what it brought, and never another tenant’s', async () => {
    const own = house.user({
      id: newId(),
      key: true,
      grants: new Map([
        ['need:read', 'own'],
        ['need:write', 'own'],
      ]),
    })
    expect(codes(await batch([wish('1'), wish('k', { customerNumber: 'a' }), wish('mine')], own))).toEqual(['need.not_found', 'customer.not_found', 'added']) // biome-ignore format: short
    expect(await batch([wish('mine')], own)).toMatchObject({ same: 1 })
    const id = (await batch([wish('1')])).results[0]?.id
    const theirs = await asSystem(house.house, house.otherTenantId, async ctx => {
      await ctx.db.insertInto('needs.template').values({ id: newId(), name: '别家', fields: '[]', departmentId: null }).execute()
      return takeNeeds(ctx, [
        { id, title: '偷' },
        wish('1', { template: '别家', fields: {} }),
        wish('1', { customerNumber: 'a' }),
        wish('y'),
      ])
    })
    expect(codes(theirs)).toEqual(['need.not_found', 'added', 'customer.not_found', 'need.template_unknown'])
  })
})

test('one by its external id: writes down, changes, says so, and refuses as a call', async () => {
  const put = (body: Record<string, unknown>) => house.work(ctx => upsertNeed(ctx, 'site/7?😀', body))
  const { extId: _, ...body } = NeedItem.parse(wish('one'))
  expect(await put(body)).toMatchObject({ did: 'added', need: { extId: 'site/7?😀', voices: 1 } })
  expect(await put(body)).toMatchObject({ did: 'same' })
  expect(await put({ title: '改' })).toMatchObject({ did: 'changed', need: { title: '改', version: 2 } })
  await expect(put({ version: 1, title: 'x' })).rejects.toMatchObject({ kind: 'conflict', code: 'need.changed_meanwhile' })
  await expect(put({ customerNumber: 'none' })).rejects.toMatchObject({ kind: 'not_found', code: 'customer.not_found' })
})

test('a thousand take as many statements as ten, and find theirs by index among many', async () => {
  const query = vi.spyOn(pg.Client.prototype, 'query')
  const sent = async (n: number, more: object, did: object) => {
    const items = Array.from({ length: n }, (_, k) => wish(`n-${n}-${k}`, { customerNumber: 'a', words: '要', ...more }))
    query.mockClear()
    const began = performance.now()
    expect(await batch(items)).toMatchObject(did)
    return { count: query.mock.calls.length, ms: Math.round(performance.now() - began) }
  }
  const times: number[] = []
  for (const [more, did] of [
    [{}, 'added'],
    [{ text: '改', customerNumber: 'b' }, 'changed'],
    [{ text: '改' }, 'same'],
  ] as const) {
    const [few, many] = [await sent(10, more, { [did]: 10 }), await sent(1000, more, { [did]: 1000 })]
    expect(many.count).toBe(few.count)
    times.push(many.ms)
  }
  query.mockRestore()
  console.log(`1,000 needs: added in ${times[0]} ms, changed in ${times[1]} ms, left in ${times[2]} ms`)
  const fill = (text: string) => house.house.control.query(text, [house.tenantId])
  await fill(`insert into needs.need (tenant_id, id, title, template_id, state, ext_id, voices, opened_at, changed_at)
    select $1, gen_random_uuid(), '多', gen_random_uuid(), 'heard', 'f-' || n, 1, now(), now() from generate_series(1, 20000) n`)
  await fill(`insert into needs.voice (tenant_id, id, need_id, customer_id, at)
    select $1, gen_random_uuid(), id, gen_random_uuid(), now() from needs.need where tenant_id = $1 and ext_id like 'f-%'`)
  for (const table of ['need', 'voice']) await house.house.control.query(`analyze needs.${table}`)
  const { indexes, scanned, read } = await explained(house, house.user(), ctx =>
    takeNeeds(ctx, [
      { extId: 'f-1', customerNumber: 'erased' },
      { extId: 'f-2', words: '也要' },
      { extId: 'f-3', title: '改' },
    ]),
  )
  expect(indexes).toEqual(expect.arrayContaining(['need_ext', 'need_pkey']))
  expect(scanned.filter(table => table === 'need' || table === 'voice')).toEqual([])
  expect(read).toBeLessThan(300)
})

test('the feed tells what changed of needs by any door, merged ones too, by its index, and only to who sees every need', async () => {
  const settled = async () => {
    const { rows } = await house.house.control.query('select pg_current_xact_id()::text as now')
    const isOver = async () =>
      (await house.house.control.query('select pg_snapshot_xmin(pg_current_snapshot()) > $1::xid8 as over', [rows[0].now])).rows[0].over
    await expect.poll(isOver).toBe(true)
  }
  const feed = (after?: string, actor?: Actor) => house.work(ctx => needsChanged(ctx, { after, size: 1000 }), actor)
  const end = async (after?: string): Promise<string> => {
    const page = await feed(after)
    return page.more ? end(page.next) : page.next
  }
  const names = ['changed', 'moved', 'answered', 'part', 'kept', 'spoken', 'heard', 'still']
  const ids = (await batch(names.map(name => wish(`feed-${name}`)))).results.map(r => r.id ?? '')
  const [changed = '', moved = '', answered = '', part = '', kept = '', spoken = ''] = ids
  await settled()
  const next = await end()
  await house.work(ctx => changeNeed(ctx, changed, { version: 1, text: '改' }))
  await house.work(ctx => moveNeed(ctx, moved, { state: 'taken', version: 1 }))
  await house.work(ctx => answerNeed(ctx, answered, { state: 'declined', text: '暂不', tell: false, version: 1 }))
  await house.work(ctx => mergeNeeds(ctx, part, { intoId: kept, version: 1 }))
  await house.work(ctx => speakFor(ctx, spoken, { customerId: who.a, interactionId: null, from: null, words: '' }))
  await batch([wish('feed-heard', { customerId: who.a }), wish('feed-still')])
  await settled()
  const { rows } = await feed(next)
  expect(rows.map(need => [need.extId?.slice(7), need.state, need.voices, need.mergedInto]).sort()).toEqual([
    ['answered', 'declined', 1, null],
    ['changed', 'heard', 1, null],
    ['heard', 'heard', 2, null],
    ['kept', 'heard', 2, null],
    ['moved', 'taken', 1, null],
    ['part', 'heard', 1, kept],
    ['spoken', 'heard', 2, null],
  ])
  const { indexes, scanned } = await explained(house, house.user(), ctx => needsChanged(ctx, { after: next, size: 50 }))
  expect(indexes).toContain('need_feed')
  expect(scanned).not.toContain('need')
  const theirs = await asSystem(house.house, house.otherTenantId, ctx => needsChanged(ctx, {}))
  expect(theirs.rows.map(need => need.extId)).toEqual(['w-1'])
  const own = house.user({ grants: new Map([['need:read', 'own']]) })
  await expect(feed(undefined, own)).rejects.toMatchObject({ code: 'need.feed_sees_all' })
  expect((await house.work(ctx => needById(ctx, part))).id).toBe(kept)
})
