import { sql } from 'kysely'
import type * as z from 'zod'
import type { BatchReply, BatchResult } from '#contract/batches.ts'
import { Refusal, type RefusalKind } from './refusal.ts'
import type { Ctx } from './work.ts'

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

/** Batches of an organisation into one table come one after the other: two at once could both find none. */
export const onlyOneAtATime = (ctx: Ctx, table: string) =>
  sql`select pg_advisory_xact_lock(hashtextextended(${`${ctx.tenantId} ${table}`}, 0))`.execute(ctx.db)

export type Changed<State> = Plan<State> & { before: State }
type Book<Item, State> = {
  decide: (item: Item) => Decision<State> | Wrong
  /** Which of them came in; `beaten` is said of the others. */
  bring: (states: State[]) => Promise<ReadonlySet<string>>
  beaten: Wrong
  rewrite: (changed: Changed<State>[]) => Promise<void>
  tell: (made: Plan<State>[], changed: Changed<State>[]) => Promise<void> | void
}

/** Reads each by itself, opens the book of what is there once, decides one after the other, writes each table once. */
export async function takeEach<Item extends object, State extends { id: string }>(
  raw: readonly unknown[],
  Item: z.ZodType<Item>,
  open: (items: Item[]) => Promise<Book<Item, State>>,
): Promise<BatchReply> {
  const read = raw.map(item => readItem(Item, item))
  const { decide, bring, beaten, rewrite, tell } = await open(read.flatMap(item => (isWrong(item) ? [] : [item])))
  const { results, plans } = decideEach<Item, State>(read, decide)
  const { made, changed } = written(plans)
  const added = await bring(made.map(plan => plan.after))
  for (const plan of made) if (!added.has(plan.after.id)) refuseAfterwards(results, plan.items, beaten)
  await rewrite(changed)
  const came = made.filter(plan => added.has(plan.after.id))
  await tell(came, changed)
  return counted(results)
}

/** Those that the items could mean, each under every key it bears, as they stand after the items before. */
export function knownBy<Way extends string, State extends { id: string }, More extends object>(
  matches: readonly (More & { state: State })[],
  ofNew: (state: State) => More,
  ways: readonly Way[],
  keyOf: (way: Way, state: State) => string | null,
) {
  const index = new Map<string, More & { state: State }>()
  const held = new Map<string, string>()
  const keysOf = (state: State) =>
    ways.flatMap(way => {
      const key = keyOf(way, state)
      return key === null ? [] : [`${way} ${key}`]
    })
  const enter = (match: More & { state: State }) => {
    index.set(`id ${match.state.id}`, match)
    for (const key of keysOf(match.state)) {
      index.set(key, match)
      held.set(key, match.state.id)
    }
  }
  for (const match of matches) enter(match)
  return {
    by: (way: 'id' | Way, key: string) => index.get(`${way} ${key}`),
    keep: (state: State) => {
      const before = index.get(`id ${state.id}`)
      for (const key of before ? keysOf(before.state) : []) index.delete(key)
      enter({ ...(before ?? ofNew(state)), state })
    },
    /** By which way another has what it wants to be known by, or had it before this batch: the table is written once. */
    takenBy: (state: State): Way | undefined => {
      const taken = (key: string | null, way: Way) => key !== null && (held.get(`${way} ${key}`) ?? state.id) !== state.id
      return ways.find(way => taken(keyOf(way, state), way))
    },
  }
}

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
