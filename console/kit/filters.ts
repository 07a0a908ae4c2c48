import { useNavigate, useSearch } from '@tanstack/react-router'
import * as z from 'zod'

type Filters<S extends z.ZodRawShape> = { [K in Exclude<keyof S, 'after' | 'size'>]?: z.output<S[K]> }

/** The filters of a list live in the address: they can be shared, kept and gone back from. What the endpoint would not take is left out. */
export function useFilters<S extends z.ZodRawShape>(endpoint: {
  query: z.ZodObject<S>
}): [filters: Filters<S>, change: (patch: Filters<S>) => void] {
  const search: Record<string, unknown> = useSearch({ strict: false })
  const go = useNavigate()
  const filters: Record<string, unknown> = {}
  for (const [key, field] of Object.entries(endpoint.query.shape)) {
    if (key === 'after' || key === 'size' || search[key] === undefined) continue
    const read = z.safeDecode(field as z.ZodType<unknown, unknown>, search[key])
    if (read.success) filters[key] = read.data
  }
  const change = (patch: Filters<S>) => {
    const next: Record<string, unknown> = { ...search }
    for (const [key, value] of Object.entries(patch))
      next[key] = value === null || value === undefined || value === '' ? undefined : String(value)
    void go({ to: '.', search: next as never, replace: true })
  }
  // Each value was decoded by the field of its own name.
  return [filters as Filters<S>, change]
}
