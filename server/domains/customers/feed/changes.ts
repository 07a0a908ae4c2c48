import { sql } from 'kysely'
import * as z from 'zod'
import type { customerFeed, FeedRow } from '#contract/customerFeed.ts'
import { Id } from '#contract/endpoint.ts'
import { limitOf, scopeOf } from '#kernel/access.ts'
import { newId } from '#kernel/ids.ts'
import { readCursor } from '#kernel/paging.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { type Shows, shownTo, showsOf } from '../masking/showing.ts'
import { ownFieldsSeen, valuesSeen } from '../own/access.ts'
import { columns, thisTransaction } from '../queries.ts'
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
  const { mark, settled } = await clusterNow(ctx)
  const cursor = readCursor(after, Cursor)
  if (cursor && cursor[0] !== mark) throw new Refusal('gone', 'customer.feed_begin_again')
  const [, xid, id] = cursor ?? [mark, '0', firstId]
  if (!cursor) await bringHome(ctx)

  // Both are read up to the same transaction: what one of them tells must not lead the cursor past what the other has yet to tell.
  const next = sql<boolean>`changed_xid < ${settled}::xid8 and (changed_xid, id) > (${xid}::xid8, ${id}::uuid)`
  const [there, gone] = await Promise.all([
    ctx.db
      .selectFrom('customers.customer')
      .select([...columns, 'extId', 'fields', 'mergedInto', 'erasedAt', sql<string>`changed_xid::text`.as('xid')])
      .where(next)
      .orderBy('changedXid')
      .orderBy('id')
      .limit(size + 1)
      .execute(),
    ctx.db
      .selectFrom('customers.gone')
      .select(['id', sql<string>`changed_xid::text`.as('xid')])
      .where(next)
      .orderBy('changedXid')
      .orderBy('id')
      .limit(size + 1)
      .execute(),
  ])
  const [own, given] = await Promise.all([ownFieldsSeen(ctx), showsOf(ctx)])
  // In full is what would be masked; what is hidden stays so.
  const shows: Shows = field => (full && given(field) === 'masked' ? 'shown' : given(field))
  const told = [
    ...there.map(({ extId, fields, mergedInto, erasedAt, xid, ...row }) => {
      const gone = mergedInto !== null ? 'merged' : erasedAt !== null ? 'erased' : null
      const said = gone ? { customer: null, own: {} } : { customer: shownTo(shows, row), own: valuesSeen(own, fields) }
      return { xid, row: { id: row.id, extId, mergedInto, gone, ...said } satisfies FeedRow }
    }),
    ...gone.map(({ id, xid }) => ({
      xid,
      row: { id, extId: null, mergedInto: null, gone: 'removed', customer: null, own: {} } satisfies FeedRow,
    })),
  ].sort((a, b) => inTurn(a.xid, b.xid) || (a.row.id < b.row.id ? -1 : 1))
  const shown = told.slice(0, size)
  const last = shown.at(-1)
  if (full && shown.length > 0) await ctx.emit(customersFed, { id: newId() }, { count: shown.length })
  return { rows: shown.map(({ row }) => row), next: written([mark, last?.xid ?? xid, last?.row.id ?? id]), more: told.length > size }
}

/** Numbers of transactions, longer than a number here holds. */
const inTurn = (a: string, b: string) => a.length - b.length || (a < b ? -1 : a > b ? 1 : 0)

const written = (cursor: z.output<typeof Cursor>) => Buffer.from(JSON.stringify(cursor)).toString('base64url')

/**
 * Transactions of another cluster, or of this one before it was set back, are other transactions with the same numbers.
 * What is below `settled` has ended by now, and whoever reads from here on sees it.
 */
async function clusterNow(ctx: Ctx): Promise<{ mark: string; settled: string }> {
  const { rows } = await sql<{ mark: string; settled: string }>`select system_identifier::text || '.' || timeline_id::text as mark,
      pg_snapshot_xmin(pg_current_snapshot())::text as settled
    from pg_control_system(), pg_control_checkpoint()`.execute(ctx.db)
  return rows[0] ?? { mark: '', settled: '0' }
}

/** Rows that a dump brought from a cluster further on bear numbers that come here only in years: they count as written now. */
async function bringHome(ctx: Ctx): Promise<void> {
  const isAhead = sql<boolean>`changed_xid > pg_current_xact_id()`
  await ctx.db.updateTable('customers.customer').set({ changedXid: thisTransaction }).where(isAhead).execute()
  await ctx.db.updateTable('customers.gone').set({ changedXid: thisTransaction }).where(isAhead).execute()
}
