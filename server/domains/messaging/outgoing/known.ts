import { sql } from 'kysely'
import type * as z from 'zod'
import type { notices } from '#contract/outgoing.ts'
import type { Ctx } from '#kernel/work.ts'

const most = 300
/** Tags stand in no index: those of the newest customers are offered, any other can be typed. */
const looked = 5000

/** Districts from one to the next by their index, and the tags in use, so that nobody has to know how they are written. */
export async function knownOf(ctx: Ctx): Promise<z.output<typeof notices.known.reply>> {
  const after = (beyond: ReturnType<typeof sql>) => sql`select c.district from customers.fact_reach c
    where c.tenant_id = ${ctx.tenantId} and c.district <> '' ${beyond} order by c.district limit 1`
  const [districts, tags] = await Promise.all([
    sql<{ name: string }>`with recursive known(district) as (
      (${after(sql``)}) union all select (${after(sql`and c.district > k.district`)}) from known k where k.district is not null
    ) select district as name from known where district is not null limit ${most}`.execute(ctx.db),
    sql<{
      name: string
    }>`select tag as name from (select tags from customers.fact_reach where tenant_id = ${ctx.tenantId} order by id desc limit ${looked}) c,
      unnest(c.tags) tag group by tag order by count(*) desc, tag limit ${most}`.execute(ctx.db),
  ])
  return { districts: districts.rows.map(row => row.name), tags: tags.rows.map(row => row.name) }
}
