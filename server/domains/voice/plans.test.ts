import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { User } from '#kernel/access.ts'
import { newId } from '#kernel/ids.ts'
import { openDesk } from '#testing/desk.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { explained } from '#testing/plans.ts'
import { dueCalls } from './clocks.ts'
import { openCalls } from './readopting.ts'
import { callsNow, listCalls } from './records.ts'
import { callOfInteraction } from './rows.ts'
import { mine } from './softphone.ts'

const many = 20_000
const numberId = newId()
let house: TestHouse
let agent: User
let queueId: string
beforeAll(async () => {
  house = await openHouse()
  const desk = openDesk(house)
  queueId = await desk.queue({ name: '热线', channel: 'phone' })
  agent = await desk.person('陆')
  const db = new pg.Client({ connectionString: house.url })
  await db.connect()
  await db.query(
    `insert into voice.call (tenant_id, id, interaction_id, direction, stage, line, caller, called, queue_id, agent_id, customer_id, started_at, ended_at, cause, due_at, machine)
     select $1, gen_random_uuid(), gen_random_uuid(), 'in', case when g % 4000 = 0 then 'talking' else 'over' end, 'practice', '+861380000' || lpad((g % 10000)::text, 4, '0'), '95000',
       $2, case when g % 50 = 0 then $3::uuid else gen_random_uuid() end, gen_random_uuid(), now() - g * interval '30 seconds', now(), 'normal',
       case when g % 4000 = 0 then now() + interval '1 hour' end, '{"legs":[],"timers":{},"stage":{"at":"over","cause":"normal"}}' from generate_series(1, ${many}) g`,
    [house.tenantId, queueId, agent.id],
  )
  await db.query(
    `insert into voice.leg (tenant_id, id, call_id, party, agent_id, started_at, ended_at)
     select tenant_id, gen_random_uuid(), id, 'agent', agent_id, started_at, ended_at from voice.call`,
  )
  // One in two thousand is not like the others.
  await db.query(
    `update voice.call c set number_id = $2, line = 'node-b', direction = 'out', recorded = true, rating = 1, cause = 'abandoned'
     from (select id, row_number() over (order by started_at) as n from voice.call where tenant_id = $1 and stage = 'over') r where r.id = c.id and r.n % 2000 = 0`,
    [house.tenantId, numberId],
  )
  await db.query('analyze voice.call; analyze voice.leg; analyze interactions.interaction')
  await db.end()
})
afterAll(() => house.close())

test.each([
  ['newest first', {}, 'call_newest'],
  ['oldest first', { sort: 'time' as const }, 'call_newest'],
  ['of an agent', { agentId: 'agent' }, 'call_agent'],
  ['of a queue', { queueId: 'queue' }, 'call_queue'],
  ['that ended as few do', { cause: 'switch_down' as const }, 'call_cause'],
  ['that were badly heard', { mosBelow: 36 }, 'call_poor'],
])('a page of calls, %s, reads no more than it shows', async (_, given, index) => {
  const query = { ...given, ...('agentId' in given ? { agentId: agent.id } : {}), ...('queueId' in given ? { queueId } : {}), size: 50 }
  const found = await explained(house, house.user(), ctx => listCalls(ctx, query))
  expect(found.scanned).not.toContain('call')
  expect(found.indexes.some(i => i === index || i === 'call_newest')).toBe(true)
  expect(found.read).toBeLessThan(2_000)
})

test.each([
  ['over a line', { line: 'node-b' }, 'call_line'],
  ['on a number', { numberId }, 'call_number'],
  ['the other way', { direction: 'out' as const }, 'call_direction'],
  ['with a sound', { recorded: true }, 'call_recorded'],
  ['rated so', { rating: 1 }, 'call_rated'],
  ['that were given up', { cause: 'abandoned' as const }, 'call_cause'],
])('the few calls %s are found by their index, those that run among them', async (_, given, index) => {
  for (const sort of ['-time', 'time'] as const) {
    const found = await explained(house, house.user(), ctx => listCalls(ctx, { ...given, sort, size: 50 }))
    expect(found.scanned).not.toContain('call')
    expect(found.indexes).toContain(index)
    expect(found.read).toBeLessThan(300)
  }
})

test('a page by what is rare goes on where the last one ended, running calls in their place', async () => {
  const [of, last] = await house.work(async ctx => {
    const all = (await listCalls(ctx, { size: 200 })).rows
    return [all.filter(c => c.direction === 'in').map(c => c.id), all.at(-1)?.startedAt] as const
  })
  const seen: string[] = []
  let after: string | undefined
  do {
    const page = await house.work(ctx => listCalls(ctx, { direction: 'in', size: 7, ...(after ? { after } : {}) }))
    seen.push(...page.rows.filter(c => last && c.startedAt >= last).map(c => c.id))
    after = page.rows.every(c => last && c.startedAt >= last) ? (page.next ?? undefined) : undefined
  } while (after !== undefined)
  expect(seen).toEqual(of)
})

test('a number is found from its end', async () => {
  const found = await explained(house, house.user(), ctx => listCalls(ctx, { q: '4321', size: 50 }))
  expect(found.scanned).not.toContain('call')
  expect(found.read).toBeLessThan(3_000)
})

test('what a softphone asks after every reload costs no history', async () => {
  const found = await explained(house, agent, mine)
  expect(found.scanned).not.toContain('call')
  expect(found.scanned).not.toContain('leg')
  expect(found.read).toBeLessThan(2_000)
})

test('calls that run, that fall due, and the call of a contact are found by their indexes', async () => {
  for (const ask of [callsNow, dueCalls, openCalls('practice')]) {
    const found = await explained(house, house.user(), ask)
    expect(found.scanned).not.toContain('call')
    expect(found.read).toBeLessThan(200)
  }
  const { interactionId } = await house.work(ctx =>
    ctx.db.selectFrom('voice.call').select('interactionId').limit(1).executeTakeFirstOrThrow(),
  )
  const found = await explained(house, house.user(), ctx => callOfInteraction(ctx, interactionId ?? ''))
  expect(found.indexes).toContain('call_interaction')
})
