import { sql } from 'kysely'
import type { TimelineFinder } from '#kernel/timeline.ts'
import { visibleTasks } from './queries.ts'

export const timeline: TimelineFinder = async (ctx, customerIds, pattern) => {
  const rows = await visibleTasks(ctx, 'task:read')
    .select('t.id')
    .where(sql<boolean>`t.customer_id = any(${customerIds}::uuid[]) and t.title ilike ${pattern}`)
    .execute()
  return { about: rows.map(row => row.id) }
}
