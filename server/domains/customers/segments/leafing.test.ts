import { afterAll, beforeAll, expect, test } from 'vitest'
import { Condition } from '#contract/conditions.ts'
import { newId } from '#kernel/ids.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { explained } from '#testing/plans.ts'
import { exportedCustomers, listCustomers } from '../queries.ts'
import { addSegment, changeSegment } from './actions.ts'
import { heldSql, holdSegment, letGo, letGoOld } from './holding.ts'

let house: TestHouse
const ids = { rare: '', dense: '', far: '' }
const size = 1_600
beforeAll(async () => {
  house = await openHouse()
  await house.house.control.query(
    `insert into customers.customer (tenant_id, id, number, kind, name, tags, since, last_contact_at)
    select $1, gen_random_uuid(), 'N' || lpad(n::text, 5, '0'), 'person', '客 ' || n % 7,
      case when n in (3, 900, 1598) then '{稀}' when n > 1500 then '{远,密}' when n % 2 = 0 then '{密}' else '{}' end::text[], now(), now() - n * interval '1 minute'
    from generate_series(1, ${size}) n`,
    [house.tenantId],
  )
  const segment = (name: string, tag: string) =>
    house.work(ctx =>
      addSegment(ctx, {
        ...{ name, nameEn: '', note: '' },
        condition: Condition.parse({
          of: [
            { field: 'tags', op: 'hasAny', value: [tag] },
            { field: 'contacts@30', op: 'atMost', value: 0 },
          ],
        }),
      }),
    )
  ids.rare = (await segment('稀少', '稀')).id
  ids.dense = (await segment('密集', '密')).id
  ids.far = (await segment('靠后', '远')).id
})
afterAll(() => house.close())

const orders = ['-contact', 'contact', 'name', '-name', 'number', '-number', '-added', 'added'] as const
const truth = async (tag: string, sort: (typeof orders)[number]) => {
  const by = { contact: 'last_contact_at', name: 'name', number: 'number', added: 'id' }[sort.replace('-', '') as 'name']
  const down = sort.startsWith('-') ? 'desc' : 'asc'
  const { rows } = await house.house.control.query<{ number: string }>(
    `select number from customers.customer where tenant_id = $1 and $2 = any(tags) order by ${by} ${down}, id ${down}`,
    [house.tenantId, tag],
  )
  return rows.map(row => row.number)
}
async function leaf(segment: string, sort: (typeof orders)[number], most: number): Promise<string[]> {
  const seen: string[] = []
  for (let after: string | undefined; ; ) {
    const page = await house.work(ctx => listCustomers(ctx, { segment, sort, size: most, ...(after ? { after } : {}) }))
    seen.push(...page.rows.map(row => row.number))
    if (page.next === null) return seen
    expect(page.rows.length).toBe(most)
    after = page.next
  }
}

test.each(orders)('a list of a segment, by %s, shows each of its customers once and in order, page by page', async sort => {
  expect(await leaf(ids.rare, sort, 1)).toEqual(await truth('稀', sort))
  expect(await leaf(ids.dense, sort, 200)).toEqual(await truth('密', sort))
  expect(await leaf(ids.far, sort, 60)).toEqual(await truth('远', sort))
})

test('a page of what many are in asks about those who stand next, and not about everybody', async () => {
  await house.house.control.query('analyze customers.customer')
  const { indexes, scanned, read } = await explained(house, house.user(), ctx => listCustomers(ctx, { segment: ids.dense, size: 50 }))
  expect(indexes.join()).toContain('customer_listed')
  expect(scanned).not.toContain('customer')
  expect(read).toBeLessThan(1_000)
})

test('an export of a segment is of those who were in it when it began, asked once', async () => {
  const kind = house.house.runs.get('export.customers')
  if (!kind) throw new Error('no such export')
  const all = await truth('密', 'number')
  const asked = { filter: { segment: ids.dense }, columns: ['number'], language: 'zh', format: 'csv' }
  const run = { id: newId(), params: { asked, zone: 'UTC' }, total: null, outcome: {}, askedById: null, askedAt: house.now() }
  const held = async () =>
    (await house.house.control.query('select 1 from customers.segment_held where holder_id = $1', [run.id])).rows.length
  const written: string[] = []
  let [cursor, done, pages]: [unknown, number, number] = [kind.start, 0, 0]
  for (let finished = false; !finished; pages++) {
    const step = await house.work(ctx => kind.step(ctx, { ...run, cursor, done }, undefined))
    written.push(
      ...Buffer.from(step.output ?? [])
        .toString('utf8')
        .split('\r\n'),
    )
    if (pages === 0) {
      expect(await held()).toBe(all.length)
      await house.house.control.query(`update customers.customer set tags = tags || '{neu}' where tags = '{}'`)
      await house.work(ctx =>
        changeSegment(ctx, ids.dense, {
          version: 1,
          condition: Condition.parse({ of: [{ field: 'tags', op: 'hasAny', value: ['neu'] }] }),
        }),
      )
    }
    finished = step.finished === true
    cursor = step.cursor
    done = step.done
  }
  expect(pages).toBeGreaterThan(1)
  expect(written.filter(line => line.startsWith('N')).sort()).toEqual(all)
  expect(await held()).toBe(0)
})

test('an export that lay until its customers were let go goes on with those who are in the segment now', async () => {
  const kind = house.house.runs.get('export.customers')
  if (!kind) throw new Error('no such export')
  const { id: segment } = await house.work(ctx =>
    addSegment(ctx, {
      name: '多页',
      nameEn: '',
      note: '',
      condition: Condition.parse({ of: [{ field: 'number', op: 'starts', value: ['N'] }] }),
    }),
  )
  const asked = { filter: { segment }, columns: ['number'], language: 'zh', format: 'csv' }
  const run = { id: newId(), params: { asked, zone: 'UTC' }, total: null, outcome: {}, askedById: null, askedAt: house.now() }
  const step = (cursor: unknown, done: number) => house.work(ctx => kind.step(ctx, { ...run, cursor, done }, undefined))
  let [at, pages] = [await step(kind.start, 0), 1]
  await house.house.control.query('delete from customers.segment_held where holder_id = $1', [run.id])
  for (; at.finished !== true; pages++) at = await step(at.cursor, at.done)
  expect([pages > 1, at.done]).toEqual([true, size])
})

test('who is held for a run stays who they were, until they are let go', async () => {
  const [mine, others] = [newId(), newId()]
  await house.work(ctx => holdSegment(ctx, mine, ids.rare))
  await house.work(ctx => holdSegment(ctx, others, ids.far))
  const [gone] = await truth('稀', 'number')
  await house.house.control.query(`update customers.customer set tags = '{}' where number = $1`, [gone])
  const held = () =>
    house.work(async ctx =>
      (await exportedCustomers(ctx, { segment: ids.rare, sort: 'number' }, heldSql(ctx, mine))).rows.map(c => c.number),
    )
  const now = async () => (await house.work(ctx => listCustomers(ctx, { segment: ids.rare }))).rows.length
  expect([(await held()).length, await now()]).toEqual([3, 2])
  await house.work(ctx => letGo(ctx, mine))
  const left = async () => (await house.house.control.query('select distinct holder_id from customers.segment_held')).rows
  expect([await held(), await left()]).toEqual([[], [{ holder_id: others }]])
  await house.work(letGoOld)
  expect(await left()).toEqual([{ holder_id: others }])
  await house.pass(8 * 24 * 60)
  await house.work(letGoOld)
  expect(await left()).toEqual([])
})
