import { sql } from 'kysely'
import { tenantCard } from '#domains/identity/index.ts'
import type { Ctx } from '#kernel/work.ts'
import { slotDue } from './events.ts'
import { type Counts, counts, type Dimension, type Grain } from './tables.ts'

/** Changes of one contact come in bunches: the quarter is counted once for those of two seconds. */
const gatherMs = 2_000
const slotMs = 15 * 60_000

const snake = (key: string) => key.replace(/[A-Z]/g, c => `_${c.toLowerCase()}`)
const columns = sql.join(counts.map(c => sql.ref(c)))
/** Sums over insight.fact_contact; the figures are made of these and of nothing else. */
export const sums = sql`count(*)::int as contacts, coalesce(sum(offered), 0)::int as offered, coalesce(sum(answered), 0)::int as answered, coalesce(sum(in_target), 0)::int as in_target,
  coalesce(sum(abandoned), 0)::int as abandoned, coalesce(sum(short_abandoned), 0)::int as short_abandoned, coalesce(sum(undecided), 0)::int as undecided,
  coalesce(sum(wait_ms) filter (where answered = 1), 0)::float8 as wait_ms, coalesce(sum(handled), 0)::int as handled, coalesce(sum(handle_ms) filter (where handled = 1), 0)::float8 as handle_ms,
  coalesce(sum(rated), 0)::int as rated, coalesce(sum(best), 0)::int as best, coalesce(sum(rating), 0)::int as score,
  coalesce(sum(wait_ms::float8 * wait_ms) filter (where answered = 1), 0) as wait_sq, coalesce(sum(handle_ms::float8 * handle_ms) filter (where handled = 1), 0) as handle_sq,
  coalesce(sum(rating * rating), 0)::float8 as score_sq`
/** Every contact counts once in each dimension. */
const dimensions = sql`case when grouping(queue_id) = 0 then 'queue' when grouping(agent_id) = 0 then 'agent' else 'channel' end as dimension,
  case when grouping(queue_id) = 0 then coalesce(queue_id::text, '') when grouping(agent_id) = 0 then coalesce(agent_id::text, '') else channel end as key`

/** A contact has changed: the quarters in which it counts, or counted until it began to wait, are counted again soon. */
export async function touchSlots(ctx: Ctx, interactionId: string): Promise<void> {
  const { rows } = await sql<{ at: Date }>`insert into insight.dirty (tenant_id, at)
    select distinct ${ctx.tenantId}::uuid, date_bin('15 minutes', m.at, timestamptz '2000-01-01 00:00:00+00')
    from interactions.fact_interaction i cross join lateral (values (i.started_at), (i.queued_at)) m (at)
    where i.tenant_id = ${ctx.tenantId} and i.id = ${interactionId} and i.direction = 'in' and m.at is not null order by 2
    on conflict do nothing returning at`.execute(ctx.db)
  for (const { at } of rows) await wait(ctx, at)
}

const wait = (ctx: Ctx, at: Date) =>
  ctx.at(new Date(ctx.now.getTime() + gatherMs), slotDue, { id: ctx.tenantId, clock: at.toISOString() }, { at: at.toISOString() })

type Row = Counts & { dimension: Dimension; key: string }
type Keyed = Row & { grain: Grain; at: Date }

/** Counts one quarter again and carries the difference into its day and month. Whoever takes the mark away counts; a change after that sets a new one. */
export async function countSlot(ctx: Ctx, at: Date): Promise<void> {
  const [counted] = (
    await sql<{ timezone: string }>`select timezone from insight.counted where tenant_id = ${ctx.tenantId} for share skip locked`.execute(
      ctx.db,
    )
  ).rows
  // Not counted whole yet, or just being so, which takes minutes of ten million contacts: nobody else's work waits for that, the mark does.
  if (!counted) return wait(ctx, at)
  const taken = await sql`delete from insight.dirty where tenant_id = ${ctx.tenantId} and at = ${at} returning at`.execute(ctx.db)
  if (taken.rows.length === 0) return
  // `offset 0`: over grouping sets PostgreSQL hides the columns of a view from its indexes and would read every contact.
  const [before, now, begins] = await Promise.all([
    sql<Row>`select dimension, key, ${columns} from insight.rollup
      where tenant_id = ${ctx.tenantId} and grain = 'slot' and dimension in ('queue', 'agent', 'channel') and at = ${at}`.execute(ctx.db),
    sql<Row>`select ${dimensions}, ${sums} from (
      select * from insight.fact_contact where tenant_id = ${ctx.tenantId} and at >= ${at} and at < ${new Date(at.getTime() + slotMs)} offset 0) c group by grouping sets ((queue_id), (agent_id), (channel))`.execute(
      ctx.db,
    ),
    sql<{
      day: Date
      month: Date
    }>`select date_trunc('day', ${at}::timestamptz at time zone ${counted.timezone}) at time zone ${counted.timezone} as day,
      date_trunc('month', ${at}::timestamptz at time zone ${counted.timezone}) at time zone ${counted.timezone} as month`.execute(ctx.db),
  ])
  const [begin] = begins.rows
  if (!begin) return
  const changed = difference(before.rows, now.rows)
  if (changed.length === 0) return
  // In one order for everybody: two quarters of one day are counted at the same time.
  const all: Keyed[] = [
    ...changed.map(row => ({ ...row, grain: 'slot' as const, at })),
    ...changed.map(row => ({ ...row, grain: 'day' as const, at: begin.day })),
    ...changed.map(row => ({ ...row, grain: 'month' as const, at: begin.month })),
  ]
  const json = JSON.stringify(all.map(row => Object.fromEntries(Object.entries(row).map(([key, value]) => [snake(key), value]))))
  await sql`insert into insight.rollup as r (tenant_id, grain, dimension, at, key, ${columns})
    select ${ctx.tenantId}::uuid, grain, dimension, at, key, ${columns} from json_populate_recordset(null::insight.rollup, ${json}::json)
    on conflict (tenant_id, grain, dimension, at, key) do update set ${sql.join(counts.map(c => sql`${sql.ref(c)} = r.${sql.ref(c)} + excluded.${sql.ref(c)}`))}`.execute(
    ctx.db,
  )
}

/** What is added to the sums, or taken from them, of every key that differs. */
export function difference(before: readonly Row[], now: readonly Row[]): Row[] {
  const nameOf = (row: Row) => `${row.dimension} ${row.key}`
  const old = new Map(before.map(row => [nameOf(row), row]))
  const fresh = new Map(now.map(row => [nameOf(row), row]))
  return [...new Set([...old.keys(), ...fresh.keys()])].sort().flatMap(name => {
    const [was, is] = [old.get(name), fresh.get(name)]
    const row = is ?? was
    if (!row) return []
    const by = { ...row }
    for (const c of counts) by[c] = (is?.[c] ?? 0) - (was?.[c] ?? 0)
    return counts.some(c => by[c] !== 0) ? [by] : []
  })
}

/**
 * Everything from the first contact on: for an organisation that has no figures yet, that moved to another zone, or that set its queues other targets.
 * Marks stay: whoever sets one would wait for it to be taken away, and counting a quarter once more changes nothing.
 */
export async function countAll(ctx: Ctx): Promise<void> {
  const { timezone, targets } = await basis(ctx)
  await sql`insert into insight.counted (tenant_id, timezone, targets, at) values (${ctx.tenantId}, ${timezone}, ${JSON.stringify(targets)}, ${ctx.now})
    on conflict (tenant_id) do update set timezone = excluded.timezone, targets = excluded.targets, at = excluded.at`.execute(ctx.db)
  await sql`set local work_mem = '128MB'`.execute(ctx.db)
  await sql`delete from insight.rollup where tenant_id = ${ctx.tenantId}`.execute(ctx.db)
  await sql`insert into insight.rollup (tenant_id, grain, dimension, at, key, ${columns})
    select ${ctx.tenantId}::uuid, 'slot', dimension, slot, key, ${columns} from (
      select slot, ${dimensions}, ${sums} from insight.fact_contact where tenant_id = ${ctx.tenantId}
      group by grouping sets ((slot, queue_id), (slot, agent_id), (slot, channel))) s order by 3, 4, 5`.execute(ctx.db)
  for (const grain of ['day', 'month'])
    await sql`insert into insight.rollup (tenant_id, grain, dimension, at, key, ${columns})
      select ${ctx.tenantId}::uuid, ${grain}, dimension, date_trunc(${grain}, at at time zone ${timezone}) at time zone ${timezone}, key, ${sql.join(counts.map(c => sql`sum(${sql.ref(c)})`))}
      from insight.rollup where tenant_id = ${ctx.tenantId} and grain = 'slot' group by 3, 4, 5 order by 3, 4, 5`.execute(ctx.db)
}

/** What the counting rests on beside the contacts themselves. */
async function basis(ctx: Ctx): Promise<{ timezone: string; targets: Record<string, [number, number]> }> {
  const [{ timezone }, { rows }] = await Promise.all([
    tenantCard(ctx),
    sql<{ id: string; y: number; t: number }>`select id, target_seconds as y, short_abandon_seconds as t from routing.fact_queue
      where tenant_id = ${ctx.tenantId} order by id`.execute(ctx.db),
  ])
  return { timezone, targets: Object.fromEntries(rows.map(q => [q.id, [q.y, q.t] as [number, number]])) }
}

type Basis = Awaited<ReturnType<typeof basis>>
/** Rests on something else than what is counted did; a new queue changes nothing that is counted. */
const moved = (counted: Basis, now: Basis) =>
  counted.timezone !== now.timezone ||
  Object.entries(counted.targets).some(([id, [y, t]]) => now.targets[id] && (now.targets[id][0] !== y || now.targets[id][1] !== t))

/** Counts whole what rests on something else than it did. And no mark stays behind because its timer was lost. */
export async function keepCounted(ctx: Ctx): Promise<void> {
  const [now, { rows }] = await Promise.all([
    basis(ctx),
    sql<Basis>`select timezone, targets from insight.counted where tenant_id = ${ctx.tenantId}`.execute(ctx.db),
  ])
  const [counted] = rows
  if (!counted || moved(counted, now)) return countOnce(ctx)
  if (Object.keys(now.targets).some(id => !(id in counted.targets)))
    await sql`update insight.counted set targets = ${JSON.stringify(now.targets)} where tenant_id = ${ctx.tenantId}`.execute(ctx.db)
  const left = await sql<{ at: Date }>`select at from insight.dirty where tenant_id = ${ctx.tenantId} order by at limit 500`.execute(ctx.db)
  for (const { at } of left.rows) await wait(ctx, at)
}

/** Whoever finds somebody counting waits, and counts only what that one did not know of yet. */
async function countOnce(ctx: Ctx): Promise<void> {
  await sql`insert into insight.counted (tenant_id, timezone, targets, at) values (${ctx.tenantId}, '', '{}', ${ctx.now}) on conflict do nothing`.execute(
    ctx.db,
  )
  const { rows } = await sql<Basis>`select timezone, targets from insight.counted where tenant_id = ${ctx.tenantId} for update`.execute(
    ctx.db,
  )
  const [counted] = rows
  if (!counted || moved(counted, await basis(ctx))) await countAll(ctx)
}
