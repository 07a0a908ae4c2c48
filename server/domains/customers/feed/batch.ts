import type * as z from 'zod'
import type { BatchItem, BatchResult, customerFeed } from '#contract/customerFeed.ts'
import { newId } from '#kernel/ids.ts'
import { Refusal, type RefusalKind } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { asked, isPersonal } from '../actions.ts'
import { customerAdded, customerChanged } from '../events.ts'
import { showsOf } from '../masking/showing.ts'
import { ownFieldsSeen } from '../own/access.ts'
import { bringConsents } from '../ownWishes.ts'
import { oneCustomer } from '../queries.ts'
import { applied, isWrong, newcomer, readItem, type State, type Wrong } from './decide.ts'
import { bring, type Known, knownTo, onlyOneAtATime, rewrite } from './store.ts'

type Planned = { before: State | null; after: State; fields: Set<string>; items: number[] }

/** Reads each by itself, asks once who is there, decides one after the other, writes each table once. */
export async function takeBatch(ctx: Ctx, raw: readonly unknown[]): Promise<z.output<typeof customerFeed.batch.reply>> {
  const results: BatchResult[] = raw.map((_, index) => ({ index, id: null, did: null, code: null, field: null }))
  const refuse = (index: number, { code, field }: Wrong) => {
    results[index] = { index, id: null, did: null, code, field }
  }
  const read = raw.map(readItem)
  await onlyOneAtATime(ctx)
  const known = await knownTo(
    ctx,
    read.flatMap(item => (isWrong(item) ? [] : [item])),
  )
  const [own, shows] = await Promise.all([ownFieldsSeen(ctx), showsOf(ctx)])
  const plans = new Map<string, Planned>()
  for (const [index, item] of read.entries()) {
    if (isWrong(item)) {
      refuse(index, item)
      continue
    }
    const who = whoIs(known, item)
    if (isWrong(who)) {
      refuse(index, who)
      continue
    }
    const plan = plans.get(who.state.id)
    const change = applied(plan?.after ?? who.state, who.said, own, shows)
    if (isWrong(change)) {
      refuse(index, change)
      continue
    }
    const { after, fields } = change
    results[index] = { index, id: after.id, did: who.isNew ? 'added' : fields.length > 0 ? 'changed' : 'same', code: null, field: null }
    plans.set(after.id, {
      before: plan ? plan.before : who.isNew ? null : who.state,
      after,
      fields: new Set([...(plan?.fields ?? []), ...fields]),
      items: [...(plan?.items ?? []), index],
    })
    known.keep(after)
  }
  const made = [...plans.values()].filter(plan => plan.before === null)
  const changed = [...plans.values()].filter(plan => plan.before !== null && plan.fields.size > 0)
  const added = await bring(
    ctx,
    made.map(plan => plan.after),
  )
  // Somebody else was faster with the number, by another way than this.
  for (const plan of made)
    if (!added.has(plan.after.id)) for (const index of plan.items) refuse(index, { code: 'customer.number_taken', field: 'number' })
  await rewrite(
    ctx,
    changed.flatMap(({ before, after }) => (before ? [{ before, after }] : [])),
  )
  ctx.emitAll(
    customerAdded,
    made.flatMap(({ after: { id, name } }) => {
      const number = added.get(id)
      return number === undefined ? [] : [{ about: { id, customerId: id }, detail: {}, personal: { number, name } }]
    }),
  )
  ctx.emitAll(customerChanged, changed.flatMap(changeTold))
  const spoken = read.flatMap((item, index) => {
    const id = results[index]?.id
    return isWrong(item) || !item.consents || !id ? [] : [{ index, id, said: item.consents }]
  })
  const told = await bringConsents(ctx, spoken)
  for (const one of spoken) {
    const result = results[one.index]
    if (told.has(one) && result?.did === 'same') results[one.index] = { ...result, did: 'changed' }
  }
  const count = (did: BatchResult['did']) => results.filter(result => result.did === did).length
  return { results, added: count('added'), changed: count('changed'), same: count('same'), refused: count(null) }
}

function changeTold({ before, after, fields }: Planned) {
  if (before === null) return []
  const was = Object.fromEntries(asked.filter(key => fields.has(key)).map(key => [key, before[key]]))
  const values = Object.fromEntries([...personal].filter(key => fields.has(key)).map(key => [key, String(after[key] ?? '')]))
  return [{ about: { id: after.id, customerId: after.id }, detail: { fields: [...fields], was }, personal: values }]
}
const personal = (['name', 'phone', 'email', 'address', 'note'] as const).filter(isPersonal)

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
  const { results } = await takeBatch(ctx, [{ ...body, extId }])
  const [result] = results
  if (!result?.id || !result.did) {
    const code = result?.code ?? 'input.invalid'
    throw new Refusal(kindOf(code), code, { field: result?.field, label: '', number: body.number })
  }
  return { did: result.did, customer: await oneCustomer(ctx, result.id) }
}

const kinds: Record<string, RefusalKind> = {
  'customer.not_found': 'not_found',
  'customer.field_closed': 'forbidden',
  'customer.field_hidden': 'forbidden',
}
const conflicts = /_taken$|_other$|_fixed$|merged$|meanwhile$/
const kindOf = (code: string): RefusalKind => kinds[code] ?? (conflicts.test(code) ? 'conflict' : 'invalid')
