import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { insight } from '#contract/insight.ts'
import { markAbandoned, markAnswered, markEnded, markWrapped, openInteraction, rateInteraction } from '#domains/interactions/index.ts'
import { newId } from '#kernel/ids.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { countAll, countSlot, difference, keepCounted, touchSlots } from './counting.ts'
import { countedContacts, figures } from './figures.ts'
import { noCounts, periodOf } from './rules.ts'
import { counts } from './tables.ts'

let house: TestHouse
const [billing, repairs] = [newId(), newId()]
const agents = [newId(), newId()]
const ask = async <R extends object>(text: string, values: unknown[] = []) => (await house.house.control.query<R>(text, values)).rows
beforeAll(async () => {
  house = await openHouse()
  for (const [id, y, t] of [
    [billing, 20, 5],
    [repairs, 60, 0],
  ] as const)
    await ask(
      'insert into routing.queue (tenant_id, id, name, target_seconds, short_abandon_seconds) values ($1, $2::uuid, $2::text, $3, $4)',
      [house.tenantId, id, y, t],
    )
})
afterAll(() => house.close())
beforeEach(async () => {
  for (const table of ['interactions.interaction', 'insight.rollup', 'insight.dirty', 'insight.counted', 'kernel.timer'])
    await ask(`delete from ${table}`)
  await house.work(countAll)
})

const names = counts.map(c => c.replace(/[A-Z]/g, l => `_${l.toLowerCase()}`)).join(', ')
/** Every figure there is, kept and counted afresh from the facts. */
async function both() {
  const kept = await ask(
    `select grain, dimension, at, key, ${names} from insight.rollup where tenant_id = $1 and contacts > 0 order by 1, 2, 3, 4`,
    [house.tenantId],
  )
  const direct = await ask(
    `select grain, dimension, at, key collate "C" as key, count(*)::int as contacts, sum(offered)::int as offered, sum(answered)::int as answered, sum(in_target)::int as in_target,
      sum(abandoned)::int as abandoned, sum(short_abandoned)::int as short_abandoned, sum(undecided)::int as undecided, sum(case when answered = 1 then wait_ms else 0 end)::bigint as wait_ms,
      sum(handled)::int as handled, sum(case when handled = 1 then handle_ms else 0 end)::bigint as handle_ms, sum(rated)::int as rated, coalesce(sum(best), 0)::int as best, coalesce(sum(rating), 0)::int as score,
      sum(case when answered = 1 then wait_ms::float8 * wait_ms else 0 end) as wait_sq, sum(case when handled = 1 then handle_ms::float8 * handle_ms else 0 end) as handle_sq,
      coalesce(sum(rating * rating), 0)::float8 as score_sq
     from (
       select f.*, d.dimension, coalesce(d.key, '') as key, g.grain, g.begins as at from (select c.*, c.at as began from insight.fact_contact c) f
       cross join lateral (values ('queue', queue_id::text), ('agent', agent_id::text), ('channel', channel)) d (dimension, key)
       cross join lateral (values ('slot', slot), ('day', date_trunc('day', began at time zone 'Asia/Shanghai') at time zone 'Asia/Shanghai'), ('month', date_trunc('month', began at time zone 'Asia/Shanghai') at time zone 'Asia/Shanghai')) g (grain, begins)
       where f.tenant_id = $1
     ) x group by 1, 2, 3, 4 order by 1, 2, 3, 4`.replace(
      'select f.*, d',
      'select f.tenant_id, f.offered, f.answered, f.in_target, f.abandoned, f.short_abandoned, f.undecided, f.wait_ms, f.handled, f.handle_ms, f.rated, f.best, f.rating, d',
    ),
    [house.tenantId],
  )
  return { kept, direct }
}

type Fact = {
  state: 'waiting' | 'active' | 'wrap' | 'done' | 'abandoned' | 'left'
  queue: string | null
  agent: string
  channel: 'chat' | 'phone' | 'mail'
  minute: number
  queues: boolean
  waits: number
  talks: number
  wraps: number
  rating: number | null
  outward: boolean
}
const fact: fc.Arbitrary<Fact> = fc.record({
  state: fc.constantFrom('waiting', 'active', 'wrap', 'done', 'abandoned', 'left'),
  queue: fc.constantFrom(billing, repairs, null),
  agent: fc.constantFrom(...agents),
  channel: fc.constantFrom('chat', 'phone', 'mail'),
  // Two days and more, across the end of a month.
  minute: fc.integer({ min: 0, max: 3_000 }),
  queues: fc.boolean(),
  waits: fc.constantFrom(0, 4_999, 5_000, 19_999, 20_000, 20_001, 60_000, 1_000_000),
  talks: fc.integer({ min: 0, max: 900_000 }),
  wraps: fc.integer({ min: 0, max: 90_000 }),
  rating: fc.option(fc.integer({ min: 1, max: 5 })),
  outward: fc.integer({ min: 0, max: 9 }).map(n => n === 0),
})
const begin = Date.parse('2026-05-30T10:00:00Z')

/** A contact as it stands; written again it is the same contact, changed. */
async function put(id: string, f: Fact) {
  const started = new Date(begin + f.minute * 60_000)
  const later = (from: Date | null, ms: number) => from && new Date(from.getTime() + ms)
  const answered = f.state === 'active' || f.state === 'wrap' || f.state === 'done' ? later(started, f.waits) : null
  const ended =
    f.state === 'abandoned' ? later(started, f.waits) : f.state === 'wrap' || f.state === 'done' ? later(answered, f.talks) : null
  await ask(
    `insert into interactions.interaction (tenant_id, id, channel, direction, state, queue_id, agent_id, started_at, queued_at, answered_at, ended_at, wrapped_at, rating)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
     on conflict (tenant_id, id) do update set state = excluded.state, queue_id = excluded.queue_id, agent_id = excluded.agent_id, queued_at = excluded.queued_at, answered_at = excluded.answered_at,
       ended_at = excluded.ended_at, wrapped_at = excluded.wrapped_at, rating = excluded.rating`,
    [
      ...[house.tenantId, id, f.channel, f.outward ? 'out' : 'in', f.state, f.queue, answered && f.agent, started],
      ...[f.queues && f.state !== 'left' ? started : null, answered, ended, f.state === 'done' ? later(ended, f.wraps) : null, f.rating],
    ],
  )
  await house.work(ctx => touchSlots(ctx, id))
}
const due = async () =>
  (await ask<{ at: Date }>('select at from insight.dirty where tenant_id = $1 order by at', [house.tenantId])).map(r => r.at)

test('what is kept is what a count over the facts gives, whatever happens to the contacts and in whatever order quarters are counted', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 11 }), fact), { minLength: 1, maxLength: 25 }),
      fc.array(fc.boolean(), { minLength: 25, maxLength: 25 }),
      async (steps, counts) => {
        await ask('delete from interactions.interaction')
        await house.work(countAll)
        const ids = Array.from({ length: 12 }, () => newId())
        const firsts = new Map<number, Fact>()
        for (const [n, [which, f]] of steps.entries()) {
          // A contact keeps when it began and where it came from.
          const first = firsts.get(which) ?? f
          firsts.set(which, first)
          await put(ids[which] ?? '', { ...f, minute: first.minute, channel: first.channel, outward: first.outward })
          if (counts[n]) for (const at of await due()) await house.work(ctx => countSlot(ctx, at))
        }
        await Promise.all((await due()).flatMap(at => [house.work(ctx => countSlot(ctx, at)), house.work(ctx => countSlot(ctx, at))]))
        const { kept, direct } = await both()
        expect(kept).toEqual(direct)
        await house.work(countAll)
        expect((await both()).kept).toEqual(direct)
      },
    ),
    { numRuns: 25 },
  )
}, 120_000)

test('figures follow what agents and customers do', async () => {
  const agentId = agents[0] ?? ''
  const open = () =>
    house.work(ctx =>
      openInteraction(ctx, {
        channel: 'chat',
        direction: 'in',
        customerId: null,
        queueId: billing,
        subject: '',
        source: 'test',
        state: 'waiting',
      }),
    )
  const [talked, gone] = [await open(), await open(), await open()]
  await house.pass(0.2)
  await house.work(ctx => markAnswered(ctx, talked.id, agentId))
  await house.work(ctx => markAbandoned(ctx, gone.id))
  await house.settle()
  await house.pass(1)
  await house.settle()
  const read = (by: 'queue' | 'agent' | 'channel') => house.work(ctx => figures(ctx, { period: 'day', by }))
  expect((await read('queue')).total).toMatchObject({
    contacts: 3,
    offered: 3,
    answered: 1,
    answeredInTarget: 1,
    abandoned: 1,
    undecided: 1,
    serviceLevel: 0.5,
    handled: 0,
  })
  await house.work(ctx => markEnded(ctx, talked.id))
  await house.work(ctx => markWrapped(ctx, talked.id, { reasonId: null, outcomeId: null, note: '' }))
  await house.work(ctx => rateInteraction(ctx, talked.id, 5))
  await house.settle()
  await house.pass(1)
  await house.settle()
  const { rows, total, course, definition } = await read('agent')
  expect(rows.map(r => [r.key, r.contacts, r.handled, r.rated])).toEqual([
    [agentId, 1, 1, 1],
    ['', 2, 0, 0],
  ])
  expect(total).toMatchObject({ handled: 1, csat: 1, ratingAverage: 5 })
  expect(course.map(c => c.contacts)).toEqual([3])
  expect(definition.version).toBe('figures 2')
  expect(await due()).toEqual([])
  const { kept, direct } = await both()
  expect(kept).toEqual(direct)
  // The rows behind a figure are as many as it says.
  for (const counted of ['offered', 'answered', 'abandoned', 'undecided', 'handled', 'rated'] as const)
    expect([
      counted,
      (await house.work(ctx => countedContacts(ctx, { period: 'day', by: 'queue', key: billing, counted }))).rows.length,
    ]).toEqual([counted, total[counted]])
})

test('while everything is counted again, marks are set and wait, and nobody waits for it', async () => {
  const at = new Date('2026-05-30T10:00:00Z')
  const contact = newId()
  await put(contact, { state: 'done', queue: billing, agent: agents[0] ?? '', channel: 'chat', minute: 3, queues: true, waits: 0, talks: 60_000, wraps: 0, rating: 5, outward: false }) // biome-ignore format: one contact
  await house.work(ctx => touchSlots(ctx, contact))
  await house.work(async ctx => {
    await countAll(ctx)
    await house.work(async other => {
      await sql`set local lock_timeout = '2s'`.execute(other.db)
      await countSlot(other, at)
      await touchSlots(other, contact)
    })
  })
  expect(await ask('select 1 from insight.dirty where at = $1', [at])).toHaveLength(1)
  expect(await ask("select 1 from kernel.timer where key like 'slot:%' or name like '%slot%'")).toHaveLength(1)
  await house.work(ctx => countSlot(ctx, at))
  expect(await ask('select 1 from insight.dirty')).toEqual([])
  const { kept, direct } = await both()
  expect(kept).toEqual(direct)
})

test('other targets of a queue count everything again', async () => {
  await put(newId(), {
    state: 'done',
    queue: billing,
    agent: agents[0] ?? '',
    channel: 'chat',
    minute: 0,
    queues: true,
    waits: 30_000,
    talks: 0,
    wraps: 0,
    rating: null,
    outward: false,
  })
  for (const at of await due()) await house.work(ctx => countSlot(ctx, at))
  const inTarget = async () =>
    (await ask<{ n: number }>(`select sum(in_target)::int as n from insight.rollup where grain = 'month' and dimension = 'queue'`))[0]?.n
  expect(await inTarget()).toBe(0)
  await ask('update routing.queue set target_seconds = 40 where id = $1', [billing])
  await house.work(keepCounted)
  expect(await inTarget()).toBe(1)
  await ask('update routing.queue set target_seconds = 20 where id = $1', [billing])
})

test.each(['never counted before', 'counted for other targets'])('two who find it %s count it once', async how => {
  if (how === 'never counted before') await ask('delete from insight.counted')
  else await ask('update routing.queue set target_seconds = 40 where id = $1', [billing])
  let second: Promise<void> | undefined
  const first = await house.work(async ctx => {
    await keepCounted(ctx)
    second = house.work(keepCounted)
    await new Promise(resolve => setTimeout(resolve, 200))
    return ctx.now
  })
  await second
  expect(await ask('select at from insight.counted')).toEqual([{ at: first }])
  await ask('update routing.queue set target_seconds = 20 where id = $1', [billing])
})

test('what changed while another counted is counted after it', async () => {
  await ask('update routing.queue set target_seconds = 40 where id = $1', [billing])
  let second: Promise<void> | undefined
  await house.work(async ctx => {
    await keepCounted(ctx)
    await ask('update routing.queue set target_seconds = 50 where id = $1', [billing])
    second = house.work(keepCounted)
    await new Promise(resolve => setTimeout(resolve, 200))
  })
  await second
  expect(await ask(`select targets -> $1 as targets from insight.counted`, [billing])).toEqual([{ targets: [50, 5] }])
  await ask('update routing.queue set target_seconds = 20 where id = $1', [billing])
})

test('agents see their own figures, a team its people, and another tenant nothing', async () => {
  await put(newId(), {
    state: 'done',
    queue: billing,
    agent: agents[0] ?? '',
    channel: 'chat',
    minute: 0,
    queues: true,
    waits: 1,
    talks: 1,
    wraps: 1,
    rating: 4,
    outward: false,
  })
  for (const at of await due()) await house.work(ctx => countSlot(ctx, at))
  const query = { period: 'year', by: 'agent', on: '2026-05-30' } as const
  const seen = async (scope: 'own' | 'team' | 'all', id: string) =>
    (await house.work(ctx => figures(ctx, query), house.user({ id, grants: new Map([['insight:read', scope]]) }))).rows.map(r => r.key)
  expect(await seen('own', agents[0] ?? '')).toEqual([agents[0]])
  expect(await seen('own', agents[1] ?? '')).toEqual([])
  expect(await seen('team', agents[1] ?? '')).toEqual([])
  expect(await seen('all', newId())).toEqual([agents[0]])
  const other = await house.work(ctx => figures(ctx, query), { kind: 'system', tenantId: house.otherTenantId })
  expect([other.rows, other.total.contacts]).toEqual([[], 0])
})

test('periods begin where people say they do', () => {
  for (const on of ['0000-01-01', '9999-12-31']) expect(insight.figures.query.safeParse({ on }).success).toBe(false)
  expect(periodOf('week', '2026-11-22')).toEqual(['2026-11-16', '2026-11-23'])
  expect(periodOf('week', '2026-11-23')).toEqual(['2026-11-23', '2026-11-30'])
  expect(periodOf('month', '2026-12-31')).toEqual(['2026-12-01', '2027-01-01'])
  expect(periodOf('year', '2026-02-28')).toEqual(['2026-01-01', '2027-01-01'])
  expect(periodOf('day', '2028-02-28')).toEqual(['2028-02-28', '2028-02-29'])
  const row = { ...noCounts, dimension: 'queue' as const, key: 'a' }
  expect(difference([{ ...row, contacts: 2 }], [{ ...row, key: 'b', contacts: 1 }]).map(r => [r.key, r.contacts])).toEqual([
    ['a', -2],
    ['b', 1],
  ])
})
