import { sql } from 'kysely'
import { scopeOf } from '#kernel/access.ts'
import type { TimelineFinder } from '#kernel/timeline.ts'

/** By what was said in a conversation, and by what was sent. */
export const timeline: TimelineFinder = async (ctx, customerIds, pattern) => {
  const mine = sql`tenant_id = ${ctx.tenantId} and customer_id = any(${customerIds}::uuid[])`
  const talks =
    scopeOf(ctx.actor, 'conversation:read') === null
      ? { rows: [] }
      : await sql<{ id: string }>`select c.interaction_id as id from (select id, interaction_id from messaging.conversation where ${mine}) c
          where exists (select 1 from messaging.message m where m.tenant_id = ${ctx.tenantId} and m.conversation_id = c.id and m.text ilike ${pattern})`.execute(
          ctx.db,
        )
  const sent =
    scopeOf(ctx.actor, 'message:read') === null
      ? { rows: [] }
      : await sql<{
          id: string
        }>`select id from messaging.outgoing where ${mine} and (subject ilike ${pattern} or text ilike ${pattern})`.execute(ctx.db)
  return { interactions: talks.rows.map(row => row.id), about: sent.rows.map(row => row.id) }
}
