import { createHash, randomBytes, randomUUID } from 'node:crypto'
import type pg from 'pg'
import pino from 'pino'
import { matchAgent, matchContact } from '#domains/routing/match.ts'
import { newPool } from '#kernel/db.ts'
import { noHeeds } from '#kernel/heeds.ts'
import type { House } from '#kernel/house.ts'
import { newLive } from '#kernel/live.ts'
import { newMetrics } from '#kernel/metrics.ts'
import { migrate } from '#kernel/migrate.ts'
import { openDatabase } from '../server/boot/database.ts'
import { cpuOfPostgres, dropFolder, type Figure, freshFolder, percentile, round } from './measure.ts'

const connections = 8
const agents = 10_000
const queues = 1_000
/** The last queues have nobody waiting; the agents of the idle 30 % work only there. */
const quietFrom = 700
const quietAgentsFrom = 7_000
type Say = (words: string) => void

/** Offers per second and the time from free to offered, through the product's own matching on a database of its own. */
export async function routing(say: Say): Promise<Figure[]> {
  const folder = freshFolder()
  const database = await openDatabase(
    { DATA: folder, DATABASE_URL: undefined, DATABASE_CONTROL_URL: undefined },
    { info: () => {}, warn: words => say(words) },
  )
  await migrate(database.controlUrl)
  const data = newPool(database.dataUrl, connections, 'bench routing')
  const control = newPool(database.controlUrl, connections, 'bench routing control')
  const tenant = randomUUID()
  const house: House = {
    data: () => data,
    control,
    clock: () => new Date(),
    log: pino({ level: 'error' }),
    live: newLive(),
    redis: null,
    metrics: newMetrics(),
    key: randomBytes(32),
    settings: { publicUrl: null, filesFolder: folder, sample: false, version: 'bench' },
    authenticate: {},
    hearers: () => [],
    heeds: noHeeds(),
    runs: new Map(),
    standIn: async () => null,
    wakeRelay: () => {},
    background: new Set(),
  }
  try {
    say(`  ${agents} agents, ${queues} queues`)
    await furnish(control, tenant)
    const figures: Figure[] = []
    await rest(control, tenant, 1_000)
    say('  warming up')
    await free(house, tenant, 200)
    const few = await measured(house, tenant, { waiting: 1_000, perRound: 250, rounds: 12 }, say)
    const many = await measured(house, tenant, { waiting: 100_000, perRound: 3_000, rounds: 2 }, say)
    figures.push(figure('offers, 100,000 waiting, 8 connections', many.perSecond, '/s', '>= 800', v => v >= 800))
    figures.push(figure('offers, 1,000 waiting, 8 connections', few.perSecond, '/s'))
    figures.push(figure('CPU of Node per offer', many.nodeMs, 'ms'))
    figures.push(figure('CPU of PostgreSQL per offer', many.postgresMs, 'ms'))
    for (const [name, run] of [['1,000', few], ['100,000', many]] as const)
      for (const [part, label] of [[0.5, 'p50'], [0.95, 'p95'], [0.99, 'p99']] as const)
        figures.push(
          part === 0.99
            ? figure(`free to offered ${label}, ${name} waiting`, percentile(run.ms, part), 'ms', '<= 15', v => v <= 15)
            : figure(`free to offered ${label}, ${name} waiting`, percentile(run.ms, part), 'ms'),
        ) // biome-ignore format: short tables
    const ratio = percentile(many.ms, 0.99) / percentile(few.ms, 0.99)
    figures.push(figure('p99 at 100,000 against 1,000 waiting', ratio, 'x', '<= 1.3', v => v <= 1.3))
    const mixed = await withIdle(house, tenant, say)
    figures.push(figure('offers, 30 % idle, 100,000 waiting', mixed.perSecond, '/s'))
    figures.push(figure('free to offered p99, 30 % idle', percentile(mixed.agentMs, 0.99), 'ms', '<= 25', v => v <= 25))
    figures.push(figure('arrived to offered p99, 30 % idle', percentile(mixed.contactMs, 0.99), 'ms', '<= 25', v => v <= 25))
    const stuck = await stuckNow(control, tenant)
    figures.push(figure('stuck at rest', stuck + few.wrong + many.wrong + mixed.wrong, '', '0', v => v === 0))
    return figures
  } finally {
    await data.end()
    await control.end()
    await database.stop()
    dropFolder(folder)
  }
}

const figure = (metric: string, value: number, unit: string, goal: string | null = null, met?: (v: number) => boolean): Figure => ({
  metric,
  value: round(value, 2),
  unit,
  goal,
  met: met ? met(value) : null,
})

/** 12 memberships each. Every third queue has a second lane: 4 lanes for 3 queues, the ratio of the trials the goals come from. Bulk SQL as the owner: only matching is measured. */
async function furnish(control: pg.Pool, tenant: string): Promise<void> {
  const uuid = (kind: string, n: string) => `md5('${kind}' || ${n})::uuid`
  for (const statement of [
    `insert into routing.skill (tenant_id, id, number, name) overriding system value select $1, ${uuid('skill', 'n')}, n, 'skill ' || n from generate_series(1, 8) n`,
    `insert into routing.queue (tenant_id, id, name, position) select $1, ${uuid('queue', 'n')}, 'queue ' || n, n from generate_series(0, ${queues - 1}) n`,
    `insert into routing.presence (tenant_id, id, state, since, idle_since, has)
      select $1, ${uuid('agent', 'n')}, 'ready', now(), now() - n * interval '1 millisecond',
        array(select s * 8 + l from generate_series(1, 8) s, generate_series(1, 5) l where (n + s) % 3 > 0 and l <= (n * 7 + s * 3) % 5 + 1 order by 1)
      from generate_series(0, ${agents - 1}) n`,
    `insert into routing.load (tenant_id, agent_id, channel, capacity) select $1, ${uuid('agent', 'n')}, 'chat', 3 from generate_series(0, ${agents - 1}) n`,
    `insert into routing.agent_queue (tenant_id, agent_id, queue_id)
      select $1, ${uuid('agent', 'n')}, ${uuid(
        'queue',
        `(case when n < ${quietAgentsFrom} then (n * 13 + k * 61 + k * k * 7) % ${quietFrom} else ${quietFrom} + (n * 13 + k * 61 + k * k * 7) % ${queues - quietFrom} end)`,
      )}
      from generate_series(0, ${agents - 1}) n, generate_series(0, 11) k on conflict do nothing`,
    `insert into routing.lane (tenant_id, id, queue_id, needs)
      select $1, ${uuid('lane', `n || '-' || v`)}, ${uuid('queue', 'n')}, case when v = 0 then '{}'::int[] else array[(n % 8 + 1) * 8 + v] end
      from generate_series(0, ${queues - 1}) n, generate_series(0, 1) v where v = 0 or n % 3 = 1`,
  ])
    await control.query(statement, [tenant])
  await control.query('analyze')
}

/** Everybody free and nobody called; so many wait. */
async function rest(control: pg.Pool, tenant: string, waiting: number): Promise<void> {
  await control.query('truncate routing.offer, routing.idle, routing.waiting')
  await control.query(
    `insert into routing.waiting (tenant_id, id, channel, queue_id, lane_id, priority, enqueued_at, entered_at)
    select $1, md5('contact' || n)::uuid, 'chat', md5('queue' || q)::uuid,
      md5('lane' || q || '-' || case when q % 3 = 1 then n % 2 else 0 end)::uuid, (n % 4) * 100, now() - n * interval '7 milliseconds', now()
    from (select n, (n * 7919) % ${quietFrom} as q from generate_series(0, $2::int - 1) n) c`,
    [tenant, waiting],
  )
  await calm(control, tenant)
}

/** What the last round did is undone; the same number waits again. Vacuumed, as the product's autovacuum would between two such bursts. */
async function calm(control: pg.Pool, tenant: string): Promise<void> {
  await control.query('truncate routing.offer, routing.idle')
  await control.query(`update routing.presence set ringing = null where tenant_id = $1 and ringing is not null`, [tenant])
  await control.query(`update routing.waiting set state = 'waiting', offered_to = null where tenant_id = $1 and state = 'offered'`, [
    tenant,
  ])
  await control.query('vacuum (analyze) routing.waiting, routing.presence, routing.idle, routing.offer')
}

/** As `md5('agent' || n)::uuid` writes it. */
const agentId = (n: number): string =>
  createHash('md5')
    .update(`agent${n}`)
    .digest('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')

/** Eight at a time, each item once, every one timed. */
async function timed<T>(items: readonly T[], act: (item: T) => Promise<unknown>): Promise<{ ms: number[]; seconds: number }> {
  const queue = [...items].reverse()
  const ms: number[] = []
  const began = performance.now()
  await Promise.all(
    Array.from({ length: connections }, async () => {
      for (let item = queue.pop(); item !== undefined; item = queue.pop()) {
        const from = performance.now()
        await act(item)
        ms.push(performance.now() - from)
      }
    }),
  )
  return { ms, seconds: (performance.now() - began) / 1000 }
}

let turn = 0
/** So many agents of the busy queues get free, in an order that jumps. */
async function free(house: House, tenant: string, count: number) {
  const some = Array.from({ length: count }, () => agentId((turn++ * 2_411) % quietAgentsFrom))
  return timed(some, id => matchAgent(house, tenant, id))
}

/** CPU in ms per offer: what a busy machine does not change. */
type Run = { ms: number[]; perSecond: number; wrong: number; nodeMs: number; postgresMs: number }

async function measured(
  house: House,
  tenant: string,
  { waiting, perRound, rounds }: { waiting: number; perRound: number; rounds: number },
  say: Say,
): Promise<Run> {
  await rest(house.control, tenant, waiting)
  const run: Run = { ms: [], perSecond: 0, wrong: 0, nodeMs: 0, postgresMs: 0 }
  let seconds = 0
  let offers = 0
  for (let n = 0; n < rounds; n++) {
    const [node, postgres] = [process.cpuUsage(), cpuOfPostgres(house.settings.filesFolder)]
    const { ms, seconds: took } = await free(house, tenant, perRound)
    const spent = process.cpuUsage(node)
    run.nodeMs += (spent.user + spent.system) / 1000
    run.postgresMs += cpuOfPostgres(house.settings.filesFolder) - postgres
    seconds += took
    run.ms.push(...ms)
    offers += await offered(house.control, tenant)
    run.wrong += await stuckNow(house.control, tenant)
    await calm(house.control, tenant)
  }
  run.ms.sort((a, b) => a - b)
  run.perSecond = offers / seconds
  run.nodeMs /= offers
  run.postgresMs /= offers
  say(`  ${waiting} waiting: ${Math.round(run.perSecond)} offers/s, p99 ${round(percentile(run.ms, 0.99))} ms`)
  return run
}

/** 30 % of the agents are idle in quiet queues. There contacts arrive while agents of the busy queues get free. */
async function withIdle(house: House, tenant: string, say: Say) {
  await rest(house.control, tenant, 100_000)
  await house.control.query(
    `insert into routing.idle (tenant_id, agent_id, queue_id, idle_since, has)
    select m.tenant_id, m.agent_id, m.queue_id, p.idle_since, p.has from routing.agent_queue m join routing.presence p on p.tenant_id = m.tenant_id and p.id = m.agent_id
    join routing.queue q on q.tenant_id = m.tenant_id and q.id = m.queue_id where m.tenant_id = $1 and q.position >= ${quietFrom}`,
    [tenant],
  )
  await house.control.query('vacuum (analyze) routing.idle')
  const arrivals: string[] = []
  const agentMs: number[] = []
  const contactMs: number[] = []
  const steps = Array.from({ length: 4_000 }, (_, n) => n)
  const { seconds } = await timed(steps, async n => {
    if (n % 3 > 0) {
      const from = performance.now()
      await matchAgent(house, tenant, agentId((turn++ * 2_411) % quietAgentsFrom))
      agentMs.push(performance.now() - from)
      return
    }
    const id = randomUUID()
    const queue = quietFrom + ((n * 31) % (queues - quietFrom))
    await house.control.query(
      `insert into routing.waiting (tenant_id, id, channel, queue_id, lane_id, priority, enqueued_at, entered_at)
      values ($1, $2, 'chat', md5('queue' || $3::int)::uuid, md5('lane' || $3::int || '-0')::uuid, 0, now(), now())`,
      [tenant, id, queue],
    )
    arrivals.push(id)
    const from = performance.now()
    await matchContact(house, tenant, id)
    contactMs.push(performance.now() - from)
  })
  const done = await offered(house.control, tenant)
  const unserved = await house.control.query<{ n: number }>(
    `select count(*) as n from routing.waiting where tenant_id = $1 and id = any($2::uuid[]) and state = 'waiting'`,
    [tenant, arrivals],
  )
  const wrong = unserved.rows[0]?.n ?? 0
  agentMs.sort((a, b) => a - b)
  contactMs.sort((a, b) => a - b)
  say(`  30 % idle: ${Math.round(done / seconds)} offers/s, ${wrong} of ${arrivals.length} arrivals left waiting`)
  return { agentMs, contactMs, perSecond: done / seconds, wrong }
}

const offered = async (control: pg.Pool, tenant: string): Promise<number> =>
  (await control.query<{ n: number }>('select count(*) as n from routing.offer where tenant_id = $1 and ended_at is null', [tenant]))
    .rows[0]?.n ?? 0

/** Contacts that wait beside an idle agent who fits. */
async function stuckNow(control: pg.Pool, tenant: string): Promise<number> {
  const { rows } = await control.query<{ n: number }>(
    `select count(*) as n from routing.waiting w join routing.lane l on l.tenant_id = $1 and l.id = w.lane_id
    where w.tenant_id = $1 and w.state = 'waiting' and exists (select 1 from routing.idle i join routing.presence p on p.tenant_id = $1 and p.id = i.agent_id
      where i.tenant_id = $1 and i.queue_id = w.queue_id and l.needs <@ i.has and p.state = 'ready' and p.ringing is null)`,
    [tenant],
  )
  return rows[0]?.n ?? 0
}
