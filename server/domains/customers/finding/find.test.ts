import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { NewCustomer } from '#contract/customers.ts'
import { newId } from '#kernel/ids.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { addCustomer, changeCustomer } from '../actions.ts'
import { rememberIdentity, touch } from '../identify.ts'
import { listCustomers } from '../queries.ts'
import { findCustomers } from './find.ts'
import { readAnew } from './rebuild.ts'

let house: TestHouse
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

const add = (more: Record<string, unknown>) => house.work(ctx => addCustomer(ctx, NewCustomer.parse(more)))
const find = (q: string, size = 10) => house.work(ctx => findCustomers(ctx, { q, size }))
const names = async (q: string) => (await find(q)).map(row => row.name)
/** A meter of the kind that the organisation calls so. */
async function meter(customerId: string, number: string): Promise<void> {
  await house.work(async ctx => {
    await sql`insert into customers.record_kind (tenant_id, id, name, name_en, code) values (${ctx.tenantId}, ${newId()}, '水表', 'Meter', 'meter') on conflict do nothing`.execute(
      ctx.db,
    )
    await sql`insert into customers.record (tenant_id, id, kind_id, customer_id, number, since)
      select ${ctx.tenantId}, ${newId()}, id, ${customerId}, ${number}, ${ctx.now} from customers.record_kind where tenant_id = ${ctx.tenantId} and code = 'meter'`.execute(
      ctx.db,
    )
  })
}

describe('anyone is found', () => {
  beforeAll(async () => {
    const chen = await add({ name: '陈雨桐', number: '20551234', phone: '13912345678', district: '金沙片区', address: '滨江路 88 号' })
    await meter(chen.id, 'SB00417788')
    await house.work(ctx => rememberIdentity(ctx, chen.id, 'phone', '13700009911'))
    await house.work(ctx => rememberIdentity(ctx, chen.id, 'wechat', 'wx_chenyt'))
    await house.work(ctx =>
      sql`update customers.customer set ext_id = 'ERP-0099' where tenant_id = ${ctx.tenantId} and id = ${chen.id}`.execute(ctx.db),
    )
    const shan = await add({ name: '单雄信', phone: '13800001234', email: 'shan@water.cn', address: '学府路 3 号' })
    await meter(shan.id, '粤B12345')
    await add({ name: '𠮷田太郎', phone: '13800002222', address: '陈家巷 1 号' })
    await add({ name: '吕布', phone: '13800003333' })
    await add({ name: '重庆长安汽车有限公司', kind: 'organisation', phone: '13800004444' })
  })

  test.each([
    ['雨桐', '陈雨桐', 'name', '雨桐'],
    ['陈', '陈雨桐', 'name', '陈'],
    ['chenyutong', '陈雨桐', 'pinyin', '陈雨桐'],
    ['Chen Yu', '陈雨桐', 'pinyin', '陈雨'],
    ['cyt', '陈雨桐', 'pinyin', '陈雨桐'],
    ['yt', '陈雨桐', 'pinyin', '雨桐'],
    ['tong', '陈雨桐', 'pinyin', '桐'],
    ['20551', '陈雨桐', 'number', '20551'],
    ['13912345678', '陈雨桐', 'phone', '5678'],
    ['5678', '陈雨桐', 'lastFour', '5678'],
    ['139 1234 5678', '陈雨桐', 'phone', '5678'],
    ['9911', '陈雨桐', 'lastFour', '9911'],
    ['wx_chenyt', '陈雨桐', 'wechat', 'wx_chenyt'],
    ['ERP-0099', '陈雨桐', 'extId', 'ERP-0099'],
    ['SB0041', '陈雨桐', 'record', 'SB0041'],
    ['sb0041', '陈雨桐', 'record', 'SB0041'],
    ['7788', '陈雨桐', 'record', '7788'],
    ['金沙', '陈雨桐', 'address', '金沙'],
    ['滨江路 88', '陈雨桐', 'address', '滨江路'],
    ['单', '单雄信', 'name', '单'],
    ['shanxx', '单雄信', 'pinyin', '单雄信'],
    ['dan', '单雄信', 'pinyin', '单'],
    ['粤b123', '单雄信', 'record', '粤B123'],
    ['shan@water.cn', '单雄信', 'email', ''],
    ['𠮷', '𠮷田太郎', 'name', '𠮷'],
    ['tian', '𠮷田太郎', 'pinyin', '田'],
    ['lü', '吕布', 'pinyin', '吕'],
    ['lvbu', '吕布', 'pinyin', '吕布'],
    ['lubu', '吕布', 'pinyin', '吕布'],
    ['chongqing', '重庆长安汽车有限公司', 'pinyin', '重庆'],
    ['caqc', '重庆长安汽车有限公司', 'pinyin', '长安汽车'],
  ])('%s: %s, by %s', async (q, name, by, marked) => {
    const [first] = await find(q)
    expect(first?.name).toBe(name)
    expect(first?.why.by).toBe(by)
    expect(first?.why.text.slice(first.why.from, first.why.to)).toBe(marked)
  })

  test('the kind of what has the number is told in both languages, telephones stay masked', async () => {
    const [first] = await find('SB00417788')
    expect(first?.why.kind).toEqual(['水表', 'Meter'])
    expect((await find('9911'))[0]?.why.text).toBe('137****9911')
    expect((await find('13912345678'))[0]?.phone).toBe('139****5678')
  })

  test('what cannot be looked for finds nobody, nor does what nobody has', async () => {
    for (const q of ['%%%%', "';--", '____', '\\', '1234567890123456789012345678901', '没有这个人啊', 'zzzz', '＊', '😀'])
      expect(await names(q), q).toEqual([])
  })

  test('the list finds by the same words and numbers', async () => {
    const listed = async (q: string) => (await house.work(ctx => listCustomers(ctx, { q }))).rows.map(row => row.name)
    expect(await listed('cyt')).toEqual(['陈雨桐'])
    expect(await listed('SB0041')).toEqual(['陈雨桐'])
    expect(await listed('ERP-0099')).toEqual(['陈雨桐'])
  })

  test('a changed name is found by its new reading only', async () => {
    const one = await add({ name: '欧阳静', phone: '13800005555' })
    expect(await names('ouyang')).toEqual(['欧阳静'])
    await house.work(ctx => changeCustomer(ctx, one.id, { version: 1, name: '诸葛静' }))
    expect(await names('ouyang')).toEqual([])
    expect(await names('zhugej')).toEqual(['诸葛静'])
  })
})

describe('who comes first', () => {
  test('a number, then names that begin so, then the rest; each by last contact', async () => {
    const inside = await add({ name: '马费蓝', address: '1 号' })
    const never = await add({ name: '费蓝' })
    const lately = await add({ name: '费兰芝' })
    const place = await add({ name: '王五', address: '费蓝巷 3 号' })
    const numbered = await add({ name: '赵六', number: 'FEIL001' })
    await house.work(ctx => touch(ctx, lately.id))
    await house.work(ctx => touch(ctx, inside.id))
    expect(await names('feil')).toEqual(['费兰芝', '费蓝', '马费蓝'])
    expect((await names('费蓝')).slice(0, 2)).toEqual(['费蓝', '马费蓝'])
    expect(await names('FEIL001')).toEqual(['赵六'])
    expect(new Set([never.id, place.id, numbered.id]).size).toBe(3)
  })

  test('many with the same last four hide neither a number nor a meter', async () => {
    for (let n = 0; n < 12; n++) await add({ name: '同尾', phone: `138${1000 + n}8642` })
    const one = await add({ name: '有表的人' })
    await meter(one.id, 'XX998642')
    await add({ name: '有号的人', number: '8642001' })
    const found = await names('8642')
    expect(found).toHaveLength(10)
    expect(found).toContain('有表的人')
    expect(found).toContain('有号的人')
  })

  test('somebody whose file was joined to another is found as the other', async () => {
    const [kept, other] = [await add({ name: '并档甲' }), await add({ name: '司徒并乙', phone: '13822220001' })]
    await house.work(ctx =>
      sql`update customers.customer set merged_into = ${kept.id} where tenant_id = ${ctx.tenantId} and id = ${other.id}`.execute(ctx.db),
    )
    expect(await names('situ')).toEqual(['并档甲'])
    expect(await names('13822220001')).toEqual(['并档甲'])
  })
})

describe('whom one may see', () => {
  test('another organisation finds nobody', async () => {
    const stranger = house.user({ tenantId: house.otherTenantId })
    for (const q of ['陈', 'cyt', '5678', '13912345678', 'SB0041', '20551', '金沙'])
      expect(await house.work(ctx => findCustomers(ctx, { q }), stranger), q).toEqual([])
  })

  test('whoever sees their own finds their own, however common the name', async () => {
    const own = house.user({
      grants: new Map([
        ['customer:read', 'own'],
        ['customer:write', 'own'],
      ]),
    })
    await house.work(ctx => addCustomer(ctx, NewCustomer.parse({ name: '陈自家', phone: '13833330001' })), own)
    const mine = async (q: string) => (await house.work(ctx => findCustomers(ctx, { q }), own)).map(row => row.name)
    expect(await mine('陈')).toEqual(['陈自家'])
    expect(await mine('chen')).toEqual(['陈自家'])
    expect(await mine('0001')).toEqual(['陈自家'])
    expect(await mine('5678')).toEqual([])
    expect(await mine('SB0041')).toEqual([])
    for (const scope of ['team', 'department'] as const)
      expect(
        (await house.work(ctx => findCustomers(ctx, { q: 'chen' }), { ...own, grants: new Map([['customer:read', scope]]) })).map(
          r => r.name,
        ),
      ).toEqual(['陈自家'])
  })
})

describe('whoever takes care of a customer whom another looks after', () => {
  const carer = () => house.user({ grants: new Map([['customer:read', 'own']]) })
  const inCareOf = (id: string, userId: string) =>
    house.work(ctx =>
      sql`insert into customers.carer (tenant_id, customer_id, user_id, since) values (${ctx.tenantId}, ${id}, ${userId}, ${ctx.now})`.execute(
        ctx.db,
      ),
    )

  test('finds them by name, by how it is read, and by number; in the list too', async () => {
    const me = carer()
    const { id } = await add({ name: '皇甫照看', phone: '13844440001', number: 'ZK20261' })
    await add({ name: '皇甫别家', phone: '13844440002' })
    await inCareOf(id, me.id)
    for (const q of ['皇甫', 'huangfu', 'hfzk', 'ZK2026', '0001', '13844440001']) {
      expect(
        (await house.work(ctx => findCustomers(ctx, { q }), me)).map(row => row.name),
        q,
      ).toEqual(['皇甫照看'])
      expect(
        (await house.work(ctx => listCustomers(ctx, { q }), me)).rows.map(row => row.name),
        q,
      ).toEqual(['皇甫照看'])
    }
  })

  test('finds them by a number though many others, of whom there was contact later, have the like', async () => {
    const me = carer()
    const { id } = await add({ name: '尾号众多', phone: '13900017531', number: 'QZ-9999' })
    await inCareOf(id, me.id)
    await house.work(ctx =>
      sql`with many as (insert into customers.customer (tenant_id, id, number, kind, name, tier, last_contact_at, since)
          select ${ctx.tenantId}, gen_random_uuid(), 'QZ-9' || n, 'person', '旁人', 'normal', ${ctx.now}, ${ctx.now} from generate_series(800, 920) n returning id)
        insert into customers.customer_identity (tenant_id, id, customer_id, kind, value, typed, since)
        select ${ctx.tenantId}, gen_random_uuid(), id, 'phone', '+8613' || (10000 + row_number() over ())::text || '7531', '', ${ctx.now} from many`.execute(
        ctx.db,
      ),
    )
    for (const q of ['7531', 'QZ-9'])
      expect(
        (await house.work(ctx => findCustomers(ctx, { q }), me)).map(row => row.name),
        q,
      ).toEqual(['尾号众多'])
  })
})

test('rows of an older version are read anew, a few hundred at a time, and nothing else of them changes', async () => {
  const old = await add({ name: '慕容复' })
  const before = await house.work(ctx =>
    sql<{
      id: string
      xid: string
    }>`update customers.customer set search = to_tsvector('simple', ''), search_version = 0 where tenant_id = ${ctx.tenantId}
      returning id, changed_xid::text as xid`.execute(ctx.db),
  )
  expect(await names('murong')).toEqual([])
  expect(await house.work(readAnew)).toBe(before.rows.length)
  expect(await house.work(readAnew)).toBe(0)
  expect(await names('murong')).toEqual(['慕容复'])
  const { rows } = await house.work(ctx =>
    sql<{
      xid: string
      version: number
    }>`select changed_xid::text as xid, version from customers.customer where tenant_id = ${ctx.tenantId} and id = ${old.id}`.execute(
      ctx.db,
    ),
  )
  expect(rows[0]).toEqual({ xid: before.rows.find(row => row.id === old.id)?.xid, version: 1 })
})
