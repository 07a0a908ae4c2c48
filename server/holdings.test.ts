import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { holdings, impersonalTables } from '#kernel/holdings.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'

// Erasing a person and handing over what is known of them go by what the domains declare in their holdings.ts: nothing may be forgotten there.
let house: TestHouse
let db: pg.Client
let columns: Map<string, { name: string; type: string; generated: boolean; needed: boolean }[]>
beforeAll(async () => {
  house = await openHouse()
  db = new pg.Client({ connectionString: house.url })
  await db.connect()
  const { rows } = await db.query<{ table: string; name: string; type: string; generated: boolean; needed: boolean }>(`
    select n.nspname || '.' || c.relname as table, a.attname as name, t.typname as type, a.attgenerated <> '' as generated, a.attnotnull as needed
    from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    join pg_type t on t.oid = a.atttypid
    where c.relkind in ('r', 'p') and not c.relispartition and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast', 'public', 'graphile_worker')
    order by 1, a.attnum`)
  columns = Map.groupBy(rows, row => row.table)
})
afterAll(async () => {
  await db.end()
  await house.close()
})

const wordy = new Set(['text', '_text', 'varchar', 'json', 'jsonb', 'tsvector', 'bytea'])

test('every table is declared: what it holds of a customer, or that it holds nothing', () => {
  const said = [...holdings().map(one => one.table as string), ...impersonalTables().flatMap(one => one.tables)]
  expect([...columns.keys()].filter(table => !said.includes(table))).toEqual([])
  expect(said.filter(table => !columns.has(table))).toEqual([])
  // kernel.file is declared by whoever owns the files and by the kernel for all others.
  expect(said.filter((table, n) => said.indexOf(table) !== n && table !== 'kernel.file')).toEqual([])
})

test('a table that names a customer is not among those that hold nothing, but for the register, what the law asks to keep, and how far was looked', () => {
  const silent = impersonalTables().flatMap(one => one.tables)
  const naming = silent.filter(table => columns.get(table)?.some(column => column.name === 'customer_id'))
  expect(naming.sort()).toEqual(['customers.erasure', 'customers.hold', 'customers.match_pass', 'kernel.event'])
})

test('every column that can hold words is blanked, or said to stay', () => {
  const forgotten: string[] = []
  const unknown: string[] = []
  for (const { table, erase, stays, export: reads } of holdings()) {
    const own = columns.get(table) ?? []
    const names = own.map(column => column.name)
    if (erase !== 'rows')
      for (const { name, type, generated } of own)
        if (wordy.has(type) && !generated && !(erase !== 'figures' && name in erase) && !stays.includes(name))
          forgotten.push(`${table}.${name}`)
    for (const name of [...(typeof erase === 'object' ? Object.keys(erase) : []), ...stays, ...reads])
      if (!names.includes(name)) unknown.push(`${table}.${name}`)
  }
  expect(forgotten).toEqual([])
  const needed = holdings().flatMap(({ table, erase }) =>
    typeof erase === 'object'
      ? (columns.get(table) ?? []).filter(one => one.needed && erase[one.name] === 'null').map(one => `${table}.${one.name}`)
      : [],
  )
  expect(needed, 'blanked by null, which they may not be').toEqual([])
  expect(unknown).toEqual([])
})
