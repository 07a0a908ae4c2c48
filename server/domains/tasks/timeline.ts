import { sql } from 'kysely'
import { scopeOf } from '#kernel/access.ts'
import type { TimelineFinder } from '#kernel/timeline.ts'

export const timeline: TimelineFinder = async (ctx, customerIds, pattern) => {
  if (scopeOf(ctx.actor, 'task:read') === null) return {}
  const { rows } = await sql<{ id: string }>`select id from tasks.task
    where tenant_id = ${ctx.tenantId} and customer_id = any(${customerIds}::uuid[]) and title ilike ${pattern}`.execute(ctx.db)
  return { about: rows.map(row => row.id) }
}
