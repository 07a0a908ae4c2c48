import { sql } from 'kysely'
import * as z from 'zod'
import type { Counted, CountedContact, FigureBy, Figures, insight, Period } from '#contract/insight.ts'
import { tenantCard } from '#domains/identity/index.ts'
import { scopeOf } from '#kernel/access.ts'
import { dateIn, startOfDay } from '#kernel/calendar.ts'
import { type Page, pageRows, readCursor } from '#kernel/paging.ts'
import type { Ctx } from '#kernel/work.ts'
import { figureOf, figuresDefinition, noCounts, periodOf, plus } from './rules.ts'
import { type Counts, counts } from './tables.ts'

const step = { day: 'hour', week: 'day', month: 'day', year: 'month' } as const
const grain = { day: 'slot', week: 'day', month: 'day', year: 'month' } as const
const mostRows = 500

type Sum = Counts & { key: string | null; at: Date | null }

/** From the sums: a year of ten million contacts reads as many rows as a year of ten thousand. */
export async function figures(ctx: Ctx, { period, by, on }: z.output<typeof insight.figures.query>): Promise<Figures> {
  const { timezone } = await tenantCard(ctx)
  const day = on ?? dateIn(timezone, ctx.now)
  const [from, until] = bounds(period, day, timezone)
  const at = period === 'day' ? sql`date_trunc('hour', at at time zone ${timezone}) at time zone ${timezone}` : sql`at`
  // Literals: each grain and dimension is a stretch of the one index.
  const { rows } = await sql<Sum>`select key, begins as at, ${sql.join(counts.map(c => sql`sum(${sql.ref(c)})::float8 as ${sql.ref(c)}`))}
    from (select key, ${at} as begins, ${sql.join(counts.map(c => sql.ref(c)))} from insight.rollup
      where tenant_id = ${ctx.tenantId} and grain = ${sql.lit(grain[period])} and dimension = ${sql.lit(by)} and at >= ${from} and at < ${until} ${ofMine(ctx, by)}) r
    group by grouping sets ((key), (begins)) having sum(contacts) > 0 order by begins nulls first, key = '', sum(contacts) desc, key`.execute(
    ctx.db,
  )
  const keyed = rows.filter(r => r.at === null).slice(0, mostRows)
  const names = await namesOf(
    ctx,
    by,
    keyed.flatMap(r => r.key || []),
  )
  return {
    period,
    by,
    on: day,
    from,
    until,
    step: step[period],
    rows: keyed.map(r => {
      const key = r.key ?? ''
      return { key, ...(names.get(key) ?? { name: '', nameEn: '' }), ...figureOf(r) }
    }),
    course: rows.flatMap(r => (r.at ? [{ at: r.at, ...figureOf(r) }] : [])),
    total: figureOf(rows.filter(r => r.at === null).reduce<Counts>(plus, noCounts)),
    definition: figuresDefinition(timezone),
  }
}

function bounds(period: Period, day: string, timezone: string): [Date, Date] {
  const [first, after] = periodOf(period, day)
  return [startOfDay(timezone, first), startOfDay(timezone, after)]
}

/** Queues and channels are the centre's; of agents everybody sees those in reach. */
function ofMine({ actor, tenantId }: Ctx, by: FigureBy) {
  const scope = scopeOf(actor, 'insight:read')
  if (by !== 'agent' || scope === 'all') return sql``
  if (scope === null || actor.kind !== 'user') return sql`and false`
  if (scope === 'own') return sql`and key = ${actor.id}`
  const people = scope === 'team' ? sql`p.team_id = ${actor.teamId}` : sql`p.department_id = ${actor.departmentId}`
  return sql`and (key = ${actor.id} or key in (select p.id::text from identity.fact_person p where p.tenant_id = ${tenantId} and ${people}))`
}

async function namesOf(ctx: Ctx, by: FigureBy, ids: string[]): Promise<Map<string, { name: string; nameEn: string }>> {
  if (by === 'channel' || ids.length === 0) return new Map()
  const from =
    by === 'queue' ? sql`name, name_en as "nameEn" from routing.fact_queue` : sql`name, name as "nameEn" from identity.fact_person`
  const { rows } = await sql<{
    id: string
    name: string
    nameEn: string
  }>`select id, ${from} where tenant_id = ${ctx.tenantId} and id = any(${ids}::uuid[])`.execute(ctx.db)
  return new Map(rows.map(({ id, ...name }) => [id, name]))
}

const conditions: Record<Counted, ReturnType<typeof sql>> = {
  contacts: sql`true`,
  offered: sql`c.offered = 1`,
  answered: sql`c.answered = 1`,
  answeredInTarget: sql`c.in_target = 1`,
  abandoned: sql`c.abandoned = 1`,
  shortAbandoned: sql`c.short_abandoned = 1`,
  undecided: sql`c.undecided = 1`,
  handled: sql`c.handled = 1`,
  rated: sql`c.rated = 1`,
}

/** The contacts behind a figure: the same rows by the same conditions, as far as the actor may see contacts. */
export async function countedContacts(ctx: Ctx, query: z.output<typeof insight.counted.query>): Promise<Page<CountedContact>> {
  const { timezone } = await tenantCard(ctx)
  const [from, until] = bounds(query.period, query.on ?? dateIn(timezone, ctx.now), timezone)
  const size = query.size ?? 50
  const after = readCursor(query.after, z.tuple([z.iso.datetime(), z.uuid()]))
  // How many count for what is beyond the planner's guess: it is to walk the index of time, not to sort a year.
  const walking = sql`set local enable_sort = off`.execute(ctx.db)
  const reading =
    sql<CountedContact>`select c.id, c.at, c.channel, c.state, c.customer_id as "customerId", p.name as "customerName", c.queue_id as "queueId", c.agent_id as "agentId", c.subject,
      case when c.offered = 1 then c.wait_ms / 1000.0::float8 end as "waitSeconds", c.handle_ms / 1000.0::float8 as "handleSeconds", c.rating
    from insight.fact_contact c left join customers.fact_customer p on p.tenant_id = ${ctx.tenantId} and p.id = c.customer_id
    where c.tenant_id = ${ctx.tenantId} and c.at >= ${from} and c.at < ${until} and ${conditions[query.counted]} ${ofKey(query.by, query.key)} and ${visible(ctx)}
      ${after ? sql`and (c.at, c.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)` : sql``}
    order by c.at desc, c.id desc limit ${size + 1}`.execute(ctx.db)
  const [, { rows }] = await Promise.all([walking, reading])
  return pageRows(rows, size, row => [row.at.toISOString(), row.id])
}

function ofKey(by: FigureBy, key: string | undefined) {
  if (key === undefined) return sql``
  if (by === 'channel') return sql`and c.channel = ${key}`
  const column = by === 'queue' ? sql`c.queue_id` : sql`c.agent_id`
  return key === '' ? sql`and ${column} is null` : z.uuid().safeParse(key).success ? sql`and ${column} = ${key}` : sql`and false`
}

/** As contacts are seen elsewhere: those nobody has answered belong to every team and department. */
function visible({ actor, tenantId }: Ctx) {
  const scope = scopeOf(actor, 'interaction:read')
  if (scope === 'all') return sql`true`
  if (scope === null || actor.kind !== 'user') return sql`false`
  if (scope === 'own') return sql`c.agent_id = ${actor.id}`
  const mine = scope === 'team' ? sql`p.team_id = ${actor.teamId}` : sql`p.department_id = ${actor.departmentId}`
  return sql`(c.agent_id = ${actor.id} or c.agent_id is null or exists (
    select 1 from identity.fact_person p where p.tenant_id = ${tenantId} and p.id = c.agent_id and ${mine}))`
}
