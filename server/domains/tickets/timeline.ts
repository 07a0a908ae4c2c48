import { sql } from 'kysely'
import { scopeOf } from '#kernel/access.ts'
import type { TimelineFinder } from '#kernel/timeline.ts'

/** By number, title and text of a ticket, and by what was written in it. */
export const timeline: TimelineFinder = async (ctx, customerIds, pattern) => {
  if (scopeOf(ctx.actor, 'ticket:read') === null) return {}
  const { rows } = await sql<{ id: string }>`select t.id from tickets.ticket t
    where t.tenant_id = ${ctx.tenantId} and t.customer_id = any(${customerIds}::uuid[])
      and (t.number ilike ${pattern} or t.title ilike ${pattern} or t.text ilike ${pattern} or t.resolution ilike ${pattern}
        or exists (select 1 from tickets.entry e where e.tenant_id = ${ctx.tenantId} and e.ticket_id = t.id and e.text ilike ${pattern}))`.execute(
    ctx.db,
  )
  return { about: rows.map(row => row.id) }
}
