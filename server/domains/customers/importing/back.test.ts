import { afterAll, beforeAll, expect, test } from 'vitest'
import { NewCustomer } from '#contract/customers.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { explained } from '#testing/plans.ts'
import { addCustomer } from '../actions.ts'
import { back, goingAlong, hanging } from './back.ts'

let house: TestHouse
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

const ask = async <T extends object>(statement: string, values: unknown[] = []): Promise<T[]> =>
  (await house.house.control.query<T>(statement, values)).rows
/** As an import leaves them: it announces itself and not each. */
async function brought(name: string): Promise<string> {
  const { id } = await house.work(ctx => addCustomer(ctx, NewCustomer.parse({ name })))
  await ask('delete from kernel.event where customer_id = $1', [id])
  return id
}
const removed = (ids: readonly string[]) =>
  house.work(ctx =>
    back.remove(
      ctx,
      ids.map(id => ({ id, version: 1 })),
    ),
  )

/** Where rows of what is published really stand. */
async function tableOf(name: string, column: string): Promise<string> {
  const rows = await ask<{ name: string }>(
    `select distinct c.oid::regclass::text as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = $2
      where c.relkind in ('r', 'p') and (c.oid = $1::regclass or c.oid in (select d.refobjid from pg_depend d join pg_rewrite r on r.oid = d.objid where r.ev_class = $1::regclass and d.refclassid = 'pg_class'::regclass))`,
    [name, column],
  )
  expect(rows, name).toHaveLength(1)
  return rows[0]?.name ?? ''
}

const filled: Record<string, string> = {
  uuid: 'gen_random_uuid()', text: `'x'`, 'timestamp with time zone': 'now()', date: 'current_date', bigint: '1', integer: '1', smallint: '1', boolean: 'true',
  jsonb: `'{}'`, tsvector: `''`, inet: `'127.0.0.1'`,
} // biome-ignore format: as a table

/** One row of a table about this customer; of the rest only what must be there. */
async function putOne(table: string, column: string, customerId: string): Promise<void> {
  for (const { name } of await ask<{ name: string }>(
    `select conname as name from pg_constraint where conrelid = $1::regclass and contype in ('c', 'f')`,
    [table],
  ))
    await ask(`alter table ${table} drop constraint "${name}"`)
  const columns = await ask<{ name: string; type: string }>(
    `select attname as name, format_type(atttypid, atttypmod) as type from pg_attribute
      where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = '' and attnotnull and not atthasdef and attname not in ('tenant_id', $2)`,
    [table, column],
  )
  const values = columns.map(({ name, type }) => filled[type] ?? (type.endsWith('[]') ? `'{}'` : `no value for ${table}.${name} ${type}`))
  const names = ['tenant_id', column, ...columns.map(({ name }) => name)]
  await ask(`insert into ${table} (${names.join(', ')}) values (${['$1', '$2', ...values].join(', ')})`, [house.tenantId, customerId])
}

test('whatever hangs on a customer by now keeps them, and says why', async () => {
  const expected: [string, string][] = []
  const ids: string[] = []
  for (const [table, column, why] of hanging) {
    const name = `${table} ${column}`
    const id = await brought(name)
    await putOne(await tableOf(table, column), column, id)
    ids.push(id)
    expected.push([name, why])
  }
  ids.push(await brought('无牵挂'))
  const { kept, removed: n } = await removed(ids)
  expect(kept.map(({ known, code }) => [known[1] ?? '', code]).sort()).toEqual(expected.sort())
  expect(n).toBe(1)
})

test('every table of the house that knows customers is decided', async () => {
  const rows = await ask<{ name: string }>(
    `select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
      where a.attname = 'customer_id' and c.relkind in ('r', 'p') and not c.relispartition and n.nspname not in ('pg_catalog', 'information_schema') order by 1`,
  )
  const decided = new Set<string>([
    ...goingAlong,
    // Not theirs alone, how far files were compared, and what comes only with one of the others: a contact, a message, an invitation.
    ...['kernel.event', 'customers.match_pass', 'routing.waiting', 'messaging.visitor', 'messaging.reach', 'surveys.asked'],
  ])
  for (const [table, column] of hanging) decided.add(await tableOf(table, column))
  // A new table: does its row keep the customer of an import that is taken back, or go along?
  expect(rows.map(row => row.name).filter(name => !decided.has(name))).toEqual([])
})

test('what hangs on them is asked by an index, whatever else there is', async () => {
  const ids = [await brought('一'), await brought('二')]
  const { scanned } = await explained(house, house.user(), ctx =>
    back.remove(
      ctx,
      ids.map(id => ({ id, version: 1 })),
    ),
  )
  expect(scanned).toEqual([])
})
