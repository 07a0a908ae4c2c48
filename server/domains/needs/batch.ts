import type { BatchReply } from '#contract/batches.ts'
import { NeedItem } from '#contract/needs.ts'
import { filesNamed, namedBy } from '#domains/customers/index.ts'
import { done, isWrong, onlyOneAtATime, takeEach, type Wrong } from '#kernel/batch.ts'
import { newId } from '#kernel/ids.ts'
import type { Ctx } from '#kernel/work.ts'
import { applied, joined, type Saying, type State } from './deciding.ts'
import { written } from './queries.ts'
import { around, bring, heardFrom, type Known, knownTo, rewrite, speak, tell, type Voices } from './store.ts'

export const takeNeeds = (ctx: Ctx, raw: readonly unknown[]): Promise<BatchReply> =>
  takeEach<NeedItem, State>(raw, NeedItem, async items => {
    await onlyOneAtATime(ctx, 'needs.need')
    const files = await filesNamed(ctx, items, 'customer:read')
    const known = await knownTo(ctx, items)
    const voices = await heardFrom(ctx, known, items, files)
    const house = await around(ctx, items)
    const taken: Wrong = { code: 'need.ext_taken', field: 'extId' }
    return {
      decide: item => {
        const named = namedBy(item)
        const whose = files(item)
        if (named && whose === undefined) return { code: 'customer.not_found', field: named }
        const which = whichIs(known, item)
        if (isWrong(which)) return which
        const change = applied(which.before, which.before?.id ?? newId(), item, house)
        if (isWrong(change)) return change
        const { after, fields } = change
        if (known.takenBy(after)) return taken
        // A person has decided that it is read as another: nobody but a person says otherwise.
        if (after.mergedInto !== null && fields[0]) return { code: 'need.merged', field: fields[0] }
        const heard = hear(voices, after, which.before === null, whose ?? null, item.words ?? '')
        if (heard) after.said = [...after.said, heard]
        known.keep(after)
        return { before: which.before, after, fields: heard ? [...fields, 'said'] : fields }
      },
      bring: states => bring(ctx, states),
      beaten: taken,
      rewrite: changed => rewrite(ctx, changed),
      tell: async (made, changed) => tell(ctx, { made, changed, voices: await speak(ctx, [...made, ...changed]) }),
    }
  })

/** By id, else by the other system's. Writing down is only for what a second call would find again. */
function whichIs(known: Known, item: NeedItem): { before: State | null } | Wrong {
  const { id, extId, version } = item
  const match = known.meant(item)
  if (!match) {
    if (id) return { code: 'need.not_found', field: 'id' }
    return extId ? { before: null } : { code: 'need.identity_missing', field: 'extId' }
  }
  const { state, reached, settled } = match
  if (!reached) return { code: 'need.not_found', field: id ? 'id' : 'extId' }
  // Merged while we waited.
  if (!settled) return { code: 'need.changed_meanwhile', field: null }
  if (version !== undefined && version !== state.version) return { code: 'need.changed_meanwhile', field: 'version' }
  return { before: state }
}

/** Who says it by this item, and how; null: nobody, or what they have said before. Somebody says what is new. */
function hear(voices: Voices, { id, mergedInto }: State, isNew: boolean, whose: string | null, words: string): Saying | null {
  const needId = mergedInto ?? id
  if (!isNew && whose === null && words === '') return null
  const stands = voices.of(needId, whose, words)
  if (!stands) return voices.keep({ id: newId(), needId, whose, words, isNew: true })
  const all = joined(stands.words, words)
  if (all === stands.words) return null
  stands.words = all
  return stands
}

/** One by the other system's id. */
export async function upsertNeed(ctx: Ctx, extId: string, body: Record<string, unknown>) {
  const { id, did } = done(await takeNeeds(ctx, [{ ...body, extId }]))
  const need = await written(ctx, id)
  return { did, need: need.mergedInto === null ? need : await written(ctx, need.mergedInto) }
}
