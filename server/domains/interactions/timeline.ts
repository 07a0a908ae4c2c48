import { sql } from 'kysely'
import type { TimelineFinder } from '#kernel/timeline.ts'
import { visibleOfCustomer } from './queries.ts'

/** By what a contact was about, and what its agent noted. */
export const timeline: TimelineFinder = async (ctx, customerIds, pattern) => {
  const { rows } = await sql<{ id: string }>`select i.id from interactions.interaction i
    where i.tenant_id = ${ctx.tenantId} and i.customer_id = any(${customerIds}::uuid[]) and ${visibleOfCustomer(ctx)}
      and (i.subject ilike ${pattern} or i.note ilike ${pattern})`.execute(ctx.db)
  return { interactions: rows.map(row => row.id) }
}
