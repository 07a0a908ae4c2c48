import { sql } from 'kysely'
import { Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'

const current = async (ctx: Ctx): Promise<string> => {
  const { rows } = await sql<{ ms: string }>`select setting as ms from pg_settings where name = 'statement_timeout'`.execute(ctx.db)
  return rows[0]?.ms ?? '0'
}

/** A question that anybody may build can be as slow as they please: after so long it is refused, and says so. Whoever calls may be less patient still. */
export async function patiently<T>(ctx: Ctx, seconds: number, fn: () => Promise<T>): Promise<T> {
  const was = await current(ctx)
  const most = Number(was) === 0 ? seconds * 1000 : Math.min(seconds * 1000, Number(was))
  await sql`select set_config('statement_timeout', ${String(most)}, true)`.execute(ctx.db)
  const result = await fn().catch(error => {
    if (error instanceof Error && 'code' in error && error.code === '57014')
      throw new Refusal('unavailable', 'segment.too_slow', { seconds })
    throw error
  })
  await sql`select set_config('statement_timeout', ${was}, true)`.execute(ctx.db)
  return result
}

/** Where too slow is an answer: null, and the work goes on as if it had not been asked. */
export async function inTime<T>(ctx: Ctx, seconds: number, fn: () => Promise<T>): Promise<T | null> {
  await sql`savepoint asking`.execute(ctx.db)
  try {
    const found = await patiently(ctx, seconds, fn)
    await sql`release savepoint asking`.execute(ctx.db)
    return found
  } catch (error) {
    if (!(error instanceof Refusal && error.code === 'segment.too_slow')) throw error
    await sql`rollback to savepoint asking`.execute(ctx.db)
    return null
  }
}
