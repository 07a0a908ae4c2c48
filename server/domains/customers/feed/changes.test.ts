import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { FeedRow } from '#contract/customerFeed.ts'
import { NewCustomer } from '#contract/customers.ts'
import type { Actor } from '#kernel/access.ts'
import { openAs } from '#kernel/db.ts'
import { asSystem } from '#kernel/react.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { explained } from '#testing/plans.ts'
import { addCustomer, changeCustomer } from '../actions.ts'
import { rememberIdentity, touch } from '../identify.ts'
import { back } from '../importing/back.ts'
import { changedSince } from './changes.ts'

let house: TestHouse
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

const add = (name: string, more: Record<string, unknown> = {}) => house.work(ctx => addCustomer(ctx, NewCustomer.parse({ name, ...more })))
const feed = (after?: string, more: { size?: number; full?: boolean } = {}, actor?: Actor) =>
  house.work(ctx => changedSince(ctx, { ...(after ? { after } : {}), ...more }), actor)
/** Whatever was committed by now is below the oldest that runs, also in the databases of other tests. */
async function settled(): Promise<void> {
  const { rows } = await house.house.control.query<{ now: string }>('select pg_current_xact_id()::text as now')
  const isOver = async () =>
    (await house.house.control.query('select pg_snapshot_xmin(pg_current_snapshot()) > $1::xid8 as over', [rows[0]?.now])).rows[0].over
  await expect.poll(isOver).toBe(true)
}
/** All there is by now, page by page. */
async function drained(after?: string, size = 3): Promise<{ rows: FeedRow[]; next: string }> {
  await settled()
  return wholly(after, size)
}
async function wholly(after?: string, size = 3): Promise<{ rows: FeedRow[]; next: string }> {
  const rows: FeedRow[] = []
  for (;;) {
    const page = await feed(after, { size })
    rows.push(...page.rows)
    after = page.next
    if (!page.more) return { rows, next: page.next }
  }
}
const names = (rows: FeedRow[]) => rows.map(row => row.customer?.name)

describe('the feed', () => {
  test('tells each once at its latest state, and afterwards only what changed', async () => {
    const made: { id: string }[] = []
    for (const name of ['甲', '乙', '丙', '丁', '戊']) made.push(await add(name, { phone: '13812346021' }))
    const all = await drained()
    expect(names(all.rows)).toEqual(['甲', '乙', '丙', '丁', '戊'])
    expect(JSON.stringify(all.rows)).not.toContain('13812346021')
    expect(await feed(all.next)).toMatchObject({ rows: [], next: all.next, more: false })
    const [first, second] = made
    await house.work(ctx => changeCustomer(ctx, first?.id ?? '', { version: 1, name: '甲甲' }))
    await house.work(ctx => touch(ctx, second?.id ?? ''))
    await house.work(ctx => rememberIdentity(ctx, made[2]?.id ?? '', 'email', 'c@water.cn'))
    expect(names((await drained(all.next)).rows)).toEqual(['甲甲', '丙'])
  })

  test('misses nothing of transactions that are open while it reads, whichever ends first', async () => {
    let { next } = await drained()
    const open = async () => {
      const client = new pg.Client({ connectionString: house.url })
      await client.connect()
      await client.query(openAs('app', house.tenantId))
      const insert = (name: string) =>
        client.query(
          `insert into customers.customer (tenant_id, id, number, kind, name, since) values ($1, gen_random_uuid(), $2, 'person', $2, now())`,
          [house.tenantId, name],
        )
      return { insert, end: async (how: 'commit' | 'rollback') => { await client.query(how); await client.end() } } // biome-ignore format: short
    }
    const told: string[] = []
    const read = async () => {
      const page = await wholly(next)
      next = page.next
      told.push(...page.rows.map(row => row.customer?.name ?? ''))
    }
    const [slow, quick, failing] = [await open(), await open(), await open()]
    await slow.insert('慢')
    await failing.insert('废')
    await quick.insert('快')
    await quick.end('commit')
    await read()
    // What is written behind one that still runs waits for it.
    expect(told).toEqual([])
    await slow.insert('慢二')
    await slow.end('commit')
    const after = async () => {
      await read()
      return told.toSorted()
    }
    await expect.poll(after).toEqual(['慢', '慢二'].sort())
    await failing.end('rollback')
    await expect.poll(after).toEqual(['快', '慢', '慢二'].sort())
  })

  test('misses nothing while many write at once', async () => {
    let { next } = await drained()
    const told = new Map<string, number>()
    const made: { id: string }[] = []
    let writing = true
    const writers = Promise.all(
      Array.from({ length: 6 }, async (_, w) => {
        for (let n = 0; n < 12; n++) {
          const one = await add(`写 ${w} ${n}`)
          made.push(one)
          if (n % 3 === 0) await house.work(ctx => changeCustomer(ctx, one.id, { version: 1, note: '改' }))
        }
      }),
    ).finally(() => {
      writing = false
    })
    const read = async () => {
      const page = await feed(next, { size: 7 })
      next = page.next
      for (const { id, customer } of page.rows) told.set(id, Math.max(told.get(id) ?? 0, customer?.version ?? 0))
      return page
    }
    while (writing) await read()
    await writers
    await settled()
    while ((await read()).rows.length > 0);
    expect(told.size).toBe(made.length)
    expect([...told.values()].filter(version => version === 2)).toHaveLength(24)
  })

  test('tells of a merged one where it went', async () => {
    const [kept, gone] = [await add('留'), await add('去')]
    const { next } = await drained()
    await house.house.control.query('update customers.customer set merged_into = $1, changed_xid = pg_current_xact_id() where id = $2', [
      kept.id,
      gone.id,
    ])
    await settled()
    expect((await feed(next)).rows).toEqual([{ id: gone.id, extId: null, mergedInto: kept.id, gone: 'merged', customer: null, own: {} }])
  })

  test('tells in its turn who was removed when the import that brought them was taken back', async () => {
    const [before, brought, unread] = [await add('先'), await add('导'), await add('导二')]
    const { next } = await drained()
    await house.work(ctx => changeCustomer(ctx, before.id, { version: 1, name: '先先' }))
    await house.house.control.query('delete from kernel.event where customer_id = any($1)', [[brought.id, unread.id]])
    const { kept } = await house.work(ctx =>
      back.remove(
        ctx,
        [brought, unread].map(({ id }) => ({ id, version: 1 })),
      ),
    )
    expect(kept).toEqual([])
    const later = await add('后')
    const told = (rows: FeedRow[]) => rows.map(row => [row.id, row.gone])
    const gone = [brought.id, unread.id].sort().map(id => [id, 'removed'])
    const expected = [[before.id, null], ...gone, [later.id, null]]
    for (const size of [1, 2, 3, 50]) expect(told((await drained(next, size)).rows), `${size} a page`).toEqual(expected)
    expect((await drained(next)).rows.find(row => row.id === brought.id)).toEqual({
      id: brought.id,
      extId: null,
      mergedInto: null,
      gone: 'removed',
      customer: null,
      own: {},
    })
    const theirs = await asSystem(house.house, house.otherTenantId, ctx => changedSince(ctx, {}))
    expect(theirs.rows).toEqual([])
  })

  test('shows numbers in full only to whoever may reveal, and that is on record', async () => {
    const { next } = await drained()
    await add('全', { phone: '13812349999' })
    await settled()
    expect((await feed(next, { full: true }, house.user())).rows[0]?.customer?.phone).toBe('+8613812349999')
    expect(await house.said('customer.fed')).toEqual([{ count: 1 }])
    const plain = house.user({}, ['customer:read'])
    await expect(feed(next, { full: true }, plain)).rejects.toMatchObject({ code: 'access.denied' })
    const limited = house.user({ limits: { 'customer:reveal': 10 } })
    await expect(feed(next, { full: true }, limited)).rejects.toMatchObject({ code: 'access.denied' })
  })

  test('is for those who see every customer of their own organisation', async () => {
    await expect(feed(undefined, {}, house.user({ grants: new Map([['customer:read', 'own']]) }))).rejects.toMatchObject({
      code: 'customer.feed_sees_all',
    })
    const theirs = await asSystem(house.house, house.otherTenantId, ctx => changedSince(ctx, {}))
    expect(theirs.rows).toEqual([])
  })

  test('reads a page by its index, whatever stands before it', async () => {
    await house.house.control.query(
      `insert into customers.customer (tenant_id, id, number, kind, name, since) select $1, gen_random_uuid(), 'P' || n, 'person', '多', now() from generate_series(1, 5000) n`,
      [house.tenantId],
    )
    await house.house.control.query('analyze customers.customer')
    const { next } = await feed(undefined, { size: 1000 })
    const { indexes, scanned, read } = await explained(house, house.user(), ctx => changedSince(ctx, { after: next, size: 50 }))
    expect(indexes.join(', ')).toContain('customer_changed')
    expect([scanned, read < 300]).toEqual([[], true])
  })
})

describe('another cluster', () => {
  test('a cursor from elsewhere, or from before it was set back, begins again; one that is none is refused', async () => {
    const strange = Buffer.from(JSON.stringify(['7000000000000000000.1', '100', '00000000-0000-0000-0000-000000000000'])).toString(
      'base64url',
    )
    await expect(feed(strange)).rejects.toMatchObject({ code: 'customer.feed_begin_again', kind: 'gone' })
    for (const odd of ['AAAA', Buffer.from('[1,2]').toString('base64url')])
      await expect(feed(odd)).rejects.toMatchObject({ code: 'input.cursor' })
  })

  test('rows that bear numbers of a cluster further on are told once somebody begins', async () => {
    const one = await add('远方')
    await house.house.control.query(`update customers.customer set changed_xid = '999999999999' where id = $1`, [one.id])
    const again = await drained(undefined, 1000)
    const rest = await drained(again.next, 1000)
    expect([...again.rows, ...rest.rows].map(row => row.id)).toContain(one.id)
  })
})
