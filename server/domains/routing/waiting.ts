import { type RawBuilder, sql } from 'kysely'
import * as z from 'zod'
import type { WaitingContact, waiting } from '#contract/routing.ts'
import { scopeOf } from '#kernel/access.ts'
import { type Page, pageRows, readCursor } from '#kernel/paging.ts'
import type { Ctx } from '#kernel/work.ts'
import { within } from './queries.ts'
import { isAhead } from './rules.ts'

/** Which queues the actor leads, over a queue's id: those that agents in scope work. */
export function ledQueue(ctx: Ctx, queueId: RawBuilder<unknown>): RawBuilder<unknown> {
  if (scopeOf(ctx.actor, 'routing:supervise') === 'all') return sql`true`
  return sql`exists (select 1 from routing.agent_queue m join identity.fact_person f on f.tenant_id = ${ctx.tenantId} and f.id = m.agent_id
    where m.tenant_id = ${ctx.tenantId} and m.queue_id = ${queueId} and ${within(ctx, 'routing:supervise')})`
}

export async function leads(ctx: Ctx, queueId: string): Promise<boolean> {
  const { rows } = await sql`select 1 where ${ledQueue(ctx, sql`${queueId}::uuid`)}`.execute(ctx.db)
  return rows.length > 0
}

type Row = Omit<WaitingContact, 'ahead' | 'callBack'> & { priority: number; callBackSince: Date | null; callBackTries: number }

/** The first of every queue by its own index, then the first of those: the page costs the same however many wait. */
export async function listWaiting(
  ctx: Ctx,
  { queueId, after, size = 50 }: z.output<typeof waiting.list.query>,
): Promise<Page<WaitingContact>> {
  const cursor = readCursor(after, z.tuple([z.int(), z.iso.datetime(), z.uuid()]))
  const behind = cursor
    ? sql`and (-x.priority, x.enqueued_at, x.id) > (${-cursor[0]}, ${cursor[1]}::timestamptz, ${cursor[2]}::uuid) and x.priority <= ${cursor[0]}`
    : sql``
  const { rows } =
    await sql<Row>`select w.id, w.conversation_id as "conversationId", w.channel, w.queue_id as "queueId", w.customer_id as "customerId",
      w.customer_name as "customerName", w.tier, w.subject, w.enqueued_at as "waitingSince", w.priority,
      (select coalesce(json_agg(json_build_object('skillId', s.id, 'level', n % 8) order by s.id), '[]') from routing.lane l cross join unnest(l.needs) n
        join routing.skill s on s.tenant_id = ${ctx.tenantId} and s.number = n / 8 where l.tenant_id = ${ctx.tenantId} and l.id = w.lane_id) as needs,
      r.name as "ringsFor", p.name as "preferredAgentName", w.preferred_until as "preferredUntil", h.name as "heldByName",
      w.call_back_since as "callBackSince", w.call_back_tries as "callBackTries"
    from routing.queue q
    cross join lateral (select * from routing.waiting x where x.tenant_id = ${ctx.tenantId} and x.queue_id = q.id ${behind}
      order by x.priority desc, x.enqueued_at, x.id limit ${size + 1}) w
    left join identity.fact_person r on r.tenant_id = ${ctx.tenantId} and r.id = w.offered_to
    left join identity.fact_person p on p.tenant_id = ${ctx.tenantId} and p.id = w.preferred_agent_id
    left join identity.fact_person h on h.tenant_id = ${ctx.tenantId} and h.id = w.held_by
    where q.tenant_id = ${ctx.tenantId} and ${queueId ? sql`q.id = ${queueId}` : sql`true`} and ${ledQueue(ctx, sql`q.id`)}
    order by w.priority desc, w.enqueued_at, w.id limit ${size + 1}`.execute(ctx.db)
  const page = pageRows(rows, size, row => [row.priority, row.waitingSince.toISOString(), row.id])
  return {
    ...page,
    rows: page.rows.map(({ priority, callBackSince: since, callBackTries: tries, ...row }) => ({
      ...row,
      ahead: isAhead(priority),
      callBack: since && { since, tries },
    })),
  }
}
