import { sql } from 'kysely'
import type * as z from 'zod'
import type { Wallboard } from '#contract/insight.ts'
import { tenantCard } from '#domains/identity/index.ts'
import { dateIn, startOfDay } from '#kernel/calendar.ts'
import type { Ctx } from '#kernel/work.ts'
import { added, definition, figuresOf, noSums, type Sums } from './rules.ts'

type Channel = Wallboard['channels'][number]['channel']
type Pulse = {
  queueId: string
  name: string
  nameEn: string
  channel: Channel
  waiting: number
  longestSince: Date | null
  ready: number
  handling: number
  working: number
  targetPercent: number
  targetSeconds: number
  shortAbandonSeconds: number
}
type HourSums = Sums & { queueId: string | null; hour: number }

const mostAgents = 300

/** Now and today of the whole centre. Everything is read in one round trip; today's rows come by indexes over time. */
export async function wallboard(ctx: Ctx): Promise<z.output<typeof Wallboard>> {
  const { timezone } = await tenantCard(ctx)
  const day = dateIn(timezone, ctx.now)
  const start = startOfDay(timezone, day)
  const [pulses, hourly, channels, agents, ratings, tickets, left] = await Promise.all([
    queuesNow(ctx),
    contactsOf(ctx, start, timezone),
    channelsOf(ctx, start),
    agentsNow(ctx),
    ratingsOf(ctx, start),
    ticketsOf(ctx, start),
    leftOf(ctx, start),
  ])
  const all = hourly.reduce<Sums>(added, noSums)
  const busiest = pulses.toSorted((a, b) => sumsOf(hourly, b).offered - sumsOf(hourly, a).offered)[0]
  return {
    at: ctx.now,
    day,
    waiting: pulses.reduce((sum, p) => sum + p.waiting, 0),
    longestSince: earliest(pulses.map(p => p.longestSince)),
    today: {
      offered: all.offered,
      answered: all.answered,
      answeredInTarget: all.answeredInTarget,
      abandoned: all.abandoned,
      shortAbandoned: all.shortAbandoned,
      left,
      ...figuresOf(all),
      ratings: ratings.n,
      ratingAverage: ratings.average,
      csat: ratings.n > 0 ? ratings.best / ratings.n : null,
      ticketsOpened: tickets.opened,
      ticketsClosed: tickets.closed,
    },
    target: {
      percent: busiest?.targetPercent ?? 80,
      seconds: busiest?.targetSeconds ?? 20,
      shortAbandonSeconds: busiest?.shortAbandonSeconds ?? 5,
    },
    queues: pulses.map(p => {
      const sums = sumsOf(hourly, p)
      const { serviceLevel, abandonRate } = figuresOf(sums)
      const { queueId: id, name, nameEn, channel, waiting, longestSince, ready, handling, working, targetPercent } = p
      return {
        id,
        name,
        nameEn,
        channel,
        waiting,
        longestSince,
        ready,
        handling,
        working,
        offered: sums.offered,
        serviceLevel,
        abandonRate,
        targetPercent,
      }
    }),
    agents,
    hours: hoursUntil(hourly, ctx.now, start),
    channels,
    tickets: { open: tickets.open, late: tickets.late },
    definition: definition(timezone),
  }
}

const sumsOf = (hourly: readonly HourSums[], queue: Pulse): Sums =>
  hourly.filter(h => h.queueId === queue.queueId).reduce<Sums>(added, noSums)
const earliest = (instants: readonly (Date | null)[]) =>
  instants.reduce<Date | null>((first, at) => (at && (!first || at < first) ? at : first), null)

/** Every hour of the day so far, also those without contacts. */
function hoursUntil(hourly: readonly HourSums[], now: Date, start: Date) {
  const last = Math.min(23, Math.floor((now.getTime() - start.getTime()) / 3_600_000))
  return Array.from({ length: Math.max(last, ...hourly.map(h => h.hour)) + 1 }, (_, hour) => {
    const { offered, answered, waiting } = hourly.filter(h => h.hour === hour).reduce<Sums>(added, noSums)
    return { hour, offered, answered, waiting }
  })
}

async function queuesNow(ctx: Ctx): Promise<Pulse[]> {
  const { rows } =
    await sql<Pulse>`select p.queue_id as "queueId", p.name, p.name_en as "nameEn", p.channel, p.waiting, p.longest_since as "longestSince", p.ready, p.handling, p.working,
      q.target_percent as "targetPercent", q.target_seconds as "targetSeconds", q.short_abandon_seconds as "shortAbandonSeconds"
    from routing.fact_pulse p join routing.fact_queue q on q.tenant_id = p.tenant_id and q.id = p.queue_id
    where p.tenant_id = ${ctx.tenantId} and (not p.retired or p.waiting > 0) order by p.position, p.queue_id`.execute(ctx.db)
  return rows
}

async function contactsOf(ctx: Ctx, start: Date, timezone: string): Promise<HourSums[]> {
  const { rows } = await sql<HourSums>`
    select queue_id as "queueId", hour, count(*)::int as offered, count(*) filter (where answered)::int as answered, count(*) filter (where answered and wait <= y)::int as "answeredInTarget",
      count(*) filter (where abandoned and wait >= t)::int as abandoned, count(*) filter (where abandoned and wait < t)::int as "shortAbandoned",
      count(*) filter (where state = 'waiting' and not answered and wait <= y)::int as undecided, count(*) filter (where state = 'waiting' and not answered)::int as waiting, coalesce(sum(wait) filter (where answered), 0)::float8 as "waitSeconds",
      count(handle)::int as handled, coalesce(sum(handle), 0)::float8 as "handleSeconds"
    from (
      select i.queue_id, extract(hour from i.queued_at at time zone ${timezone})::int as hour, i.state, i.answered_at is not null as answered, i.state = 'abandoned' as abandoned,
        extract(epoch from coalesce(i.answered_at, i.ended_at, ${ctx.now}::timestamptz) - i.queued_at) as wait, extract(epoch from i.wrapped_at - i.answered_at) as handle,
        coalesce(q.target_seconds, 20) as y, coalesce(q.short_abandon_seconds, 5) as t
      from interactions.fact_interaction i left join routing.fact_queue q on q.tenant_id = ${ctx.tenantId} and q.id = i.queue_id
      where i.tenant_id = ${ctx.tenantId} and i.queued_at >= ${start} and i.queued_at <= ${ctx.now} and i.direction = 'in' and i.state <> 'left' and i.left_at is null) c
    group by queue_id, hour`.execute(ctx.db)
  return rows
}

async function channelsOf(ctx: Ctx, start: Date): Promise<Wallboard['channels']> {
  const { rows } = await sql<Wallboard['channels'][number]>`select channel, count(*)::int as count from interactions.fact_interaction
    where tenant_id = ${ctx.tenantId} and started_at >= ${start} and direction = 'in' group by channel order by 2 desc, 1`.execute(ctx.db)
  return rows
}

/** Messages left today that nobody has taken yet. */
async function leftOf(ctx: Ctx, start: Date): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from interactions.fact_interaction
    where tenant_id = ${ctx.tenantId} and started_at >= ${start} and direction = 'in' and state = 'left'`.execute(ctx.db)
  return rows[0]?.n ?? 0
}

async function agentsNow(ctx: Ctx): Promise<Wallboard['agents']> {
  const { rows } = await sql<Wallboard['agents'][number]>`select a.agent_id as id, p.name, a.state, a.reason, a.since, a.used, a.capacity
    from routing.fact_presence a join identity.fact_person p on p.tenant_id = ${ctx.tenantId} and p.id = a.agent_id
    where a.tenant_id = ${ctx.tenantId} and not p.retired order by a.state = 'offline', p.name, a.agent_id limit ${mostAgents}`.execute(
    ctx.db,
  )
  return rows
}

async function ratingsOf(ctx: Ctx, start: Date): Promise<{ n: number; average: number | null; best: number }> {
  const { rows } = await sql<{
    n: number
    average: number | null
    best: number
  }>`select count(*)::int as n, avg(score)::float8 as average, count(*) filter (where score >= 4)::int as best
    from surveys.fact_rating where tenant_id = ${ctx.tenantId} and rated_at >= ${start}`.execute(ctx.db)
  return rows[0] ?? { n: 0, average: null, best: 0 }
}

async function ticketsOf(ctx: Ctx, start: Date): Promise<{ opened: number; closed: number; open: number; late: number }> {
  // Literals in the conditions: the partial indexes depend on them.
  const { rows } = await sql<{ opened: number; closed: number; open: number; late: number }>`select
    (select count(*)::int from tickets.fact_ticket where tenant_id = ${ctx.tenantId} and opened_at >= ${start}) as opened,
    (select count(*)::int from tickets.fact_ticket where tenant_id = ${ctx.tenantId} and closed_at >= ${start}) as closed,
    (select count(*)::int from tickets.fact_ticket where tenant_id = ${ctx.tenantId} and status <> 'closed') as open,
    (select count(*)::int from tickets.fact_ticket where tenant_id = ${ctx.tenantId} and status in ('accepted', 'dispatched', 'handling') and due_at < ${ctx.now}) as late`.execute(
    ctx.db,
  )
  return rows[0] ?? { opened: 0, closed: 0, open: 0, late: 0 }
}
