import { sql } from 'kysely'
import type { TimelineFinder } from '#kernel/timeline.ts'
import { visibleDocuments } from './queries.ts'

export const timeline: TimelineFinder = async (ctx, customerIds, pattern) => {
  const rows = await visibleDocuments(ctx)
    .select('d.id')
    .where(sql<boolean>`d.customer_id = any(${customerIds}::uuid[]) and d.title ilike ${pattern}`)
    .execute()
  return { about: rows.map(row => row.id) }
}
