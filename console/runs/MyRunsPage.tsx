import { useNavigate, useSearch } from '@tanstack/react-router'
import { Id } from '#contract/endpoint.ts'
import { runs } from '#contract/runs.ts'
import { useFetch, useListing } from '../kit/data.ts'
import { ListFoot } from '../kit/ListFoot.tsx'
import { Empty, Failure, Waiting } from '../kit/parts.tsx'
import { RunLine } from './RunLine.tsx'
import './runs.css'
import { w } from './words.ts'

/** The long work I asked for, newest first. `?run=` opens one, which the bell does. */
export default function MyRunsPage() {
  const search: Record<string, unknown> = useSearch({ strict: false })
  const go = useNavigate()
  const list = useListing(runs.mine, {}, { refetchInterval: 5_000 })
  const asked = Id.safeParse(search.run).data ?? null
  const here = asked !== null && list.rows.some(run => run.id === asked)
  // What has gone to a later page is shown above this one.
  const older = useFetch(runs.one, { id: asked ?? '' }, { enabled: asked !== null && !list.first && !here })
  const rows = asked !== null && !here && older.data ? [older.data, ...list.rows] : list.rows
  const open = (id: string) => void go({ to: '/runs', search: (id === asked ? {} : { run: id }) as never, replace: true })
  return (
    <div className="page">
      <header>
        <h1>{w.mineTitle}</h1>
        <span className="t3 cut">{w.mineHint}</span>
      </header>
      {list.error && <Failure error={list.error} retry={list.refetch} readAt={list.readAt} />}
      {list.first ? (
        <Waiting rows={4} />
      ) : rows.length === 0 ? (
        <Empty title={w.nothing} hint={w.nothingHint} />
      ) : (
        <ul className="runlist wide card">
          {rows.map(run => (
            <RunLine key={run.id} run={run} opened={run.id === asked} open={() => open(run.id)} />
          ))}
        </ul>
      )}
      <ListFoot list={list} />
    </div>
  )
}
