import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { User } from '#kernel/access.ts'
import type { Ctx } from '#kernel/work.ts'
import { openDesk } from '#testing/desk.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { explained } from '#testing/plans.ts'
import { bestFor, planByIndex } from './match.ts'
import { listStaffing } from './staffed.ts'
import { team } from './team.ts'

let house: TestHouse
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

type Node = { 'Node Type': string; 'Index Name'?: string; 'Relation Name'?: string; Plans?: Node[] }
const nodes = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(nodes)]

/** The plan as role app, on small tables: which index is used, not how fast. */
async function plan(ctx: Ctx, query: ReturnType<typeof sql>): Promise<Node[]> {
  await planByIndex(ctx)
  const { rows } = await sql<{ 'QUERY PLAN': [{ Plan: Node }] }>`explain (format json) ${query}`.execute(ctx.db)
  const [first] = Object.values(rows[0] ?? {})
  return first?.[0] ? nodes(first[0].Plan) : []
}
const cursorAt = (name: string) => Buffer.from(JSON.stringify([name, crypto.randomUUID()])).toString('base64url')
const indexes = (found: Node[]) => found.flatMap(n => n['Index Name'] ?? [])
const scanned = (found: Node[]) => found.filter(n => n['Node Type'] === 'Seq Scan').map(n => n['Relation Name'])

test('an agent asks the lanes by their index, and its own customers by theirs', async () => {
  const desk = openDesk(house)
  const queue = await desk.queue()
  const user = await desk.agent('甲', [queue], { state: 'offline' })
  for (let i = 0; i < 20; i++) await desk.contact(queue)
  const found = await house.work(ctx => plan(ctx, bestFor(ctx, { id: user.id, has: [] }, ['chat'])))
  expect(indexes(found)).toEqual(expect.arrayContaining(['waiting_lane', 'waiting_preferred', 'agent_queue_pkey']))
  expect(scanned(found)).toEqual([])
})

test('who waits, for a leader, comes queue by queue from its index, and the first page reads no more than it shows', async () => {
  const desk = openDesk(house)
  const queue = await desk.queue()
  for (let i = 0; i < 30; i++) await desk.contact(queue)
  const found = await house.work(ctx =>
    plan(
      ctx,
      sql`select w.id from routing.queue q cross join lateral (select * from routing.waiting x where x.tenant_id = ${ctx.tenantId} and x.queue_id = q.id
        order by x.priority desc, x.enqueued_at, x.id limit 21) w where q.tenant_id = ${ctx.tenantId} order by w.priority desc, w.enqueued_at, w.id limit 21`,
    ),
  )
  expect(indexes(found)).toContain('waiting_queue')
  expect(scanned(found)).toEqual([])
})

test.each([
  [
    'which queues may overflow by load',
    'queue_flows',
    (t: string) =>
      sql`select id from routing.queue where tenant_id = ${t} and overflow_queue_id is not null and (overflow_waiting > 0 or overflow_estimate > 0 or overflow_unstaffed)`,
  ],
  [
    'whether an agent has a free place',
    'load_pkey',
    (t: string, id: string) => sql`select channel from routing.free_place where tenant_id = ${t} and agent_id = ${id}`,
  ],
  [
    'who stands behind the last place that may stay',
    'waiting_queue',
    (t: string, id: string) =>
      sql`select id from routing.waiting where tenant_id = ${t} and queue_id = ${id} order by priority desc, enqueued_at, id offset 20 limit 50`,
  ],
  [
    'raised hands',
    'presence_hand',
    (t: string) =>
      sql`select id from routing.presence where tenant_id = ${t} and hand_raised_at is not null order by hand_raised_at limit 200`,
  ],
  [
    'unread words of an agent',
    'word_unread',
    (t: string, id: string) => sql`select id from routing.word where tenant_id = ${t} and agent_id = ${id} and read_at is null order by id`,
  ],
  [
    'who has been idle longest in a queue',
    'idle_longest',
    (t: string, id: string) =>
      sql`select agent_id from routing.idle where tenant_id = ${t} and queue_id = ${id} order by idle_since, agent_id limit 1`,
  ],
  [
    'what falls due',
    'waiting_due',
    (t: string) =>
      sql`select id from routing.waiting where tenant_id = ${t} and state = 'waiting' and due_at <= now() order by due_at limit 200`,
  ],
  [
    'which rings are over',
    'offer_deadline',
    (t: string) =>
      sql`select id from routing.offer where tenant_id = ${t} and ended_at is null and deadline <= now() order by deadline limit 200`,
  ],
  [
    'which wrap-ups are over',
    'handling_wrap',
    (t: string) => sql`select id from routing.handling where tenant_id = ${t} and wrap_until <= now()`,
  ],
  [
    'what an agent has in hand',
    'handling_agent',
    (t: string, id: string) => sql`select id from routing.handling where tenant_id = ${t} and agent_id = ${id}`,
  ],
  [
    'the contacts of a customer',
    'interaction_customer',
    (t: string, id: string) =>
      sql`select id from interactions.interaction where tenant_id = ${t} and customer_id = ${id} order by started_at desc, id desc limit 50`,
  ],
  [
    'the newest contacts',
    'interaction_newest',
    (t: string) => sql`select id from interactions.interaction where tenant_id = ${t} order by started_at desc, id desc limit 50`,
  ],
  [
    'recent handling times of a queue',
    'interaction_handled',
    (t: string, id: string) =>
      sql`select ended_at from interactions.fact_interaction where tenant_id = ${t} and queue_id = ${id} and answered_at is not null and ended_at is not null order by ended_at desc limit 30`,
  ],
] as const)('%s comes from its index', async (_, index, query) => {
  const found = await house.work(ctx => plan(ctx, query(house.tenantId, crypto.randomUUID())))
  expect(indexes(found)).toContain(index)
  expect(found.map(n => n['Node Type'])).not.toContain('Sort')
})

describe('of five thousand agents', () => {
  let leader: User
  beforeAll(async () => {
    leader = house.user()
    await house.work(async ctx => {
      const { id: roleId } = await ctx.db.selectFrom('identity.role').select('id').limit(1).executeTakeFirstOrThrow()
      await sql`with made as (insert into identity.person (tenant_id, id, login, name, password_hash, role_id, added_at)
          select ${ctx.tenantId}, gen_random_uuid(), 'many' || n, 'agent ' || lpad(n::text, 5, '0'), '-', ${roleId}, ${ctx.now} from generate_series(1, 5000) n returning id)
        , sat as (insert into routing.presence (tenant_id, id, state, since, idle_since)
          select ${ctx.tenantId}, id, 'ready', ${ctx.now}, ${ctx.now} from made returning id)
        insert into routing.load (tenant_id, agent_id, channel, capacity) select ${ctx.tenantId}, id, 'chat', 3 from sat`.execute(ctx.db)
    })
    await house.house.control.query('analyze identity.person; analyze routing.presence; analyze routing.load')
  }, 60_000)

  test.each([
    ['the first page of the team', (ctx: Ctx) => team(ctx, { state: 'working' })],
    ['a page of the team far behind', (ctx: Ctx) => team(ctx, { after: cursorAt('agent 04000') })],
    ['the first page of staffing', (ctx: Ctx) => listStaffing(ctx, {})],
  ] as const)('%s reads no more than it shows', async (_, fn) => {
    const { indexes, scanned, read } = await explained(house, leader, fn)
    expect(indexes).toContain('person_name')
    expect(scanned.filter(table => ['person', 'presence', 'load', 'interaction'].includes(table))).toEqual([])
    expect(read).toBeLessThan(1_000)
  })

  test('pages follow one another by name, nobody twice and nobody left out', async () => {
    const seen: string[] = []
    for (let after: string | undefined; ; ) {
      const page = await house.work(ctx => team(ctx, { q: 'AGENT 004', size: 30, ...(after ? { after } : {}) }))
      seen.push(...page.rows.map(m => m.agentName))
      if (page.next === null) break
      after = page.next
    }
    expect(seen).toEqual(Array.from({ length: 100 }, (_, n) => `agent 004${String(n).padStart(2, '0')}`))
  })
})
