import type { BatchReply } from '#contract/batches.ts'
import { OpportunityItem } from '#contract/sales.ts'
import { filesNamed, namedBy, showsOf } from '#domains/customers/index.ts'
import { done, isWrong, onlyOneAtATime, takeEach, type Wrong } from '#kernel/batch.ts'
import { newId } from '#kernel/ids.ts'
import type { Ctx } from '#kernel/work.ts'
import { written as asItStands, mine } from './actions.ts'
import { type Around, applied, newcomer, type State } from './deciding.ts'
import { bring, type Known, knownTo, ownersAmong, rewrite, stagesInOrder, tell } from './store.ts'

export const takeOpportunities = (ctx: Ctx, raw: readonly unknown[]): Promise<BatchReply> =>
  takeEach<OpportunityItem, State>(raw, OpportunityItem, async items => {
    await onlyOneAtATime(ctx, 'sales.opportunity')
    const files = await filesNamed(ctx, items, 'customer:read')
    const known = await knownTo(ctx, items)
    const [stages, owners, shows] = await Promise.all([stagesInOrder(ctx), ownersAmong(ctx, items), showsOf(ctx)])
    const around: Around = { stages, owners, shows, ownerOfNew: mine(ctx), now: ctx.now }
    const taken: Wrong = { code: 'opportunity.ext_taken', field: 'extId' }
    return {
      decide: item => {
        const which = whichIs(known, item, { named: namedBy(item), file: files(item) }, around)
        if (isWrong(which)) return which
        const change = applied(which.state, item, around)
        if (isWrong(change)) return change
        if (known.takenBy(change.after)) return taken
        known.keep(change.after)
        return { before: which.isNew ? null : which.state, ...change }
      },
      bring: states => bring(ctx, states),
      beaten: taken,
      rewrite: changed =>
        rewrite(
          ctx,
          changed.map(plan => plan.after),
        ),
      tell: (made, changed) => tell(ctx, stages, { made, changed }),
    }
  })

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
