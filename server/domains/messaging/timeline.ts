import { sql } from 'kysely'
import type { TimelineFinder } from '#kernel/timeline.ts'
import { seen } from './outgoing/seeing.ts'
import { visible } from './queries.ts'

/** By what was said in a conversation, and by what was sent. */
export const timeline: TimelineFinder = async (ctx, customerIds, pattern) => {
  const [talks, sent] = await Promise.all([
    sql<{ id: string; text: string }>`select c.interaction_id as id, said.text from messaging.conversation c
      cross join lateral (select m.text from messaging.message m
        where m.tenant_id = ${ctx.tenantId} and m.conversation_id = c.id and m.text ilike ${pattern} order by m.seq desc limit 1) said
      where c.tenant_id = ${ctx.tenantId} and c.customer_id = any(${customerIds}::uuid[]) and ${visible(ctx)}`.execute(ctx.db),
    sql<{ id: string }>`select o.id from messaging.outgoing o
      where o.tenant_id = ${ctx.tenantId} and o.customer_id = any(${customerIds}::uuid[]) and ${seen(ctx)}
        and (o.subject ilike ${pattern} or o.text ilike ${pattern})`.execute(ctx.db),
  ])
  return { interactions: talks.rows.map(row => row.id), words: talks.rows, about: sent.rows.map(row => row.id) }
}
