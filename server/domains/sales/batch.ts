import type { BatchReply } from '#contract/batches.ts'
import { OpportunityItem } from '#contract/sales.ts'
import { filesNamed, namedBy, showsOf } from '#domains/customers/index.ts'
import { counted, decideEach, done, isWrong, readItem, refuseAfterwards, type Wrong, written } from '#kernel/batch.ts'
import { newId } from '#kernel/ids.ts'
import type { Ctx } from '#kernel/work.ts'
import { written as asItStands, mine } from './actions.ts'
import { type Around, applied, newcomer, type State } from './deciding.ts'
import { bring, type Known, knownTo, onlyOneAtATime, ownersAmong, rewrite, stagesInOrder, tell } from './store.ts'

/** Reads each by itself, asks once whose and what is there, decides one after the other, writes each table once. */
export async function takeOpportunities(ctx: Ctx, raw: readonly unknown[]): Promise<BatchReply> {
  const read = raw.map(item => readItem(OpportunityItem, item))
  const items = read.flatMap(item => (isWrong(item) ? [] : [item]))
  await onlyOneAtATime(ctx)
  const files = await filesNamed(ctx, items, 'customer:read')
  const known = await knownTo(ctx, items)
  const [stages, owners, shows] = await Promise.all([stagesInOrder(ctx), ownersAmong(ctx, items), showsOf(ctx)])
  const around: Around = { stages, owners, shows, ownerOfNew: mine(ctx), now: ctx.now }
  const { results, plans } = decideEach<OpportunityItem, State>(read, item => {
    const which = whichIs(known, item, { named: namedBy(item), file: files(item) }, around)
    if (isWrong(which)) return which
    const change = applied(which.state, item, around)
    if (isWrong(change)) return change
    if (known.isTaken(change.after)) return { code: 'opportunity.ext_taken', field: 'extId' }
    known.keep(change.after)
    return { before: which.isNew ? null : which.state, ...change }
  })
  const { made, changed } = written(plans)
  const added = await bring(
    ctx,
    made.map(plan => plan.after),
  )
  for (const plan of made)
    if (!added.has(plan.after.id)) refuseAfterwards(results, plan.items, { code: 'opportunity.ext_taken', field: 'extId' })
  await rewrite(
    ctx,
    changed.map(plan => plan.after),
  )
  await tell(ctx, stages, { made: made.filter(plan => added.has(plan.after.id)), changed })
  return counted(results)
}

type Whose = { named: string | null; file: string | undefined }
/** By id, else by the other system's. Opening is only for what a second call would find again. */
function whichIs(known: Known, item: OpportunityItem, { named, file }: Whose, around: Around): { state: State; isNew: boolean } | Wrong {
  const { id, extId, version } = item
  if (named && file === undefined) return { code: 'customer.not_found', field: named }
  const match = id ? known.by('id', id) : extId && known.by('ext', extId)
  if (!match) {
    if (id) return { code: 'opportunity.not_found', field: 'id' }
    if (!extId) return { code: 'opportunity.identity_missing', field: 'extId' }
    const state = newcomer(newId(), item, file ?? null, around)
    return isWrong(state) ? state : { state, isNew: true }
  }
  const { state, reached, keptId, erased } = match
  if (!reached) return { code: 'opportunity.not_found', field: id ? 'id' : 'extId' }
  if (erased) return { code: 'opportunity.erased', field: id ? 'id' : 'extId' }
  if (version !== undefined && version !== state.version) return { code: 'opportunity.changed_meanwhile', field: 'version' }
  if (file !== undefined && keptId === null) return { code: 'opportunity.convert_apart', field: named }
  if (file !== undefined && keptId !== file) return { code: 'opportunity.customer_fixed', field: named }
  return { state, isNew: false }
}

/** One by the other system's id. */
export async function upsertOpportunity(ctx: Ctx, extId: string, body: Record<string, unknown>) {
  const { id, did } = done(await takeOpportunities(ctx, [{ ...body, extId }]))
  return { did, opportunity: await asItStands(ctx, id) }
}
