import type { BatchReply } from '#contract/batches.ts'
import { BatchItem } from '#contract/customerFeed.ts'
import { counted, decideEach, done, isWrong, readItem, refuseAfterwards, type Wrong, written } from '#kernel/batch.ts'
import { newId } from '#kernel/ids.ts'
import type { Ctx } from '#kernel/work.ts'
import { changeTold } from '../changed.ts'
import { customerAdded, customerChanged } from '../events.ts'
import { showsOf } from '../masking/showing.ts'
import { ownFieldsSeen } from '../own/access.ts'
import { bringConsents } from '../ownWishes.ts'
import { oneCustomer } from '../queries.ts'
import { tiersBrought, tiersWritten } from '../segments/moves.ts'
import { applied, newcomer, type State } from './decide.ts'
import { bring, type Known, knownTo, onlyOneAtATime, rewrite } from './store.ts'

/** Reads each by itself, asks once who is there, decides one after the other, writes each table once. */
export async function takeBatch(ctx: Ctx, raw: readonly unknown[]): Promise<BatchReply> {
  const read = raw.map(item => readItem(BatchItem, item))
  await onlyOneAtATime(ctx)
  const known = await knownTo(
    ctx,
    read.flatMap(item => (isWrong(item) ? [] : [item])),
  )
  const [own, shows] = await Promise.all([ownFieldsSeen(ctx), showsOf(ctx)])
  const { results, plans } = decideEach<BatchItem, State>(read, (item, standing) => {
    const who = whoIs(known, item)
    if (isWrong(who)) return who
    const change = applied(standing(who.state.id) ?? who.state, who.said, own, shows)
    if (isWrong(change)) return change
    known.keep(change.after)
    return { before: who.isNew ? null : who.state, ...change }
  })
  const { made, changed } = written(plans)
  const added = await bring(
    ctx,
    made.map(plan => plan.after),
  )
  for (const plan of made)
    if (!added.has(plan.after.id)) refuseAfterwards(results, plan.items, { code: 'customer.number_taken', field: 'number' })
  await rewrite(ctx, changed)
  await tiersBrought(
    ctx,
    'feed',
    made.flatMap(({ after }) => (added.has(after.id) ? [after] : [])),
  )
  const moved = changed.flatMap(({ before, after: { id, tier } }) =>
    before.tier !== tier ? [{ id, was: before.tier, becomes: tier }] : [],
  )
  await tiersWritten(ctx, 'feed', moved)
  ctx.emitAll(
    customerAdded,
    made.flatMap(({ after: { id, name } }) => {
      const number = added.get(id)
      return number === undefined ? [] : [{ about: { id, customerId: id }, detail: {}, personal: { number, name } }]
    }),
  )
  ctx.emitAll(
    customerChanged,
    changed.map(({ before, after, fields }) => ({
      about: { id: after.id, customerId: after.id },
      ...changeTold([...fields], before, after),
    })),
  )
  const spoken = read.flatMap((item, index) => {
    const id = results[index]?.id
    return isWrong(item) || !item.consents || !id ? [] : [{ index, id, said: item.consents }]
  })
  const told = await bringConsents(ctx, spoken)
  for (const one of spoken) {
    const result = results[one.index]
    if (told.has(one) && result?.did === 'same') results[one.index] = { ...result, did: 'changed' }
  }
  return counted(results)
}

/** By id, else by the other system's, else by number. Adding is only for those whom a second call would find again. */
function whoIs(known: Known, item: BatchItem): { state: State; isNew: boolean; said: BatchItem } | Wrong {
  const { id, extId, number, version } = item
  const match = id ? known.by('id', id) : ((extId && known.by('ext', extId)) ?? (number && known.by('number', number)) ?? null)
  if (!match) {
    if (id) return { code: 'customer.not_found', field: 'id' }
    if (!extId && !number) return { code: 'customer.identity_missing', field: 'extId' }
    return { state: newcomer(newId(), { number, extId }), isNew: true, said: item }
  }
  const { state, reached } = match
  if (!reached) return { code: 'customer.not_found', field: id ? 'id' : extId ? 'extId' : 'number' }
  const isTheirs = (way: 'ext' | 'number', key: string) => known.by(way, key)?.state.id === state.id
  if (number !== undefined && !isTheirs('number', number)) return { code: 'customer.number_fixed', field: 'number' }
  if (extId !== undefined && !isTheirs('ext', extId)) {
    if (known.by('ext', extId)) return { code: 'customer.ext_taken', field: 'extId' }
    if (!id && state.extId !== null) return { code: 'customer.ext_other', field: 'extId' }
  }
  if (version !== undefined && version !== state.version) return { code: 'customer.changed_meanwhile', field: 'version' }
  // What a file that was merged into it is known by stays with that one.
  const { extId: _, ...said } = item
  return { state, isNew: false, said: extId !== undefined && isTheirs('ext', extId) ? said : item }
}

/** One customer by the other system's id. */
export async function upsert(ctx: Ctx, extId: string, body: Record<string, unknown>) {
  const { id, did } = done(await takeBatch(ctx, [{ ...body, extId }]), { number: body.number })
  return { did, customer: await oneCustomer(ctx, id) }
}
