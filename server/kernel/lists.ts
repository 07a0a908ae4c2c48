import type { Expression } from 'kysely'
import type * as z from 'zod'
import type { May } from '#contract/endpoint.ts'
import type { Ctx } from './work.ts'

/** `kept`: a count is kept as rows change. `asked`: who looks or the clock decides, so it is asked each time. `none`: too dear to count. */
export type Counting = 'kept' | 'asked' | 'none'

/** A list of which people keep views. Its endpoint's own query says which filters there are. */
export type SavedList = {
  name: string
  endpoint: { query: z.ZodObject; may: May }
  /** Columns that may be chosen. */
  columns: readonly string[]
  count: {
    /** Whose changes may change what is in a view; their events are about the row. */
    noun: string
    /** Events after which nobody knows which rows changed. */
    whole: readonly string[]
    way: (query: Record<string, unknown>) => Counting
    /** The ids of the rows that the actor sees and the query asks for, without order: `select id from visibleX … where …`. */
    rows: (ctx: Ctx, query: Record<string, unknown>) => Expression<unknown>
  } | null
  /** In place of it, where every view is of whoever looks: as many as the list's own query finds, up to where nobody reads on. */
  ask?: (ctx: Ctx, query: Record<string, unknown>) => Promise<number>
}

/** Declares a list with its query typed by its endpoint. */
export const savedList = <Q extends z.ZodObject>(def: {
  name: string
  endpoint: { query: Q; may: May }
  columns: readonly string[]
  count?: {
    noun: string
    whole?: readonly string[]
    way: (query: Partial<z.output<Q>>) => Counting
    rows: (ctx: Ctx, query: Partial<z.output<Q>>) => Expression<unknown>
  }
  ask?: (ctx: Ctx, query: z.output<Q>) => Promise<number>
}): SavedList => ({
  name: def.name,
  endpoint: def.endpoint,
  columns: def.columns,
  // What comes in was decoded by this very query.
  count: def.count ? ({ whole: [], ...def.count } as SavedList['count']) : null,
  ...(def.ask
    ? { ask: (ctx, query) => def.ask?.(ctx, { ...def.endpoint.query.parse({}), ...query } as z.output<Q>) ?? Promise.resolve(0) }
    : {}),
})
