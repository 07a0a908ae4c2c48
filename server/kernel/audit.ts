import { type RawBuilder, sql } from 'kysely'
import { actorId, scopeOf } from './access.ts'
import type { EventRow } from './events.ts'
import { type Page, pageRows } from './paging.ts'
import { Refusal } from './refusal.ts'
import { sortedBy, sortKeyOf, turn, unkeyed } from './sorting.ts'
import type { Ctx } from './work.ts'

type Filter = {
  actorId?: string | undefined
  what?: string | undefined
  about?: string | undefined
  since?: Date | undefined
  until?: Date | undefined
}
export type Audited = EventRow & { personal: Record<string, string> | null }

/** The least UUIDv7 of an instant: events are kept by it. */
export function firstIdOf(at: Date): string {
  const hex = Math.max(0, at.getTime()).toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`
}

/** How often this actor did one of these things of the audit since then. Whoever asks waits for the same actor's askers before: several at once do not all find room for one. */
export async function timesDone(ctx: Ctx, what: readonly string[], since: Date): Promise<number> {
  const turn = `${ctx.tenantId} ${what.join(' ')} ${actorId(ctx.actor)}`
  await sql`select pg_advisory_xact_lock(hashtextextended(${turn}, 0))`.execute(ctx.db)
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from kernel.event
    where tenant_id = ${ctx.tenantId} and audit and actor_id = ${actorId(ctx.actor)} and id >= ${firstIdOf(since)}::uuid and name = any(${what}::text[])`.execute(
    ctx.db,
  )
  return rows[0]?.n ?? 0
}

/** What people in charge answer for, newest first. Each filter has its index over these rows alone, which are few. */
export async function auditPage(
  ctx: Ctx,
  filter: Filter,
  paging: { after?: string | undefined; size?: number | undefined; sort?: '-time' | 'time' | undefined },
): Promise<Page<Audited>> {
  if (scopeOf(ctx.actor, 'audit:read') === null) throw new Refusal('forbidden', 'access.denied', { permission: 'audit:read' })
  const size = paging.size ?? 50
  const { key, order, after } = sortedBy(turn('id', sql`e.id`, sql`e.id`, paging.sort !== 'time'), paging.after)
  const { rows } = await sql<
    Audited & { sortKey: string }
  >`select e.id, e.name, e.about, e.at, e.actor_kind as "actorKind", e.actor_id as "actorId",
      e.customer_id as "customerId", e.interaction_id as "interactionId", e.cause_id as "causeId", e.detail,
      (select jsonb_object_agg(v.key, v.value) from kernel.event_value v where v.tenant_id = ${ctx.tenantId} and v.event_id = e.id) as personal, ${key}
    from kernel.event e where ${matching(ctx, filter)} and ${after} order by ${order} limit ${size + 1}`.execute(ctx.db)
  const page = pageRows(rows, size, sortKeyOf)
  return { rows: page.rows.map(unkeyed), next: page.next }
}

function matching(ctx: Ctx, filter: Filter): RawBuilder<unknown> {
  const wheres = [sql`e.tenant_id = ${ctx.tenantId}`, sql`e.audit`]
  if (filter.actorId) wheres.push(sql`e.actor_id = ${filter.actorId}`)
  if (filter.what) wheres.push(sql`e.name = ${filter.what}`)
  if (filter.about) wheres.push(sql`e.about = ${filter.about}`)
  if (filter.since) wheres.push(sql`e.id >= ${firstIdOf(filter.since)}::uuid`)
  if (filter.until) wheres.push(sql`e.id < ${firstIdOf(filter.until)}::uuid`)
  return sql.join(wheres, sql` and `)
}

/** The ids behind a filter, for whoever counts them. */
export const auditCountable = (ctx: Ctx, filter: Filter): RawBuilder<unknown> =>
  sql`(select e.id from kernel.event e where ${scopeOf(ctx.actor, 'audit:read') === null ? sql`false` : matching(ctx, filter)})`
