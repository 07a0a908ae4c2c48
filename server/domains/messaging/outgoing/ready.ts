import { sql } from 'kysely'
import type { Way } from '#contract/outgoing.ts'
import type { Ctx } from '#kernel/work.ts'

/** Whether there is a way out for a channel at all: whoever writes of their own accord keeps silent without one. */
export async function canSend(ctx: Ctx, channel: Way): Promise<boolean> {
  const { rows } =
    await sql`select 1 from messaging.provider where tenant_id = ${ctx.tenantId} and channel = ${channel} and enabled and not retired limit 1`.execute(
      ctx.db,
    )
  return rows.length > 0
}
