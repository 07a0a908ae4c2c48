import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { strFromU8, unzipSync } from 'fflate'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { NewCustomer } from '#contract/customers.ts'
import { NewMerge } from '#contract/duplicates.ts'
import { mayReach } from '#domains/messaging/outgoing/guard.ts'
import { suppress } from '#domains/messaging/outgoing/suppressions.ts'
import { placeFile, placeOf } from '#kernel/files.ts'
import { holdings, impersonalTables } from '#kernel/holdings.ts'
import { newId } from '#kernel/ids.ts'
import { workingPlace } from '#kernel/runTurns.ts'
import { type Planted, plantIn, remains as remainsOf, tablesOf } from '#testing/everywhere.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { openTables } from '#testing/tables.ts'
import { addCustomer } from '../actions.ts'
import { mergeCustomers } from '../duplicates/merging.ts'
import { rememberIdentity } from '../identify.ts'
import { recordConsent } from '../reaching.ts'
import { eraseCustomer, previewErasure } from './erasure.ts'
import { askPackage } from './package.ts'

// The database says which tables and columns there are: whatever is added is looked through here without anybody thinking of it.
const shared = '+8613712340000'
const person = { name: '瑾瑜尕藏', mark: 'ZQXJ', phone: '+8613912345670', email: 'zqxj.person@example.com' }
const again = { name: '瑾瑜尕', mark: 'ZQXK', phone: '+8613912345671', email: 'zqxk.again@example.com' }
const mate = { name: '周家人甲', mark: 'WMLV', phone: '+8613612345679', email: 'wmlv.mate@example.com' }
type Person = typeof person
const marksOf = ({ mark, phone, email }: Person) => [mark, phone, phone.slice(3), email, [...phone].reverse().join('')]
/** Other lines that no customer is told by: what waits is open by its very being, an erased one has no file. */
const aside = new Set([
  'customers.customer',
  'customers.customer_identity',
  'customers.merge',
  'customers.match_key',
  'customers.match_look',
  'customers.duplicate',
  'routing.waiting',
])

let house: TestHouse
let db: pg.Client
const ids = {
  person: '',
  number: '',
  again: '',
  againNumber: '',
  mate: '',
  file: '',
  result: '',
  failed: '',
  brought: '',
  unused: '',
  call: '',
}
const quoting = `记录 ${mate.mark} 又找 ${person.phone.slice(3)} 或 139-1234-5670 或 ${person.email}`

beforeAll(async () => {
  house = await openHouse()
  db = new pg.Client({ connectionString: house.url })
  await db.connect()
}, 120_000)
afterAll(async () => {
  await db.end()
  await house.close()
})

const add = async ({ name, mark, phone, email }: Person, more: object = {}) => {
  const customer = await house.work(ctx => addCustomer(ctx, NewCustomer.parse({ name, phone, email, note: `备注 ${mark}`, ...more })))
  await house.work(ctx => rememberIdentity(ctx, customer.id, 'phone', shared))
  await house.work(ctx => rememberIdentity(ctx, customer.id, 'wechat', `wx-${mark}`))
  return customer
}
const remains = (words: readonly string[]) => remainsOf(db, house.house.settings.filesFolder, words)
/** Everything that is said of somebody, in every table, as it stands. */
async function rowsWith(mark: string): Promise<string[]> {
  const found: string[] = []
  for (const [table, columns] of await tablesOf(db)) {
    if (table.startsWith('kernel.event') && table !== 'kernel.event_value') continue
    const said = columns
      .filter(one => !['version', 'changed_xid', 'tsvector'].includes(one.name) && one.type !== 'tsvector')
      .map(one => one.name)
    const { rows } = await db.query<{ row: string }>(
      `select row from (select json_build_array(${said.join(', ')})::text as row from ${table}) r where row like $1 order by row`,
      [`%${mark}%`],
    )
    found.push(...rows.map(({ row }) => `${table} ${row}`))
  }
  return found
}
const counts = async () => {
  const all: Record<string, number> = {}
  for (const { table, erase } of holdings())
    if (erase !== 'rows') all[table] = (await db.query<{ n: number }>(`select count(*)::int as n from ${table}`)).rows[0]?.n ?? 0
  return all
}

test('a family, a housemate with the same telephone, and whoever wrote of them stand in every table', async () => {
  const [one, two, other] = [await add(person), await add(again), await add(mate)]
  Object.assign(ids, { person: one.id, number: one.number, again: two.id, againNumber: two.number, mate: other.id })
  const version = async (id: string) =>
    (await db.query<{ version: number }>('select version from customers.customer where id = $1', [id])).rows[0]?.version ?? 0
  const versions = { keptVersion: await version(one.id), goneVersion: await version(two.id) }
  await house.work(ctx => mergeCustomers(ctx, NewMerge.parse({ keptId: one.id, goneId: two.id, ...versions })))
  await house.work(ctx => recordConsent(ctx, one.id, { purpose: 'survey', channel: 'sms', given: false, source: 'phone', proof: '' }))
  await house.work(ctx => suppress(ctx, { channel: 'mail', address: person.email, reason: 'asked', detail: '' }))
  await house.settle()

  const tables = holdings().filter(one => !one.ofEvent && !aside.has(one.table))
  const ofEvents = holdings().filter(one => one.ofEvent && one.table !== 'kernel.event_value')
  await db.query('begin')
  const refused: string[] = []
  for (const [who, { id: customerId, number }] of [
    [person, one],
    [again, two],
    [mate, other],
  ] as const) {
    const words = who === mate ? quoting : `${who.name} ${who.mark} ${who.phone.slice(3)} ${who.email}`
    const planted: Planted = { ...who, number, tenantId: house.tenantId, customerId, otherId: newId(), words }
    const kept = new Map<string, string>()
    refused.push(
      ...(await plantIn(
        db,
        tables.map(one => one.table),
        planted,
        kept,
      )),
    )
    // Something that happened to them, of which somebody was told.
    const { rows } = await db.query<{ id: string }>('select id from kernel.event where customer_id = $1 limit 1', [customerId])
    kept.set('event', rows[0]?.id ?? '')
    refused.push(
      ...(await plantIn(
        db,
        ofEvents.map(one => one.table),
        planted,
        kept,
      )),
    )
    if (who === person) Object.assign(ids, { file: kept.get('file') })
  }
  // Written by our own people of nobody in particular, and somebody who wrote before they had a file.
  const nobodys = [...new Set(impersonalTables().flatMap(({ words }) => Object.keys(words)))].filter(
    table => !/^customers|kernel.run/.test(table),
  )
  const unknown = ['sales.opportunity', 'messaging.visitor', 'tasks.task', 'messaging.outgoing', 'interactions.interaction']
  const words = `问过 ${person.name}，${person.phone} ${person.email} ${person.phone.slice(3)}`
  const nobody = { ...person, number: '', tenantId: house.tenantId, customerId: newId(), otherId: newId(), words }
  refused.push(...(await plantIn(db, [...nobodys, ...unknown], nobody, new Map([['owner', newId()]]))))
  for (const table of unknown) await db.query(`update ${table} set customer_id = null where customer_id = $1`, [nobody.customerId])
  // A lead under the shared number: by the name it is theirs. One under the housemate's name is not.
  for (const name of [person.name, mate.name]) {
    const lead = {
      ...person,
      name,
      number: '',
      phone: shared,
      email: `${name === mate.name ? mate.mark : person.mark}@x.cn`,
      tenantId: house.tenantId,
      customerId: newId(),
      otherId: newId(),
      words: name,
    }
    refused.push(...(await plantIn(db, ['sales.opportunity'], lead)))
    await db.query(`update sales.opportunity set customer_id = null where customer_id = $1`, [lead.customerId])
  }
  await db.query('commit')
  expect(refused).toEqual([])
  await runs()
  expect((await remains(marksOf(person))).length).toBeGreaterThan(120)
  expect((await remains(marksOf(again))).length).toBeGreaterThan(100)
}, 120_000)

/** Long work that holds lists of people: one that was taken back, one that failed half-way, a table that nobody brought in. */
async function runs() {
  const bytes = Buffer.from(`名单 ${person.name} ${person.phone} ${person.mark}`)
  const { sent } = await (await openTables(house, '/customers')).as('张敏')
  ids.unused = (await sent(`姓名,电话,备注\n${person.name},${person.phone},${person.mark}\n`)).fileId
  for (const key of ['result', 'failed', 'brought', 'file'] as const) {
    if (key !== 'file') ids[key] = newId()
    if (key !== 'failed') await placeFile(house.house, house.tenantId, ids[key], bytes)
    if (key !== 'file' && key !== 'failed')
      await db.query(
        `insert into kernel.file (tenant_id, id, name, type, size, sha256, owner_kind, owner_id, created_at) values ($1, $2, $3, 'text/csv', 9, '', 'user', $4, now())`,
        [house.tenantId, ids[key], `${person.name}.csv`, newId()],
      )
  }
  for (const [id, kind, state, fileId, params, code] of [
    [ids.result, 'taking_back.customer', 'done', ids.result, { runId: newId(), language: 'zh', total: 1 }, null],
    [ids.failed, 'import.customer', 'failed', null, { fileId: ids.brought, title: [person.name] }, { value: person.phone }],
    [newId(), 'export.customer', 'done', null, { asked: { filter: { q: person.name } } }, null],
  ] as const)
    await db.query(
      `insert into kernel.run (tenant_id, id, kind, facts, params, state, cursor, asked_at, file_id, code_facts) values ($1, $2, $3, '{}', $4, $5, $6, now(), $7, $8)`,
      [
        house.tenantId,
        id,
        kind,
        JSON.stringify(params),
        state,
        JSON.stringify({ after: person.name }),
        fileId,
        code && JSON.stringify(code),
      ],
    )
  for (const what of ['part', 'rows'] as const) {
    const place = workingPlace(house.house, house.tenantId, ids.failed, what)
    await mkdir(path.dirname(place), { recursive: true })
    await writeFile(place, bytes)
  }
}

test('what erasing takes is handed over before: row by row, the same of every table', async () => {
  const preview = await house.work(ctx => previewErasure(ctx, ids.person))
  const { runId } = await house.work(ctx => askPackage(ctx, ids.person, { reason: '本人申请', language: 'zh' }))
  await house.settle()
  const packed = unzipSync(await readFile(placeOf(house.house, house.tenantId, runId)))
  const told = JSON.parse(strFromU8(packed['index.json'] ?? new Uint8Array())) as { holdings: { table: string; rows: number }[] }
  const handed = new Map(told.holdings.map(one => [one.table, one.rows]))
  const readable = new Set(
    holdings()
      .filter(one => one.export.length > 0)
      .map(one => one.table as string),
  )
  // Asking is an event of theirs as well.
  for (const { table, rows } of preview.holdings)
    if (readable.has(table) && table !== 'kernel.event_value') expect([table, handed.get(table)]).toEqual([table, rows])
  // What says nothing but how we work: orders to the switch, sums to compare by, who may read a letter, what an import would restore, whom a colleague addressed, what rules did.
  expect(
    holdings()
      .map(one => one.table as string)
      .filter(table => !readable.has(table))
      .sort(),
  ).toEqual([
    'automation.run',
    'customers.match_key',
    'customers.match_look',
    'customers.segment_held',
    'documents.reader',
    'kernel.failed_reaction',
    'kernel.import_changed',
    'messaging.notice',
    'notifications.notification',
    'voice.forwarded',
  ])
}, 60_000)

test('nobody is erased in the middle of a call, and is told so', async () => {
  ids.call = newId()
  await db.query('begin')
  expect(
    await plantIn(
      db,
      ['voice.call'],
      { ...person, number: '', tenantId: house.tenantId, customerId: ids.again, otherId: newId(), words: '' },
      new Map([['call', ids.call]]),
    ),
  ).toEqual([])
  await db.query(`update voice.call set stage = 'talking' where id = $1`, [ids.call])
  await db.query('commit')
  const { blocks } = await house.work(ctx => previewErasure(ctx, ids.person))
  expect(blocks).toEqual([{ kind: 'open', name: '通话', nameEn: 'Calls', n: 1 }])
  await expect(house.work(ctx => eraseCustomer(ctx, ids.person, { number: ids.number, reason: '申请' }))).rejects.toMatchObject({
    code: 'privacy.blocked',
  })
  await db.query('delete from voice.call where id = $1', [ids.call])
})

test('erased with all files of theirs: no trace in any table or file; the housemate and the figures are as they were', async () => {
  const [before, figures] = [await rowsWith(mate.mark), await counts()]
  await house.work(ctx => eraseCustomer(ctx, ids.person, { number: ids.number, reason: '申请' }))
  await house.settle()
  expect((await db.query(`select kind, state, code from kernel.run where kind like 'privacy.%' and state <> 'done'`)).rows).toEqual([])
  expect(
    await remains([...marksOf(person), ...marksOf(again), '139-1234-5670', person.name, again.name, ids.number, ids.againNumber]),
  ).toEqual([])
  for (const id of [ids.file, ids.result, ids.brought, ids.unused]) expect(existsSync(placeOf(house.house, house.tenantId, id))).toBe(false)
  const quoted = new RegExp([person.phone.slice(3), '139-1234-5670', person.email].join('|'), 'g')
  expect(await rowsWith(mate.mark)).toEqual(before.map(row => row.replaceAll(quoted, '—')).sort())
  expect(await counts()).toEqual(figures)
}, 120_000)

test('what they declined comes back with them, under their own number and under the one they shared; the housemate is reached as before', async () => {
  const reached = (customerId: string, channel: 'sms' | 'mail', purpose: 'survey' | 'ticket') =>
    house.work(ctx => mayReach(ctx, { customerId, channel, purpose }))
  const back = await house.work(ctx => addCustomer(ctx, NewCustomer.parse({ name: ' 瑾瑜尕藏', phone: shared, email: person.email })))
  expect(await reached(back.id, 'sms', 'survey')).toMatchObject({ may: false, reason: 'consent_declined' })
  expect(await reached(back.id, 'mail', 'ticket')).toMatchObject({ may: false, reason: 'suppressed' })
  const sibling = await house.work(ctx => addCustomer(ctx, NewCustomer.parse({ name: '周家人乙', phone: shared })))
  for (const id of [sibling.id, ids.mate]) expect(await reached(id, 'sms', 'survey')).not.toMatchObject({ reason: 'consent_declined' })
})

test('a name or handle that is an everyday word is taken out of nobody’s records, nor any name out of what is said to many', async () => {
  const words = '白云区爆管，water will be off；陈雨桐'
  const tables = ['sales.opportunity', 'tasks.task', 'messaging.notice'] as const
  const columns = { 'sales.opportunity': 'title', 'tasks.task': 'title', 'messaging.notice': 'text' } as const
  const customerId = newId()
  const planted = { ...mate, number: '', tenantId: house.tenantId, customerId, otherId: newId(), words }
  const kept = new Map<string, string>()
  await db.query('begin')
  expect(await plantIn(db, tables, planted, kept)).toEqual([])
  await db.query('commit')
  const idOf = (table: string) => kept.get(table.split('.')[1] ?? '')
  for (const table of ['sales.opportunity', 'tasks.task'])
    await db.query(`update ${table} set customer_id = null where id = $1`, [idOf(table)])
  await db.query('update messaging.notice set text = $1 where id = $2', [words, idOf('messaging.notice')])
  for (const [n, name] of ['白云', 'Will', '陈雨桐'].entries()) {
    const { id, number } = await house.work(ctx => addCustomer(ctx, NewCustomer.parse({ name, phone: `1391234580${n}` })))
    await house.work(ctx => rememberIdentity(ctx, id, 'web', n === 1 ? 'water' : `water_${n}`))
    await house.work(ctx => eraseCustomer(ctx, id, { number, reason: '申请' }))
  }
  await house.settle()
  const said = async (table: keyof typeof columns) =>
    (await db.query<{ said: string }>(`select ${columns[table]} as said from ${table} where id = $1`, [idOf(table)])).rows[0]?.said
  expect(await said('sales.opportunity')).toBe(words.replace('陈雨桐', '—'))
  expect(await said('tasks.task')).toBe(words.replace('陈雨桐', '—'))
  expect(await said('messaging.notice')).toBe(words)
}, 60_000)
