import { sql } from 'kysely'
import type { Channel } from '#contract/interactions.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'

/**
 * Whoever sends contacts to queues names them here first: each is there, in use, and serves one of the channels (none given: any).
 * They are held until the commit, so that none is retired at the same moment.
 */
export async function nameQueues(ctx: Ctx, ids: readonly string[], channels: readonly Channel[] = []): Promise<void> {
  const wanted = [...new Set(ids)].sort()
  if (wanted.length === 0) return
  const rows = await ctx.db
    .selectFrom('routing.queue')
    .select(['id', 'name', 'channel', 'retired'])
    .where('id', 'in', wanted)
    .orderBy('id')
    .forShare()
    .execute()
  const known = new Map(rows.map(row => [row.id, row]))
  for (const id of wanted) {
    const { name, channel, retired } = found(known.get(id), 'queue', id)
    if (retired) throw new Refusal('invalid', 'queue.retired', { name })
    if (channels.length > 0 && !channels.includes(channel)) throw new Refusal('invalid', 'queue.other_channel', { channel })
  }
}

/** Whatever still sends contacts to the queue keeps it in use, on its channel. The queue is locked. */
export async function checkUnnamed(ctx: Ctx, id: string): Promise<void> {
  const { rows } = await sql<{ noun: string; name: string }>`
    select 'widget' as noun, w.name from messaging.fact_widget w where w.tenant_id = ${ctx.tenantId} and w.queue_id = ${id} and not w.retired
    union all select 'choice', w.name || ' › ' || (c ->> 'label') from messaging.fact_widget w cross join jsonb_array_elements(w.choices) c
      where w.tenant_id = ${ctx.tenantId} and c ->> 'queueId' = ${id} and not w.retired
    union all select 'rule', name from routing.rule where tenant_id = ${ctx.tenantId} and queue_id = ${id} and not retired
    union all select 'overflow', name from routing.queue where tenant_id = ${ctx.tenantId} and overflow_queue_id = ${id} and not retired
    union all select 'flow', f.name from voice.fact_flow f where f.tenant_id = ${ctx.tenantId} and not f.retired
      and exists (select 1 from jsonb_array_elements(f.body -> 'nodes') node where node ->> 'queueId' = ${id})
    order by 1, 2 limit 8`.execute(ctx.db)
  if (rows.length > 0) throw new Refusal('conflict', 'queue.named', { by: rows })
}
