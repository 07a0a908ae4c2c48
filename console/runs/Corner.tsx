import { Link } from '@tanstack/react-router'
import { Popover } from 'antd'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { type Run, RunProgress, runs } from '#contract/runs.ts'
import { useLive } from '../app/live.ts'
import { useMe } from '../app/me.ts'
import { keyOf, queryClient, useFetch } from '../kit/data.ts'
import { IconDownload, IconProgress } from '../kit/icons.ts'
import { tell } from '../kit/tell.tsx'
import { learnRefusal } from '../kit/words.ts'
import './runs.css'
import { runWord, w } from './words.ts'

const RunLine = lazy(async () => ({ default: (await import('./RunLine.tsx')).RunLine }))
const asked = { query: { size: 20 } }
const day = 86_400_000

/** Long work that goes on while its asker does something else. Not there while there is none. */
export default function Corner() {
  const me = useMe()
  const [open, setOpen] = useState(false)
  const { data } = useFetch(runs.mine, asked, { enabled: me !== undefined && !me.secondFactorDue, staleTime: 30_000 })
  const rows = data?.rows.filter(run => isOpen(run) || (run.endedAt !== null && Date.now() - run.endedAt.getTime() < 7 * day)) ?? []
  useLive(me ? `user:${me.user.id}` : null, (name, payload) => {
    const told = name === 'run.progress' ? RunProgress.safeParse(payload) : undefined
    if (!told?.success) return
    const known = queryClient.getQueryData<{ rows: Run[]; next: string | null }>(keyOf(runs.mine, asked))
    const before = known?.rows.find(run => run.id === told.data.id)
    if (known && before && before.state === told.data.state)
      queryClient.setQueryData(keyOf(runs.mine, asked), {
        ...known,
        rows: known.rows.map(run =>
          run.id === told.data.id
            ? { ...run, ...told.data }
            : run.takenBack?.id === told.data.id
              ? { ...run, takenBack: { ...run.takenBack, ...told.data } }
              : run,
        ),
      })
    else void queryClient.invalidateQueries({ queryKey: ['runs'] })
  })
  useTold(data?.rows)
  const busy = rows.filter(isOpen).length
  const code = rows.find(run => run.code)?.code
  const [, redraw] = useState(0)
  useEffect(() => {
    if (code) void learnRefusal(code).then(() => redraw(n => n + 1))
  }, [code])
  if (rows.length === 0) return null
  const label = busy > 0 ? `${w.title}: ${w.open(busy)}` : w.title
  return (
    <Popover
      trigger="click"
      open={open}
      onOpenChange={setOpen}
      placement="bottomRight"
      title={
        <span className="row">
          {w.title}
          <span className="t3 f12 regular">{w.mineHint}</span>
          <Link className="end f12 regular nowrap" to="/runs" onClick={() => setOpen(false)}>
            {w.everything}
          </Link>
        </span>
      }
      content={
        <ul className="runlist">
          <Suspense>
            {rows.slice(0, 8).map(run => (
              <RunLine key={run.id} run={run} />
            ))}
          </Suspense>
        </ul>
      }
    >
      <button type="button" className={`bell runs ${busy > 0 ? 'busy' : ''}`} aria-label={label} title={label} aria-expanded={open}>
        {busy > 0 ? <IconProgress size={20} stroke={1.75} /> : <IconDownload size={20} stroke={1.75} />}
        {busy > 0 && (
          <span className="badge n" aria-hidden="true">
            {busy}
          </span>
        )}
      </button>
    </Popover>
  )
}

const isOpen = (run: Run) => run.state === 'waiting' || run.state === 'running'

/** What ended since the page was opened is told, wherever its asker is; short work may end before it was ever seen under way. */
function useTold(rows: readonly Run[] | undefined): void {
  const over = useRef<ReadonlySet<string> | null>(null)
  useEffect(() => {
    if (!rows) return
    const ended = rows.filter(run => !isOpen(run))
    if (over.current)
      for (const run of ended) {
        if (over.current.has(run.id)) continue
        if (run.state === 'done') tell(w.ready(runWord(run)))
        if (run.state === 'failed') tell(w.notDone(runWord(run)))
      }
    over.current = new Set(ended.map(run => run.id))
  }, [rows])
}
