import { readFileSync } from 'node:fs'
import { sql } from 'kysely'
import { readSheet } from 'read-excel-file/node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { NewCustomer } from '#contract/customers.ts'
import type { Permission } from '#contract/endpoint.ts'
import { customerExports, ticketExports } from '#contract/lists.ts'
import type { Scope } from '#contract/rights.ts'
import { addCustomer, touch } from '#domains/customers/index.ts'
import { listCustomers } from '#domains/customers/queries.ts'
import { openSession } from '#domains/identity/index.ts'
import { openDesk } from '#testing/desk.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import type { User } from './access.ts'
import { csvLine, encoded, harmless } from './csv.ts'
import type { ListExport } from './exports.ts'
import { placeOf } from './files.ts'
import { oneRun } from './runDesk.ts'
import { ask } from './runs.ts'
import { sheetRow, workbook } from './xlsx.ts'

let house: TestHouse
let asker: User
let grants: Map<Permission, Scope> | null = null
beforeAll(async () => {
  house = await openHouse()
  asker = await openDesk(house).person('张敏')
  house.house.standIn = async (_, id) => house.user({ id, ...(grants ? { grants } : {}) })
  await house.work(async ctx => {
    for (const [name, address] of [
      ['=1+1', '锦江区东大街 1 号'],
      ['@SUM(A1)', '"引号"，和逗号,'],
      ['陈𠮷㐂', '一行\n两行'],
      ['-王', '+86'],
    ] as const)
      await addCustomer(ctx, NewCustomer.parse({ name, address, phone: '13800006021', tags: ['老户', 'VIP'] }))
  })
})
afterAll(() => house.close())

async function exported(noun: string, asked: Record<string, unknown>) {
  const kind = house.house.runs.get(`export.${noun}`)
  if (!kind) throw new Error('no such export')
  const id = await house.as(asker).work(ctx => ask(ctx, kind, { asked, zone: 'Asia/Shanghai' }, { noun }))
  await house.settle()
  return {
    id,
    run: await house.as(asker).work(ctx => oneRun(ctx, id)),
    bytes: () => readFileSync(placeOf(house.house, house.tenantId, id)),
  }
}
const asked = { filter: {}, columns: ['name', 'phone', 'address', 'tags', 'since'], language: 'zh' } as const

test('the file holds what the list shows, in its order, masked as there', async () => {
  const { id, run, bytes } = await exported('customers', { ...asked, format: 'csv' })
  expect(run).toMatchObject({ state: 'done', done: 4, outcome: { rows: 4 } })
  const { rows: told } = await house.house.control.query('select link from notifications.notification where person_id = $1', [asker.id])
  expect(told).toEqual([{ link: `/runs?run=${id}` }])
  const text = bytes().toString('utf8')
  expect(text.startsWith('\ufeff姓名,电话,地址,标签,建档时间\r\n')).toBe(true)
  const list = await house.work(ctx => listCustomers(ctx, {}))
  const names = text
    .split('\r\n')
    .slice(1, -1)
    .map(line => line.split(',')[0])
  expect(names).toEqual(list.rows.map(row => harmless(row.name)))
  expect(text).toContain('138****6021')
  expect(text).not.toContain('13800006021')
})

test('numbers leave in full for whoever may reveal them and says why, and only as far as they may', async () => {
  const reveal = { reason: '给全体客户寄信' }
  const full = await exported('customers', { ...asked, format: 'csv', reveal })
  expect(full.bytes().toString('utf8')).toContain('+8613800006021')
  expect(full.bytes().toString('utf8')).not.toContain('****')
  grants = new Map<Permission, Scope>([
    ['customer:export', 'all'],
    ['customer:read', 'all'],
  ])
  expect((await exported('customers', { ...asked, format: 'csv', reveal })).run).toMatchObject({ state: 'failed', code: 'access.denied' })
  grants.set('customer:reveal', 'own')
  expect((await exported('customers', { ...asked, format: 'csv', reveal })).bytes().toString('utf8')).not.toContain('13800006021')
  grants = null
  const none = { filter: { box: 'all' }, columns: ['number'], language: 'zh', format: 'csv', reveal }
  expect((await exported('tickets', none)).run).toMatchObject({ state: 'failed', code: 'export.nothing_masked' })
})

test('who is in touch while the file is written stands in it once', async () => {
  const ids = await house.work(async ctx => {
    const made: string[] = []
    for (let n = 0; n < 1100; n++) made.push((await addCustomer(ctx, NewCustomer.parse({ name: '多', number: `M-${n}` }))).id)
    return made
  })
  const kind = house.house.runs.get('export.customers')
  if (!kind) throw new Error('no such export')
  const { step } = kind
  let pages = 0
  kind.step = async (ctx, run, found) => {
    const done = await step(ctx, run, found)
    // The last comes to the head of the list, and so does the first.
    if (pages++ === 0) for (const id of [ids[0], ids[1099]]) await touch(ctx, id ?? '')
    return done
  }
  const { bytes } = await exported('customers', { filter: {}, columns: ['number'], language: 'zh', format: 'csv' })
  kind.step = step
  const lines = bytes().toString('utf8').split('\r\n')
  const numbers = lines.filter(line => line.startsWith('M-'))
  expect(numbers).toHaveLength(1100)
  expect(new Set(numbers).size).toBe(1100)
  await house.work(ctx => sql`delete from customers.customer where tenant_id = ${ctx.tenantId} and number like 'M-%'`.execute(ctx.db))
})

test('what could be a formula is none', async () => {
  for (const evil of ['=1+1', '+1', '-1', '@x', '\t=1', '\r=1', '  =1', '＝1', '|cmd']) expect(harmless(evil)).toBe(`'${evil}`)
  for (const plain of ['1=1', '王-1', '', 'a@b.c', '3.5']) expect(harmless(plain)).toBe(plain)
  expect(csvLine([-5, 'a,"b"', null, new Date('2026-11-22T08:00:00Z')], 'Asia/Shanghai')).toBe('-5,"a,""b""",,2026-11-22 16:00:00\r\n')
  expect(sheetRow(['=1+1'], 2, 'UTC')).toContain('t="inlineStr"')
  const { bytes } = await exported('customers', { ...asked, format: 'csv' })
  expect(bytes().toString('utf8')).toMatch(/\r\n'=1\+1,/)
})

test('every character comes back from GB18030', async () => {
  const words = '陈𠮷㐂龦䶮𪜎，€ 🙂 ﷼ ḿ'
  expect(new TextDecoder('gb18030').decode(encoded(words, 'gb18030'))).toBe(words)
  const { bytes } = await exported('customers', { ...asked, format: 'gb18030' })
  expect(new TextDecoder('gb18030').decode(bytes())).toContain('陈𠮷㐂')
})

test('a workbook opens with text as text and times as times', async () => {
  const { run, bytes } = await exported('customers', { ...asked, format: 'xlsx' })
  expect(run.file?.name).toMatch(/^客户 \d{4}-\d\d-\d\d \d{4}\.xlsx$/)
  const rows = await readSheet(bytes())
  expect(rows[0]).toEqual(['姓名', '电话', '地址', '标签', '建档时间'])
  expect(rows.slice(1).map(row => row[0])).toEqual(['-王', '陈𠮷㐂', '@SUM(A1)', '=1+1'])
  expect(rows[2]?.[2]).toBe('一行\n两行')
  expect(rows[1]?.[4]).toBeInstanceOf(Date)
})

test('a sheet that is full is followed by another under the same heading', async () => {
  const { rowsPerSheet } = await import('./xlsx.ts')
  async function* lines() {
    yield Buffer.from(sheetRow(['n'], 1, 'UTC', 2))
    for (let n = 0; n < rowsPerSheet + 2; n += 1000) {
      let text = ''
      for (let k = n; k < Math.min(n + 1000, rowsPerSheet + 2); k++) text += sheetRow([k], (k % rowsPerSheet) + 2, 'UTC')
      yield Buffer.from(text)
    }
  }
  const parts: Uint8Array[] = []
  let size = 0
  for await (const bytes of workbook(lines(), 1, '数')) {
    size += bytes.length
    parts.push(bytes)
  }
  expect(size).toBeLessThan(20e6)
  const second = await readSheet(Buffer.concat(parts), 2)
  expect(second).toEqual([['n'], [rowsPerSheet], [rowsPerSheet + 1]])
}, 60_000)

test('an empty list is a file with its heading', async () => {
  const { bytes } = await exported('tickets', { filter: { box: 'all' }, columns: ['number'], language: 'en', format: 'xlsx' })
  expect(await readSheet(bytes())).toEqual([['Number']])
})

test('whoever may no longer see the list gets nothing', async () => {
  grants = new Map([
    ['customer:export', 'all'],
    ['customer:read', 'own'],
  ])
  const own = await exported('customers', { ...asked, format: 'csv' })
  expect(own.run).toMatchObject({ state: 'done', outcome: { rows: 0 } })
  grants = new Map()
  expect((await exported('customers', { ...asked, format: 'csv' })).run).toMatchObject({ state: 'failed', code: 'access.denied' })
  grants = null
})

test('every list that can be taken along is, with all its columns, by whoever may', async () => {
  const roleId = sql<string>`(select id from identity.role r where r.tenant_id = ${house.tenantId} and r.code = 'admin')`
  const token = await house.work(async ctx => {
    await ctx.db.updateTable('identity.person').set({ roleId }).where('id', '=', asker.id).execute()
    return (await openSession(ctx, asker.id, { ip: '127.0.0.1', userAgent: 'test' })).token
  })
  const headers = { authorization: `Bearer ${token}` }
  const lists = house.endpoints.filter(({ path }) => path.endsWith('/exports')).map(({ path }) => `/api${path}`)
  expect(lists.length).toBeGreaterThan(15)
  for (const list of lists) {
    const columns = (await house.app.inject({ url: `${list}/columns`, headers })).json<{ key: string }[]>().map(column => column.key)
    const payload = { filter: {}, format: 'csv', language: 'en', columns }
    const reply = await house.app.inject({ method: 'POST', url: list, headers, payload })
    expect([list, reply.statusCode, reply.json()]).toEqual([list, 200, { id: expect.any(String) }])
    await house.settle()
    const { id } = reply.json<{ id: string }>()
    expect([list, (await house.as(asker).work(ctx => oneRun(ctx, id))).state]).toEqual([list, 'done'])
  }
})

test('the door refuses a column that is none and whoever may not', async () => {
  const list: ListExport['kind'] | undefined = house.house.runs.get('export.tickets')
  expect(list?.may).toBe(ticketExports.ask.may)
  const { failed } = await exported('customers', { ...asked, columns: ['name', 'secret'], format: 'csv' }).then(({ run }) => ({
    failed: run,
  }))
  expect(failed).toMatchObject({ state: 'failed', code: 'export.column_unknown' })
  expect(customerExports.ask.may).toBe('customer:export')
})
