import { useNavigate, useSearch } from '@tanstack/react-router'
import type * as z from 'zod'
import { WorkBox, work } from '#contract/work.ts'
import { useFilters } from '../kit/filters.ts'

export type Filters = Partial<Pick<z.output<typeof work.list.query>, 'box' | 'due' | 'kind' | 'ownerId' | 'q' | 'sort'>>
export type Chosen = { noun: 'task' | 'approval'; id: string }

/** Which box, which filters and which line is shown live in the address: `t` is a task, `a` an approval. */
export function usePlace(): {
  box: WorkBox
  filters: Filters
  change: (patch: { [K in keyof Filters]?: Filters[K] | undefined }) => void
  chosen: Chosen | undefined
  choose: (line: Chosen | undefined) => void
  /** A line in its box, whatever was filtered before. */
  show: (box: WorkBox, line: Chosen) => void
} {
  const search: Record<string, unknown> = useSearch({ strict: false })
  const navigate = useNavigate()
  const [filters] = useFilters(work.list)
  const go = (patch: Record<string, string | undefined>, replace: boolean) => {
    const next = { ...search, ...patch }
    void navigate({ to: '/tasks', search: Object.fromEntries(Object.entries(next).filter(([, v]) => v !== undefined)) as never, replace })
  }
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined)
  const [t, a] = [text(search.t), text(search.a)]
  return {
    box: WorkBox.safeParse(search.box).data ?? 'mine',
    filters,
    change: patch => go({ ...patch, t: undefined, a: undefined }, patch.box === undefined),
    chosen: t ? { noun: 'task', id: t } : a ? { noun: 'approval', id: a } : undefined,
    show: (box, line) => void navigate({ to: '/tasks', search: { box, [line.noun === 'task' ? 't' : 'a']: line.id } as never }),
    choose: line => go({ t: line?.noun === 'task' ? line.id : undefined, a: line?.noun === 'approval' ? line.id : undefined }, true),
  }
}
