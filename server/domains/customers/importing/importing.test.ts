import { readFileSync } from 'node:fs'
import { sql } from 'kysely'
import { readSheet } from 'read-excel-file/node'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DateOrder, OnMatch, TableHead } from '#contract/imports.ts'
import type { Run } from '#contract/runs.ts'
import { openSession, standIn } from '#domains/identity/index.ts'
import type { User } from '#kernel/access.ts'
import { placeOf } from '#kernel/files.ts'
import { forgetOldImports, setBackDays } from '#kernel/importMemory.ts'
import { oneRun } from '#kernel/runDesk.ts'
import { openDesk } from '#testing/desk.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { changeCustomer } from '../actions.ts'
import { rememberIdentity, touch } from '../identify.ts'
import { goingAlong, hanging } from './back.ts'

let house: TestHouse
let asker: User
let token = ''
const tokenOf = (id: string) => house.work(async ctx => (await openSession(ctx, id, { ip: '127.0.0.1', userAgent: 'test' })).token)
beforeAll(async () => {
  house = await openHouse()
  asker = await openDesk(house).person('张敏')
  house.house.standIn = async (ctx, id) => (await standIn(ctx, id)) && house.user({ id })
  const admin = sql<string>`(select id from identity.role r where r.tenant_id = ${house.tenantId} and r.code = 'admin')`
  await house.work(ctx => ctx.db.updateTable('identity.person').set({ roleId: admin }).where('id', '=', asker.id).execute())
  token = await tokenOf(asker.id)
})
afterAll(() => house.close())

type Code = { code?: string; facts?: Record<string, unknown> }
async function post<T>(url: string, payload: object | Buffer, type = 'application/json') {
  const headers = { authorization: `Bearer ${token}`, 'content-type': type }
  return (await house.app.inject({ method: 'POST', url: `/api/customers/imports${url}`, headers, payload })).json<T & Code>()
}
async function sent(text: string) {
  const edge = '----huiyin'
  const head = `--${edge}\r\ncontent-disposition: form-data; name="file"; filename="k.csv"\r\ncontent-type: text/csv\r\n\r\n`
  const file = Buffer.concat([Buffer.from(head), Buffer.from(text), Buffer.from(`\r\n--${edge}--\r\n`)])
  const { id: fileId } = await post<{ id: string }>('/file', file, `multipart/form-data; boundary=${edge}`)
  return { fileId, head: await post<TableHead>('/head', { fileId }) }
}
async function over(id: string) {
  await house.settle()
  const run = await house.as(asker).work(ctx => oneRun(ctx, id))
  const sheet = run.file ? await readSheet(readFileSync(placeOf(house.house, house.tenantId, id))) : []
  return { run, left: sheet.slice(1) }
}
async function imported(text: string, how: { onMatch?: OnMatch; keys?: string[]; dates?: DateOrder; dry?: boolean } = {}) {
  const { fileId, head } = await sent(text)
  const asked = { fileId, reading: head.reading, mapping: head.mapping, onMatch: 'skip', dry: false, language: 'zh', ...how }
  return { head, ...(await over((await post<{ id: string }>('', asked)).id)) }
}
const takeBack = (run: Run) => post<{ id: string }>(`/${run.id}/taking-back`, { language: 'zh' })
async function takenBack(run: Run) {
  const { id, code } = await takeBack(run)
  expect(code).toBeUndefined()
  return over(id)
}

/** Everything of the customers whose numbers begin so, ids and all. */
async function whole(start: string) {
  const { rows } = await house.house.control.query<{ said: string }>(
    `select jsonb_build_object('row', to_jsonb(c) - 'version' - 'changed_xid',
        'identities', (select jsonb_agg(jsonb_build_array(i.kind, i.value, i.typed, i.main) order by i.kind, i.value) from customers.customer_identity i where i.customer_id = c.id),
        'places', (select jsonb_agg(jsonb_build_array(a.province, a.city, a.district, a.street, a.detail)) from customers.address a where a.customer_id = c.id))::text as said
      from customers.customer c where c.tenant_id = $1 and c.number like $2 order by c.number`,
    [house.tenantId, `${start}%`],
  )
  return rows.map(row => row.said)
}
const idOf = async (number: string) =>
  (await house.work(ctx => ctx.db.selectFrom('customers.customer').select('id').where('number', '=', number).executeTakeFirstOrThrow())).id

const remembered = async () => {
  const { rows } = await house.house.control.query<{ n: number }>(
    'select (select count(*) from kernel.import_made where tenant_id = $1)::int + (select count(*) from kernel.import_changed where tenant_id = $1)::int as n',
    [house.tenantId],
  )
  return rows[0]?.n
}

test('every column comes in: parts of an address, a second phone, the external id, who looks after them, since when', async () => {
  const text =
    '编号,姓名,手机,备用电话,外部编号,省份,城市,区,街道,详细地址,负责人,开户日期\n' +
    `W-1,陈一,13912340001,028-85553366,X-1,上海市,上海市,徐汇区,漕河泾街道,桂平路 1 号,张敏,2026年1月5日\n` +
    'W-2,陈二,1391234000212345678901234567890,,,,,,,,,\nW-3,陈三,,,X-1,,,,,,,\nW-4,陈四,,,,,,,,,李四光,\nW-5,陈五,,,,,,,,,,03/04/2026\nW-6,陈六,,,,,,,,,,45000\n'
  const { run, left } = await imported(text)
  expect(run.outcome).toEqual({ made: 2, changed: 0, skipped: 0, failed: 4 })
  expect(left.map(row => [row[0], row[1]])).toEqual([
    [3, '电话号码不对'],
    [4, '同一位客户在表里出现了两次（第 2 行）'],
    [5, '没有这位负责人'],
    [6, '建档日期可以是两天，请选日期的写法'],
  ])
  const [one] = await whole('W-1')
  const said = JSON.parse(one ?? '')
  expect(said.row).toMatchObject({ address: '上海市徐汇区漕河泾街道桂平路 1 号', ext_id: 'X-1', owner_id: asker.id })
  expect(new Date(said.row.since).toISOString()).toBe('2026-01-04T16:00:00.000Z')
  expect(said.identities).toEqual([
    ['phone', '+8613912340001', '13912340001', true],
    ['phone', '+862885553366', '028-85553366', false],
  ])
  expect(said.places).toEqual([['上海市', '上海市', '徐汇区', '漕河泾街道', '桂平路 1 号']])
  expect((await imported(text.replace(/W-[1-4].*\n/g, ''), { dates: 'dmy', onMatch: 'update' })).run.outcome).toMatchObject({
    made: 1,
    changed: 1,
  })
})

describe('who is the same customer', () => {
  test('is told by the keys that were chosen, in their order', async () => {
    await imported('户号,姓名,电话,地址\nY-1,王芳,13912350001,东街 1 号\nY-2,王芳,13912350002,西街 2 号\n')
    const text = '姓名,电话,地址,备注\n王芳,13912350002,东街 1 号,记\n'
    const dry = (keys: string[]) => imported(text, { keys, onMatch: 'update', dry: true })
    expect((await dry(['email'])).run.outcome).toMatchObject({ made: 1 })
    await imported('姓名,地址,备注\n王芳,东街 1 号,地\n', { keys: ['place'], onMatch: 'update' })
    expect(JSON.parse((await whole('Y-1'))[0] ?? '').row.note).toBe('地')
    await imported(text, { keys: ['phone', 'place'], onMatch: 'update' })
    expect(JSON.parse((await whole('Y-2'))[0] ?? '').row).toMatchObject({ note: '记', address: '东街 1 号' })
    // Now two of one name live there.
    expect((await dry(['place'])).left.map(row => row[1])).toEqual(['有几位客户都符合，分不清是哪一位'])
    const { head } = await sent(text)
    expect(head.chosen).toEqual({ keys: ['place'], onMatch: 'update', dates: 'asked' })
    expect(head.keys.map(key => key.key)).toEqual(['number', 'extId', 'phone', 'email', 'place'])
    const { fileId } = await sent(text)
    const strange = { fileId, reading: head.reading, mapping: head.mapping, onMatch: 'skip', keys: ['shoe'], dry: true, language: 'zh' }
    expect((await post('', strange)).code).toBe('import.key_unknown')
  })
})

describe('an import taken back', () => {
  test('leaves everything as it was before', async () => {
    const text =
      '户号,姓名,电话,邮箱,地址,标签\nB-1,原一,13912360001,b1@example.com,南街 1 号,老户\nB-2,原二,13912360002,,,\nB-3,原三,,,,\n'
    await imported(text)
    await imported('户号,姓名,省份,详细地址\nB-3,原三,四川省,一号\n', { onMatch: 'update' })
    const before = await whole('B-')
    const rows = Array.from({ length: 4500 }, (_, n) => `BN-${n},新${n},,,,,,`).join('\n')
    const { run } = await imported(
      `户号,姓名,电话,邮箱,地址,标签,外部编号,第二电话\nB-1,改一,13912369991,b9@example.com,北街 9 号,"新、贵",X-91,13912369993\nB-2,原二,,b2@example.com,,,,\nB-3,原三,,,北街,,,\n${rows}\nB-1,再改,13912369992,,,,,\nBN-7,新改,13912369994,,,,,\n`,
      { onMatch: 'update' },
    )
    expect(run.outcome).toEqual({ made: 4500, changed: 5, skipped: 0, failed: 0 })
    expect(run.backUntil?.getTime()).toBeGreaterThan(Date.now())
    expect(await whole('B-')).not.toEqual(before)
    const back = await takenBack(run)
    expect(back.run).toMatchObject({ state: 'done', file: null, outcome: { removed: 4500, restored: 3, kept: 0 } })
    expect(await whole('B-')).toEqual(before)
    expect(await whole('BN-')).toEqual([])
    expect((await takeBack(run)).code).toBe('import.not_remembered')
    expect((await house.said('customer.taken_back')).at(-1)).toEqual({ removed: 4500, restored: 3, kept: 0 })
  })

  test('keeps who has been used or changed since, and says why', async () => {
    await imported('户号,姓名\nC-8,旧八\nC-9,旧九\n')
    const { run } = await imported(
      `户号,姓名,电话\n${[1, 2, 3, 4].map(n => `C-${n},客${n},1391237000${n}`).join('\n')}\nC-8,新八,\nC-9,新九,\n`,
      { onMatch: 'update' },
    )
    const [first, second, third, eighth] = [await idOf('C-1'), await idOf('C-2'), await idOf('C-3'), await idOf('C-8')]
    await house.work(async ctx => {
      await touch(ctx, first)
      await changeCustomer(ctx, second, { version: 1, note: '改过' })
      await rememberIdentity(ctx, third, 'wechat', 'wx-3')
      await changeCustomer(ctx, eighth, { version: 2, note: '也改过' })
    })
    const { run: back, left } = await takenBack(run)
    expect(back.outcome).toEqual({ removed: 1, restored: 1, kept: 4 })
    expect(left.map(row => row.map(String)).sort()).toEqual([
      ['C-1', '客1', '有联系记录'],
      ['C-2', '客2', '导入后改过'],
      ['C-3', '客3', '导入后改过'],
      ['C-8', '新八', '导入后改过'],
    ])
    expect((await whole('C-')).map(said => JSON.parse(said).row.name)).toEqual(['客1', '客2', '客3', '新八', '旧九'])
  })

  test('is for whoever may, while it is remembered', async () => {
    const { run } = await imported('户号,姓名\nE-1,记\n')
    const mine = token
    const other = await openDesk(house).person('别人')
    const agent = sql<string>`(select id from identity.role r where r.tenant_id = ${house.tenantId} and r.code = 'agent')`
    await house.work(ctx => ctx.db.updateTable('identity.person').set({ roleId: agent }).where('id', '=', other.id).execute())
    token = await tokenOf(other.id)
    expect((await takeBack(run)).code).toBe('access.denied')
    token = mine
    const dry = await imported('户号,姓名\nE-2,检查\n', { dry: true })
    expect((await takeBack(dry.run)).code).toBe('import.not_remembered')
    await house.work(ctx => setBackDays(ctx, 0))
    const { run: never } = await imported('户号,姓名\nE-3,不记\n')
    expect((await takeBack(never)).code).toBe('import.not_remembered')
    await house.work(ctx => setBackDays(ctx, 30))
    expect(await remembered()).toBeGreaterThan(0)
    await house.house.control.query("update kernel.run set back_until = now() - interval '1 day' where tenant_id = $1", [house.tenantId])
    await house.work(forgetOldImports)
    expect(await remembered()).toBe(0)
    expect((await takeBack(run)).code).toBe('import.not_remembered')
  })

  test('knows everything that can hang on a customer', async () => {
    const { rows } = await house.house.control.query<{ name: string }>(
      `select distinct table_schema || '.' || table_name as name from information_schema.columns
      where table_schema = 'customers' and column_name = 'customer_id' and table_name not like 'fact\\_%' and table_name not like 'searchable%' and table_name <> 'match_pass' order by 1`,
    )
    const decided = new Set<string>([...goingAlong, ...hanging.map(([table]) => table)])
    // A new table of the archive: does its row keep the customer of an import that is taken back, or go along?
    expect(rows.map(row => row.name).filter(name => !decided.has(name))).toEqual([])
  })
})
