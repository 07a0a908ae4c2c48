import { sql } from 'kysely'
import { newId } from '#kernel/ids.ts'
import type { Ctx } from '#kernel/work.ts'

/** What an organisation begins with, so that a need can be written down on the first day; it may rename it or have others. Told twice at once, it is laid once. */
export async function layTemplate(ctx: Ctx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`${ctx.tenantId} needs.templates`}, 0))`.execute(ctx.db)
  const there = await ctx.db.selectFrom('needs.template').select('id').limit(1).executeTakeFirst()
  if (there) return
  await ctx.db
    .insertInto('needs.template')
    .values({ id: newId(), name: '一般需求', nameEn: 'Any need', fields: '[]', departmentId: null })
    .execute()
}
