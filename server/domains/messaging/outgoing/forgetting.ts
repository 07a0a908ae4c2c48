import { sql } from 'kysely'
import * as z from 'zod'
import { idAt } from '#kernel/ids.ts'
import type { Ctx } from '#kernel/work.ts'

/** What was sent is kept a year and a little, so that this month stands beside the same month of last year. */
const keptMs = 400 * 86_400_000
const part = 20_000

const Forgotten = z.array(z.object({ state: z.string(), reason: z.string().nullable(), n: z.int() }))
export type Forgotten = z.output<typeof Forgotten>

/** The oldest messages that are over, so many at once. A notice keeps how many they were. */
export async function forgetMessages(ctx: Ctx, most = part): Promise<void> {
  const before = new Date(ctx.now.getTime() - keptMs)
  const { rows } = await sql<Forgotten[number] & { noticeId: string | null }>`with gone as (
      delete from messaging.outgoing where tenant_id = ${ctx.tenantId} and id in (
        select id from messaging.outgoing where tenant_id = ${ctx.tenantId} and id < ${idAt(before)} and state not in ('waiting', 'sending')
          and coalesce(ended_at, handed_at, made_at) < ${before} order by id limit ${most})
      returning notice_id, state, reason)
    select notice_id as "noticeId", state, reason, count(*)::int as n from gone where notice_id is not null group by 1, 2, 3 order by 1`.execute(
    ctx.db,
  )
  for (const [id, gone] of Map.groupBy(rows, row => row.noticeId)) {
    const known = [...(await forgottenOf(ctx, id)), ...gone]
    const sums = [...Map.groupBy(known, ({ state, reason }) => `${state} ${reason ?? ''}`).values()].flatMap(([first, ...more]) =>
      first ? [{ state: first.state, reason: first.reason, n: more.reduce((n, one) => n + one.n, first.n) }] : [],
    )
    await sql`update messaging.notice set forgotten = ${JSON.stringify(sums)} where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(
      ctx.db,
    )
  }
}

/** Of the messages of a notice that are kept no more: how many fared how. */
export async function forgottenOf(ctx: Ctx, noticeId: string | null): Promise<Forgotten> {
  const { rows } = await sql<{
    forgotten: unknown
  }>`select forgotten from messaging.notice where tenant_id = ${ctx.tenantId} and id = ${noticeId}`.execute(ctx.db)
  return Forgotten.parse(rows[0]?.forgotten ?? [])
}
