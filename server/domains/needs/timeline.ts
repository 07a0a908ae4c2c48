import { sql } from 'kysely'
import { ofFamily } from '#kernel/family.ts'
import type { TimelineFinder } from '#kernel/timeline.ts'
import { visibleNeeds } from './queries.ts'

/** By title and text of a need, by what this customer said of it and by what they were answered. */
export const timeline: TimelineFinder = async (ctx, customerIds, pattern) => {
  const rows = await visibleNeeds(ctx)
    .select('n.id')
    .where(
      sql<boolean>`n.id in (select v.need_id from needs.voice v where v.tenant_id = ${ctx.tenantId} and ${ofFamily(ctx, sql`v.customer_id`, customerIds)}
        and (v.words ilike ${pattern} or n.title ilike ${pattern} or n.text ilike ${pattern} or n.answer ilike ${pattern}))`,
    )
    .execute()
  return { about: rows.map(row => row.id) }
}
