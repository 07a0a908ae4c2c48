import { afterAll, beforeAll, expect, test } from 'vitest'
import { NewCustomer } from '#contract/customers.ts'
import { NewOpportunity } from '#contract/sales.ts'
import { changeCustomer } from '#domains/customers/actions.ts'
import { addCustomer, identify } from '#domains/customers/index.ts'
import { newId } from '#kernel/ids.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { changeOpportunity, convertOpportunity, moveOpportunity, openOpportunity } from './actions.ts'
import { courseOf, listOpportunities, opportunityById, sums } from './queries.ts'

let house: TestHouse
let stages: Record<string, string>
beforeAll(async () => {
  house = await openHouse()
  await house.settle()
  const rows = await house.work(ctx => ctx.db.selectFrom('sales.stage').select(['id', 'name']).execute())
  stages = Object.fromEntries(rows.map(row => [row.name, row.id]))
})
afterAll(() => house.close())

const open = (more: Record<string, unknown> = {}, actor = house.user()) =>
  house.work(
    ctx => openOpportunity(ctx, NewOpportunity.parse({ title: '工业园区供水扩容', name: '沈工', value: 12_000_00, ...more })),
    actor,
  )
const stage = (name: string) => stages[name] ?? ''

test('a new organisation begins with stages to win and to lose', () => {
  expect(Object.keys(stages)).toEqual(expect.arrayContaining(['新线索', '已联系', '方案报价', '赢单', '丢单']))
})

test('it is opened for a lead, goes through its stages and is won; its course tells when and by whom', async () => {
  const agent = house.user({ name: '许知夏' })
  const one = await open({ phone: '138 1234 0000' }, agent)
  expect(one).toMatchObject({
    state: 'open',
    whoName: '沈工',
    phone: '138****0000',
    ownerId: agent.id,
    stageId: stage('新线索'),
    version: 1,
  })
  const moved = await house.work(ctx => moveOpportunity(ctx, one.id, { stageId: stage('方案报价'), note: '', version: 1 }), agent)
  const won = await house.work(ctx => moveOpportunity(ctx, one.id, { stageId: stage('赢单'), note: '签了', version: moved.version }), agent)
  expect(won).toMatchObject({ state: 'won', closedAt: expect.any(Date) })
  const course = await house.work(ctx => courseOf(ctx, one.id), agent)
  expect(course.map(s => [s.toId, s.byName, s.note])).toEqual([
    [stage('赢单'), '许知夏', '签了'],
    [stage('方案报价'), '许知夏', ''],
    [stage('新线索'), '许知夏', ''],
  ])
  expect(await house.said('opportunity.moved')).toContainEqual({ from: '方案报价', to: '赢单', state: 'won', value: 12_000_00 })
})

test('losing asks for the reason; coming back from lost opens it again', async () => {
  const one = await open()
  await expect(house.work(ctx => moveOpportunity(ctx, one.id, { stageId: stage('丢单'), note: '', version: 1 }))).rejects.toThrow(
    'opportunity.why_lost',
  )
  const lost = await house.work(ctx => moveOpportunity(ctx, one.id, { stageId: stage('丢单'), note: '价格', version: 1 }))
  expect(lost).toMatchObject({ state: 'lost', lostReason: '价格' })
  const again = await house.work(ctx => moveOpportunity(ctx, one.id, { stageId: stage('已联系'), note: '', version: 2 }))
  expect(again).toMatchObject({ state: 'open', lostReason: '', closedAt: null })
})

test('a lead becomes a customer with its number; whoever is known already is named instead', async () => {
  const one = await open({ name: '陆晚舟', phone: '139 0000 7788', email: 'Lu@example.com' })
  const became = await house.work(ctx => convertOpportunity(ctx, one.id, { customerId: null, anyway: false, version: 1 }))
  expect(became).toMatchObject({ whoName: '陆晚舟', phone: null, email: null, convertedAt: expect.any(Date) })
  expect((await house.work(ctx => identify(ctx, { phone: '13900007788' })))?.id).toBe(became.customerId)
  await expect(house.work(ctx => convertOpportunity(ctx, one.id, { customerId: null, anyway: false, version: 2 }))).rejects.toThrow(
    'opportunity.converted',
  )

  const second = await open({ name: '陆先生', phone: '139 0000 7788' })
  await expect(
    house.work(ctx => convertOpportunity(ctx, second.id, { customerId: null, anyway: false, version: 1 })),
  ).rejects.toMatchObject({
    code: 'opportunity.known_already',
    facts: { customerId: became.customerId, name: '陆晚舟' },
  })
  const joined = await house.work(ctx => convertOpportunity(ctx, second.id, { customerId: became.customerId, anyway: false, version: 1 }))
  expect(joined.customerId).toBe(became.customerId)
})

test('a lead is joined only to a file that one may write in', async () => {
  const mine = house.user({
    grants: new Map([
      ['opportunity:read', 'all'],
      ['opportunity:write', 'all'],
      ['customer:read', 'all'],
      ['customer:write', 'own'],
    ]),
  })
  const theirs = await house.work(ctx => addCustomer(ctx, NewCustomer.parse({ name: '别人家的客户' })))
  const lead = await open({ phone: '139 0000 5533' }, mine)
  const join = (customerId: string) => house.work(ctx => convertOpportunity(ctx, lead.id, { customerId, anyway: false, version: 1 }), mine)
  await expect(join(theirs.id)).rejects.toThrow('customer.not_found')
  expect(await house.work(ctx => identify(ctx, { phone: '13900005533' }))).toBeNull()
  const own = await house.work(ctx => addCustomer(ctx, NewCustomer.parse({ name: '自家客户' })))
  await house.work(ctx => ctx.db.updateTable('customers.customer').set({ ownerId: mine.id }).where('id', '=', own.id).execute())
  expect(await join(own.id)).toMatchObject({ customerId: own.id })
})

test('two who change the same: the later is refused and nothing is lost', async () => {
  const one = await open()
  const both = await Promise.allSettled([
    house.work(ctx => changeOpportunity(ctx, one.id, { value: 100, version: 1 })),
    house.work(ctx => changeOpportunity(ctx, one.id, { title: '改名', version: 1 })),
  ])
  expect(both.filter(r => r.status === 'fulfilled')).toHaveLength(1)
  expect(both.flatMap(r => (r.status === 'rejected' ? [r.reason.code] : []))).toEqual(['opportunity.changed_meanwhile'])
})

test('sent again after a lost answer it is one', async () => {
  const clientId = newId()
  const [first, second] = [await open({ clientId }), await open({ clientId })]
  expect(second.id).toBe(first.id)
  expect(await house.work(ctx => courseOf(ctx, first.id))).toHaveLength(1)
})

test('it is found by title, lead and rare signs; a customer’s own; and summed by stage', async () => {
  const customer = await house.work(ctx => addCustomer(ctx, NewCustomer.parse({ name: '𠮷野家' })))
  const one = await open({ title: '㐂来园二期', name: '', customerId: customer.id, value: 5_00 })
  const titles = async (query: Parameters<typeof listOpportunities>[1]) =>
    (await house.work(ctx => listOpportunities(ctx, query))).rows.map(row => row.title)
  expect(await titles({ q: '㐂来' })).toEqual(['㐂来园二期'])
  expect(await titles({ customerId: customer.id })).toEqual(['㐂来园二期'])
  expect((await house.work(ctx => opportunityById(ctx, one.id))).whoName).toBe('𠮷野家')
  const sum = (await house.work(ctx => sums(ctx, {}))).find(s => s.stageId === stage('新线索'))
  expect(sum?.count).toBeGreaterThan(0)
  expect(sum?.weighted).toBe(Math.round((sum?.value ?? 0) * 0.1))
})

test('it is found by the name in its customer’s file, before and after it is edited, and of a lead once it is converted', async () => {
  const customer = await house.work(ctx => addCustomer(ctx, NewCustomer.parse({ name: '澜沧江鲜鱼庄', phone: '13700006611' })))
  const one = await open({ title: '换大表', name: '', customerId: customer.id })
  const lead = await open({ title: '新装', name: '怒江客栈' })
  const found = async (q: string) => (await house.work(ctx => listOpportunities(ctx, { q }))).rows.map(row => row.title).sort()
  expect(await found('澜沧江')).toEqual(['换大表'])
  expect(await found('13700006611')).toEqual(['换大表'])
  await house.work(ctx => changeOpportunity(ctx, one.id, { note: '等报价', version: 1 }))
  expect(await found('澜沧江')).toEqual(['换大表'])
  expect(await found('怒江')).toEqual(['新装'])
  const { customerId } = await house.work(ctx => convertOpportunity(ctx, lead.id, { customerId: null, anyway: false, version: 1 }))
  await house.work(ctx => changeOpportunity(ctx, lead.id, { note: '已签', version: 2 }))
  expect(await found('怒江')).toEqual(['新装'])
  // Renamed, it is found by what the file says now; merged, by the file that is read.
  await house.work(ctx => changeCustomer(ctx, customerId ?? '', { version: 1, name: '独龙江客栈' }))
  expect([await found('怒江'), await found('独龙江')]).toEqual([[], ['新装']])
  await house.work(ctx => ctx.db.updateTable('customers.customer').set({ mergedInto: customerId }).where('id', '=', customer.id).execute())
  expect(await found('独龙江')).toEqual(['换大表', '新装'])
})

test('its owner is somebody of the house', async () => {
  await expect(open({ ownerId: newId() })).rejects.toThrow('person.not_found')
  const one = await open()
  await expect(house.work(ctx => changeOpportunity(ctx, one.id, { ownerId: newId(), version: 1 }))).rejects.toThrow('person.not_found')
})

test('this year begins at midnight where the organisation is', async () => {
  const one = await open({ value: 7_00 })
  await house.work(ctx => moveOpportunity(ctx, one.id, { stageId: stage('赢单'), note: '', version: 1 }))
  const year = new Date(house.now().getTime() + 8 * 3_600_000).getUTCFullYear()
  const won = async (closedAt: string) => {
    await house.work(ctx =>
      ctx.db
        .updateTable('sales.opportunity')
        .set({ closedAt: new Date(closedAt) })
        .where('id', '=', one.id)
        .execute(),
    )
    return (await house.work(ctx => sums(ctx, {}))).find(s => s.stageId === stage('赢单'))?.value ?? 0
  }
  // An hour into the year in Shanghai, and an hour before.
  const within = await won(`${year - 1}-12-31T17:00:00Z`)
  expect(within - (await won(`${year - 1}-12-31T15:00:00Z`))).toBe(7_00)
})

test('an agent sees their own and no others; a page goes on where the one before ended', async () => {
  const [mine, other] = [
    house.user({
      grants: new Map([
        ['opportunity:read', 'own'],
        ['opportunity:write', 'own'],
      ]),
    }),
    house.user(),
  ]
  for (let n = 0; n < 3; n++) await open({ title: `我的 ${n}` }, mine)
  const foreign = await open({ title: '别人的' }, other)
  const first = await house.work(ctx => listOpportunities(ctx, { size: 2 }), mine)
  const second = await house.work(ctx => listOpportunities(ctx, { size: 2, after: first.next ?? '' }), mine)
  expect([...first.rows, ...second.rows].map(row => row.title)).toEqual(['我的 2', '我的 1', '我的 0'])
  await expect(house.work(ctx => opportunityById(ctx, foreign.id), mine)).rejects.toThrow('opportunity.not_found')
})

test('a telephone of thirty digits, an unknown stage, a lead without a name are refused', async () => {
  await expect(open({ phone: '1'.repeat(30) })).rejects.toThrow('customer.phone_invalid')
  await expect(open({ stageId: newId() })).rejects.toThrow('opportunity.stage_unknown')
  await expect(open({ stageId: stage('赢单') })).rejects.toThrow('opportunity.begins_open')
  expect(NewOpportunity.safeParse({ title: '无名' }).success).toBe(false)
})

test('what was heard in a contact is found by that contact, among what one sees', async () => {
  const interactionId = newId()
  const one = await open({ interactionId })
  await open()
  const heard = await house.work(ctx => listOpportunities(ctx, { interactionId }))
  expect(heard.rows.map(row => row.id)).toEqual([one.id])
  const stranger = house.user({ grants: new Map([['opportunity:read', 'own']]) })
  expect((await house.work(ctx => listOpportunities(ctx, { interactionId }), stranger)).rows).toEqual([])
})
