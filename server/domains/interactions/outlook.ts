import { sql } from 'kysely'
import { moodDays } from '#contract/outlook.ts'
import { scopeOf } from '#kernel/access.ts'
import { ofFamily } from '#kernel/family.ts'
import type { OutlookGiver, Touch } from '#kernel/outlook.ts'
import { visibleOfCustomer } from './queries.ts'

const most = 50

/** The last contacts by any channel. */
export const outlook: OutlookGiver = async (ctx, customerIds) => {
  if (scopeOf(ctx.actor, 'interaction:read') === null) return {}
  const since = new Date(ctx.now.getTime() - moodDays.ratings * 86_400_000)
  const { rows } =
    await sql<Touch>`select i.id, i.channel, i.direction = 'in' as inward, i.state in ('abandoned', 'left') as unanswered, i.started_at as at,
      i.answered_at, i.rating from interactions.interaction i
    where i.tenant_id = ${ctx.tenantId} and ${ofFamily(ctx, sql`i.customer_id`, customerIds)} and i.started_at > ${since} and ${visibleOfCustomer(ctx)}
    order by i.started_at desc, i.id desc limit ${most}`.execute(ctx.db)
  return { touches: rows }
}
