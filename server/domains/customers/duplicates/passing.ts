import { sql } from 'kysely'
import type { Ctx } from '#kernel/work.ts'
import { matchingDue } from './events.ts'
import { isAlone, lookAtThese, moment } from './finding.ts'

/** Looked at in one piece of work: short, so that between two of them whoever was added by hand has their turn. */
const part = 200
const noBody = '00000000-0000-0000-0000-000000000000'

/**
 * Looks at the files in the order of their changes: those that were there before anybody looked, those that a table brought. Whatever is above the oldest running
 * transaction waits for the next turn, so none is missed; after a crash it goes on behind the last part that was kept.
 */
export async function lookThrough(ctx: Ctx): Promise<number> {
  await sql`insert into customers.match_pass (tenant_id, xid, customer_id) values (${ctx.tenantId}, '0', ${noBody}) on conflict do nothing`.execute(
    ctx.db,
  )
  const { rows: place } = await sql<{
    xid: string
    customerId: string
  }>`select xid::text, customer_id as "customerId" from customers.match_pass
    where tenant_id = ${ctx.tenantId} for update skip locked`.execute(ctx.db)
  const [at] = place
  if (!at) return 0
  if (!(await isAlone(ctx))) {
    await goOn(ctx, moment)
    return 0
  }
  const { rows } = await sql<{
    id: string
    xid: string
  }>`select id, changed_xid::text as xid from customers.customer
    where tenant_id = ${ctx.tenantId} and (changed_xid, id) > (${at.xid}::xid8, ${at.customerId}::uuid) and changed_xid < pg_snapshot_xmin(pg_current_snapshot())
    order by changed_xid, id limit ${part}`.execute(ctx.db)
  await lookAtThese(
    ctx,
    rows.map(row => row.id),
  )
  const last = rows.at(-1)
  if (last)
    await sql`update customers.match_pass set xid = ${last.xid}::xid8, customer_id = ${last.id} where tenant_id = ${ctx.tenantId}`.execute(
      ctx.db,
    )
  if (rows.length === part) await goOn(ctx)
  return rows.length
}

export const goOn = (ctx: Ctx, after = 0) =>
  ctx.at(new Date(ctx.now.getTime() + after), matchingDue, { id: ctx.tenantId, clock: 'matching' }, {})
