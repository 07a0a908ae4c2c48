import { sql } from 'kysely'
import type { Ctx } from '#kernel/work.ts'

const most = 300

/** From one to the next by their index, so that nobody has to know how they are written. */
export async function districtsKnown(ctx: Ctx): Promise<string[]> {
  const after = (beyond: ReturnType<typeof sql>) => sql`select c.district from customers.fact_reach c
    where c.tenant_id = ${ctx.tenantId} and c.district <> '' ${beyond} order by c.district limit 1`
  const { rows } = await sql<{ name: string }>`with recursive known(district) as (
      (${after(sql``)}) union all select (${after(sql`and c.district > k.district`)}) from known k where k.district is not null
    ) select district as name from known where district is not null limit ${most}`.execute(ctx.db)
  return rows.map(row => row.name)
}
