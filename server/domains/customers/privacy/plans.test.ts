import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { NewCustomer } from '#contract/customers.ts'
import type { User } from '#kernel/access.ts'
import { eraseSome, inOrder, wipeAged } from '#kernel/erasing.ts'
import { holdings } from '#kernel/holdings.ts'
import { newId } from '#kernel/ids.ts'
import { sweepSome } from '#kernel/sweeping.ts'
import { fill } from '#testing/everywhere.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { explained } from '#testing/plans.ts'
import { addCustomer } from '../actions.ts'
import { previewErasure } from './erasure.ts'
import { changeKeeping, keepNoLonger } from './keeping.ts'
import { knownAs } from './who.ts'

let house: TestHouse
let db: pg.Client
let me: User
let id: string
/** Others have so many rows of each; of what everybody has most of, so many. */
const [many, most] = [2_000, 40_000]
const large = new Set(['kernel.event', 'kernel.event_value', 'tasks.comment'])
/** One for each organisation, or what waits at this moment. */
const small = new Set(['routing.waiting', 'messaging.notice', 'messaging.block', 'kernel.failed_reaction'])

beforeAll(async () => {
  house = await openHouse()
  db = new pg.Client({ connectionString: house.url })
  await db.connect()
  me = house.user()
  id = (await house.work(ctx => addCustomer(ctx, NewCustomer.parse({ name: '周敏', phone: '13812340001', email: 'min@example.com' })))).id
  await house.settle()
  for (const table of new Set(['kernel.event', ...holdings().map(one => one.table as string)]))
    if (!small.has(table)) await fill(db, table, house.tenantId, large.has(table) ? most : many)
}, 300_000)
afterAll(async () => {
  await db.end()
  await house.close()
})

/** Months in which nothing happened are read whole, and what is small. */
const whole = (scanned: readonly string[]) => scanned.filter(table => !/^(event_\d+|waiting|notice|block)$/.test(table))

test('whatever is somebody’s is found by them, among many thousand rows of others: nothing is read whole', async () => {
  const { scanned, read } = await explained(house, me, ctx => previewErasure(ctx, id))
  expect(whole(scanned)).toEqual([])
  expect(read).toBeLessThan(500)
}, 60_000)

test('each step of erasing reads what it erases', async () => {
  const known = await house.work(ctx => knownAs(ctx, [id]))
  const wide: string[] = []
  for (const holding of inOrder()) {
    const { scanned, read } = await explained(house, me, ctx => eraseSome(ctx, holding, known))
    if (!small.has(holding.table) && (whole(scanned).length > 0 || read > 500)) wide.push(`${holding.table}: ${scanned} ${read}`)
  }
  expect(wide).toEqual([])
}, 120_000)

test('what quotes somebody is looked for a page at a time, along the keys of each table', async () => {
  const quoted = { marks: ['13812340001'], names: ['周敏'] }
  const { scanned, read } = await explained(house, me, ctx => sweepSome(ctx, quoted, { table: 'kernel.event_value', after: [newId(), ''] }))
  expect({ scanned: whole(scanned), isPage: read < 15_000 }).toEqual({ scanned: [], isPage: true })
}, 60_000)

test('a night looks at what is old a page at a time', async () => {
  const holding = holdings().find(one => one.table === 'messaging.outgoing')
  if (!holding) throw new Error('no such holding')
  const { scanned, read } = await explained(house, me, ctx => wipeAged(ctx, holding, sql`true`, { after: newId(), before: newId() }))
  expect({ scanned, isPage: read < 15_000 }).toEqual({ scanned: [], isPage: true })
}, 60_000)

test('who is silent is asked for a page of customers, by what each of them has', async () => {
  await house.work(ctx => changeKeeping(ctx, { kind: 'customers', days: 30 }))
  const { scanned, indexes } = await explained(house, me, ctx =>
    keepNoLonger(ctx, { kind: 'customers', rows: 0, n: 0, after: null, until: new Date(ctx.now.getTime() + 60_000).toISOString() }),
  )
  expect(whole(scanned)).toEqual([])
  expect(indexes).toEqual(expect.arrayContaining(['record_customer', 'receivable_customer', 'consent_word_customer']))
}, 60_000)
