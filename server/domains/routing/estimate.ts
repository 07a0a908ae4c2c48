import { sql } from 'kysely'
import type { Channel } from '#contract/interactions.ts'
import { found } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { estimateSeconds, type FlowReason, mayStay } from './rules.ts'

type Served = { queueId: string; channel: Channel }

/** Mean of the last handlings of a queue, and the places its ready agents have for its channel. */
async function serviceOf(ctx: Ctx, { queueId, channel }: Served): Promise<{ meanHandlingSeconds: number | null; places: number }> {
  const [mean, places] = await Promise.all([
    sql<{ seconds: number | null }>`select extract(epoch from avg(ended_at - answered_at))::float8 as seconds from (
      select ended_at, answered_at from interactions.fact_interaction where tenant_id = ${ctx.tenantId} and queue_id = ${queueId}
        and answered_at is not null and ended_at is not null order by ended_at desc limit 30) recent`.execute(ctx.db),
    // A scalar sub-select is one probe per agent, whatever the statistics say.
    sql<{
      n: number
    }>`select coalesce(sum((select least(l.capacity, case when l.weight > 0 then 100 / l.weight else l.capacity end) from routing.load l
        where l.tenant_id = ${ctx.tenantId} and l.agent_id = p.id and l.channel = ${channel})), 0) as n from routing.agent_queue m
      join routing.presence p on p.tenant_id = ${ctx.tenantId} and p.id = m.agent_id and p.state = 'ready'
      where m.tenant_id = ${ctx.tenantId} and m.queue_id = ${queueId}`.execute(ctx.db),
  ])
  return { meanHandlingSeconds: mean.rows[0]?.seconds ?? null, places: places.rows[0]?.n ?? 0 }
}

type Place = { position: number; estimate: number | null }

/** Place in the queue from 1, and seconds until an agent answers. */
export async function placeInQueue(ctx: Ctx, interactionId: string): Promise<Place | null> {
  const mine = await ctx.db.selectFrom('routing.waiting').selectAll().where('id', '=', interactionId).executeTakeFirst()
  if (!mine) return null
  const [ahead, service] = await Promise.all([
    sql<{
      n: number
    }>`select count(*) as n from routing.waiting where tenant_id = ${ctx.tenantId} and queue_id = ${mine.queueId} and state = 'waiting' and priority >= ${mine.priority}
      and (priority > ${mine.priority} or (priority = ${mine.priority} and (enqueued_at, id) < (${mine.enqueuedAt}::timestamptz, ${mine.id}::uuid)))`.execute(
      ctx.db,
    ),
    serviceOf(ctx, mine),
  ])
  const position = mine.state === 'offered' ? 1 : (ahead.rows[0]?.n ?? 0) + 1
  return { position, estimate: estimateSeconds(position, service.meanHandlingSeconds, service.places) }
}

/** What somebody who came now would be told. */
export async function outlook(ctx: Ctx, queueId: string): Promise<Place> {
  const queue = found(
    await ctx.db.selectFrom('routing.queue').select(['id', 'channel']).where('id', '=', queueId).executeTakeFirst(),
    'queue',
    queueId,
  )
  const [ahead, service] = await Promise.all([
    ctx.db
      .selectFrom('routing.waiting')
      .select(q => q.fn.countAll<number>().as('n'))
      .where('queueId', '=', queueId)
      .where('state', '=', 'waiting')
      .executeTakeFirstOrThrow(),
    serviceOf(ctx, { queueId, channel: queue.channel }),
  ])
  const position = ahead.n + 1
  return { position, estimate: estimateSeconds(position, service.meanHandlingSeconds, service.places) }
}

type Flowing = Served & {
  overflowQueueId: string
  overflowSeconds: number
  overflowWaiting: number
  overflowEstimate: number
  overflowUnstaffed: boolean
  signedIn: boolean
  otherSignedIn: boolean
}
const mostAtOnce = 50

/** Contacts that stand behind the last place that may stay in their queue, the last first to go. */
export async function loadFlows(ctx: Ctx): Promise<{ id: string; queueId: string; why: FlowReason }[]> {
  const present = (queueId: string) => sql`exists (select 1 from routing.agent_queue m
    join routing.presence p on p.tenant_id = ${ctx.tenantId} and p.id = m.agent_id and p.state <> 'offline'
    where m.tenant_id = ${ctx.tenantId} and m.queue_id = ${sql.ref(queueId)})`
  const { rows } =
    await sql<Flowing>`select q.id as "queueId", q.channel, q.overflow_queue_id as "overflowQueueId", q.overflow_seconds as "overflowSeconds",
      q.overflow_waiting as "overflowWaiting", q.overflow_estimate as "overflowEstimate", q.overflow_unstaffed as "overflowUnstaffed",
      ${present('q.id')} as "signedIn", ${present('q.overflow_queue_id')} as "otherSignedIn"
    from routing.queue q where q.tenant_id = ${ctx.tenantId} and q.overflow_queue_id is not null and (q.overflow_waiting > 0 or q.overflow_estimate > 0 or q.overflow_unstaffed)
      and exists (select 1 from routing.waiting w where w.tenant_id = ${ctx.tenantId} and w.queue_id = q.id)`.execute(ctx.db)
  const flows: { id: string; queueId: string; why: FlowReason }[] = []
  for (const queue of rows) {
    const service = queue.overflowEstimate > 0 ? await serviceOf(ctx, queue) : { meanHandlingSeconds: null, places: 0 }
    const stay = mayStay(queue, { ...queue, ...service })
    if (!stay) continue
    const behind = await sql<{ id: string }>`select id from (select id, state, preferred_agent_id, been from routing.waiting
        where tenant_id = ${ctx.tenantId} and queue_id = ${queue.queueId} order by priority desc, enqueued_at, id offset ${stay.places} limit ${mostAtOnce}) w
      where w.state = 'waiting' and w.preferred_agent_id is null and not (${queue.overflowQueueId}::uuid = any(w.been))`.execute(ctx.db)
    flows.push(...behind.rows.map(({ id }) => ({ id, queueId: queue.queueId, why: stay.why })))
  }
  return flows
}
