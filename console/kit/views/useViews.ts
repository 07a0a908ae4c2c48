import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import * as z from 'zod'
import { type View, views } from '#contract/views.ts'
import { useFresh } from '../../app/live.ts'
import { useFetch } from '../data.ts'
import { newOpening } from './opening.ts'

export type ViewColumn = {
  key: string
  title: string
  /** Not shown until it is chosen. */
  spare?: true
  /** The order that its head chooses. */
  order?: string
}
/** In which order the list stands, and in which it can. */
export type Sorting = {
  now: string
  usual: string
  /** Words of the list's own query, each way for itself. */
  offered: readonly string[]
  named: readonly { order: string; title: string }[]
  /** Without one: as the list has it by itself. */
  choose: (sort: string | undefined) => void
}
export type SavedViews = {
  list: string
  all: readonly View[]
  current: View | undefined
  /** Filters as they stand in the address. */
  words: Record<string, string>
  /** Some of them are chosen, not only how the page begins. */
  filtered: boolean
  /** The current view says otherwise than the page. */
  changed: boolean
  columns: readonly ViewColumn[]
  /** Keys of the columns shown, in their order. */
  shown: readonly string[]
  /** As the view keeps them; null: as the page has them. */
  kept: string[] | null
  showColumns: (keys: readonly string[] | null) => void
  sorting: Sorting
  apply: (view: Pick<View, 'id' | 'query'>) => void
  leave: () => void
  /** Other filters, and no saved view. */
  away: (patch: Record<string, string | undefined>) => void
}

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)
const sorted = (words: Record<string, string>) => Object.entries(words).sort(([a], [b]) => (a < b ? -1 : 1))

function sortsOf({ shape }: z.ZodObject): readonly string[] {
  const sort = shape.sort instanceof z.ZodOptional ? shape.sort.unwrap() : undefined
  return sort instanceof z.ZodEnum ? sort.options.map(String) : []
}

/** The saved views of a list: which one the page shows, and what it would keep. `usually`: filters that the page has without saying so. `orders`: those without a column, and how the list stands by itself where that is not the first of its orders. All of it lives in the address, so that a link shows the same. */
export function useViews(
  list: string,
  endpoint: { query: z.ZodObject },
  columns: readonly ViewColumn[],
  usually: Record<string, string> = {},
  orders: { named?: readonly { order: string; title: string }[]; usual?: string } = {},
): SavedViews {
  const search: Record<string, unknown> = useSearch({ strict: false })
  const go = useNavigate()
  const { data } = useFetch(views.list, { query: { list } }, { staleTime: 30_000 })
  useFresh('view', 'views')
  const all = data ?? []

  const words = Object.fromEntries(
    Object.entries({ ...usually, ...search }).flatMap(([key, value]) =>
      key in endpoint.query.shape && key !== 'after' && key !== 'size' && value !== undefined ? [[key, String(value)]] : [],
    ),
  )
  const current = all.find(view => view.id === search.view)
  const known = (keys: readonly string[]) => keys.filter((key, n) => columns.some(c => c.key === key) && keys.indexOf(key) === n)
  const usual = columns.filter(c => !c.spare).map(c => c.key)
  const asked = typeof search.columns === 'string' ? known(search.columns.split(',')) : null
  const shown = [asked, current?.columns && known(current.columns), usual].find(keys => keys && keys.length > 0) ?? usual
  const kept = same(shown, usual) ? null : [...shown]

  const to = (next: Record<string, unknown>, replace: boolean) => void go({ to: '.', search: next as never, replace })
  const apply = ({ id, query }: Pick<View, 'id' | 'query'>) => to({ ...query, view: id }, false)
  const offered = sortsOf(endpoint.query)
  const usualOrder = orders.usual ?? offered[0] ?? ''
  const sorting: Sorting = {
    now: words.sort ?? usualOrder,
    usual: usualOrder,
    offered,
    named: orders.named ?? columns.flatMap(({ order, title }) => (order === undefined ? [] : [{ order, title }])),
    choose: sort => {
      const { sort: _, ...rest } = search
      to(sort === undefined || sort === usualOrder ? rest : { ...rest, sort }, true)
    },
  }
  const [opening] = useState(newOpening)
  useEffect(() => {
    const first = opening(search, data)
    if (first) to({ ...first.query, view: first.id }, true)
  })
  return {
    list,
    all,
    current,
    words,
    filtered: Object.keys(words).some(key => !(key in usually)),
    changed:
      current !== undefined && !(same(sorted(words), sorted(current.query)) && same(kept, current.columns && known(current.columns))),
    columns,
    shown,
    kept,
    showColumns: keys => {
      const { columns: _, ...rest } = search
      const next = keys === null || same(keys, current?.columns ?? usual) ? null : keys
      to(next ? { ...rest, columns: next.join(',') } : rest, true)
    },
    sorting,
    apply,
    leave: () => to({}, false),
    away: patch => {
      const { view: _, columns: __, ...rest } = search
      to({ ...rest, ...patch }, false)
    },
  }
}

/** The columns that are shown, in their order. */
export const inView = <C extends { key: string }>({ shown }: SavedViews, columns: readonly C[]): C[] =>
  shown.flatMap(key => columns.find(c => c.key === key) ?? [])
