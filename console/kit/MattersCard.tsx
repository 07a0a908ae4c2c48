import { Button } from 'antd'
import type { ReactNode } from 'react'
import type { RefusalError } from './call.ts'
import { IconPlus } from './icons.ts'
import { Failure } from './parts.tsx'

type Props<T> = {
  title: string
  /** What adding one is called; null where that is not theirs to do. */
  add: string | null
  adding: () => void
  of: { data: { rows: readonly T[] } | undefined; error: RefusalError | null; refetch: () => unknown }
  none: string
  open: (one: T) => void
  line: (one: T) => { first: ReactNode; end: ReactNode; what: string }
}

/** What goes on with a customer, a few lines of it, beside the time line. */
export function MattersCard<T extends { id: string }>({ title, add, adding, of: { data, error, refetch }, none, open, line }: Props<T>) {
  return (
    <section className="card" aria-label={title}>
      <header>
        <h3>{title}</h3>
        {add && (
          <Button
            className="end"
            type="text"
            size="small"
            aria-label={add}
            title={add}
            icon={<IconPlus size={16} stroke={1.75} />}
            onClick={adding}
          />
        )}
      </header>
      {error && <Failure error={error} retry={() => void refetch()} />}
      {data && data.rows.length === 0 && <div className="body t3">{none}</div>}
      <ul className="matters">
        {data?.rows.map(one => {
          const { first, end, what } = line(one)
          return (
            <li key={one.id}>
              <button type="button" className="plain" onClick={() => open(one)}>
                <span className="row">
                  {first}
                  <span className="end">{end}</span>
                </span>
                <span className="m5 what">{what}</span>
              </button>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
