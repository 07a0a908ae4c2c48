import { sql } from 'kysely'
import * as z from 'zod'
import type { customerFeed, FeedRow } from '#contract/customerFeed.ts'
import { Id } from '#contract/endpoint.ts'
import { limitOf, scopeOf } from '#kernel/access.ts'
import { newId } from '#kernel/ids.ts'
import { readCursor } from '#kernel/paging.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { ownFieldsSeen, valuesSeen } from '../own/access.ts'
import { columns, masked, thisTransaction } from '../queries.ts'
import { customersFed } from './events.ts'

/** The cluster and its history that the transaction is numbered in, the transaction, the customer. */
const Cursor = z.tuple([z.string().max(60), z.string().regex(/^\d{1,20}$/), Id])
const firstId = '00000000-0000-0000-0000-000000000000'

/**
 * Customers in the order of the transactions that wrote them last, up to the oldest that still runs: what is below it is settled, and whatever that one and
 * all later ones commit comes behind. So a reader who goes on from the last row misses none, however the writers overlap.
 */
export async function changedSince(ctx: Ctx, { after, size = 200, full = false }: z.output<typeof customerFeed.changes.query>) {
  // Who ceases to be seen could not be told to whoever sees only some.
  if (scopeOf(ctx.actor, 'customer:read') !== 'all') throw new Refusal('forbidden', 'customer.feed_sees_all')
  if (full && (scopeOf(ctx.actor, 'customer:reveal') !== 'all' || limitOf(ctx.actor, 'customer:reveal') !== null))
    throw new Refusal('forbidden', 'access.denied', { permission: 'customer:reveal' })
  const mark = await clusterMark(ctx)
  const cursor = readCursor(after, Cursor)
  if (cursor && cursor[0] !== mark) throw new Refusal('gone', 'customer.feed_begin_again')
  const [, xid, id] = cursor ?? [mark, '0', firstId]
  if (!cursor) await bringHome(ctx)

  const rows = await ctx.db
    .selectFrom('customers.customer')
    .select([...columns, 'extId', 'fields', 'mergedInto', 'erasedAt', sql<string>`changed_xid::text`.as('xid')])
    .where(sql<boolean>`changed_xid < pg_snapshot_xmin(pg_current_snapshot())`)
    .where(sql<boolean>`(changed_xid, id) > (${xid}::xid8, ${id}::uuid)`)
    .orderBy('changedXid')
    .orderBy('id')
    .limit(size + 1)
    .execute()
  const shown = rows.slice(0, size)
  const last = shown.at(-1)
  const own = await ownFieldsSeen(ctx)
  if (full && shown.length > 0) await ctx.emit(customersFed, { id: newId() }, { count: shown.length })
  return {
    rows: shown.map(({ extId, fields, mergedInto, erasedAt, xid: _, ...row }): FeedRow => {
      const gone = mergedInto !== null || erasedAt !== null
      return { id: row.id, extId, mergedInto, customer: gone ? null : full ? row : masked(row), own: gone ? {} : valuesSeen(own, fields) }
    }),
    next: written([mark, last?.xid ?? xid, last?.id ?? id]),
    more: rows.length > size,
  }
}

const written = (cursor: z.output<typeof Cursor>) => Buffer.from(JSON.stringify(cursor)).toString('base64url')

/** Transactions of another cluster, or of this one before it was set back, are other transactions with the same numbers. */
async function clusterMark(ctx: Ctx): Promise<string> {
  const { rows } = await sql<{ mark: string }>`select system_identifier::text || '.' || timeline_id::text as mark
    from pg_control_system(), pg_control_checkpoint()`.execute(ctx.db)
  return rows[0]?.mark ?? ''
}

/** Rows that a dump brought from a cluster further on bear numbers that come here only in years: they count as written now. */
const bringHome = (ctx: Ctx) =>
  ctx.db
    .updateTable('customers.customer')
    .set({ changedXid: thisTransaction })
    .where(sql<boolean>`changed_xid > pg_current_xact_id()`)
    .execute()
