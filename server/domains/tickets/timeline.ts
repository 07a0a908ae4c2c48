import { sql } from 'kysely'
import type { TimelineFinder } from '#kernel/timeline.ts'
import { visibleTickets } from './queries.ts'

/** By number, title and text of a ticket, and by what was written in it. */
export const timeline: TimelineFinder = async (ctx, customerIds, pattern) => {
  const rows = await visibleTickets(ctx)
    .select('t.id')
    .where(sql<boolean>`t.customer_id = any(${customerIds}::uuid[])`)
    .where(
      sql<boolean>`(t.number ilike ${pattern} or t.title ilike ${pattern} or t.text ilike ${pattern} or t.resolution ilike ${pattern}
        or exists (select 1 from tickets.entry e where e.tenant_id = ${ctx.tenantId} and e.ticket_id = t.id and e.text ilike ${pattern}))`,
    )
    .execute()
  return { about: rows.map(row => row.id) }
}
