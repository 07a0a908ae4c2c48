import { useNavigate, useSearch } from '@tanstack/react-router'
import * as z from 'zod'
import type { Schema } from '#contract/endpoint.ts'

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
    const read = z.safeDecode(field as Schema<unknown, unknown>, search[key])
    if (read.success) filters[key] = read.data
  }
  const change = (patch: Filters<S>) => {
    // Onto what the address says then: two changes may come before the page is drawn again.
    const next = (was: Record<string, unknown>) => {
      const changed = { ...was }
      for (const [key, value] of Object.entries(patch))
        changed[key] = value === null || value === undefined || value === '' ? undefined : String(value)
      return changed
    }
    void go({ to: '.', search: next as never, replace: true })
  }
  // Each value was decoded by the field of its own name.
  return [filters as Filters<S>, change]
}
