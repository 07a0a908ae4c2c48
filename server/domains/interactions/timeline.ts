import { sql } from 'kysely'
import { scopeOf } from '#kernel/access.ts'
import type { TimelineFinder } from '#kernel/timeline.ts'

/** By what a contact was about, and what its agent noted. */
export const timeline: TimelineFinder = async (ctx, customerIds, pattern) => {
  if (scopeOf(ctx.actor, 'interaction:read') === null) return {}
  const { rows } = await sql<{ id: string }>`select id from interactions.interaction
    where tenant_id = ${ctx.tenantId} and customer_id = any(${customerIds}::uuid[]) and (subject ilike ${pattern} or note ilike ${pattern})`.execute(
    ctx.db,
  )
  return { interactions: rows.map(row => row.id) }
}
