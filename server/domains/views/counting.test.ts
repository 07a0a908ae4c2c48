import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { tickets } from '#contract/tickets.ts'
import { closeTicket, dispatchTicket, giveBackTicket, reopenTicket, resolveTicket, takeTicket } from '#domains/tickets/actions/steps.ts'
import { openTicket } from '#domains/tickets/index.ts'
import { countable } from '#domains/tickets/queries.ts'
import type { User } from '#kernel/access.ts'
import { isFollowed } from '#kernel/changes.ts'
import { newId } from '#kernel/ids.ts'
import type { Ctx } from '#kernel/work.ts'
import { runReaction } from '#kernel/worker.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { setTheTable } from '#testing/tickets.ts'
import { changeView, makeView, publishView, retireView } from './actions.ts'
import { countChanges, countEverywhere, mostKept } from './counting.ts'
import { listViews } from './queries.ts'

let house: TestHouse
let table: Awaited<ReturnType<typeof setTheTable>>
let boss: User
beforeAll(async () => {
  house = await openHouse()
  table = await setTheTable(house)
  boss = house.user({ id: table.ids.clerk, name: 'clerk', departmentId: table.ids.office })
}, 60_000)
afterAll(() => house.close())

const as = <T>(fn: (ctx: Ctx) => Promise<T>, who: User = boss) => house.work(fn, who)
const save = (query: Record<string, string>, more: object = {}) =>
  as(ctx => makeView(ctx, { list: 'tickets', name: '视图', share: 'private', shareId: null, query, columns: null, pinned: true, ...more }))
const counts = async (who: User = boss) => new Map((await as(ctx => listViews(ctx, 'tickets'), who)).map(v => [v.id, v.count]))
/** What the processes and timers of a product would do by themselves. */
async function rest() {
  await house.pass(1)
  await house.settle()
  await countEverywhere(house.house)
}
const truth = (query: Record<string, string>, who: User = boss) =>
  as(async ctx => (await countable(ctx, tickets.list.query.partial().parse(query)).execute()).length, who)
const open = (departmentId: string | null = null) => as(ctx => openTicket(ctx, table.ticket({ departmentId })))

const queries: Record<string, string>[] = [
  { box: 'open' },
  { box: 'all', status: 'dispatched' },
  { box: 'open', departmentId: '' },
  { box: 'all', open: 'false' },
  { box: 'all' },
]

test('nothing is followed, nothing is written, while no view is counted', async () => {
  expect(isFollowed(house.house, house.tenantId, 'ticket')).toBe(false)
  await open()
  await save({ box: 'open' }, { pinned: false })
  await open()
  const { rows } = await house.house.control.query('select 1 from kernel.changed')
  expect(rows).toEqual([])
})

describe('the count of a view', () => {
  const views: { id: string; query: Record<string, string> }[] = []
  beforeAll(async () => {
    for (const query of queries) {
      const own = { ...query, ...(query.departmentId === '' ? { departmentId: table.ids.crew } : {}) }
      views.push({ id: (await save(own)).id, query: own })
    }
    expect([...(await counts()).values()].filter(n => n !== null)).toEqual([])
    await rest()
  })
  beforeEach(rest)
  const equalsTruth = async () => {
    const kept = await counts()
    for (const { id, query } of views) expect(kept.get(id), JSON.stringify(query)).toBe(await truth(query))
  }

  test('is right once it has been counted, and after each change', async () => {
    await equalsTruth()
    const ticket = await open(table.ids.crew)
    await rest()
    await equalsTruth()
    await as(ctx => takeTicket(ctx, ticket.id))
    await as(ctx => resolveTicket(ctx, ticket.id, { text: '好了' }))
    await as(ctx => closeTicket(ctx, ticket.id, { text: '关' }))
    await rest()
    await equalsTruth()
  })

  test('equals the truth after any changes, many at once, counted by several at once and while others are counted anew', async () => {
    const step = fc.constantFrom('open', 'openHere', 'dispatch', 'take', 'giveBack', 'resolve', 'close', 'reopen', 'count', 'recount')
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(step, fc.nat(9)), { minLength: 8, maxLength: 24 }), async steps => {
        const ids = (await Promise.all([open(), open(table.ids.crew), open()])).map(t => t.id)
        const ways: Record<string, (id: string, n: number) => Promise<unknown>> = {
          open: async () => ids.push((await open()).id),
          openHere: async () => ids.push((await open(table.ids.crew)).id),
          dispatch: id => as(ctx => dispatchTicket(ctx, id, { departmentId: table.ids.crew, assigneeId: null, text: '' })),
          take: id => as(ctx => takeTicket(ctx, id)),
          giveBack: id => as(ctx => giveBackTicket(ctx, id, { text: '退' })),
          resolve: id => as(ctx => resolveTicket(ctx, id, { text: '好' })),
          close: id => as(ctx => closeTicket(ctx, id, { text: '关' })),
          reopen: id => as(ctx => reopenTicket(ctx, id, { text: '再' })),
          count: () => house.work(countChanges),
          recount: (_, n) => {
            const view = views[n % views.length]
            return as(ctx =>
              changeView(ctx, view?.id ?? '', { query: { ...view?.query, ...(n % 2 ? { box: view?.query.box ?? 'all' } : {}) } }),
            )
          },
        }
        // What a ticket's state does not allow is refused and changes nothing.
        await Promise.all(steps.map(([act, n]) => ways[act]?.(ids[n % ids.length] ?? '', n).catch(() => undefined)))
        await Promise.all([countEverywhere(house.house), countEverywhere(house.house), countEverywhere(house.house)])
        await rest()
        await equalsTruth()
      }),
      { numRuns: 12 },
    )
  }, 120_000)

  test('that ends while somebody counts into it leaves nothing behind', async () => {
    const { id } = await save({ box: 'all', status: 'closed' })
    await rest()
    const tenant = house.tenantId
    const [held, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const counting = house.work(async ctx => {
      await sql`select id from views.count where tenant_id = ${tenant} and id = ${id} for update`.execute(ctx.db)
      await sql`insert into views.member (tenant_id, view_id, row_id) values (${tenant}, ${id}, ${newId()})`.execute(ctx.db)
      held.resolve()
      await release.promise
    })
    await held.promise
    const retiring = as(ctx => retireView(ctx, id, true))
    const waits = async () => (await house.house.control.query('select 1 from pg_locks where not granted')).rows.length > 0
    await expect.poll(waits, { timeout: 20_000 }).toBe(true)
    release.resolve()
    await Promise.all([counting, retiring])
    const { rows } = await house.house.control.query('select 1 from views.member where view_id = $1', [id])
    expect(rows).toEqual([])
  }, 60_000)

  test('is of what the viewer may see', async () => {
    const shared = await save({ box: 'all' }, { pinned: false })
    await as(ctx => publishView(ctx, shared.id, true))
    await rest()
    const field = house.user({ id: newId(), departmentId: table.ids.crew, grants: new Map([['ticket:read', 'department']]) })
    const stranger = house.user({ id: newId(), grants: new Map([['ticket:read', 'own']]) })
    expect((await counts()).get(shared.id)).toBe(await truth({ box: 'all' }))
    expect((await counts(field)).get(shared.id)).toBe(await truth({ box: 'all' }, field))
    expect(await truth({ box: 'all' }, field)).toBeGreaterThan(0)
    expect(await truth({ box: 'all' }, field)).toBeLessThan(await truth({ box: 'all' }))
    expect((await counts(stranger)).get(shared.id)).toBe(0)
    await expect(counts(house.user({ grants: new Map() }))).rejects.toMatchObject({ code: 'access.denied' })
  })

  test('is asked where who looks or the clock decides, and not told where words are sought', async () => {
    const mine = await save({ box: 'mine' })
    const late = await save({ box: 'late' })
    const words = await save({ box: 'open', q: '无水' })
    const kept = await counts()
    expect(kept.get(mine.id)).toBe(await truth({ box: 'mine' }))
    expect(kept.get(late.id)).toBe(await truth({ box: 'late' }))
    expect(kept.get(words.id)).toBeNull()
    const { rows } = await house.house.control.query('select id from views.count where id = any($1)', [[mine.id, late.id, words.id]])
    expect(rows).toEqual([])
  })

  test('ends with the view, and comes back with it', async () => {
    const view = await save({ box: 'open' })
    await rest()
    await as(ctx => retireView(ctx, view.id, true))
    expect((await counts()).has(view.id)).toBe(false)
    const left = async () => (await house.house.control.query('select 1 from views.member where view_id = $1', [view.id])).rows.length
    expect(await left()).toBe(0)
    await as(ctx => retireView(ctx, view.id, false))
    await rest()
    expect((await counts()).get(view.id)).toBe(await truth({ box: 'open' }))
    expect(await left()).toBe(await truth({ box: 'open' }))
  })

  test('of a view beyond all reading is not kept', async () => {
    const view = await save({ box: 'open' })
    await rest()
    await house.house.control.query(`update views.count set n = ${mostKept} where id = $1`, [view.id])
    await open()
    await rest()
    const { rows } = await house.house.control.query('select state, n from views.count where id = $1', [view.id])
    expect(rows).toEqual([{ state: 'vast', n: mostKept }])
    expect((await counts()).get(view.id)).toBe(1000)
    await runReaction(house.house, house.reactions, { tenant: house.tenantId, reaction: 'count every counted view anew', event: newId() })
    await rest()
    expect((await counts()).get(view.id)).toBe(await truth({ box: 'open' }))
  })

  test('nobody needs is followed no more from the next night on', async () => {
    const all = await as(ctx => listViews(ctx, 'tickets'))
    for (const { id } of all) await as(ctx => retireView(ctx, id, true))
    await runReaction(house.house, house.reactions, { tenant: house.tenantId, reaction: 'count every counted view anew', event: newId() })
    await Promise.all(house.house.background)
    expect(isFollowed(house.house, house.tenantId, 'ticket')).toBe(false)
  })
})
