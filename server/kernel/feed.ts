import { type RawBuilder, sql } from 'kysely'
import * as z from 'zod'
import { Id } from '#contract/endpoint.ts'
import { readCursor } from './paging.ts'
import { Refusal } from './refusal.ts'
import type { Ctx } from './work.ts'

/** The cluster and its history that the transaction is numbered in, the transaction, the row. */
const Cursor = z.tuple([z.string().max(60), z.string().regex(/^\d{1,20}$/), Id])
const firstId = '00000000-0000-0000-0000-000000000000'

/** Set by every update of what is fed, so that whoever reads changes misses none. */
export const thisTransaction = sql<string>`pg_current_xact_id()`

export const xid = sql<string>`changed_xid::text`.as('xid')

type Told<R> = { xid: string; row: R }
/** So many rows of one table, at most, in the order of `changed_xid` and `id`. */
type Source<R> = (next: RawBuilder<boolean>, limit: number) => Promise<Told<R>[]>

/**
 * Rows in the order of the transactions that wrote them last, up to the oldest that still runs: what is below it is settled, and whatever that one and
 * all later ones commit comes behind. So a reader who goes on from the last row misses none, however the writers overlap.
 */
export async function fed<R extends { id: string }>(
  ctx: Ctx,
  { after, size = 200 }: { after?: string | undefined; size?: number | undefined },
  tables: readonly string[],
  sources: readonly Source<R>[],
): Promise<{ rows: R[]; next: string; more: boolean }> {
  const { mark, settled } = await clusterNow(ctx)
  const cursor = readCursor(after, Cursor)
  if (cursor && cursor[0] !== mark) throw new Refusal('gone', 'customer.feed_begin_again')
  const [, xid, id] = cursor ?? [mark, '0', firstId]
  if (!cursor) await bringHome(ctx, tables)
  // All are read up to the same transaction: what one of them tells must not lead the cursor past what another has yet to tell.
  const next = sql<boolean>`changed_xid < ${settled}::xid8 and (changed_xid, id) > (${xid}::xid8, ${id}::uuid)`
  const told = (await Promise.all(sources.map(read => read(next, size + 1))))
    .flat()
    .sort((a, b) => inTurn(a.xid, b.xid) || (a.row.id < b.row.id ? -1 : 1))
  const shown = told.slice(0, size)
  const last = shown.at(-1)
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
async function bringHome(ctx: Ctx, tables: readonly string[]): Promise<void> {
  for (const table of tables)
    await sql`update ${sql.table(table)} set changed_xid = ${thisTransaction} where tenant_id = ${ctx.tenantId} and changed_xid > pg_current_xact_id()`.execute(
      ctx.db,
    )
}
