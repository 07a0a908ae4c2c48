import type * as z from 'zod'
import type { BatchReply, BatchResult } from '#contract/batches.ts'
import { Refusal, type RefusalKind } from './refusal.ts'

export type Wrong = { code: string; field: string | null }
export const isWrong = (read: object): read is Wrong => 'code' in read

/** An item by itself: what can be said of it before anybody looks what it is about. */
export function readItem<T extends object>(Item: z.ZodType<T>, raw: unknown): T | Wrong {
  const read = Item.safeParse(raw)
  if (!read.success) return { code: 'input.invalid', field: read.error.issues[0]?.path.join('.') || null }
  const bad = Object.entries(read.data).find(([, value]) => !isStorable(value))
  return bad ? { code: 'input.unstorable_text', field: bad[0] } : read.data
}

/** PostgreSQL takes no NUL and no half of a sign; one such item must not cost the others. */
function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return !value.includes('\0') && value.isWellFormed()
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).every(([key, inner]) => isStorable(key) && isStorable(inner))
  return true
}

/** What an item makes of something: `before` is null for what comes in by it. */
export type Decision<State> = { before: State | null; after: State; fields: readonly string[] }
/** What all items about one thing make of it. */
export type Plan<State> = { before: State | null; after: State; fields: Set<string>; items: number[] }

/** One after the other: `decide` is told how a thing stands after the items before it. What is wrong refuses its item alone. */
export function decideEach<Item extends object, State extends { id: string }>(
  items: readonly (Item | Wrong)[],
  decide: (item: Item, standing: (id: string) => State | undefined) => Decision<State> | Wrong,
): { results: BatchResult[]; plans: Plan<State>[] } {
  const plans = new Map<string, Plan<State>>()
  const results = items.map((item, index): BatchResult => {
    const decided = isWrong(item) ? item : decide(item, id => plans.get(id)?.after)
    if (isWrong(decided)) return refused(index, decided)
    const { before, after, fields } = decided
    const plan = plans.get(after.id)
    plans.set(after.id, {
      before: plan ? plan.before : before,
      after,
      fields: new Set([...(plan?.fields ?? []), ...fields]),
      items: [...(plan?.items ?? []), index],
    })
    return { index, id: after.id, did: before === null ? 'added' : fields.length > 0 ? 'changed' : 'same', code: null, field: null }
  })
  return { results, plans: [...plans.values()] }
}

const refused = (index: number, { code, field }: Wrong): BatchResult => ({ index, id: null, did: null, code, field })

/** Somebody else was faster, by another way than a batch. */
export function refuseAfterwards(results: BatchResult[], items: readonly number[], wrong: Wrong): void {
  for (const index of items) results[index] = refused(index, wrong)
}

/** Those to write: what came in and what is not as it was. */
export const written = <State>(plans: readonly Plan<State>[]) => ({
  made: plans.filter(plan => plan.before === null),
  changed: plans.flatMap(({ before, ...plan }) => (before !== null && plan.fields.size > 0 ? [{ ...plan, before }] : [])),
})

export function counted(results: BatchResult[]): BatchReply {
  const count = (did: BatchResult['did']) => results.filter(result => result.did === did).length
  return { results, added: count('added'), changed: count('changed'), same: count('same'), refused: count(null) }
}

/** What a batch of one did; what refused its item refuses the call. */
export function done({ results: [result] }: BatchReply, facts: Record<string, unknown> = {}) {
  if (result?.id && result.did) return { id: result.id, did: result.did }
  const code = result?.code ?? 'input.invalid'
  throw new Refusal(kindOf(code), code, { field: result?.field, label: '', ...facts })
}

const kinds: readonly [RegExp, RefusalKind][] = [
  [/\.not_found$/, 'not_found'],
  [/\.field_(closed|hidden)$/, 'forbidden'],
  [/_taken$|_other$|_fixed$|_apart$|merged$|meanwhile$|\.retired$|\.erased$/, 'conflict'],
]
const kindOf = (code: string): RefusalKind => kinds.find(([pattern]) => pattern.test(code))?.[1] ?? 'invalid'
