import type { RawBuilder } from 'kysely'
import type * as z from 'zod'
import type { customerFeed, FeedRow } from '#contract/customerFeed.ts'
import { limitOf, scopeOf } from '#kernel/access.ts'
import { fed, xid } from '#kernel/feed.ts'
import { newId } from '#kernel/ids.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { type Shows, shownTo, showsOf } from '../masking/showing.ts'
import { ownFieldsSeen, valuesSeen } from '../own/access.ts'
import { columns } from '../queries.ts'
import { customersFed } from './events.ts'

/** Customers changed since the cursor, and who is no more, told in one order. */
export async function changedSince(ctx: Ctx, { after, size, full = false }: z.output<typeof customerFeed.changes.query>) {
  // Who ceases to be seen could not be told to whoever sees only some.
  if (scopeOf(ctx.actor, 'customer:read') !== 'all') throw new Refusal('forbidden', 'customer.feed_sees_all')
  if (full && (scopeOf(ctx.actor, 'customer:reveal') !== 'all' || limitOf(ctx.actor, 'customer:reveal') !== null))
    throw new Refusal('forbidden', 'access.denied', { permission: 'customer:reveal' })
  const [own, given] = await Promise.all([ownFieldsSeen(ctx), showsOf(ctx)])
  // In full is what would be masked; what is hidden stays so.
  const shows: Shows = field => (full && given(field) === 'masked' ? 'shown' : given(field))
  const customers = async (next: RawBuilder<boolean>, limit: number) =>
    (
      await ctx.db
        .selectFrom('customers.customer')
        .select([...columns, 'extId', 'fields', 'mergedInto', 'erasedAt', xid])
        .where(next)
        .orderBy('changedXid')
        .orderBy('id')
        .limit(limit)
        .execute()
    ).map(({ extId, fields, mergedInto, erasedAt, xid, ...row }) => {
      const gone = mergedInto !== null ? 'merged' : erasedAt !== null ? 'erased' : null
      const said = gone ? { customer: null, own: {} } : { customer: shownTo(shows, row), own: valuesSeen(own, fields) }
      return { xid, row: { id: row.id, extId, mergedInto, gone, ...said } satisfies FeedRow }
    })
  const removed = async (next: RawBuilder<boolean>, limit: number) =>
    (
      await ctx.db.selectFrom('customers.gone').select(['id', xid]).where(next).orderBy('changedXid').orderBy('id').limit(limit).execute()
    ).map(({ id, xid }) => ({
      xid,
      row: { id, extId: null, mergedInto: null, gone: 'removed', customer: null, own: {} } satisfies FeedRow,
    }))
  const page = await fed<FeedRow>(ctx, { after, size }, ['customers.customer', 'customers.gone'], [customers, removed])
  if (full && page.rows.length > 0) await ctx.emit(customersFed, { id: newId() }, { count: page.rows.length })
  return page
}
