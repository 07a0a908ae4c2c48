import { Button, Popover, Segmented } from 'antd'
import { useState } from 'react'
import { failureExports } from '#contract/lists.ts'
import { type FailedReaction, type FailureState, failedReactions } from '#contract/operations.ts'
import { useFresh } from '../app/live.ts'
import { col } from '../kit/columns.tsx'
import { ListTable } from '../kit/DataTable.tsx'
import { useAct, useListing } from '../kit/data.ts'
import { IconCircleCheck } from '../kit/icons.ts'
import { Empty } from '../kit/parts.tsx'
import { tell } from '../kit/tell.tsx'
import { WhyButton } from '../kit/WhyButton.tsx'
import { ExportButton } from '../runs/ExportButton.tsx'
import './operations.css'
import { sentences } from './sentences.words.ts'
import { w } from './words.ts'

const states: Record<FailureState, { word: () => string; tone: 'ba' | 'wa' | 'ok' | 'wr' }> = {
  open: { word: () => w.open, tone: 'ba' },
  retrying: { word: () => w.retrying, tone: 'wa' },
  done: { word: () => w.done, tone: 'ok' },
  dropped: { word: () => w.given, tone: 'wr' },
}

/** What should have followed an event and did not: why, once more, or given up with a reason. */
export default function FailedReactionsPage() {
  const [box, setBox] = useState<'open' | 'settled'>('open')
  const [chosen, setChosen] = useState<string[]>([])
  const list = useListing(failedReactions.list, { box })
  useFresh('reaction', 'failed-reactions')
  const here = chosen.filter(id => list.rows.some(row => row.id === id))
  const retry = useAct(failedReactions.retry, {
    done: ({ retried }) => {
      setChosen([])
      tell(w.retried(retried))
    },
  })
  return (
    <div className="page">
      <header>
        <h1>{w.title}</h1>
        <span className="t3">{w.hint}</span>
        <ExportButton end of={failureExports} filter={{ box }} what={w.title} />
      </header>
      <div className="row wrap failurebar">
        <Segmented
          value={box}
          onChange={setBox}
          options={[
            { value: 'open', label: w.open },
            { value: 'settled', label: w.settled },
          ]}
        />
        {here.length > 0 && (
          <span className="row">
            <Button type="primary" loading={retry.acting} onClick={() => void retry.act({ body: { ids: here } })}>
              {w.retryChosen(here.length)}
            </Button>
            <GiveUp ids={here} done={() => setChosen([])} />
          </span>
        )}
      </div>
      <ListTable<FailedReaction>
        list={list}
        empty={
          box === 'open' ? (
            <Empty title={w.nothing} hint={w.nothingHint} icon={<IconCircleCheck size={28} stroke={1.5} />} />
          ) : (
            <Empty title={w.nothingSettled} />
          )
        }
        {...(box === 'open'
          ? { rowSelection: { selectedRowKeys: here, onChange: keys => setChosen(keys.map(String)), columnWidth: 40 } }
          : {})}
        columns={[
          { key: 'what', title: w.what, render: (_, row) => <What row={row} /> },
          { key: 'why', title: w.why, render: (_, row) => <Why text={row.error} /> },
          col.number<FailedReaction>('attempts', w.attempts, 72),
          col.time<FailedReaction>('failedAt', w.failedAt),
          ...(box === 'settled'
            ? [
                col.status<FailedReaction>('state', w.state, row => ({
                  word: states[row.state].word(),
                  tone: states[row.state].tone,
                })),
                col.person<FailedReaction>('settledByName', w.by),
                col.text<FailedReaction>('reason', w.reason, 160),
              ]
            : []),
        ]}
      />
    </div>
  )
}

/** The sentence that did not come true, and below it the event it should have followed. */
function What({ row }: { row: FailedReaction }) {
  const follows = row.reaction.startsWith(`${row.event}: `)
  const sentence = follows ? row.reaction.slice(row.event.length + 2) : row.reaction
  const said: Partial<Record<string, string>> = sentences
  return (
    <span className="failurewhat">
      <b>{said[sentence] ?? sentence}</b>
      {follows && <span className="t3 f12">{row.event}</span>}
    </span>
  )
}

function Why({ text }: { text: string }) {
  const first = text.split('\n')[0] ?? ''
  if (first === text && text.length < 60) return <span className="t2">{text}</span>
  return (
    <Popover trigger="click" content={<pre className="failurewhy">{text}</pre>}>
      <button type="button" className="linkbutton failurecut" title={w.seeAll}>
        {first}
      </button>
    </Popover>
  )
}

function GiveUp({ ids, done }: { ids: string[]; done: () => void }) {
  const drop = useAct(failedReactions.drop, {
    done: ({ dropped }) => {
      done()
      tell(w.dropped(dropped))
    },
  })
  return (
    <WhyButton
      label={w.dropChosen(ids.length)}
      doWord={w.drop}
      title={w.dropTitle}
      placeholder={w.reason}
      act={reason => drop.act({ body: { ids, reason } })}
      acting={drop.acting}
      button={{ danger: true }}
    />
  )
}
