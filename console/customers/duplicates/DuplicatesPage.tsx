import { useNavigate } from '@tanstack/react-router'
import { Button, Segmented } from 'antd'
import { useEffect, useRef } from 'react'
import { type Duplicate, type DuplicateFace, duplicates } from '#contract/duplicates.ts'
import { useAct, useListing } from '../../kit/data.ts'
import { useFilters } from '../../kit/filters.ts'
import { useHotkey } from '../../kit/hotkeys.ts'
import { ListBar, useNews } from '../../kit/ListParts.tsx'
import { Avatar, Empty, Failure, Kbd, TierTag, Waiting } from '../../kit/parts.tsx'
import { undoable } from '../../kit/undo.tsx'
import { useCursor } from '../../kit/useCursor.ts'
import { CustomerTabs } from '../Tabs.tsx'
import '../customers.css'
import './duplicates.css'
import { reasonWord, w } from './words.ts'

export const comparisonOf = (pair: Pick<Duplicate, 'a' | 'b'>, first = pair.a.id) => ({
  to: '/customers/compare',
  // Where the page builds it, it fits what the page reads.
  search: { keptId: first, goneId: first === pair.a.id ? pair.b.id : pair.a.id } as never,
})

/** Whoever was in touch last is offered as the one that is kept. */
const keptFirst = ({ a, b }: Duplicate) => ((a.lastContactAt?.getTime() ?? 0) >= (b.lastContactAt?.getTime() ?? 0) ? a.id : b.id)

export default function DuplicatesPage() {
  const go = useNavigate()
  const [filters, change] = useFilters(duplicates.list)
  const state = filters.state ?? 'open'
  const list = useListing(duplicates.list, filters)
  const news = useNews('duplicate', list.readAt)
  const { act, acting } = useAct(duplicates.dismiss, { also: ['customers'] })
  const { cursor, here } = useCursor(list.rows, [filters, list.hasBefore])
  const compare = (pair: Duplicate) => void go(comparisonOf(pair, keptFirst(pair)))
  const dismiss = async (pair: Duplicate, dismissed: boolean) => {
    const done = await act({ id: pair.id, body: { dismissed } })
    if (done && dismissed) undoable(w.wasDismissed(pair.a.name, pair.b.name), () => void dismiss(pair, false))
  }
  useHotkey('enter', () => here && compare(here), here !== undefined)
  useHotkey('d', () => here && void dismiss(here, true), here !== undefined && state === 'open' && !acting)

  return (
    <section className="customers listpage pairs" aria-label={w.title}>
      <header>
        <h1 className="hidden">{w.title}</h1>
        <CustomerTabs />
        <span className="t3 f12 nowrap">{w.likely}</span>
      </header>
      <div className="filters">
        <Segmented<string>
          aria-label={w.title}
          value={state}
          onChange={next => change({ state: next === 'dismissed' ? 'dismissed' : undefined })}
          options={[
            { value: 'open', label: w.open },
            { value: 'dismissed', label: w.dismissed },
          ]}
        />
      </div>
      {list.error && (
        <div style={{ padding: '0 24px 12px' }}>
          <Failure error={list.error} retry={list.refetch} readAt={list.readAt} />
        </div>
      )}
      <div className="scroll">
        {list.rows.length === 0 && list.error ? null : list.first ? (
          <Waiting rows={8} />
        ) : list.rows.length === 0 ? (
          state === 'open' ? (
            <Empty title={w.none} hint={w.noneHint} />
          ) : (
            <Empty title={w.noneDismissed} />
          )
        ) : (
          <Rows
            rows={list.rows}
            cursor={cursor}
            compare={compare}
            decide={pair => void dismiss(pair, state === 'open')}
            word={state === 'open' ? w.notSame : w.maybeSame}
          />
        )}
      </div>
      {!(list.rows.length === 0 && list.error) && <ListBar list={list} news={news} />}
    </section>
  )
}

type Lines = {
  rows: readonly Duplicate[]
  cursor: number
  compare: (pair: Duplicate) => void
  decide: (pair: Duplicate) => void
  word: string
}
function Rows({ rows, cursor, compare, decide, word }: Lines) {
  const body = useRef<HTMLTableSectionElement>(null)
  useEffect(() => {
    body.current?.rows[cursor]?.scrollIntoView({ block: 'nearest' })
  }, [cursor])
  return (
    <table className="rows">
      <thead>
        <tr>
          <th className="side">{w.first}</th>
          <th className="side">{w.second}</th>
          <th className="why">{w.why}</th>
          <th className="score">{w.alike}</th>
          <th className="acts" />
        </tr>
      </thead>
      <tbody ref={body}>
        {rows.map((pair, i) => (
          <tr key={pair.id} className={i === cursor ? 'at' : ''} onClick={() => compare(pair)}>
            <td className="side">
              <Face face={pair.a} />
            </td>
            <td className="side">
              <Face face={pair.b} />
            </td>
            <td className="why" title={pair.reasons.map(reasonWord).join(' · ')}>
              {pair.reasons.map(reason => (
                <span key={reason} className="tag">
                  {reasonWord(reason)} {reason !== 'phone' && pair.same[reason]}
                </span>
              ))}
            </td>
            <td className="score">{pair.score}%</td>
            <td className="acts">
              <Button
                size="small"
                type="text"
                onClick={e => {
                  e.stopPropagation()
                  decide(pair)
                }}
              >
                {word}
                {i === cursor && word === w.notSame && (
                  <>
                    {' '}
                    <Kbd>D</Kbd>
                  </>
                )}
              </Button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Face({ face }: { face: DuplicateFace }) {
  return (
    <span className="face">
      <Avatar name={face.name} size={28} />
      <span className="col">
        <span className="row">
          <b className="cut">{face.name}</b>
          <TierTag tier={face.tier} />
        </span>
        <span className="t3 f12 cut">{[face.number, face.phone, face.address].filter(Boolean).join(' · ')}</span>
      </span>
    </span>
  )
}
