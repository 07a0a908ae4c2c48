import { sql } from 'kysely'
import { idAt } from '#kernel/ids.ts'
import type { Ctx } from '#kernel/work.ts'
import type { Sql } from './behaviour.ts'
import { patiently } from './patience.ts'
import { segmentSql } from './queries.ts'

const holdSeconds = 60
const day = 86_400_000
/** What works through them is long over, or will never end. */
const mostDays = 7

/** Whoever is in the segment now, held for a run or a notice that goes through them part by part. Whom the actor may see is the caller's to ask. */
export async function holdSegment(ctx: Ctx, holderId: string, segmentId: string): Promise<void> {
  const members = await segmentSql(ctx, segmentId)
  await patiently(ctx, holdSeconds, () =>
    sql`insert into customers.segment_held (tenant_id, holder_id, customer_id)
      select ${ctx.tenantId}::uuid, ${holderId}::uuid, s.id from (${members}) s on conflict do nothing`.execute(ctx.db),
  )
}

/** Ids of those who are held, as `select customer_id …`. */
export const heldSql = (ctx: Ctx, holderId: string): Sql =>
  sql`select h.customer_id from customers.segment_held h where h.tenant_id = ${ctx.tenantId} and h.holder_id = ${holderId}`

export async function holdsAny(ctx: Ctx, holderId: string): Promise<boolean> {
  const { rows } = await sql`${heldSql(ctx, holderId)} limit 1`.execute(ctx.db)
  return rows.length > 0
}

export const letGo = (ctx: Ctx, holderId: string) =>
  sql`delete from customers.segment_held where tenant_id = ${ctx.tenantId} and holder_id = ${holderId}`.execute(ctx.db)

/** What nobody let go: of runs that failed or were called off. */
export const letGoOld = (ctx: Ctx) =>
  sql`delete from customers.segment_held where tenant_id = ${ctx.tenantId} and holder_id < ${idAt(new Date(ctx.now.getTime() - mostDays * day))}`.execute(
    ctx.db,
  )
