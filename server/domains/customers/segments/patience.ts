import { sql } from 'kysely'
import { Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'

/** A question that anybody may build can be as slow as they please: after so long it is refused, and says so. */
export async function patiently<T>(ctx: Ctx, seconds: number, fn: () => Promise<T>): Promise<T> {
  const { rows } = await sql<{ was: string }>`select current_setting('statement_timeout') as was`.execute(ctx.db)
  await sql`select set_config('statement_timeout', ${`${seconds}s`}, true)`.execute(ctx.db)
  const result = await fn().catch(error => {
    if (error instanceof Error && 'code' in error && error.code === '57014')
      throw new Refusal('unavailable', 'segment.too_slow', { seconds })
    throw error
  })
  await sql`select set_config('statement_timeout', ${rows[0]?.was ?? '0'}, true)`.execute(ctx.db)
  return result
}
