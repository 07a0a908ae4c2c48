import type { Permission } from '#contract/endpoint.ts'
import { keptOf } from '#kernel/family.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { visibleCustomers } from './queries.ts'

/** What `read` finds under the file that counts: asked for one that was merged, also while we waited for its lock, the one it became is read. */
async function underKept<T>(ctx: Ctx, id: string, read: (id: string) => Promise<T | undefined>): Promise<T> {
  for (let at = id; ; ) {
    const row = await read(at)
    if (row !== undefined) return row
    const kept = await keptOf(ctx, at)
    if (kept === at) return found(row, 'customer', id)
    at = kept
  }
}

/** The file of a customer whom the actor may see, by any of their ids. */
export const seenFile = async (ctx: Ctx, id: string, may: Permission = 'customer:read'): Promise<string> =>
  (await underKept(ctx, id, at => visibleCustomers(ctx, may).select('id').where('id', '=', at).executeTakeFirst())).id

/**
 * The same, neither merged nor erased before the commit: what is written beside it stands where a merging looks for it. Others may write at the same time.
 * Without a permission: on behalf of whoever talks with the customer.
 */
export async function heldFile(ctx: Ctx, id: string, may: Permission | null = 'customer:write'): Promise<string> {
  const rows = () => (may === null ? ctx.db.selectFrom('customers.customer').where('mergedInto', 'is', null) : visibleCustomers(ctx, may))
  return (await underKept(ctx, id, at => rows().select('id').where('id', '=', at).forKeyShare().executeTakeFirst())).id
}

/** For whoever writes over what they saw: they did not see what stands in the other file. */
export async function notMerged(ctx: Ctx, id: string): Promise<void> {
  if ((await keptOf(ctx, id)) !== id) throw new Refusal('conflict', 'customer.merged_meanwhile')
}
