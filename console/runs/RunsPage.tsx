import { Button, Segmented } from 'antd'
import { useState } from 'react'
import { isOpenRun, type Run, type RunState, runCan, runs } from '#contract/runs.ts'
import { useFresh } from '../app/live.ts'
import { col } from '../kit/columns.tsx'
import { ListTable } from '../kit/DataTable.tsx'
import { useAct, useListing } from '../kit/data.ts'
import { Empty } from '../kit/parts.tsx'
import { refusalText } from '../kit/words.ts'
import { BackLine, standing } from './BackLine.tsx'
import { Bar, progressText } from './Bar.tsx'
import { ImportDays } from './ImportDays.tsx'
import './runs.css'
import { outcomeText, runWord, stateWord, w } from './words.ts'

const states: readonly RunState[] = ['running', 'waiting', 'failed', 'done', 'cancelled']

/** The long work of everybody, for whoever operates the house: what and how far, never what is in it. */
export default function RunsPage() {
  const [state, setState] = useState<RunState | undefined>()
  const list = useListing(runs.all, state ? { state } : {}, { refetchInterval: 5_000 })
  useFresh('run', 'runs')
  const { act: cancel } = useAct(runs.cancel)
  return (
    <div className="page">
      <header>
        <h1>{w.allTitle}</h1>
        <span className="t3 cut">{w.allHint}</span>
      </header>
      <div className="row wrap">
        <Segmented
          value={state ?? 'any'}
          onChange={to => setState(states.find(one => one === to))}
          options={[{ value: 'any', label: w.any }, ...states.map(value => ({ value, label: stateWord(value) }))]}
        />
        <ImportDays />
      </div>
      <ListTable<Run>
        list={list}
        empty={<Empty title={w.nothing} hint={w.nothingHint} />}
        columns={[
          { key: 'what', title: w.what, ellipsis: true, render: (_, row) => <b>{runWord(row)}</b> },
          {
            key: 'by',
            title: w.by,
            width: 128,
            ellipsis: true,
            render: (_, row) => row.askedByName ?? <span className="t3">{w.system}</span>,
          },
          col.status<Run>('state', w.state, standing),
          {
            key: 'far',
            title: w.rows,
            render: (_, row) =>
              isOpenRun(row) ? (
                <span className="row">
                  <Bar run={row} />
                  <span className="t3 f12 nowrap">{progressText(row)}</span>
                </span>
              ) : (
                <Ended run={row} />
              ),
          },
          col.time<Run>('askedAt', w.askedAt),
          {
            key: 'act',
            title: '',
            width: 88,
            align: 'end',
            render: (_, row) =>
              runCan.cancel(row) && (
                <Button size="small" onClick={() => void cancel({ id: row.id })}>
                  {w.cancel}
                </Button>
              ),
          },
        ]}
      />
    </div>
  )
}

/** What came of it, and of taking it back. */
function Ended({ run }: { run: Run }) {
  return (
    <>
      <span className="t3">{run.code ? refusalText(run.code, run.codeFacts ?? {}) : outcomeText(run)}</span>
      {run.takenBack && <BackLine back={run.takenBack} />}
    </>
  )
}
