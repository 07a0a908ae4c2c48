import { sql } from 'kysely'
import type * as z from 'zod'
import type { notices } from '#contract/outgoing.ts'
import { districtsKnown } from '#domains/customers/index.ts'
import type { Ctx } from '#kernel/work.ts'

const most = 300
/** Tags stand in no index: those of the newest customers are offered, any other can be typed. */
const looked = 5000

/** Districts and the tags in use, so that nobody has to know how they are written. */
export async function knownOf(ctx: Ctx): Promise<z.output<typeof notices.known.reply>> {
  const [districts, tags] = await Promise.all([
    districtsKnown(ctx),
    sql<{
      name: string
    }>`select tag as name from (select tags from customers.fact_reach where tenant_id = ${ctx.tenantId} order by id desc limit ${looked}) c,
      unnest(c.tags) tag group by tag order by count(*) desc, tag limit ${most}`.execute(ctx.db),
  ])
  return { districts, tags: tags.rows.map(row => row.name) }
}
