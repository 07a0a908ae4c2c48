import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Actor } from '#kernel/access.ts'
import { asSystem } from '#kernel/react.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { explained } from '#testing/plans.ts'
import { changeOpportunity, moveOpportunity } from './actions.ts'
import { takeOpportunities } from './batch.ts'
import { opportunitiesChanged } from './queries.ts'

let house: TestHouse
beforeAll(async () => {
  house = await openHouse()
  await house.settle()
})
afterAll(() => house.close())

const feed = (after?: string, size?: number, actor?: Actor) => house.work(ctx => opportunitiesChanged(ctx, { after, size }), actor)
/** Whatever was committed by now is below the oldest that runs, also in the databases of other tests. */
async function settled(): Promise<void> {
  const { rows } = await house.house.control.query<{ now: string }>('select pg_current_xact_id()::text as now')
  const isOver = async () =>
    (await house.house.control.query('select pg_snapshot_xmin(pg_current_snapshot()) > $1::xid8 as over', [rows[0]?.now])).rows[0].over
  await expect.poll(isOver).toBe(true)
}
const bring = (items: object[]) => house.work(ctx => takeOpportunities(ctx, items))
const lead = (n: string) => ({ extId: n, title: n, name: '沈工', phone: '13812346021' })

test('the feed tells each at its latest state, page by page, and afterwards only what changed by any door', async () => {
  const { results } = await bring(['a', 'b', 'c', 'd'].map(lead))
  const [a = '', b = ''] = results.map(r => r.id ?? '')
  await settled()
  const first = await feed(undefined, 3)
  const rest = await feed(first.next, 3)
  expect([...first.rows, ...rest.rows].map(row => row.extId).sort()).toEqual(['a', 'b', 'c', 'd'])
  expect([first.more, rest.more]).toEqual([true, false])
  expect(JSON.stringify(first.rows)).not.toContain('13812346021')
  await house.work(ctx => changeOpportunity(ctx, a, { version: 1, note: '改' }))
  const won = await house.work(ctx => ctx.db.selectFrom('sales.stage').select('id').where('kind', '=', 'won').executeTakeFirstOrThrow())
  await house.work(ctx => moveOpportunity(ctx, b, { stageId: won.id, note: '', version: 1 }))
  await bring([lead('c'), { ...lead('d'), value: 7 }])
  await settled()
  expect((await feed(rest.next)).rows.map(row => [row.extId, row.version])).toEqual([
    ['a', 2],
    ['b', 2],
    ['d', 2],
  ])
  const theirs = await asSystem(house.house, house.otherTenantId, ctx => opportunitiesChanged(ctx, {}))
  expect(theirs.rows).toEqual([])
  const own = house.user({ grants: new Map([['opportunity:read', 'own']]) })
  await expect(feed(undefined, 3, own)).rejects.toMatchObject({ code: 'opportunity.feed_sees_all' })
})

test('a page is read by its index, whatever stands before it', async () => {
  await house.house.control.query(
    `insert into sales.opportunity (tenant_id, id, title, name, stage_id, state, source, opened_at, changed_at)
      select $1, gen_random_uuid(), '多', '多', gen_random_uuid(), 'open', 'other', now(), now() from generate_series(1, 5000) n`,
    [house.tenantId],
  )
  await house.house.control.query('analyze sales.opportunity')
  await settled()
  const { next } = await feed(undefined, 1000)
  const { indexes, scanned, read } = await explained(house, house.user(), ctx => opportunitiesChanged(ctx, { after: next, size: 50 }))
  expect(indexes).toContain('opportunity_feed')
  expect([scanned, read < 300]).toEqual([[], true])
})
