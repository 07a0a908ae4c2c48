import { sql } from 'kysely'
import type { Ctx } from '#kernel/work.ts'

/** Of two that were sent as one, at once or after a lost answer, the second waits for the first one's commit and finds what it made. */
export const oneAtATime = (ctx: Ctx, sent: string): Promise<unknown> =>
  sql`select pg_advisory_xact_lock(hashtextextended(${`${ctx.tenantId}:${sent}`}, 7))`.execute(ctx.db)
