import { sql } from 'kysely'
import type * as z from 'zod'
import { type ContactOutcome, type ContactReason, contactOutcomes, contactReasons, fitsQueue, reasonFits } from '#contract/interactions.ts'
import { catalogVerbs } from '#kernel/catalog.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { inTreeOrder } from './rules.ts'

// Graduated from catalogs: reasons are a tree, and both may be limited to queues.

export type Reason = z.output<typeof ContactReason>
type Outcome = z.output<typeof ContactOutcome>
export const reasons = catalogVerbs(contactReasons, 'interactions.contact_reason')
export const outcomes = catalogVerbs(contactOutcomes, 'interactions.contact_outcome')

/** Every branch is followed by what stands below it. */
export const listReasons = async (ctx: Ctx, withRetired: boolean) => inTreeOrder(await reasons.list(ctx, withRetired))

export async function addReason(ctx: Ctx, reason: Reason) {
  await Promise.all([checkParent(ctx, null, reason.parentId), checkQueues(ctx, reason.queueIds)])
  return reasons.add(ctx, reason)
}

export async function changeReason(ctx: Ctx, id: string, change: Partial<Reason>) {
  if (change.parentId !== undefined) await checkParent(ctx, id, change.parentId)
  if (change.queueIds) await checkQueues(ctx, change.queueIds)
  return reasons.change(ctx, id, change)
}

export async function addOutcome(ctx: Ctx, outcome: Outcome) {
  await checkQueues(ctx, outcome.queueIds)
  return outcomes.add(ctx, outcome)
}

export async function changeOutcome(ctx: Ctx, id: string, change: Partial<Outcome>) {
  if (change.queueIds) await checkQueues(ctx, change.queueIds)
  return outcomes.change(ctx, id, change)
}

/** What wrap-up says must be there, in use, and meant for the queue of the contact. What the contact came with stays, whatever became of it. */
export async function checkWords(
  ctx: Ctx,
  contact: { queueId: string | null; reasonId: string | null },
  { reasonId, outcomeId }: { reasonId: string | null; outcomeId: string | null },
): Promise<void> {
  if (reasonId !== null) {
    const rows = await ctx.db.selectFrom('interactions.contactReason').select(['id', 'parentId', 'name', 'queueIds', 'retired']).execute()
    const reason = found(rows.find(r => r.id === reasonId), 'contact_reason', reasonId) // biome-ignore format: one line reads better
    if (reasonId !== contact.reasonId) {
      if (reason.retired) throw new Refusal('conflict', 'contact_reason.retired', { name: reason.name })
      if (!reasonFits(reason, rows, contact.queueId)) throw new Refusal('invalid', 'contact_reason.other_queue', { name: reason.name })
    }
  }
  if (outcomeId === null) return
  const row = ctx.db.selectFrom('interactions.contactOutcome').select(['name', 'queueIds', 'retired']).where('id', '=', outcomeId)
  const outcome = found(await row.executeTakeFirst(), 'contact_outcome', outcomeId)
  if (outcome.retired) throw new Refusal('conflict', 'contact_outcome.retired', { name: outcome.name })
  if (!fitsQueue(outcome, contact.queueId)) throw new Refusal('invalid', 'contact_outcome.other_queue', { name: outcome.name })
}

/** A reason stands below another, and never below itself. */
async function checkParent(ctx: Ctx, id: string | null, parentId: string | null): Promise<void> {
  if (parentId === null) return
  // Every change of the tree waits for the one before it: two could close a circle that neither sees.
  const rows = await ctx.db.selectFrom('interactions.contactReason').select(['id', 'parentId']).orderBy('id').forUpdate().execute()
  const parents = new Map(rows.map(row => [row.id, row.parentId]))
  if (!parents.has(parentId)) found(undefined, 'contact_reason', parentId)
  for (let above: string | null = parentId; above !== null; above = parents.get(above) ?? null)
    if (above === id) throw new Refusal('conflict', 'contact_reason.below_itself')
}

async function checkQueues(ctx: Ctx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  const { rows } = await sql<{
    id: string
  }>`select id from routing.fact_queue where tenant_id = ${ctx.tenantId} and id = any(${[...ids]}::uuid[])`.execute(ctx.db)
  const missing = ids.find(id => !rows.some(row => row.id === id))
  if (missing !== undefined) found(undefined, 'queue', missing)
}
