import { sql } from 'kysely'
import type * as z from 'zod'
import { type CustomerRecord, mostRecords, type records } from '#contract/records.ts'
import { scopeOf } from '#kernel/access.ts'
import { ofFamily } from '#kernel/family.ts'
import { fed, xid } from '#kernel/feed.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { seenFile } from '../kept.ts'
import { visibleCustomers } from '../queries.ts'
import { leastOfEnd, recordNumber } from './rules.ts'

export const recordColumns = ['id', 'kindId', 'customerId', 'number', 'extId', 'fields', 'note', 'since', 'endedAt', 'version'] as const

export async function recordsOf(
  ctx: Ctx,
  customerId: string,
  { number }: z.output<typeof records.ofCustomer.query> = {},
): Promise<CustomerRecord[]> {
  await seenFile(ctx, customerId)
  let rows = ctx.db
    .selectFrom('customers.record')
    .select(recordColumns)
    .where(ofFamily(ctx, sql`customer_id`, customerId))
    .orderBy(sql`ended_at desc nulls first`)
    .orderBy('kindId')
    .orderBy('number')
    .limit(mostRecords)
  if (number !== undefined) rows = rows.where(sql<boolean>`number like ${`%${escaped(recordNumber(number))}%`}`)
  return rows.execute()
}

export async function recordById(ctx: Ctx, id: string): Promise<CustomerRecord> {
  return found(await ctx.db.selectFrom('customers.record').select(recordColumns).where('id', '=', id).executeTakeFirst(), 'record', id)
}

/** By beginning and by end, each by its index; what belongs to customers whom the actor may not see is not found. */
export async function findRecords(ctx: Ctx, { number, kindId, ended = false, size = 20 }: z.output<typeof records.find.query>) {
  const wanted = recordNumber(number)
  const last = [...wanted].length >= leastOfEnd
  const those = (column: 'number' | 'number_reversed', start: string) =>
    sql`select r.id from customers.searchable_record r where r.tenant_id = ${ctx.tenantId} and r.${sql.ref(column)} like ${`${escaped(start)}%`} limit 500`
  const ways = [those('number', wanted), ...(last ? [those('number_reversed', [...wanted].reverse().join(''))] : [])]
  const seen = visibleCustomers(ctx).select(['id', 'name', 'number']).as('c')
  let rows = ctx.db
    .selectFrom('customers.record as r')
    .innerJoin(seen, 'c.id', 'r.customerId')
    .select(recordColumns.map(column => `r.${column}` as const))
    .select(['c.name as customerName', 'c.number as customerNumber'])
    .where(
      sql<boolean>`r.id in (${sql.join(
        ways.map(way => sql`(${way})`),
        sql` union `,
      )})`,
    )
    .orderBy(sql`r.number = ${wanted}`, 'desc')
    .orderBy('r.number')
    .orderBy('r.id')
    .limit(size)
  if (kindId) rows = rows.where('r.kindId', '=', kindId)
  if (!ended) rows = rows.where('r.endedAt', 'is', null)
  return rows.execute()
}

const escaped = (text: string) => text.replace(/[\\%_]/g, sign => `\\${sign}`)

export async function recordsChanged(ctx: Ctx, query: z.output<typeof records.changes.query>) {
  // Which have left what one sees could not be told to whoever sees only some.
  if (scopeOf(ctx.actor, 'customer:read') !== 'all') throw new Refusal('forbidden', 'customer.feed_sees_all')
  return fed<CustomerRecord>(
    ctx,
    query,
    ['customers.record'],
    [
      async (next, limit) =>
        (
          await ctx.db
            .selectFrom('customers.record')
            .select([...recordColumns, xid])
            .where(next)
            .orderBy('changedXid')
            .orderBy('id')
            .limit(limit)
            .execute()
        ).map(({ xid, ...row }) => ({ xid, row })),
    ],
  )
}
