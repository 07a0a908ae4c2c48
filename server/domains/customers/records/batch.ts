import type { BatchReply } from '#contract/batches.ts'
import { RecordItem } from '#contract/records.ts'
import { done, isWrong, onlyOneAtATime, takeEach, type Wrong } from '#kernel/batch.ts'
import { newId } from '#kernel/ids.ts'
import type { Ctx } from '#kernel/work.ts'
import { filesNamed, namedBy } from '../naming.ts'
import { applied, type State } from './deciding.ts'
import { recordById } from './queries.ts'
import { recordNumber } from './rules.ts'
import { bring, type Kinds, kindsOf, knownTo, type Records, rewrite, tell } from './store.ts'

export const takeRecords = (ctx: Ctx, raw: readonly unknown[]): Promise<BatchReply> =>
  takeEach<RecordItem, State>(raw, RecordItem, async items => {
    await onlyOneAtATime(ctx, 'customers.record')
    const files = await filesNamed(ctx, items)
    const kinds = await kindsOf(ctx)
    const known = await knownTo(ctx, items, kinds)
    return {
      decide: item => {
        const named = namedBy(item)
        const customerId = files(item)
        if (named && customerId === undefined) return { code: 'customer.not_found', field: named }
        const which = whichIs(known, kinds, item)
        if (isWrong(which)) return which
        const { before } = which
        const kind = before && !item.kindId && !item.kindCode ? kinds.by({ kindId: before.kindId }) : kinds.by(item)
        if (before && kind && kind.id !== before.kindId) return { code: 'record.kind_fixed', field: 'kindId' }
        const change = applied(before, before?.id ?? newId(), item, { kind, customerId, now: ctx.now })
        if (isWrong(change)) return change
        const taken = known.takenBy(change.after)
        if (taken) return taken === 'ext' ? { code: 'record.ext_taken', field: 'extId' } : { code: 'record.number_taken', field: 'number' }
        known.keep(change.after)
        return { before, ...change }
      },
      bring: states => bring(ctx, states),
      beaten: { code: 'record.number_taken', field: 'number' },
      rewrite: changed =>
        rewrite(
          ctx,
          changed.map(plan => plan.after),
        ),
      tell: (made, changed) => tell(ctx, kinds, [...made, ...changed]),
    }
  })

/** By id, else by the other system's, else by kind and number. */
function whichIs(known: Records, kinds: Kinds, item: RecordItem): { before: State | null } | Wrong {
  const { id, extId, version } = item
  const number = item.number === undefined ? '' : recordNumber(item.number)
  const kindId = kinds.by(item)?.id
  const byNumber = kindId && number ? known.by('number', `${kindId} ${number}`) : undefined
  const match = id ? known.by('id', id) : ((extId && known.by('ext', extId)) ?? byNumber)
  if (!match) {
    if (id) return { code: 'record.not_found', field: 'id' }
    return { before: null }
  }
  const { state, reached } = match
  if (!reached) return { code: 'record.not_found', field: id ? 'id' : extId ? 'extId' : 'number' }
  if (!id && extId !== undefined && state.extId !== null && extId !== state.extId) return { code: 'record.ext_other', field: 'extId' }
  if (version !== undefined && version !== state.version) return { code: 'record.changed_meanwhile', field: 'version' }
  return { before: state }
}

/** One record by the other system's id. */
export async function upsertRecord(ctx: Ctx, extId: string, body: Record<string, unknown>) {
  const { id, did } = done(await takeRecords(ctx, [{ ...body, extId }]))
  return { did, record: await recordById(ctx, id) }
}
