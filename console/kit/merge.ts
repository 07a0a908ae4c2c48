/** What the form began with, what I made of it, and what stands there now. */
export type Meanwhile<V> = { base: V; mine: V; theirs: V }

export const same = (a: unknown, b: unknown): boolean => JSON.stringify(plain(a)) === JSON.stringify(plain(b))
/** Nothing is nothing, however a form says it; the order of keys is no difference. */
const plain = (value: unknown): unknown => {
  if (value === undefined || value === null || value === '') return null
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value instanceof Date) return value
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, inner]) => [key, plain(inner)] as const)
      .filter(([, inner]) => inner !== null)
      .sort(([a], [b]) => a.localeCompare(b)),
  )
}
function keysOf<V extends object>(values: V): (keyof V & string)[] {
  return Object.keys(values) as (keyof V & string)[]
}

/** Theirs wherever I changed nothing, mine wherever I did. */
export function merge<V extends object>({ base, mine, theirs }: Meanwhile<V>): V {
  const next = { ...mine }
  for (const key of keysOf(mine)) if (same(mine[key], base[key])) next[key] = theirs[key]
  return next
}

/** The fields that both changed, to different values. */
export const disputed = <V extends object>({ base, mine, theirs }: Meanwhile<V>): (keyof V & string)[] =>
  keysOf(mine).filter(key => !same(mine[key], base[key]) && !same(theirs[key], base[key]) && !same(mine[key], theirs[key]))

/** The same, into what lies inside: two who changed different things of one part both have theirs. */
export function mergeDeep({ base, mine, theirs }: Meanwhile<Record<string, unknown>>): Record<string, unknown> {
  const next = { ...mine }
  for (const [key, value] of Object.entries(mine)) {
    const [was, is] = [base[key], theirs[key]]
    if (same(value, was)) next[key] = is
    else if (isPlain(value) && isPlain(was) && isPlain(is)) next[key] = { ...is, ...mergeDeep({ base: was, mine: value, theirs: is }) }
  }
  return next
}
const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
