import { sql } from 'kysely'
import { newId } from '#kernel/ids.ts'
import type { Ctx } from '#kernel/work.ts'

const first = [
  ['新线索', 'New', 'open', 10],
  ['已联系', 'Contacted', 'open', 30],
  ['方案报价', 'Proposal', 'open', 60],
  ['赢单', 'Won', 'won', 100],
  ['丢单', 'Lost', 'lost', 0],
] as const

/** What an organisation begins with; it may rename and reorder them, or have others. Told twice at once, they are laid once. */
export async function layStages(ctx: Ctx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`${ctx.tenantId} sales.stages`}, 0))`.execute(ctx.db)
  const there = await ctx.db.selectFrom('sales.stage').select('id').limit(1).executeTakeFirst()
  if (there) return
  await ctx.db
    .insertInto('sales.stage')
    .values(first.map(([name, nameEn, kind, chance], n) => ({ id: newId(), name, nameEn, kind, chance, position: n + 1 })))
    .execute()
}
