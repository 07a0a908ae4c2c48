import { sql } from 'kysely'
import type * as z from 'zod'
import type { Need, needs } from '#contract/needs.ts'
import { thisTransaction } from '#kernel/feed.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { locked } from './actions.ts'
import { needMerged, needParted } from './events.ts'
import { described, visibleNeeds, written } from './queries.ts'
import { lockNeeds, recount } from './voices.ts'

/** Read as part of another. What holds others goes nowhere, so the way is never longer than one. */
export async function mergeNeeds(ctx: Ctx, id: string, { intoId, version }: z.output<typeof needs.merge.body>): Promise<Need> {
  if (id === intoId) throw new Refusal('invalid', 'need.itself')
  await lockNeeds(ctx, [id, intoId])
  await locked(ctx, id, version, 'need:decide')
  const into = found(
    await visibleNeeds(ctx, 'need:read').select(described(ctx)).where('n.id', '=', intoId).executeTakeFirst(),
    'need',
    intoId,
  )
  if (into.mergedInto !== null) throw new Refusal('conflict', 'need.merged')
  const { rows } = await sql<{
    id: string
  }>`select id from needs.need where tenant_id = ${ctx.tenantId} and merged_into = ${id} limit 1`.execute(ctx.db)
  // Taking apart must find the voices that each came with.
  if (rows.length > 0) throw new Refusal('conflict', 'need.holds_others')
  await setInto(ctx, id, intoId)
  await countAnew(ctx, intoId)
  for (const about of [id, intoId]) await ctx.emit(needMerged, { id: about }, { fromId: id, intoId })
  return written(ctx, intoId)
}

export async function partNeed(ctx: Ctx, id: string): Promise<Need> {
  const row = () => visibleNeeds(ctx, 'need:decide').select(['n.id', 'n.mergedInto']).where('n.id', '=', id).executeTakeFirst()
  const intoId = found(await row(), 'need', id).mergedInto
  if (intoId === null) throw new Refusal('conflict', 'need.not_merged')
  await lockNeeds(ctx, [id, intoId])
  if ((await row())?.mergedInto !== intoId) throw new Refusal('conflict', 'need.changed_meanwhile')
  await setInto(ctx, id, null)
  await countAnew(ctx, intoId)
  for (const about of [id, intoId]) await ctx.emit(needParted, { id: about }, { fromId: id, intoId })
  return written(ctx, id)
}

const setInto = (ctx: Ctx, id: string, into: string | null) =>
  sql`update needs.need set merged_into = ${into}::uuid, changed_at = ${ctx.now}, version = version + 1, changed_xid = ${thisTransaction} where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(
    ctx.db,
  )
async function countAnew(ctx: Ctx, id: string): Promise<void> {
  await sql`update needs.need set changed_at = ${ctx.now}, version = version + 1, changed_xid = ${thisTransaction} where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(
    ctx.db,
  )
  await recount(ctx, [id])
}
