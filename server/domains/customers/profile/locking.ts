import { sql } from 'kysely'
import { found, Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { notMerged } from '../kept.ts'
import { visibleCustomers } from '../queries.ts'

const held = ['id', 'kind', 'name', 'phone', 'email', 'address', 'district', 'postCode', 'ownerId', 'version'] as const

/** The customer whose file is about to change: one writer at a time, and only whoever saw it as it is where something of it is overwritten. */
export async function lockFile(ctx: Ctx, id: string, version?: number) {
  const row = await visibleCustomers(ctx, 'customer:write').select(held).where('id', '=', id).forUpdate().executeTakeFirst()
  if (!row) await notMerged(ctx, id)
  const customer = found(row, 'customer', id)
  if (version !== undefined && version !== customer.version)
    throw new Refusal('conflict', 'customer.changed_meanwhile', { version: customer.version })
  return customer
}
export type Held = Awaited<ReturnType<typeof lockFile>>

/** Something of the customer's file changed: readers of changes learn it, and editors of the older one are refused. */
export async function fileChanged(ctx: Ctx, id: string): Promise<void> {
  await sql`update customers.customer set version = version + 1, changed_xid = pg_current_xact_id() where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(
    ctx.db,
  )
}
