import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { NewCustomer } from '#contract/customers.ts'
import { newId } from '#kernel/ids.ts'
import { oneRun } from '#kernel/runDesk.ts'
import { ask } from '#kernel/runs.ts'
import { openDesk } from '#testing/desk.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { explained } from '#testing/plans.ts'
import { addCustomer } from '../actions.ts'
import { listCustomers } from '../queries.ts'

let house: TestHouse
beforeAll(async () => {
  house = await openHouse()
  await numbered('77', 600)
  await numbered('88K', 3_300)
  await numbered('66', 4_000)
  await numbered('55', 3_100, false)
  for (let n = 0; n < 5; n++) await house.work(ctx => addCustomer(ctx, NewCustomer.parse({ name: '别的号', number: `9${n}` })))
  await house.house.control.query('analyze customers.customer')
})
afterAll(() => house.close())

const numbered = async (begins: string, n: number, met = true) =>
  house.work(async ctx => {
    const ids = Array.from({ length: n }, newId)
    await sql`insert into customers.customer (tenant_id, id, number, kind, name, since, last_contact_at, search_version)
      select ${ctx.tenantId}, x.id, ${begins}::text || lpad(n::text, 6, '0'), 'person', '户', ${ctx.now}, case when ${met} and n % 2 = 0 then ${ctx.now}::timestamptz - n * interval '1 minute' end, 1
      from unnest(${ids}::uuid[]) with ordinality x (id, n)`.execute(ctx.db)
  })
type Asked = Parameters<typeof listCustomers>[1]
async function all(q: string, more: Partial<Asked> = {}) {
  const seen: string[] = []
  for (let after: Asked['after'], more_ = true; more_; ) {
    const page = await house.work(ctx => listCustomers(ctx, { q, size: 200, ...more, after }))
    seen.push(...page.rows.map(row => row.number))
    after = page.next ?? undefined
    more_ = after !== undefined
  }
  return seen
}

test.each([
  ['77', '770', 600],
  ['a lower-case beginning of very many', '88k00', 3_300],
  ['very many', '88K', 3_300],
  ['very many of whom none was in contact', '550', 3_100],
])('the list pages through all whose number begins so: %s', async (_, q, n) => {
  const seen = await all(q)
  expect(seen).toHaveLength(n)
  expect(new Set(seen).size).toBe(n)
  expect(await all(q, { sort: '-number' })).toEqual(seen.toSorted().reverse())
  expect(seen.every(number => number.startsWith(q.toUpperCase()))).toBe(true)
})

test('so does the file that is exported', async () => {
  const asker = await openDesk(house).person('张敏')
  house.house.standIn = async (_, id) => house.user({ id })
  const kind = house.house.runs.get('export.customers')
  if (!kind) throw new Error('no such export')
  for (const [q, rows] of [['770', 600], ['88K', 3_300]] as const) {
    const asked = { filter: { q }, columns: ['number'], language: 'zh', format: 'csv' }
    const id = await house.as(asker).work(ctx => ask(ctx, kind, { asked, zone: 'Asia/Shanghai' }, { noun: 'customers' }))
    await house.settle()
    expect((await house.as(asker).work(ctx => oneRun(ctx, id))).outcome).toEqual({ rows })
  } // biome-ignore format: a table
})

test('whoever was merged is met by the number of the other, among very many too', async () => {
  await house.work(ctx =>
    sql`update customers.customer set merged_into = (select id from customers.customer where tenant_id = ${ctx.tenantId} and number = '90')
      where tenant_id = ${ctx.tenantId} and number = '88K000001'`.execute(ctx.db),
  )
  const seen = await all('88K')
  expect(seen).toHaveLength(3_300)
  expect(seen).toContain('90')
  expect(seen).not.toContain('88K000001')
})

test('by an index: in the order of the list where it is common, else by the number', async () => {
  const read = async (q: string) => explained(house, house.user({}), ctx => listCustomers(ctx, { q, size: 50 }))
  const common = await read('88K')
  expect(common.scanned).toEqual([])
  expect(common.indexes.join(' ')).toContain('customer_listed')
  const rare = await read('550')
  expect(rare.scanned).toEqual([])
  expect(rare.indexes.join(' ')).toContain('customer_number')
})
