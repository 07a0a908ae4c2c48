import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { NewCustomer } from '#contract/customers.ts'
import { addPerson } from '#domains/identity/index.ts'
import { newId } from '#kernel/ids.ts'
import type { Ctx } from '#kernel/work.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { addCustomer, changeCustomer } from './actions.ts'
import { identify, rememberIdentity, touch } from './identify.ts'
import { reveal } from './masking/reveal.ts'
import { customerCard, listCustomers, oneCustomer } from './queries.ts'
import { timelineOf } from './timeline.ts'

let house: TestHouse
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

const add = (more: Record<string, unknown>) => house.work(ctx => addCustomer(ctx, NewCustomer.parse(more)))
const find = async (q: string) => (await house.work(ctx => listCustomers(ctx, { q }))).rows.map(row => row.name)

describe('a new customer', () => {
  test('gets a number, and shows telephone and e-mail masked', async () => {
    const one = await add({ name: '周敏', phone: '138 1234 6021', email: 'Zhou@Example.com', care: ['elderly'] })
    expect(one).toMatchObject({
      number: 'K0000001',
      phone: '138****6021',
      email: 'z***@example.com',
      version: 1,
      tier: 'normal',
      care: ['elderly'],
    })
    expect(await house.work(ctx => oneCustomer(ctx, one.id))).toEqual(one)
    expect(await house.said('customer.added')).toContainEqual({})
  })

  test('keeps the number it comes with, and ours steps over it', async () => {
    await add({ name: '旧账', number: 'K0000002' })
    expect(await add({ name: '新来' })).toMatchObject({ number: 'K0000003' })
    await expect(add({ name: '重号', number: 'K0000002' })).rejects.toThrow('customer.number_taken')
  })

  test('numbers are unique when many arrive at once', async () => {
    const many = await Promise.all(Array.from({ length: 12 }, () => add({ name: '同时' })))
    expect(new Set(many.map(c => c.number)).size).toBe(12)
  })

  test('with a telephone that cannot be one is refused', async () => {
    await expect(add({ name: '错号', phone: '12' })).rejects.toThrow('customer.phone_invalid')
  })
})

describe('recognising', () => {
  test('goes by id, number, telephone, e-mail, however typed', async () => {
    const { id, number } = await add({ name: '何建国', phone: '(028) 8612 3366', email: 'he@water.cn' })
    const known = async (claim: Parameters<typeof identify>[1]) => (await house.work(ctx => identify(ctx, claim)))?.id
    expect(await known({ customerId: id })).toBe(id)
    expect(await known({ number })).toBe(id)
    expect(await known({ phone: '02886123366' })).toBe(id)
    expect(await known({ phone: '+86 28 8612 3366' })).toBe(id)
    expect(await known({ email: 'HE@water.cn' })).toBe(id)
    expect(await known({ customerId: newId(), phone: '13900000000', email: 'nobody@water.cn' })).toBeUndefined()
    expect(await known({ phone: "'; drop table", email: '' })).toBeUndefined()
    expect(await house.work(ctx => customerCard(ctx, id))).toEqual({ id, number, name: '何建国', tier: 'normal', district: '', care: [] })
  })

  test('takes whoever was in touch last where two share a telephone', async () => {
    const [father, son] = [await add({ name: '父', phone: '13700001111' }), await add({ name: '子', phone: '13700001111' })]
    const who = async () => (await house.work(ctx => identify(ctx, { phone: '13700001111' })))?.id
    await house.work(ctx => touch(ctx, father.id))
    expect(await who()).toBe(father.id)
    await house.pass(1)
    await house.work(ctx => touch(ctx, son.id))
    expect(await who()).toBe(son.id)
  })

  test('learns, and learning twice changes nothing', async () => {
    const { id } = await add({ name: '网上来的' })
    const learn = () => house.work(ctx => rememberIdentity(ctx, id, 'phone', '137 0000 2222'))
    expect([await learn(), await learn()]).toEqual([true, true])
    expect(await house.work(ctx => rememberIdentity(ctx, id, 'phone', 'not a telephone'))).toBe(false)
    expect((await house.work(ctx => identify(ctx, { phone: '13700002222' })))?.id).toBe(id)
    expect(await house.work(ctx => oneCustomer(ctx, id))).toMatchObject({ phone: '137****2222' })
    expect(await house.said('customer.identified')).toEqual([{ kind: 'phone' }])
  })
})

describe('changing', () => {
  test('is refused when somebody else changed it since', async () => {
    const { id } = await add({ name: '甲' })
    const change = (name: string, version: number) => house.work(ctx => changeCustomer(ctx, id, { name, version }))
    expect(await change('乙', 1)).toMatchObject({ name: '乙', version: 2 })
    await expect(change('丙', 1)).rejects.toMatchObject({ code: 'customer.changed_meanwhile', facts: { version: 2 } })
    const both = await Promise.allSettled([change('丁', 2), change('戊', 2)])
    expect(both.map(b => b.status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  test('a masked telephone sent back changes nothing; a new one takes over', async () => {
    const { id } = await add({ name: '换号', phone: '13700003333', email: 'old@water.cn' })
    const same = await house.work(ctx => changeCustomer(ctx, id, { phone: '137****3333', email: 'o***@water.cn', version: 1 }))
    expect(same.version).toBe(1)
    await house.work(ctx => changeCustomer(ctx, id, { phone: '13700004444', email: null, version: 1 }))
    const who = async (phone: string) => (await house.work(ctx => identify(ctx, { phone })))?.id
    expect([await who('13700003333'), await who('13700004444')]).toEqual([undefined, id])
    expect(await house.work(ctx => reveal(ctx, id, { reason: '回访' }))).toMatchObject({ phone: '+8613700004444', email: null })
    await expect(house.work(ctx => changeCustomer(ctx, id, { phone: '139****0000', version: 2 }))).rejects.toThrow('customer.phone_invalid')
  })

  test('says which fields, and keeps who they are about apart', async () => {
    const { id } = await add({ name: '隐私' })
    await house.work(ctx => changeCustomer(ctx, id, { name: '张三丰', tier: 'gold', version: 1 }))
    await house.work(ctx => reveal(ctx, id, { reason: '核对张三丰的号码' }))
    const { rows } = await house.house.control.query('select detail::text as detail from kernel.event where about = $1', [id])
    expect(rows.map(r => r.detail).join()).toContain('"tier"')
    expect(rows.map(r => r.detail).join()).not.toContain('张三丰')
    const values = await house.house.control.query(`select key, value from kernel.event_value where value like '%张三丰%' order by key`)
    expect(values.rows).toEqual([
      { key: 'name', value: '张三丰' },
      { key: 'reason', value: '核对张三丰的号码' },
    ])
  })
})

describe('searching', () => {
  beforeAll(async () => {
    await add({ name: '欧阳明珠', phone: '13612347788', address: '滨江路 88 号 3 栋 1203', number: 'GY-2201907788' })
    await add({ name: '明珠酒店', kind: 'organisation', phone: '02886127788', email: 'front@mingzhu.cn', address: '天府大道 1203 号' })
  })
  test.each([
    ['明珠', ['明珠酒店', '欧阳明珠']],
    ['欧阳', ['欧阳明珠']],
    ['珠', ['明珠酒店', '欧阳明珠']],
    ['滨江路', ['欧阳明珠']],
    ['1203', ['明珠酒店', '欧阳明珠']],
    ['7788', ['明珠酒店', '欧阳明珠']],
    ['136 1234 7788', ['欧阳明珠']],
    ['028-86127788', ['明珠酒店']],
    ['GY-2201907788', ['欧阳明珠']],
    ['GY-2201', ['欧阳明珠']],
    ['FRONT@mingzhu.cn', ['明珠酒店']],
    ['天府 1203', ['明珠酒店']],
    ['明珠 滨江', ['欧阳明珠']],
    ['13900009999', []],
    ['没有此人', []],
    ['%', []],
    ["' or 1=1", []],
    ['&|!():*', []],
  ])('“%s” finds %o', async (q, names) => {
    expect((await find(q)).sort()).toEqual([...names].sort())
  })

  test('follows a change of name', async () => {
    const { id } = await add({ name: '司徒' })
    await house.work(ctx => changeCustomer(ctx, id, { name: '上官', version: 1 }))
    expect([await find('司徒'), await find('上官')]).toEqual([[], ['上官']])
  })
})

test('a list is read page by page, each customer once, last contact first', async () => {
  const seen: string[] = []
  let after: string | undefined
  do {
    const page: Awaited<ReturnType<typeof listCustomers>> = await house.work(ctx => listCustomers(ctx, { size: 7, after }))
    seen.push(...page.rows.map(r => r.id))
    after = page.next ?? undefined
  } while (after)
  const { rows } = await house.house.control.query(
    'select id from customers.customer where tenant_id = $1 order by last_contact_at desc nulls last, id desc',
    [house.tenantId],
  )
  expect(seen).toEqual(rows.map(r => r.id))
  expect((await house.work(ctx => listCustomers(ctx, { tier: 'gold' }))).rows.map(r => r.tier)).toEqual(['gold'])
})

test('whoever may see their own sees those they look after', async () => {
  const carer = house.user({
    grants: new Map([
      ['customer:read', 'own'],
      ['customer:write', 'own'],
    ] as const),
  })
  const foreign = await add({ name: '别人的客户' })
  const mine = await house.as(carer).work(ctx => addCustomer(ctx, NewCustomer.parse({ name: '我的客户' })))
  expect((await house.as(carer).work(ctx => listCustomers(ctx, {}))).rows.map(r => r.name)).toEqual(['我的客户'])
  expect((await house.as(carer).work(ctx => listCustomers(ctx, { q: '客户' }))).rows.map(r => r.name)).toEqual(['我的客户'])
  expect(await house.as(carer).work(ctx => oneCustomer(ctx, mine.id))).toMatchObject({ ownerId: carer.id })
  const attempts: ((ctx: Ctx, id: string) => Promise<unknown>)[] = [
    oneCustomer,
    (ctx, id) => timelineOf(ctx, id, {}),
    (ctx, id) => changeCustomer(ctx, id, { version: 1 }),
    (ctx, id) => reveal(ctx, id, { reason: '好奇' }),
  ]
  for (const attempt of attempts) await expect(house.as(carer).work(ctx => attempt(ctx, foreign.id))).rejects.toThrow('customer.not_found')
})

test('a team sees the customers its people look after, and changes only as far as it may write', async () => {
  const [departmentId, teamId] = [newId(), newId()]
  const carer = await house.work(async ctx => {
    await ctx.db.insertInto('identity.department').values({ id: departmentId, name: '客服部', parentId: null }).execute()
    await ctx.db.insertInto('identity.team').values({ id: teamId, name: '一班', departmentId }).execute()
    const role = await ctx.db.selectFrom('identity.role').select('id').where('code', '=', 'agent').executeTakeFirstOrThrow()
    const { id } = await addPerson(ctx, {
      name: '班里人',
      login: 'team-carer',
      password: 'Deep-Water-7',
      roleId: role.id,
      departmentId,
      teamId,
    })
    return id
  })
  const grants = new Map([
    ['customer:read', 'team'],
    ['customer:write', 'own'],
  ] as const)
  const foreign = await add({ name: '班外的客户' })
  const theirs = await house.as(house.user({ id: carer, grants })).work(ctx => addCustomer(ctx, NewCustomer.parse({ name: '班里的客户' })))
  const mate = house.as(house.user({ teamId, grants }))
  expect((await mate.work(ctx => listCustomers(ctx, {}))).rows.map(r => r.id)).toEqual([theirs.id])
  await expect(mate.work(ctx => oneCustomer(ctx, foreign.id))).rejects.toThrow('customer.not_found')
  await expect(mate.work(ctx => changeCustomer(ctx, theirs.id, { version: 1, name: '改' }))).rejects.toThrow('customer.not_found')
})

test('the time line tells who did what, newest first', async () => {
  const { id } = await add({ name: '有故事' })
  await house.pass(1)
  await house.work(ctx => changeCustomer(ctx, id, { district: '江北', version: 1 }), house.user())
  const { rows } = await house.work(ctx => timelineOf(ctx, id, {}), house.user())
  expect(rows.map(r => r.name)).toEqual(['customer.changed', 'customer.added'])
  const none = house.user({}, ['customer:write'])
  await expect(house.work(ctx => timelineOf(ctx, id, {}), none)).rejects.toThrow('customer.not_found')
})
