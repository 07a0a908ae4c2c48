import { type AliasedRawBuilder, type RawBuilder, sql } from 'kysely'
import * as z from 'zod'
import { readCursor } from './paging.ts'

/** `code`: text that no two rows of a tenant share, by its bytes, so that the index of its prefixes is the index of the order. */
type Kind = 'time' | 'day' | 'text' | 'int' | 'id' | 'code'
const shapes = {
  time: z.tuple([z.iso.datetime({ offset: true }), z.uuid()]),
  day: z.tuple([z.iso.date(), z.uuid()]),
  text: z.tuple([z.string(), z.uuid()]),
  int: z.tuple([z.string().regex(/^-?\d{1,10}$/), z.uuid()]),
  id: z.tuple([z.uuid(), z.uuid()]),
  code: z.tuple([z.string(), z.uuid()]),
}
const types = { time: sql`timestamptz`, day: sql`date`, text: sql`text`, int: sql`int`, id: sql`uuid`, code: sql`text` }

/** By what rows stand, never null (`coalesce` says where those without one stand), and their id: rows of one value keep their places. Both run the same way, so one index serves the order and its reverse. */
export type Turn = { by: RawBuilder<unknown>; id: RawBuilder<unknown>; as: Kind; down: boolean }
export const turn = (as: Kind, by: RawBuilder<unknown>, id: RawBuilder<unknown>, down = false): Turn => ({ by, id, as, down })

export type Sorting = {
  /** To be selected; whole to the last digit, as the next page needs it. */
  key: AliasedRawBuilder<string, 'sortKey'>
  /** What follows `order by`. */
  order: RawBuilder<unknown>
  /** Behind the last row of the page before. */
  after: RawBuilder<boolean>
}

/** How a page is cut out of a list that stands in this order. */
export function sortedBy({ by, id, as, down }: Turn, after: string | undefined): Sorting {
  const key = (as === 'time' ? sql<string>`to_json(${by}) #>> '{}'` : sql<string>`(${by})::text`).as('sortKey')
  const way = down ? sql`desc` : sql`asc`
  const order =
    as === 'code' ? sql`${by} using ${down ? sql`~>~` : sql`~<~`}` : as === 'id' ? sql`${by} ${way}` : sql`${by} ${way}, ${id} ${way}`
  const last = readCursor(after, shapes[as])
  if (!last) return { key, order, after: sql<boolean>`true` }
  const beyond = as === 'code' ? (down ? sql`~<~` : sql`~>~`) : down ? sql`<` : sql`>`
  const value = sql`${last[0]}::${types[as]}`
  return {
    key,
    order,
    after:
      as === 'code' || as === 'id'
        ? sql<boolean>`${by} ${beyond} ${value}`
        : sql<boolean>`(${by}, ${id}) ${beyond} (${value}, ${last[1]}::uuid)`,
  }
}

export const sortKeyOf = (row: { sortKey: string; id: string }): readonly [string, string] => [row.sortKey, row.id]
/** A row as it is shown. */
export const unkeyed = <R extends { sortKey: string }>({ sortKey: _, ...row }: R): Omit<R, 'sortKey'> => row
