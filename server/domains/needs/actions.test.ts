import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { NewCustomer } from '#contract/customers.ts'
import { NewNeed } from '#contract/needs.ts'
import { addCustomer, addSegment } from '#domains/customers/index.ts'
import { addPerson } from '#domains/identity/index.ts'
import { newId } from '#kernel/ids.ts'
import { bigrams } from '#kernel/search.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { answerNeed, captureNeed, changeNeed, moveNeed } from './actions.ts'
import { voicesOf } from './askers.ts'
import { mergeNeeds, partNeed } from './merging.ts'
import { listNeeds, needById } from './queries.ts'
import { likeness } from './rules.ts'
import { similarNeeds } from './similar.ts'
import { speakFor } from './voices.ts'

let house: TestHouse
let templateId: string
beforeAll(async () => {
  house = await openHouse()
  templateId = newId()
  await house.work(ctx =>
    ctx.db
      .insertInto('needs.template')
      .values({
        id: templateId,
        name: '服务改进',
        fields: JSON.stringify([
          { key: 'area', label: '哪方面', labelEn: '', type: 'text', options: [], required: true, help: '', helpEn: '' },
        ]),
        departmentId: null,
      })
      .execute(),
  )
})
afterAll(() => house.close())

const customer = (name: string) => house.work(ctx => addCustomer(ctx, NewCustomer.parse({ name })))
const capture = (more: Record<string, unknown> = {}, actor = house.user()) =>
  house.work(ctx => captureNeed(ctx, NewNeed.parse({ templateId, title: '网上预约上门', fields: { area: '上门' }, ...more })), actor)
const speak = (id: string, customerId: string | null, words = '') =>
  house.work(ctx => speakFor(ctx, id, { customerId, interactionId: null, from: null, words }))
const voices = async (id: string) => (await house.work(ctx => voicesOf(ctx, id, {}))).rows

test('it is written down by template with the voice that said it; what the template asks is asked', async () => {
  const { id: customerId } = await customer('何建国')
  const need = await capture({ customerId, words: '别让我打电话约' })
  expect(need).toMatchObject({ state: 'heard', voices: 1, fields: { area: '上门' }, version: 1 })
  expect(await voices(need.id)).toMatchObject([{ customerName: '何建国', words: '别让我打电话约', toldAt: null }])
  await expect(capture({ fields: {} })).rejects.toMatchObject({ code: 'need.field', facts: { field: 'area', reason: 'missing' } })
  await expect(capture({ templateId: newId() })).rejects.toThrow('need.template_unknown')
  const { rows } = await house.work(ctx => listNeeds(ctx, { customerId }))
  expect(rows.map(row => row.id)).toEqual([need.id])
})

test('sent again it is shown to whoever wrote it down, and not to whoever guesses its id', async () => {
  const clientId = newId()
  const own = () =>
    house.user({
      grants: new Map([
        ['need:read', 'own'],
        ['need:write', 'own'],
      ]),
    })
  const writer = own()
  await capture({ clientId }, writer)
  expect((await capture({ clientId }, writer)).id).toBe(clientId)
  await expect(capture({ clientId }, own())).rejects.toThrow('need.not_found')
})

test('who has it is somebody of the house, and so is the department', async () => {
  const { id } = await capture()
  const change = (more: object) => house.work(ctx => changeNeed(ctx, id, { version: 1, ...more }))
  await expect(change({ ownerId: newId() })).rejects.toThrow('person.not_found')
  await expect(change({ departmentId: newId() })).rejects.toThrow('department.not_found')
})

test('a customer has one voice: what they say again is added, and sent twice it is one', async () => {
  const need = await capture()
  const { id: customerId } = await customer('陆晚舟')
  await speak(need.id, customerId, '早点有就好')
  await speak(need.id, customerId, '周末也要')
  await speak(need.id, customerId, '周末也要')
  expect((await house.work(ctx => needById(ctx, need.id))).voices).toBe(2)
  expect((await voices(need.id)).map(v => v.words)).toContain('早点有就好\n周末也要')
  const clientId = newId()
  const twice = await Promise.all([capture({ clientId }), capture({ clientId })])
  expect(twice.map(one => one.voices)).toEqual([1, 1])
  await expect(speak(need.id, null)).rejects.toThrow('need.who_says')
})

test('thirty at once are thirty voices', async () => {
  const need = await capture()
  const people = await Promise.all(Array.from({ length: 30 }, (_, n) => customer(`同时 ${n}`)))
  await Promise.all(people.map(one => speak(need.id, one.id, '我也要')))
  expect((await house.work(ctx => needById(ctx, need.id))).voices).toBe(31)
})

test('what says nearly the same is shown, the nearest first; what does not is not', async () => {
  const mark = '二维码水表读数'
  const near = await capture({ title: `${mark}自己上传` })
  await capture({ title: '𠮷祥里门口加一盏灯' })
  const found = await house.work(ctx => similarNeeds(ctx, { title: `${mark}上传` }))
  expect(found[0]).toMatchObject({ id: near.id, score: expect.any(Number) })
  expect(found.every(one => one.score >= 40)).toBe(true)
  expect(found.map(one => one.title)).not.toContain('𠮷祥里门口加一盏灯')
  expect(await house.work(ctx => similarNeeds(ctx, { title: `${mark}上传`, besides: near.id }))).toEqual([])
  expect(await house.work(ctx => similarNeeds(ctx, { title: '？！' }))).toEqual([])
})

test('what says the same is shown, however many that share a pair of signs were changed since', async () => {
  const [same, half] = [await capture({ title: '夜间断电提醒家属' }), await capture({ title: '断电提醒家属先打电话给我' })]
  await house.work(ctx =>
    sql`insert into needs.need (tenant_id, id, title, template_id, state, voices, opened_at, changed_at, search)
      select tenant_id, gen_random_uuid(), '夜间' || n, template_id, 'heard', 1, opened_at, changed_at + n * interval '1 second', ${bigrams('夜间')}::tsvector
      from needs.need, generate_series(1, 1200) n where tenant_id = ${ctx.tenantId} and id = ${same.id}`.execute(ctx.db),
  )
  const found = await house.work(ctx => similarNeeds(ctx, { title: '夜间断电提醒家属' }))
  expect(found.slice(0, 2)).toMatchObject([
    { id: same.id, score: 100 },
    { id: half.id, score: expect.any(Number) },
  ])
  await house.house.control.query(`delete from needs.need where title ~ '^夜间[0-9]'`)
})

test.each([
  ['网上预约上门', '网上预约上门', 100],
  ['网上预约上门', '网上预约上门服务', 80],
  ['网上预约上门', '门口加一盏灯', 0],
  ['Book online', 'book ONLINE', 100],
])('%s and %s are alike by at least %i', (a, b, least) => {
  const alike = likeness({ title: a, text: '' }, { title: b, text: '' })
  expect(alike).toBeGreaterThanOrEqual(least)
  expect(alike).toBe(likeness({ title: b, text: '' }, { title: a, text: '' }))
  if (least === 0) expect(alike).toBe(0)
})

test('merged, their voices stand together; taken apart, each has its own again', async () => {
  const [a, b] = [await capture({ title: '短信报停' }), await capture({ title: '发短信就能报停' })]
  await speak(b.id, (await customer('周敏')).id)
  const together = await house.work(ctx => mergeNeeds(ctx, b.id, { intoId: a.id, version: 1 }))
  expect(together).toMatchObject({ id: a.id, voices: 3 })
  expect(await voices(a.id)).toHaveLength(3)
  expect((await house.work(ctx => needById(ctx, b.id))).id).toBe(a.id)
  // Whoever speaks for the merged one speaks for the one that stands.
  await speak(b.id, (await customer('钟晓禾')).id)
  expect((await house.work(ctx => needById(ctx, a.id))).voices).toBe(4)
  await expect(house.work(ctx => mergeNeeds(ctx, a.id, { intoId: newId(), version: 2 }))).rejects.toThrow()
  expect(await house.work(ctx => partNeed(ctx, b.id))).toMatchObject({ id: b.id, voices: 2, mergedInto: null })
  expect((await house.work(ctx => needById(ctx, a.id))).voices).toBe(2)
  await expect(house.work(ctx => partNeed(ctx, b.id))).rejects.toThrow('need.not_merged')
})

test('one that was merged meanwhile is neither answered, changed nor moved, whichever version is sent: nobody of the other one hears of it', async () => {
  const [a, b] = [await capture({ title: '水费分期' }), await capture({ title: '水费能不能分期' })]
  await speak(a.id, (await customer('钱有余')).id)
  const into = await house.work(ctx => mergeNeeds(ctx, b.id, { intoId: a.id, version: 1 }))
  for (const version of [1, 2, into.version]) {
    const sent = { state: 'done', text: '可以分期', tell: true, version } as const
    await expect(house.work(ctx => answerNeed(ctx, b.id, sent))).rejects.toThrow('need.merged')
    await expect(house.work(ctx => changeNeed(ctx, b.id, { title: '改了', version }))).rejects.toThrow('need.merged')
    await expect(house.work(ctx => moveNeed(ctx, b.id, { state: 'taken', version }))).rejects.toThrow('need.merged')
  }
  await house.settle()
  expect(await house.work(ctx => needById(ctx, a.id))).toMatchObject({ state: 'heard', answer: '', title: '水费分期' })
  expect((await voices(a.id)).every(v => v.toldAt === null)).toBe(true)
})

test('two who merge the same two either way round: one does it, the other is refused', async () => {
  const [a, b] = [await capture({ title: '甲' }), await capture({ title: '乙' })]
  const both = await Promise.allSettled([
    house.work(ctx => mergeNeeds(ctx, a.id, { intoId: b.id, version: 1 })),
    house.work(ctx => mergeNeeds(ctx, b.id, { intoId: a.id, version: 1 })),
  ])
  expect(both.filter(one => one.status === 'fulfilled')).toHaveLength(1)
})

test('it moves through its states; done and declined are answers; two who change it: the later is refused', async () => {
  const need = await capture()
  const taken = await house.work(ctx => moveNeed(ctx, need.id, { state: 'taken', version: 1 }))
  await expect(house.work(ctx => moveNeed(ctx, need.id, { state: 'done', version: taken.version }))).rejects.toThrow('need.answer_it')
  await expect(house.work(ctx => changeNeed(ctx, need.id, { title: '改', version: 1 }))).rejects.toThrow('need.changed_meanwhile')
  expect(await house.work(ctx => changeNeed(ctx, need.id, { title: '改了', version: taken.version }))).toMatchObject({ title: '改了' })
})

test('answered, everybody who said it is told once, also those of a merged one; who cannot be reached stands there with the reason', async () => {
  const [a, b] = [await capture({ title: '夜间抢修进度' }), await capture({ title: '夜里也能看进度' })]
  const both = await customer('两处都说')
  await speak(a.id, both.id)
  await speak(b.id, both.id)
  await house.work(ctx => mergeNeeds(ctx, b.id, { intoId: a.id, version: 1 }))
  const { version } = await house.work(ctx => needById(ctx, a.id))
  await house.work(ctx => answerNeed(ctx, a.id, { state: 'done', text: '已经可以查看', tell: true, version }))
  await house.settle()
  const told = (await voices(a.id)).filter(v => v.customerId === both.id)
  expect(told).toHaveLength(2)
  expect(told.every(v => v.toldAt !== null)).toBe(true)
  // Nothing can be sent in this house: one voice carries the reason, the other that it was told with it.
  expect(told.map(v => v.untold).sort()).toEqual(['no_way', 'told_already'])
  expect(await house.said('need.told')).toContainEqual({ state: 'done', way: 'none' })
})

test('an export writes in an order that one more voice does not change, and of a segment those who were in it when it began', async () => {
  const kind = house.house.runs.get('export.needs')
  if (!kind) throw new Error('no such export')
  const { id: customerId } = await house.work(ctx => addCustomer(ctx, NewCustomer.parse({ name: '导出的', tags: ['导出'] })))
  const titles = ['导出一', '导出二', '导出三']
  for (const title of titles) {
    await house.pass(60)
    await speak((await capture({ title })).id, title === '导出二' ? null : customerId, '说')
  }
  await speak((await capture({ title: '别处' })).id, (await customer('别人')).id)
  const segment = await house.work(ctx =>
    addSegment(ctx, {
      name: '导出',
      nameEn: '',
      note: '',
      condition: { match: 'all', of: [{ field: 'tags', op: 'hasAny', value: ['导出'] }] },
    }),
  )
  const written = async (filter: Record<string, unknown>) => {
    const asked = { filter, columns: ['title'], language: 'zh', format: 'csv' }
    const run = { id: newId(), params: { asked, zone: 'UTC' }, total: null, outcome: {}, askedById: null, askedAt: house.now() }
    const { output } = await house.work(ctx => kind.step(ctx, { ...run, cursor: kind.start, done: 0 }, undefined))
    return Buffer.from(output ?? [])
      .toString('utf8')
      .split('\r\n')
      .filter(line => titles.includes(line))
  }
  for (const sort of [undefined, '-voices', '-changed', '-opened'])
    expect(await written(sort ? { sort } : {})).toEqual(['导出三', '导出二', '导出一'])
  for (const sort of ['changed', 'opened']) expect(await written({ sort })).toEqual(titles)
  expect(await written({ segment: segment.id })).toEqual(['导出三', '导出一'])
  const { rows } = await house.house.control.query('select 1 from customers.segment_held')
  expect(rows).toEqual([])
})

test('whoever sees their own sees no others’, and speaks for none of them', async () => {
  const grants = new Map([
    ['need:read', 'own'],
    ['need:write', 'own'],
    ['customer:read', 'all'],
  ] as const)
  const mine = house.user({ grants })
  const [own, other] = [await capture({ title: '我记的' }, mine), await capture({ title: '别人记的' })]
  expect((await house.work(ctx => listNeeds(ctx, {}), mine)).rows.map(row => row.title)).toEqual(['我记的'])
  expect((await house.work(ctx => needById(ctx, own.id), mine)).id).toBe(own.id)
  await expect(house.work(ctx => needById(ctx, other.id), mine)).rejects.toThrow('need.not_found')
})

test("whoever it is given to is told, and the department while it is nobody's", async () => {
  const roleId = newId()
  const departmentId = newId()
  await house.work(async ctx => {
    await ctx.db.insertInto('identity.department').values({ id: departmentId, name: '水质部', nameEn: '' }).execute()
    const grants: Record<string, 'department'> = { 'need:read': 'department' }
    await ctx.db.insertInto('identity.role').values({ id: roleId, code: roleId, name: '水质', nameEn: '', grants }).execute()
  })
  const person = { name: '水质员', password: 'Deep-Water-7', roleId, departmentId, teamId: null }
  const [owner, other] = [
    await house.work(ctx => addPerson(ctx, { ...person, login: newId() })),
    await house.work(ctx => addPerson(ctx, { ...person, login: newId() })),
  ]
  const need = await capture({ title: '水质日报' })
  await house.settle()
  const told = async () => {
    await house.settle()
    const { rows } = await house.work(ctx =>
      sql<{ personId: string; kind: string }>`select person_id, kind from notifications.notification
        where tenant_id = ${ctx.tenantId} and link = ${`/needs?need=${need.id}`} and person_id = any(${[owner.id, other.id]}::uuid[]) order by id`.execute(
        ctx.db,
      ),
    )
    return rows.map(row => `${row.personId === owner.id ? 'owner' : 'other'} ${row.kind}`).sort()
  }
  const { version } = await house.work(ctx => changeNeed(ctx, need.id, { version: need.version, departmentId }))
  expect(await told()).toEqual(['other need.sent', 'owner need.sent'])
  await house.work(ctx => changeNeed(ctx, need.id, { version, ownerId: owner.id }))
  expect(await told()).toEqual(['other need.sent', 'owner need.given', 'owner need.sent'])
})
