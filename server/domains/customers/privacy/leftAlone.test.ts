import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { NewCustomer } from '#contract/customers.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { explained } from '#testing/plans.ts'
import { addCustomer } from '../actions.ts'
import { findCustomers } from '../finding/find.ts'
import { listCustomers } from '../queries.ts'
import { leaveAlone } from '../reaching.ts'
import { addLeftAlone, countLeftAlone, customersLeftAlone } from './leavingAlone.ts'

let house: TestHouse
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

const add = async (name: string, phone: string) =>
  (await house.work(ctx => addCustomer(ctx, NewCustomer.parse({ name, phone, number: `LA${phone.slice(-6)}` })))).id
const disturbNot = (id: string, reason = '', until: Date | null = null) =>
  house.work(ctx => leaveAlone(ctx, id, { on: true, until, reason }))

test('whoever is not to be called is marked so in the list and among the finds, by their wish or by their number, as long as it holds', async () => {
  await add('安可拨', '13870010001')
  await disturbNot(await add('安勿扰', '13870010002'))
  await add('安在册', '13870010003')
  await house.work(ctx => addLeftAlone(ctx, { values: ['13870010003', 'an@water.cn'], until: null, reason: '' }))
  await disturbNot(await add('安一时', '13870010004'), '', new Date(house.now().getTime() + 3_600_000))
  const alone = (rows: readonly { name: string; leftAlone: boolean }[]) =>
    rows
      .filter(row => row.leftAlone)
      .map(row => row.name)
      .sort()
  const listed = async () => alone((await house.work(ctx => listCustomers(ctx, {}))).rows)
  const found = async () => alone(await house.work(ctx => findCustomers(ctx, { q: '安' })))
  expect(await listed()).toEqual(['安一时', '安勿扰', '安在册'])
  expect(await found()).toEqual(['安一时', '安勿扰', '安在册'])
  await house.pass(61)
  expect(await listed()).toEqual(['安勿扰', '安在册'])
  expect(await found()).toEqual(['安勿扰', '安在册'])
})

test('a page of either costs one look into two indexes, however many are left alone', async () => {
  const ids = await Promise.all(['13870020001', '13870020002'].map((phone, n) => add(`宁静 ${n}`, phone)))
  await disturbNot(ids[0] ?? '')
  await house.house.control.query(
    `insert into customers.left_alone (tenant_id, id, digest, value, source, since) select $1, gen_random_uuid(), 'd' || n, 'v' || n, 'table', now() from generate_series(1, 5000) n`,
    [house.tenantId],
  )
  await house.house.control.query(
    `with c as (insert into customers.customer (tenant_id, id, number, name, kind, tier, since) select $1, gen_random_uuid(), 'Q' || n, '某', 'person', 'normal', now() from generate_series(1, 3000) n returning id)
      insert into customers.undisturbed (tenant_id, customer_id, since) select $1, id, now() from c`,
    [house.tenantId],
  )
  for (const table of ['left_alone', 'undisturbed', 'customer']) await house.house.control.query(`analyze customers.${table}`)
  for (const read of [
    await explained(house, house.user(), ctx => findCustomers(ctx, { q: '宁静' })),
    await explained(house, house.user(), ctx => listCustomers(ctx, { q: '宁静' })),
  ]) {
    expect(read.scanned.filter(table => ['left_alone', 'undisturbed'].includes(table))).toEqual([])
    expect(read.indexes).toEqual(expect.arrayContaining(['undisturbed_pkey', 'left_alone_digest']))
  }
})

test('those who are left alone are found by name, number, telephone or reason, and counted on either side up to a hundred', async () => {
  const id = await add('寻静安', '13870030001')
  await disturbNot(id, '柜台要求')
  const found = async (q: string) => (await house.work(ctx => customersLeftAlone(ctx, { q }))).rows.map(row => row.name)
  for (const q of ['静安', 'la030001', '13870030001', '柜台']) expect(await found(q), q).toEqual(['寻静安'])
  expect(await found('13870030002')).toEqual([])
  expect(await house.work(ctx => countLeftAlone(ctx))).toEqual({ values: 100, customers: 100 })
  await house.work(async ctx => {
    await sql`delete from customers.left_alone where tenant_id = ${ctx.tenantId}`.execute(ctx.db)
    await sql`delete from customers.undisturbed where tenant_id = ${ctx.tenantId} and customer_id <> ${id}`.execute(ctx.db)
  })
  expect(await house.work(ctx => countLeftAlone(ctx))).toEqual({ values: 0, customers: 1 })
})
