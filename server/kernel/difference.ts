import * as z from 'zod'

/** What a change changed: field → the value before and after. Values that identify a person do not belong here. */
export const Difference = z.record(z.string(), z.object({ was: z.unknown(), is: z.unknown() }))
export type Difference = z.output<typeof Difference>

const text = (value: unknown) => JSON.stringify(value ?? null, (_key, inner: unknown) => (isPlain(inner) ? sorted(inner) : inner))
const isPlain = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value)
const sorted = (value: object) => Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))

/** The fields of `after` that differ from `before`, whatever order jsonb keeps their keys in. */
export function differenceOf(before: object, after: object, fields: readonly string[] = Object.keys(after)): Difference {
  const [was, is]: Record<string, unknown>[] = [{ ...before }, { ...after }]
  return Object.fromEntries(
    fields
      .filter(field => text(was?.[field]) !== text(is?.[field]))
      .map(field => [field, { was: was?.[field] ?? null, is: is?.[field] ?? null }]),
  )
}
